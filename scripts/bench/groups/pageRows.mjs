import { pageTimings } from '../pageTimings.mjs';
import { atMost, milliseconds } from '../table.mjs';

/** What an update may take of the page's thread. */
const UPDATE_AIM_MS = 8;

/**
 * The production build in a browser: quantity edits of 40 legs to the painted verdict, tasks of the page's thread, first load.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function pageRows({ browserPath, app, books: { fortyLegsLink } }) {
  const { code, legs } = await fortyLegsLink();
  const page = await pageTimings(browserPath, await app(), code, legs);
  const ms = milliseconds;
  const { paced, rapid, longTasks } = page;
  return [
    {
      title: `Page in Chromium ${page.version}: ${legs} legs, demo market, quantity edit to painted margin bar`,
      rows: [
        atMost(
          "at a person's pace, p95",
          paced.wait.p95,
          ms,
          { floor: 50, aim: 33 },
          `median ${ms(paced.wait.median)}`,
        ),
        {
          what: "  work of the page's thread, median; p95",
          value: paced.work.p95,
          measured: pair(paced.work),
          aim: ms(UPDATE_AIM_MS),
          reaches: paced.work.p95 <= UPDATE_AIM_MS,
        },
        { what: 'one after the other, median; p95', measured: pair(rapid.wait) },
        { what: "  work of the page's thread, median; p95", measured: pair(rapid.work) },
        {
          what: `tasks over 50 ms in ${page.edits} edits`,
          value: longTasks.length,
          measured: longTasks.length === 0 ? 'none' : `${longTasks.length}, the longest ${ms(Math.max(...longTasks))}`,
          floor: 'none',
          holds: longTasks.length === 0,
        },
      ],
    },
    {
      title: 'First load in a new browser process, median of 5',
      rows: [
        atMost(
          'first margin figure painted',
          page.firstLoadMs.median,
          ms,
          { floor: 500, aim: 250 },
          worst(page.firstLoadMs),
        ),
        atMost(
          'first full Monte Carlo VaR and ES, errors at most 1 %',
          page.firstVarMs.median,
          ms,
          { floor: 900, aim: 500 },
          worst(page.firstVarMs),
        ),
        atMost('JavaScript needed before it, gzip', page.firstLoadKb, (kb) => `${kb.toFixed(1)} kB`, { floor: 180 }),
        {
          what: 'cross-origin isolated',
          measured: page.isolated ? 'yes' : 'no',
          floor: 'yes',
          holds: page.isolated,
        },
      ],
    },
  ];

  /** @param {{ worst: number }} spread */
  function worst({ worst }) {
    return `worst ${ms(worst)}`;
  }

  /** @param {{ median: number, p95: number }} spread */
  function pair({ median, p95 }) {
    return `${ms(median)}; ${ms(p95)}`;
  }
}
