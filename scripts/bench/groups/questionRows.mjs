import { median, percentile } from '../../statistics.mjs';
import { openBenchPage } from '../benchPage.mjs';
import { atMost, milliseconds, times } from '../table.mjs';

const LEGS = 50;
const MANY_LEGS = 1000;
const SCENARIOS = 100_000;
const MILLION = 1_000_000;
const EDITS = 200;
const EDIT_WARM_UPS = 20;
const REPRICINGS = 30;
const REFINEMENTS = 5;
const WARM_UPS = 3;
const PROXY_ROUNDS = 3;

/** @typedef {(request: import('../questionPage/questionPage.ts').OpenVarRequest) => Promise<import('../questionPage/questionPage.ts').VarTiming>} Ask */
/** @typedef {(asked: import('../questionPage/questionPage.ts').BookEdit) => Promise<import('../questionPage/questionPage.ts').EditTiming>} Edit */
/** @typedef {import('../../../src/engine/domain/marketSnapshot.ts').MarketSnapshot} MarketSnapshot */
/** @typedef {typeof import('../benchBooks.ts')} Books */

/**
 * Questions to the product's workers from a page without panels.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function questionRows({ browserPath, books }) {
  const { text, snapshot } = books.demoMarket();
  const bench = await openBenchPage(browserPath, 'questionPage');
  try {
    await bench.page.waitForFunction(() => Reflect.has(window, 'questionBench'));
    await bench.page.evaluate((text) => Reflect.get(window, 'questionBench').openMarket(text), text);
    /** @type {Ask} */
    const ask = (request) =>
      bench.page.evaluate((request) => Reflect.get(window, 'questionBench').valueAtRisk(request), request);
    /** @type {Edit} */
    const edit = (asked) => bench.page.evaluate((asked) => Reflect.get(window, 'questionBench').edited(asked), asked);
    return [
      {
        title: `Quantity edits asked of the product's workers: ${LEGS} legs, VaR on 100,000 kept moves, three rulebooks, curves and grid`,
        rows: await editRows(edit, books, snapshot),
      },
      {
        title: `Monte Carlo asked of the product's workers, Chromium ${bench.version}: ${LEGS} legs, demo market`,
        rows: await fullRows(ask, books, snapshot),
      },
      {
        title: `As a whole question by proxy: ${MANY_LEGS} legs, a million paths drawn and read, proxy built for each`,
        rows: await wholeProxyRows(ask, books, snapshot),
      },
    ];
  } finally {
    await bench.close();
  }
}

/**
 * @param {Edit} edit
 * @param {Books} books
 * @param {MarketSnapshot} snapshot
 */
async function editRows(edit, books, snapshot) {
  /** @type {import('../questionPage/questionPage.ts').EditTiming[]} */
  const timings = [];
  const [coin] = snapshot.underlyings;
  if (coin === undefined) throw new Error('The market has no coin.');
  for (let run = 0; run < EDIT_WARM_UPS + EDITS; run += 1) {
    const book = books.quotedBook(snapshot, LEGS, run);
    const timing = await edit({ valueAtRisk: varRequest(book), coin: { symbol: coin.symbol, index: coin.index } });
    if (run >= EDIT_WARM_UPS) timings.push(timing);
  }
  /** @param {keyof (typeof timings)[number]} of */
  const part = (of) => timings.map((timing) => timing[of]);
  /** @param {keyof (typeof timings)[number]} of */
  const both = (of) => `${milliseconds(median(part(of)))} and ${milliseconds(percentile(part(of), 0.95))}`;
  return [
    atMost(
      'report, then VaR and ES, curves and grid: all back on the page, p95',
      percentile(part('all'), 0.95),
      milliseconds,
      { floor: 16, aim: 8 },
      `median ${milliseconds(median(part('all')))}; report ${both('report')}, VaR ${both('valueAtRisk')}, curves and grid ${both('explore')}`,
    ),
  ];
}

/**
 * @param {Ask} ask
 * @param {Books} books
 * @param {MarketSnapshot} snapshot
 */
