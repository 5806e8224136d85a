import type { MarketSnapshot } from '../../src/engine/domain/marketSnapshot.ts';
import { instrumentName, listedOption } from '../../src/engine/domain/instrument.ts';
import type { Portfolio } from '../../src/engine/domain/portfolio.ts';
import type { VarReport, VarSampling } from '../../src/engine/domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../../src/engine/domain/units.ts';
import { kernelModule } from '../../src/engine/kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../../src/engine/kernels/wasm/wasmKernels.ts';
import { prepareMarket } from '../../src/engine/scenario/preparedMarket.ts';
import { valueAtRisk } from '../../src/engine/var/valueAtRisk.ts';
import { median } from '../statistics.mjs';

const METHODS = ['plain', 'sobol', 'importance'] as const satisfies readonly VarSampling[];
const COINS = [
  { symbol: 'BTC', quantity: 1 },
  { symbol: 'ETH', quantity: 30 },
] as const;

type Leg = readonly [days: number, moneyness: number, type: 'C' | 'P', quantity: number];
/** The same legs on both coins. */
const BOOKS: Readonly<Record<string, readonly Leg[]>> = {
  'long gamma': [
    [14, 1, 'C', 1],
    [14, 1, 'P', 1],
    [14, 0.9, 'P', 1],
    [14, 1.1, 'C', 1],
  ],
  'short gamma': [
    [14, 0.88, 'P', -1],
    [14, 1.12, 'C', -1],
    [45, 0.8, 'P', -1],
    [45, 1.2, 'C', -1],
  ],
  calendar: [
    [10, 1, 'C', -1],
    [10, 1, 'P', -1],
    [60, 1, 'C', 1],
    [60, 1, 'P', 1],
  ],
};

export interface SamplingEfficiency {
  readonly book: string;
  readonly method: Exclude<VarSampling, 'plain'>;
  /** Of VaR 99 % and ES 97.5 % over seeds: variance with plain paths over variance with as many of this method. */
  readonly varianceRatio: { readonly valueAtRisk: number; readonly expectedShortfall: number };
  /** Median time of a report over that with plain paths, run in turn. */
  readonly timeRatio: number;
  /** Variance ratio over time ratio: how much less time the same standard error takes. */
  readonly speedUp: { readonly valueAtRisk: number; readonly expectedShortfall: number };
  /** Distance of the means of VaR over seeds from plain ones, in standard errors of the difference. */
  readonly offset: number;
}

/**
 * What even points and importance sampling are worth: whole reports of three books of eight options on two coins under Student-t moves
 * (4 degrees of freedom), by the SIMD kernels on one thread, methods in turn, a seed a round.
 */
export async function samplingEfficiency(
  snapshot: MarketSnapshot,
  seeds: number,
  paths: number,
): Promise<readonly SamplingEfficiency[]> {
  const module = new WebAssembly.Module(kernelModule('simd'));
  const market = prepareMarket(snapshot, wasmKernels(new WebAssembly.Instance(module).exports, 'simd'));
  const found: SamplingEfficiency[] = [];
  for (const book of Object.keys(BOOKS)) {
    const portfolio = portfolioOf(snapshot, book);
    const runs = new Map(METHODS.map((method) => [method, { reports: [] as VarReport[], ms: [] as number[] }]));
    // The first round warms up.
    for (let seed = 0; seed <= seeds; seed += 1) {
      for (const method of METHODS) {
        const started = performance.now();
        const report = await valueAtRisk(market, {
          inputVersion: 0,
          marketId: snapshot.id,
          portfolio,
          method: 'monte-carlo',
          confidence: 0.99,
          expectedShortfallConfidence: 0.975,
          horizonDays: 1,
          paths,
          seed,
          distribution: 'student-t',
          degreesOfFreedom: 4,
          revaluation: 'full',
          smile: 'sticky-strike',
          lossLevelsUsd: [],
          sampling: method,
        });
        if (seed === 0 || report === null) continue;
        runs.get(method)!.ms.push(performance.now() - started);
        runs.get(method)!.reports.push(report);
      }
    }
    const plain = momentsOf(runs.get('plain')!.reports);
    const plainMs = median(runs.get('plain')!.ms);
    for (const method of METHODS) {
      if (method === 'plain') continue;
      const own = momentsOf(runs.get(method)!.reports);
      const timeRatio = median(runs.get(method)!.ms) / plainMs;
      const varianceRatio = {
        valueAtRisk: plain.valueAtRisk.variance / own.valueAtRisk.variance,
        expectedShortfall: plain.expectedShortfall.variance / own.expectedShortfall.variance,
      };
      found.push({
        book,
        method,
        varianceRatio,
        timeRatio,
        speedUp: {
          valueAtRisk: varianceRatio.valueAtRisk / timeRatio,
          expectedShortfall: varianceRatio.expectedShortfall / timeRatio,
        },
        offset:
          (own.valueAtRisk.mean - plain.valueAtRisk.mean) /
          Math.sqrt((own.valueAtRisk.variance + plain.valueAtRisk.variance) / seeds),
      });
    }
  }
  return found;
}

function momentsOf(reports: readonly VarReport[]) {
  const moments = (values: readonly number[]): { readonly mean: number; readonly variance: number } => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) };
  };
  return {
    valueAtRisk: moments(reports.map((report) => report.valueAtRiskUsd)),
    expectedShortfall: moments(reports.map((report) => report.expectedShortfallUsd)),
  };
}

/** Each leg at the quoted expiry and strike that are nearest. */
function portfolioOf({ asOf, underlyings }: MarketSnapshot, book: string): Portfolio {
  const legs = COINS.flatMap(({ symbol, quantity }) => {
    const coin = underlyings.find((underlying) => underlying.symbol === symbol);
    if (coin === undefined) throw new Error(`The market has no ${symbol}.`);
    return BOOKS[book]!.map(([days, moneyness, type, sign]) => {
      const expiry = nearest(coin.expiries, (each) => Math.log((each.expiry - asOf) / MILLISECONDS_PER_DAY / days));
      const quoted = expiry.quotes.filter((quote) => quote.type === type && quote.markIv !== undefined);
      const { strike } = nearest(quoted, (quote) => Math.log(quote.strike / (coin.index * moneyness)));
      const instrument = instrumentName(listedOption({ underlying: symbol, expiry: expiry.expiry }, strike, type));
      return { id: instrument, instrument, quantity: sign * quantity };
    });
  });
  return { name: book, legs, collateral: [] };
}

function nearest<T>(all: readonly T[], distance: (one: T) => number): T {
  return all.reduce((best, one) => (Math.abs(distance(one)) < Math.abs(distance(best)) ? one : best));
}
