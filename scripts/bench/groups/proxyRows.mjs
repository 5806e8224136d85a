import { median } from '../../statistics.mjs';
import { openBenchPage } from '../benchPage.mjs';
import { atLeast, atMost, exponential, milliseconds, times } from '../table.mjs';

const MANY_LEGS = 1000;
const FEW_LEGS = 50;
const ROUNDS = 7;

/** @typedef {import('../proxyPage/proxyTiming.ts').ProxyTiming} ProxyTiming */

/**
 * A million paths by proxy against full revaluation, both without drawing, in one worker of a page: all coins, then fewer.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function proxyRows({ browserPath, books }) {
  const { text, snapshot } = books.demoMarket();
  const bench = await openBenchPage(browserPath, 'proxyPage');
  try {
    await bench.page.waitForFunction(() => Reflect.has(window, 'proxyBench'));
    await bench.page.evaluate((text) => Reflect.get(window, 'proxyBench').open(text), text);
    const all = snapshot.underlyings;
    const coins = all.map((_, left) => {
      const underlyings = all.slice(0, all.length - left);
      const of = { ...snapshot, underlyings };
      return {
        title: underlyings.map(({ symbol }) => symbol).join(' + '),
        isJudged: left === 0,
        books: { many: books.spreadBook(of, MANY_LEGS), few: books.spreadBook(of, FEW_LEGS) },
        many: /** @type {ProxyTiming[]} */ ([]),
        few: /** @type {ProxyTiming[]} */ ([]),
      };
    });
    // The first round lets the compiler reach its best and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const coin of coins)
        for (const size of /** @type {const} */ (['many', 'few'])) {
          /** @type {ProxyTiming} */
          const timing = await bench.page.evaluate(
            ([portfolio, seed]) => Reflect.get(window, 'proxyBench').time(portfolio, seed),
            /** @type {const} */ ([coin.books[size], round]),
          );
          if (round > 0) coin[size].push(timing);
        }
    return coins.map(({ title, many, few, isJudged }) => ({
      title: `Proxy in a worker of Chromium ${bench.version}: ${title}, ${MANY_LEGS} legs in a million given paths`,
      rows: rowsOf(many, few, isJudged),
    }));
  } finally {
    await bench.close();
  }
}

/**
 * @param {readonly ProxyTiming[]} many
 * @param {readonly ProxyTiming[]} few by round, as `many`
 * @param {boolean} isJudged
 * @returns {import('../table.mjs').Row[]}
 */
function rowsOf(many, few, isJudged) {
  /** @param {readonly ProxyTiming[]} timings @param {(timing: ProxyTiming) => number} of */
  const middle = (timings, of) => median(timings.map(of));
  /** @param {ProxyTiming} timing */
  const cost = ({ buildMs, evaluateMs }) => buildMs + evaluateMs;
  /** @param {readonly ProxyTiming[]} timings */
  const parts = (timings) =>
    `build ${milliseconds(middle(timings, ({ buildMs }) => buildMs))} + evaluate ${milliseconds(middle(timings, ({ evaluateMs }) => evaluateMs))}`;
  const full = middle(many, ({ fullMs }) => fullMs);
  const found = Math.max(...many.map(({ foundError }) => foundError));
  const rows = [
    atLeast(
      'full revaluation over build + evaluate',
      middle(many, (timing) => timing.fullMs / cost(timing)),
      times,
      { floor: 50, aim: 200 },
      `${parts(many)}, full ${milliseconds(full)}`,
    ),
    atMost(
      '  error in parts of gross premium, as stated',
      Math.max(...many.map(({ statedError }) => statedError ?? Number.POSITIVE_INFINITY)),
      exponential,
      { floor: 1e-6 },
      `found ${exponential(found)}; moves outside the box ${exponential(middle(many, ({ outsideBox }) => outsideBox))}`,
    ),
    atMost(
      `cost over that of ${FEW_LEGS} legs`,
      median(many.map((timing, round) => cost(timing) / cost(few[round] ?? timing))),
      times,
      { floor: 1.5, aim: 1.2 },
      `of these ${parts(few)}`,
    ),
  ];
  return isJudged ? rows : rows.map(({ what, measured }) => ({ what, measured }));
}