async function fullRows(ask, books, snapshot) {
  const request = varRequest(books.quotedBook(snapshot, LEGS, 0));
  /** @type {import('../questionPage/questionPage.ts').VarTiming[]} */
  const repricings = [];
  /** @type {import('../questionPage/questionPage.ts').VarTiming[]} */
  const refinements = [];
  for (let run = 0; run < WARM_UPS + REPRICINGS; run += 1) {
    // Another seed is other moves: every leg is worth something else in every one of them.
    const timing = await ask({ ...request, seed: run });
    if (run < WARM_UPS) continue;
    repricings.push(timing);
    if (run % (REPRICINGS / REFINEMENTS) === 0) refinements.push(await ask({ ...request, paths: MILLION, seed: run }));
  }
  const plain = await ask(request);
  const weighted = await ask({ ...request, sampling: 'importance' });
  return [
    atMost(
      'every leg repriced in 100,000 moves, p95',
      percentile(
        repricings.map(({ figureMs }) => figureMs),
        0.95,
      ),
      milliseconds,
      { floor: 80, aim: 35 },
      `median ${medianOf(repricings, 'figureMs')}, with incremental VaR ${medianOf(repricings, 'ms')}`,
    ),
    atMost(
      'a million paths, refined to the end',
      median(refinements.map(({ figureMs }) => figureMs)),
      milliseconds,
      { floor: 1000, aim: 400 },
      `first figure ${medianOf(refinements, 'firstFigureMs')}, with incremental VaR ${medianOf(refinements, 'ms')}`,
    ),
    {
      what: 'importance sampling, 100,000 paths',
      value: weighted.figureMs,
      measured: `${milliseconds(weighted.figureMs)}; standard error of VaR ${standardError(weighted)} USD, of plain ${standardError(plain)} USD`,
    },
  ];
}

/**
 * @param {Ask} ask
 * @param {Books} books
 * @param {MarketSnapshot} snapshot
 */
async function wholeProxyRows(ask, books, snapshot) {
  const many = varRequest(books.spreadBook(snapshot, MANY_LEGS));
  const few = varRequest(books.spreadBook(snapshot, LEGS));
  /** @param {typeof many} request @param {number} seed */
  const byProxy = (request, seed) =>
    ask({ ...request, revaluation: /** @type {const} */ ('proxy'), paths: MILLION, seed });
  /** @type {number[]} */
  const gains = [];
  /** @type {number[]} */
  const growths = [];
  /** @type {number[]} */
  const costs = [];
  for (let round = 0; round <= PROXY_ROUNDS; round += 1) {
    const full = await ask({ ...many, seed: round });
    const proxy = await byProxy(many, round);
    const small = await byProxy(few, round);
    if (round === 0) continue;
    costs.push(proxy.figureMs);
    gains.push((full.figureMs * MILLION) / SCENARIOS / proxy.figureMs);
    growths.push(proxy.figureMs / small.figureMs);
  }
  return [
    {
      what: 'full revaluation, drawing and reading too, over it',
      value: median(gains),
      measured: `${times(median(gains))}; ${milliseconds(median(costs))}`,
    },
    { what: `cost over that of ${LEGS} legs`, value: median(growths), measured: times(median(growths)) },
  ];
}

/**
 * @param {import('../../../src/engine/domain/portfolio.ts').Portfolio} portfolio
 * @returns {import('../questionPage/questionPage.ts').OpenVarRequest}
 */
function varRequest(portfolio) {
  return {
    portfolio,
    method: 'monte-carlo',
    confidence: 0.99,
    horizonDays: 1,
    paths: SCENARIOS,
    seed: 1,
    sampling: 'plain',
    distribution: 'student-t',
    degreesOfFreedom: 4,
    revaluation: 'full',
    smile: 'sticky-strike',
    lossLevelsUsd: [],
  };
}

/** @param {import('../questionPage/questionPage.ts').VarTiming} timing */
function standardError({ report }) {
  return report.standardError?.valueAtRiskUsd.toPrecision(3) ?? 'unknown';
}

/**
 * @param {readonly import('../questionPage/questionPage.ts').VarTiming[]} timings
 * @param {'firstFigureMs' | 'figureMs' | 'ms'} of
 */
function medianOf(timings, of) {
  return milliseconds(median(timings.map((timing) => timing[of])));
}
