import type { CDPSession, Page } from '@playwright/test';

/** Bytes in use after a collection of garbage. */
export interface HeapUse {
  /** Of the page: objects, what backs arrays, and what the renderer holds for them. */
  readonly page: number;
  /** Of the page and all its workers, as `performance.measureUserAgentSpecificMemory` counts. */
  readonly total: number;
  readonly workers: number;
}

interface MemoryMeasurement {
  readonly bytes: number;
  readonly breakdown: readonly {
    readonly bytes: number;
    readonly attribution: readonly { readonly scope: string }[];
  }[];
}

/** The browser measures memory at once, and after collecting garbage, instead of when it next does. */
export const MEASURING_ARGS = ['--enable-blink-features=ForceEagerMeasureMemory'];

export async function heapUse(page: Page, session: CDPSession): Promise<HeapUse> {
  // Twice: what finalizers let go of leaves with the second.
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
    backingStorageSize?: number;
  };
  const measured = await page.evaluate(() =>
    (
      performance as unknown as { measureUserAgentSpecificMemory: () => Promise<MemoryMeasurement> }
    ).measureUserAgentSpecificMemory(),
  );
  const ofWorkers = measured.breakdown.filter(({ attribution }) =>
    attribution.some(({ scope }) => scope.includes('Worker')),
  );
  return {
    page: usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0),
    total: measured.bytes,
    workers: ofWorkers.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
