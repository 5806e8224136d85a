import { median, percentile } from '../../statistics.mjs';
import { openBenchPage } from '../benchPage.mjs';
import { atMost, milliseconds } from '../table.mjs';

const LEGS = 50;
const SCENARIOS = 100_000;
const MILLION = 1_000_000;
const REPRICINGS = 30;
const REFINEMENTS = 5;
const WARM_UPS = 3;

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
    /**
     * @param {import('../questionPage/questionPage.ts').OpenVarRequest} request
     * @returns {Promise<import('../questionPage/questionPage.ts').VarTiming>}
     */
    const ask = (request) =>
      bench.page.evaluate((request) => Reflect.get(window, 'questionBench').valueAtRisk(request), request);
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
      if (run % (REPRICINGS / REFINEMENTS) === 0)
        refinements.push(await ask({ ...request, paths: MILLION, seed: run }));
    }
    const refined = median(refinements.map(({ ms }) => ms));
    const first = median(refinements.map(({ firstFigureMs }) => firstFigureMs));
    return [
      {
        title: `Questions to the product's workers, Chromium ${bench.version}: ${LEGS} legs, demo market`,
        rows: [
          atMost(
            'every leg repriced in 100,000 moves, p95',
            percentile(repricings, 0.95),
            milliseconds,
            { floor: 80, aim: 35 },
            `median ${milliseconds(median(repricings))}`,
          ),
          atMost(
            'a million paths, refined to the end',
            refined,
            milliseconds,
            { floor: 1000, aim: 400 },
            `${refinements.at(-1)?.figures} figures, the first after ${milliseconds(first)}`,
          ),
        ],
      },
    ];
  } finally {
    await bench.close();
  }
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
    distribution: 'student-t',
    degreesOfFreedom: 4,
    revaluation: 'full',
    smile: 'sticky-strike',
    lossLevelsUsd: [],
  };
}
