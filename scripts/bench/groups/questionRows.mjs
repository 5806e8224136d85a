import { median, percentile } from '../../statistics.mjs';
import { openBenchPage } from '../benchPage.mjs';
import { atLeast, atMost, exponential, milliseconds, times } from '../table.mjs';

const LEGS = 50;
const MANY_LEGS = 1000;
const SCENARIOS = 100_000;
const MILLION = 1_000_000;
const REPRICINGS = 30;
const REFINEMENTS = 5;
const WARM_UPS = 3;
const PROXY_ROUNDS = 3;
/** A proxy may be so far off, in parts of the gross premium. */
const MOST_PROXY_ERROR = 1e-6;

/** @typedef {(request: import('../questionPage/questionPage.ts').OpenVarRequest) => Promise<import('../questionPage/questionPage.ts').VarTiming>} Ask */
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
    return [
      {
        title: `Monte Carlo asked of the product's workers, Chromium ${bench.version}: ${LEGS} legs, demo market`,
        rows: await fullRows(ask, books, snapshot),
      },
      {
        title: `The same by proxy: ${MANY_LEGS} legs, a million paths, proxy built for each question`,
        rows: await proxyRows(ask, books, snapshot),
      },
    ];
  } finally {
    await bench.close();
  }
}

/**
 * @param {Ask} ask
 * @param {Books} books
 * @param {MarketSnapshot} snapshot
 */
async function fullRows(ask, books, snapshot) {
  const request = varRequest(books.quotedBook(snapshot, LEGS, 0));
  /** @type {number[]} */
  const repricings = [];
  /** @type {import('../questionPage/questionPage.ts').VarTiming[]} */
  const refinements = [];
  for (let run = 0; run < WARM_UPS + REPRICINGS; run += 1) {
    // Another seed is other moves: every leg is worth something else in every one of them.
    const { ms } = await ask({ ...request, seed: run });
    if (run < WARM_UPS) continue;
    repricings.push(ms);
    if (run % (REPRICINGS / REFINEMENTS) === 0) refinements.push(await ask({ ...request, paths: MILLION, seed: run }));
  }
  const plain = await ask(request);
  const weighted = await ask({ ...request, sampling: 'importance' });
  const first = median(refinements.map(({ firstFigureMs }) => firstFigureMs));
  return [
    atMost(
      'every leg repriced in 100,000 moves, p95',
      percentile(repricings, 0.95),
      milliseconds,
      { floor: 80, aim: 35 },
      `median ${milliseconds(median(repricings))}`,
    ),
    atMost(
      'a million paths, refined to the end',
      median(refinements.map(({ ms }) => ms)),
      milliseconds,
      { floor: 1000, aim: 400 },
      `first figure after ${milliseconds(first)}`,
    ),
    {
      what: 'importance sampling, 100,000 paths',
      value: weighted.ms,
      measured: `${milliseconds(weighted.ms)}; standard error of VaR ${standardError(weighted)} USD, of plain ${standardError(plain)} USD`,
    },
  ];
}

/**
 * @param {Ask} ask
 * @param {Books} books
 * @param {MarketSnapshot} snapshot
 */
async function proxyRows(ask, books, snapshot) {
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
  let error = 0;
  for (let round = 0; round <= PROXY_ROUNDS; round += 1) {
    const full = await ask({ ...many, seed: round });
    const proxy = await byProxy(many, round);
    const small = await byProxy(few, round);
    if (round === 0) continue;
    costs.push(proxy.ms);
    gains.push((full.ms * MILLION) / SCENARIOS / proxy.ms);
    growths.push(proxy.ms / small.ms);
    error = Math.max(error, proxy.report.proxyError?.shareOfGrossPremium ?? Number.POSITIVE_INFINITY);
  }
  return [
    atLeast('full revaluation over it', median(gains), times, { floor: 50, aim: 200 }, milliseconds(median(costs))),
    atMost('  error in parts of gross premium', error, exponential, { floor: MOST_PROXY_ERROR }),
    atMost(`cost over that of ${LEGS} legs`, median(growths), times, { floor: 1.5, aim: 1.2 }),
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
