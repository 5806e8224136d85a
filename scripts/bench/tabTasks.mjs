import { serveApp } from '../productionBuild.mjs';
import { edits, firstPaintedVerdict, watchMarks } from './pageTimings.mjs';

const FIRST_PORT = 4473;
const EDITS = 16;
const PACE_MS = 400;
/** So long a view may take to be there, and work to follow its last edit. */
const SETTLING_MS = 1500;

/**
 * What the page's thread does in one place of the screen: processor time of its longest task while the place is opened and
 * while the book is edited, and of each task above 50 ms. In milliseconds.
 * @typedef {{ place: string, opening: TaskTimes, editing: TaskTimes }} PlaceTasks
 * @typedef {{ longest: number, long: readonly number[] }} TaskTimes
 */

/**
 * Opens each tab of the dock and each choice of the pictures beside it, with edits of a large book's quantity in each.
 * @param {string} browserPath
 * @param {string} outDir the production build
 * @param {string} linkCode share link of the book
 * @param {number} legs how many legs it has
 * @returns {Promise<PlaceTasks[]>}
 */
export async function tabTasks(browserPath, outDir, linkCode, legs) {
  const { chromium } = await import('@playwright/test');
  const server = await serveApp(outDir, FIRST_PORT);
  const browser = await chromium.launch({ executablePath: browserPath, chromiumSandbox: false });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}#b=${linkCode}`);
    await firstPaintedVerdict(page);
    const fields = page.locator('[data-panel="book"]').getByRole('spinbutton');
    await fields.nth(legs - 1).waitFor();
    await watchMarks(page);
    await fields.first().focus();
    await edits(page, EDITS, PACE_MS);

    /** @type {PlaceTasks[]} */
    const places = [];
    for (const { place, locator } of await choices(page)) {
      const opening = await traced(browser, page, async () => {
        await page.evaluate(() => performance.mark('headroom:watched'));
        await locator.click();
        await page.waitForTimeout(SETTLING_MS);
      });
      await fields.first().focus();
      const editing = await traced(browser, page, async () => {
        await page.evaluate(() => performance.mark('headroom:watched'));
        await edits(page, EDITS, PACE_MS);
        await page.waitForTimeout(SETTLING_MS);
      });
      places.push({ place, opening, editing });
    }
    return places;
  } finally {
    await browser.close();
    await server.close();
  }
}

/**
 * Every tab of the dock, and what can be chosen in the pictures.
 * @param {import('@playwright/test').Page} page
 */
async function choices(page) {
  const dock = page.getByRole('tablist', { name: 'Dock' });
  const found = (await dock.getByRole('tab').allTextContents()).map((name) => ({
    place: name,
    locator: dock.getByRole('tab', { name, exact: true }),
  }));
  for (const panel of ['runway', 'payoff', 'stress']) {
    const options = page.locator(`[data-panel="${panel}"]`).getByRole('radio');
    for (const [at, name] of (await options.allTextContents()).entries())
      found.push({ place: `${panel}: ${name}`, locator: options.nth(at) });
  }
  return found;
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<void>} act marks `headroom:watched` first
 * @returns {Promise<TaskTimes>}
 */
async function traced(browser, page, act) {
  await browser.startTracing(page, { categories: ['blink.user_timing', 'disabled-by-default-devtools.timeline'] });
  await act();
  /** @type {readonly import('./editFigures.mjs').TraceEvent[]} */
  const events = JSON.parse((await browser.stopTracing()).toString()).traceEvents;
  const mark = events.find(({ name }) => name === 'headroom:watched');
  const tasks = events
    .filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === mark?.pid && tid === mark?.tid)
    .map(({ tdur = 0 }) => tdur / 1000);
  return { longest: Math.max(0, ...tasks), long: tasks.filter((task) => task > 50) };
}
