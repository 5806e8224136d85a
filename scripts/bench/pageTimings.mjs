import { editFigures } from './editFigures.mjs';
import { firstLoad } from '../firstLoad.mjs';
import { serveApp } from '../productionBuild.mjs';
import { median } from '../statistics.mjs';

const FIRST_PORT = 4373;
const FIRST_LOADS = 5;
/** A figure is no first guess from here on: 100,000 plain paths of the sample book are at 1.3 % of VaR and 1.7 % of ES. */
const FULL_VAR_ERROR = 0.01;
/** Edits at a person's pace, so that curves, grid and VaR of the one before are under way when the next one comes. */
const PACED_EDITS = 100;
const PACE_MS = 300;
/** Edits as fast as the verdict follows them, as when a number is dragged. */
const RAPID_EDITS = 150;
const WARM_UP_EDITS = 20;
const PATIENCE_MS = 10_000;
const COLD_PATIENCE_MS = 60_000;

/**
 * Times the production build in a browser: first load, and quantity edits of a 40-leg book on the demo market from the edit
 * to the painted verdict bar, as the marks `headroom:edit` and `headroom:painted` tell.
 * @param {string} browserPath
 * @param {string} outDir the build
 * @param {string} linkCode share link of the book
 * @param {number} legs how many legs it has
 */
export async function pageTimings(browserPath, outDir, linkCode, legs) {
  const { chromium } = await import('@playwright/test');
  const server = await serveApp(outDir, FIRST_PORT);
  const launch = () =>
    chromium.launch({ executablePath: browserPath, chromiumSandbox: false, args: ['--disable-background-networking'] });
  try {
    /** @type {number[]} */
    const loads = [];
    /** @type {number[]} */
    const valuesAtRisk = [];
    for (let run = 0; run < FIRST_LOADS; run += 1) {
      // A new browser each time: nothing is cached, nothing compiled.
      const cold = await launch();
      const page = await cold.newPage();
      await page.goto(server.url, { waitUntil: 'commit' });
      loads.push(await firstPaintedVerdict(page));
      valuesAtRisk.push(await firstFullVar(page));
      await cold.close();
    }

    const browser = await launch();
    const version = browser.version();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}#b=${linkCode}`);
    await firstPaintedVerdict(page);
    const fields = page.locator('[data-panel="book"]').getByRole('spinbutton');
    await fields.nth(legs - 1).waitFor();
    await fields.first().focus();
    await watchMarks(page);
    const isolated = await page.evaluate(() => crossOriginIsolated);
    await edits(page, WARM_UP_EDITS, 0);
    const paced = await tracedEdits(browser, page, PACED_EDITS, PACE_MS);
    const rapid = await tracedEdits(browser, page, RAPID_EDITS, 0);
    await browser.close();
    return {
      version,
      isolated,
      firstLoadMs: { median: median(loads), worst: Math.max(...loads) },
      firstVarMs: { median: median(valuesAtRisk), worst: Math.max(...valuesAtRisk) },
      paced,
      rapid,
      edits: PACED_EDITS + RAPID_EDITS,
      longTasks: [...paced.longTasks, ...rapid.longTasks],
      firstLoadKb: firstLoad(outDir).scriptKilobytes,
    };
  } finally {
    await server.close();
  }
}

/**
 * Milliseconds from the start of the navigation to the first painted verdict.
 * @param {import('@playwright/test').Page} page
 */
export function firstPaintedVerdict(page) {
  return firstMark(page, 'headroom:painted', null);
}

/**
 * Milliseconds from the start of the navigation until VaR and ES by full revaluation are painted whose standard errors are both at most
 * `FULL_VAR_ERROR` of them.
 * @param {import('@playwright/test').Page} page
 */
function firstFullVar(page) {
  return firstMark(page, 'headroom:value-at-risk', FULL_VAR_ERROR);
}

/**
 * When the page first set a mark, in ms from the start of the navigation. The page tells it: a page that is asked again and again has
 * that to do beside its own work.
 * @param {import('@playwright/test').Page} page
 * @param {string} name
 * @param {number | null} mostErrorShare of the figures that the mark tells; null of a mark that tells none
 */
function firstMark(page, name, mostErrorShare) {
  return withinTime(
    page.evaluate(
      ({ name, mostErrorShare }) =>
        new Promise((/** @type {(ms: number) => void} */ resolve) => {
          const observer = new PerformanceObserver((list) => {
            const marks = /** @type {PerformanceMark[]} */ (list.getEntriesByName(name));
            const first = marks.find(
              ({ detail }) =>
                mostErrorShare === null || (detail.errorShare !== null && detail.errorShare <= mostErrorShare),
            );
            if (first === undefined) return;
            observer.disconnect();
            resolve(first.startTime);
          });
          observer.observe({ type: 'mark', buffered: true });
        }),
      { name, mostErrorShare },
    ),
    `${name} was not painted`,
    COLD_PATIENCE_MS,
  );
}

/**
 * Lets the page itself say when an edit is painted: asking it again and again would be work of the page's too.
 * @param {import('@playwright/test').Page} page
 */
export async function watchMarks(page) {
  await page.evaluate(() => {
    const seen = { edits: 0, edit: -1, painted: -1 };
    /** @type {(() => void)[]} */
    let waiting = [];
    const observer = new PerformanceObserver((list) => {
      for (const mark of /** @type {PerformanceMark[]} */ (list.getEntries())) {
        if (mark.name === 'headroom:edit') {
          seen.edits += 1;
          seen.edit = mark.detail.inputVersion;
        } else if (mark.name === 'headroom:painted') seen.painted = mark.detail.inputVersion;
      }
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    });
    observer.observe({ type: 'mark', buffered: true });
    Reflect.set(window, 'editsSoFar', () => seen.edits);
    /** Resolves when so many edits were made and the newest is painted. */
    Reflect.set(window, 'paintedEdits', async (/** @type {number} */ count) => {
      while (seen.edits < count || seen.painted < seen.edit)
        await new Promise((resolve) => waiting.push(() => resolve(null)));
    });
  });
}

/**
 * Steps the focused quantity up and down by keyboard and waits each time until the verdict of the newest edit is painted.
 * @param {import('@playwright/test').Page} page
 * @param {number} count
 * @param {number} paceMs least time from one edit to the next
 */
export async function edits(page, count, paceMs) {
  for (let edit = 0; edit < count; edit += 1) {
    const started = performance.now();
    /** @type {number} */
    const before = await page.evaluate(() => Reflect.get(window, 'editsSoFar')());
    await page.keyboard.press(edit % 3 === 2 ? 'ArrowDown' : 'ArrowUp');
    await withinTime(
      page.evaluate((count) => Reflect.get(window, 'paintedEdits')(count), before + 1),
      'An edit was not painted',
      PATIENCE_MS,
    );
    const left = paceMs - (performance.now() - started);
    if (left > 0) await page.waitForTimeout(left);
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {string} what did not happen when the time is over
 * @param {number} patienceMs
 * @returns {Promise<T>}
 */
async function withinTime(promise, what, patienceMs) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${patienceMs} ms.`)), patienceMs);
  });
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').Page} page
 * @param {number} count
 * @param {number} paceMs
 */
async function tracedEdits(browser, page, count, paceMs) {
  await browser.startTracing(page, { categories: ['blink.user_timing', 'disabled-by-default-devtools.timeline'] });
  await edits(page, count, paceMs);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  return editFigures(trace.traceEvents);
}
