import { firstLoad } from './firstLoad.mjs';
import { buildApp, serveApp, temporaryBuildFolder } from './productionBuild.mjs';
import { median, percentile } from './statistics.mjs';

const FIRST_PORT = 4373;
const FIRST_LOADS = 5;
/** Edits at a person's pace, so that curves, grid and VaR of the one before are under way when the next one comes. */
const PACED_EDITS = 100;
const PACE_MS = 300;
/** Edits as fast as the verdict follows them, as when a number is dragged. */
const RAPID_EDITS = 150;
const WARM_UP_EDITS = 20;

/**
 * Times the production build in a browser: first load, and quantity edits of a 40-leg book on the demo market from the edit
 * to the painted verdict bar, as the marks `headroom:edit` and `headroom:painted` tell.
 * @param {string} browserPath
 * @param {string} linkCode share link of the book
 * @param {number} legs how many legs it has
 */
export async function benchBrowser(browserPath, linkCode, legs) {
  const { chromium } = await import('@playwright/test');
  const outDir = temporaryBuildFolder();
  await buildApp(outDir);
  const server = await serveApp(outDir, FIRST_PORT);
  const launch = () =>
    chromium.launch({ executablePath: browserPath, chromiumSandbox: false, args: ['--disable-background-networking'] });
  try {
    /** @type {number[]} */
    const loads = [];
    for (let run = 0; run < FIRST_LOADS; run += 1) {
      // A new browser each time: nothing is cached, nothing compiled.
      const cold = await launch();
      const page = await cold.newPage();
      await page.goto(server.url);
      loads.push(await firstPaintedVerdict(page));
      await cold.close();
    }

    const browser = await launch();
    const version = browser.version();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}#b=${linkCode}`);
    await firstPaintedVerdict(page);
    const fields = page.locator('[data-panel="book"]').getByRole('spinbutton');
    await fields.nth(legs - 1).waitFor();
    await settled(page);
    await fields.first().focus();
    const isolated = await page.evaluate(() => crossOriginIsolated);
    await edits(page, WARM_UP_EDITS, 0);
    await observeLongTasks(page);
    const paced = await edits(page, PACED_EDITS, PACE_MS);
    const rapid = await edits(page, RAPID_EDITS, 0);
    const longTasks = await page.evaluate(() => Reflect.get(window, 'longTasks'));
    await browser.close();
    return {
      version,
      isolated,
      firstLoadMs: { median: median(loads), worst: Math.max(...loads) },
      paced: { median: median(paced), p95: percentile(paced, 0.95) },
      rapid: { median: median(rapid), p95: percentile(rapid, 0.95) },
      edits: paced.length + rapid.length,
      longTasks: /** @type {number[]} */ (longTasks),
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
async function firstPaintedVerdict(page) {
  const handle = await page.waitForFunction(
    () => performance.getEntriesByName('headroom:painted')[0]?.startTime,
    undefined,
    {
      timeout: 30_000,
      polling: 20,
    },
  );
  return /** @type {number} */ (await handle.jsonValue());
}

/**
 * Waits until the newest edit is painted, so that nothing of the book's opening is measured with its editing.
 * @param {import('@playwright/test').Page} page
 */
async function settled(page) {
  await page.waitForFunction(
    () => {
      /** @param {string} name */
      const newest = (name) =>
        /** @type {PerformanceMark | undefined} */ (performance.getEntriesByName(name).at(-1))?.detail.inputVersion;
      return newest('headroom:edit') === newest('headroom:painted');
    },
    undefined,
    { timeout: 30_000, polling: 50 },
  );
}

/**
 * Steps the focused quantity up and down by keyboard; milliseconds from each edit to the painted verdict of its version.
 * @param {import('@playwright/test').Page} page
 * @param {number} count
 * @param {number} paceMs least time from one edit to the next
 */
async function edits(page, count, paceMs) {
  /** @type {number[]} */
  const latencies = [];
  for (let edit = 0; edit < count; edit += 1) {
    const before = await page.evaluate(() => performance.getEntriesByName('headroom:edit').length);
    await page.keyboard.press(edit % 3 === 2 ? 'ArrowDown' : 'ArrowUp');
    const handle = await page.waitForFunction(
      (known) => {
        /** @param {string} name */
        const marks = (name) => /** @type {PerformanceMark[]} */ (performance.getEntriesByName(name));
        const asked = marks('headroom:edit')[known];
        if (asked === undefined) return null;
        const painted = marks('headroom:painted').find(
          ({ detail, startTime }) => detail.inputVersion >= asked.detail.inputVersion && startTime >= asked.startTime,
        );
        return painted === undefined ? null : { latency: painted.startTime - asked.startTime };
      },
      before,
      { timeout: 10_000, polling: 5 },
    );
    const { latency } = /** @type {{ latency: number }} */ (await handle.jsonValue());
    latencies.push(latency);
    if (paceMs > latency) await page.waitForTimeout(paceMs - latency);
  }
  return latencies;
}

/**
 * Collects tasks of the page's thread over 50 ms from here on.
 * @param {import('@playwright/test').Page} page
 */
async function observeLongTasks(page) {
  await page.evaluate(() => {
    /** @type {number[]} */
    const longTasks = [];
    Reflect.set(window, 'longTasks', longTasks);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    }).observe({ type: 'longtask' });
  });
}
