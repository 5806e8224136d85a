import { atLeast, times } from '../table.mjs';

const SEEDS = 24;
const PATHS = 20_000;

/**
 * What importance sampling and even points are worth in Node: how much less time the same standard error takes.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function samplingRows({ books: { demoMarket } }) {
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../samplingEfficiency.ts')} */
  const { samplingEfficiency } = await tsImport('../samplingEfficiency.ts', import.meta.url);
  const found = await samplingEfficiency(demoMarket().snapshot, SEEDS, PATHS);
  return [
    {
      title: `Sampling in Node: Monte Carlo VaR 99 %, ES 97.5 % of eight options, ${PATHS.toLocaleString('en')} paths, over plain paths, ${SEEDS} seeds`,
      rows: found.map(({ book, method, varianceRatio, timeRatio, speedUp }) => {
        const what = `${book}, ${method}: effective speed-up of VaR`;
        const beside =
          `ES ${times(speedUp.expectedShortfall)}; variance of VaR ${times(varianceRatio.valueAtRisk)} less in ` +
          `${times(timeRatio)} the time`;
        return method === 'importance'
          ? atLeast(what, speedUp.valueAtRisk, times, { floor: 2 }, beside)
          : { what, measured: `${times(speedUp.valueAtRisk)}; ${beside}` };
      }),
    },
  ];
}
