import { chromium } from '@playwright/test';
import { DashboardPage } from '../../e2e/DashboardPage.ts';
import { textDefects, watchPage } from '../../e2e/watchPage.ts';
import { heapUse, type HeapUse, MEASURING_ARGS } from './heapUse.ts';
import { RandomNumbers } from './RandomNumbers.ts';
import { SoakDesk } from './SoakDesk.ts';

export interface SoakOptions {
  readonly browserPath: string;
  readonly url: string;
  readonly minutes: number;
  readonly seed: number;
  readonly onSample: (sample: SoakSample) => void;
}

export interface SoakSample extends HeapUse {
  readonly minutes: number;
  readonly actions: number;
}

export interface SoakOutcome {
  readonly samples: readonly SoakSample[];
  /** What must not happen, a sentence each. */
  readonly faults: readonly string[];
  readonly lastActions: readonly string[];
}

const SAMPLE_MS = 60_000;
/** The text of the screen is read after every so many actions. */
const READ_EVERY = 5;
const REMEMBERED_ACTIONS = 20;

/** Edits at random in the built app until the time is up or something goes wrong. */
export async function soak({ browserPath, url, minutes, seed, onSample }: SoakOptions): Promise<SoakOutcome> {
  const browser = await chromium.launch({ executablePath: browserPath, chromiumSandbox: false, args: MEASURING_ARGS });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const watch = await watchPage(page, url);
  const session = await page.context().newCDPSession(page);
  const random = new RandomNumbers(seed);
  const dashboard = new DashboardPage(page);
  const desk = new SoakDesk(dashboard, random);
  const samples: SoakSample[] = [];
  const lastActions: string[] = [];
  const faults: string[] = [];
  try {
    await dashboard.open(url);
    const started = performance.now();
    const elapsed = () => performance.now() - started;
    for (let actions = 1; elapsed() < minutes * 60_000 && faults.length === 0; actions += 1) {
      lastActions.push(await desk.act());
      if (lastActions.length > REMEMBERED_ACTIONS) lastActions.shift();
      // Sometimes a person waits for the answer, more often not.
      if (random.uniform() < 0.3) await dashboard.answered(120_000);
      if (actions % READ_EVERY === 0) faults.push(...(await screenFaults(page)));
      faults.push(...watch.faults());
      if (elapsed() >= (samples.length + 1) * SAMPLE_MS) {
        await desk.settle();
        faults.push(...(await screenFaults(page)));
        const sample = { minutes: elapsed() / 60_000, actions, ...(await heapUse(page, session)) };
        samples.push(sample);
        onSample(sample);
      }
    }
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error), ...watch.faults());
  } finally {
    await browser.close();
  }
  return { samples, faults, lastActions };
}

async function screenFaults(page: DashboardPage['page']): Promise<readonly string[]> {
  return (await textDefects(page)).map((text) => `on the screen: ${text}`);
}
