import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { DashboardPage } from '../../e2e/DashboardPage.ts';
import { textDefects, watchPage } from '../../e2e/watchPage.ts';
import { parseMarketFile } from '../../src/formats/marketFile.ts';
import { exchangeProcess } from './exchangeProcess.ts';
import { heapUse, type HeapUse, MEASURING_ARGS } from './heapUse.ts';
import { trimmedMarket } from './trimmedMarket.ts';

export interface LiveSoakOptions {
  readonly browserPath: string;
  readonly url: string;
  readonly minutes: number;
  readonly seed: number;
  readonly updatesPerSecond: number;
  /** Options that the exchange lists, at least. */
  readonly instruments: number;
  readonly onSample: (sample: LiveSoakSample) => void;
}

export interface LiveSoakSample extends HeapUse {
  readonly minutes: number;
  /** Since the sample before. */
  readonly ticks: TickFigures;
}

export interface TickFigures {
  /** Prices of an index that came. */
  readonly messages: number;
  /** Figures that were painted. */
  readonly painted: number;
  /** From a message to the first painted figures that know its price; null where none came. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** Of main-thread tasks over 50 ms. */
  readonly longTasks: number;
  readonly longestTaskMs: number;
}

export interface LiveSoakOutcome {
  readonly instruments: number;
  readonly samples: readonly LiveSoakSample[];
  /** What must not happen, a sentence each. */
  readonly faults: readonly string[];
  /** Of one core. */
  readonly exchangeCpuShare: number;
}

const SAMPLE_MS = 30_000;

/**
 * Watches the built app follow a local exchange: how long a price takes to the painted margin, which tasks hold up the page, and what
 * the heap does.
 */
export async function liveSoak(options: LiveSoakOptions): Promise<LiveSoakOutcome> {
  const { browserPath, url, minutes, seed, updatesPerSecond, onSample } = options;
  const text = await readFile(path.join(import.meta.dirname, '../../public/demo/market.json'), 'utf8');
  const market = parseMarketFile(text);
  if (!market.ok) throw new Error(market.failure.message);
  const listed = trimmedMarket(market.value, options.instruments);
  const exchange = await exchangeProcess({ market: listed, seed, updatesPerSecond });
  const browser = await chromium.launch({ executablePath: browserPath, chromiumSandbox: false, args: MEASURING_ARGS });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const watch = await watchPage(page, url);
  // The exchange is another origin on purpose.
  watch.expectFault(new RegExp(`127\\.0\\.0\\.1:${exchange.port}`));
  const session = await page.context().newCDPSession(page);
  const samples: LiveSoakSample[] = [];
  const faults: string[] = [];
  try {
    // What runs this file names functions by a helper of its own, which the page does not have.
    await page.addInitScript({ content: 'globalThis.__name = (value) => value;' });
    await page.addInitScript(watchTicks);
    const dashboard = new DashboardPage(page);
    await dashboard.open(`${url}?endpoint=${encodeURIComponent(exchange.url)}`);
    await page.waitForFunction(() => performance.getEntriesByName('headroom:tick').length > 0);
    // What loads once has loaded, and is none of what is to be judged.
    await dashboard.answered(120_000);
    await ticksSince(page);
    const started = performance.now();
    const elapsed = () => performance.now() - started;
    while (elapsed() < minutes * 60_000 && faults.length === 0) {
      const due = Math.min(started + (samples.length + 1) * SAMPLE_MS, started + minutes * 60_000);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      const ticks = await ticksSince(page);
      faults.push(...(await textDefects(page)).map((defect) => `on the screen: ${defect}`), ...watch.faults());
      const sample = { minutes: elapsed() / 60_000, ticks, ...(await heapUse(page, session)) };
      // Collecting all garbage at once holds the page up; the product never does.
      await ticksSince(page);
      samples.push(sample);
      onSample(sample);
    }
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error), ...watch.faults());
  } finally {
    await browser.close();
  }
  const { cpuShare, options: instruments } = await exchange.state();
  await exchange.close();
  return { instruments, samples, faults, exchangeCpuShare: cpuShare };
}

interface TickWatch {
  arrivals: { readonly at: number; readonly timestamp: number }[];
  latencies: number[];
  tasks: number[];
  messages: number;
  painted: number;
}
type Watched = typeof globalThis & { tickWatch: TickWatch };

/** In the page: every price of an index as it arrives, and when the first figures that know it are painted. */
function watchTicks(): void {
  const watch: TickWatch = { arrivals: [], latencies: [], tasks: [], messages: 0, painted: 0 };
  (globalThis as Watched).tickWatch = watch;
  class WatchedSocket extends WebSocket {
    constructor(...given: ConstructorParameters<typeof WebSocket>) {
      super(...given);
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (typeof data !== 'string' || !data.includes('"deribit_price_index')) return;
        const timestamp = Number(/"timestamp":(\d+)/.exec(data)?.[1]);
        watch.messages += 1;
        watch.arrivals.push({ at: performance.now(), timestamp });
      });
    }
  }
  globalThis.WebSocket = WatchedSocket;
  const asOfMarket = new Map<string, number>();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceMark[]) {
      const detail = entry.detail as { readonly marketId: string; readonly asOf?: number };
      if (entry.name === 'headroom:tick') asOfMarket.set(detail.marketId, detail.asOf!);
      const asOf = entry.name === 'headroom:painted' ? asOfMarket.get(detail.marketId) : undefined;
      if (asOf === undefined) continue;
      watch.painted += 1;
      for (const [id, other] of asOfMarket) if (other <= asOf) asOfMarket.delete(id);
      const known = watch.arrivals.filter(({ timestamp }) => timestamp <= asOf);
      watch.latencies.push(...known.map(({ at }) => entry.startTime - at));
      watch.arrivals = watch.arrivals.filter(({ timestamp }) => timestamp > asOf);
    }
  }).observe({ entryTypes: ['mark'] });
  new PerformanceObserver((list) => watch.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    entryTypes: ['longtask'],
  });
}

/** What was watched since it was last asked. */
function ticksSince(page: Page): Promise<TickFigures> {
  return page.evaluate(() => {
    const watch = (globalThis as Watched).tickWatch;
    const sorted = watch.latencies.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
    const figures = {
      messages: watch.messages,
      painted: watch.painted,
      medianMs: at(0.5),
      p95Ms: at(0.95),
      longTasks: watch.tasks.length,
      longestTaskMs: Math.max(0, ...watch.tasks),
    };
    Object.assign(watch, { arrivals: [], latencies: [], tasks: [], messages: 0, painted: 0 });
    return figures;
  });
}
