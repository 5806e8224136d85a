import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import type { VarProgress, VarReport, VarRequest } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { inverseNormalCdf, normalCdf } from '../numerics/normal.ts';
import { inlinePathPool } from '../scenario/inlinePathPool.ts';
import type { PathPool } from '../scenario/PathPool.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import type { VarControl } from './VarControl.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(400);
const small = smallSnapshot();
const market = prepareMarket(
  withHistory(
    // A third coin, which has no history of vol.
    { ...small, underlyings: [...small.underlyings, { ...small.underlyings[1]!, symbol: 'SOL' }] },
    {
      BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
      ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
      SOL: dailyHistory(
        MIDNIGHT,
        random.eth.map((move, t) => 0.7 * move + 0.01 * Math.sin(t * t)),
      ),
    },
  ),
);
const book = smallBook([
  [`BTC-${CODES.month}-100000-C`, -3],
  [`BTC-${CODES.year}-90000-C`, 1],
  [`ETH-${CODES.week}-3000-P`, -20],
]);

const request = (part: Partial<VarRequest> = {}): VarRequest => ({
  inputVersion: 1,
  marketId: 'small',
  portfolio: book,
  method: 'monte-carlo',
  confidence: 0.99,
  horizonDays: 1,
  paths: 20_000,
  seed: 4,
  distribution: 'student-t',
  degreesOfFreedom: 4,
  revaluation: 'full',
  sampling: 'plain',
  smile: 'sticky-strike',
  lossLevelsUsd: [0, 1_000],
  ...part,
});
async function report(part: Partial<VarRequest> = {}, control: VarControl = {}): Promise<VarReport> {
  const found = await valueAtRisk(market, request(part), control);
  if (found === null) throw new Error('cancelled');
  return found;
}

describe('Monte Carlo figures', () => {
  it('of a coin under normal log-moves are the closed form, within four standard errors', async () => {
    const portfolio = { ...book, legs: [], collateral: [{ asset: 'BTC', quantity: 2 }] };
    const parametric = await report({ portfolio, method: 'parametric' });
    const annual = parametric.estimates!.values.find(({ id }) => id === 'BTC.spot.volatility')!.value / 100;
    const deviation = annual / Math.sqrt(365);
    const value = 2 * 90_000;
    for (const confidence of [0.9, 0.99]) {
      const found = await report({ portfolio, distribution: 'normal', paths: 80_000, confidence });
      const z = inverseNormalCdf(confidence);
      const exactVar = value * -Math.expm1(-z * deviation);
      const growthBeyond = (Math.exp(deviation ** 2 / 2) * normalCdf(-z - deviation)) / (1 - confidence);
      const exactShortfall = value * (1 - growthBeyond);
      expect(Math.abs(found.valueAtRiskUsd - exactVar)).toBeLessThan(4 * found.standardError!.valueAtRiskUsd);
      expect(Math.abs(found.expectedShortfallUsd - exactShortfall)).toBeLessThan(
        4 * found.standardError!.expectedShortfallUsd,
      );
      expect(found.standardError!.valueAtRiskUsd).toBeLessThan(0.02 * exactVar);
    }
  });

  it('are the same to the bit by workers that go on while figures are read, and the former book’s too', async () => {
    const before = smallBook([[`BTC-${CODES.month}-100000-C`, -3]]);
    const inline = inlinePathPool(market.kernels);
    let calls = 0;
    const workers: PathPool = {
      workers: 2,
      async pnl(plan, firstPath, count, control) {
        calls += 1;
        const half = Math.floor(count / 3);
        const parts = await Promise.all([
          inline.pnl(plan, firstPath + half, count - half, control),
          inlinePathPool(market.kernels, 512).pnl(plan, firstPath, half, control),
        ]);
        const [second, first] = parts;
        if (first === null || second === null) return null;
        const joined = first.pnl.map((values, b) => Float64Array.of(...values, ...second.pnl[b]!));
        return { pnl: joined, weights: null, fault: null };
      },
    };
    const asked = { before, paths: 45_000 };
    const callsAtFigure: number[] = [];
    const withIncremental: boolean[] = [];
    const onProgress = ({ pathsDone, soFar }: VarProgress): void => {
      if (pathsDone !== soFar?.observations) return;
      callsAtFigure.push(calls);
      withIncremental.push(soFar.byPosition.every(({ incrementalVaRUsd }) => incrementalVaRUsd !== null));
    };
    expect(await report(asked, { pool: workers, onProgress })).toEqual(await report(asked));
    // 10,000, 20,000, 40,000 and 45,000 paths, and these with incremental VaR, which is not waited for.
    expect(callsAtFigure).toEqual([2, 3, 4, 4, 4]);
    expect(withIncremental).toEqual([false, false, false, false, true]);
  });

  it('have no figures on the way to an end that is near, and the same in the end; a target is looked for all the same', async () => {
    const observed = async (change: Partial<VarRequest>) => {
      const seen: number[] = [];
      const onProgress = ({ soFar }: VarProgress) => void seen.push(soFar?.observations ?? 0);
      // A clock that stands still: everything takes no time.
      const last = await report({ paths: 45_000, ...change }, { onProgress, now: () => 0 });
      return { last, figures: [...new Set(seen)].filter((count) => count > 0) };
    };
    const { last, figures } = await observed({});
    expect(figures).toEqual([10_000, 45_000]);
    expect(last).toEqual(await report({ paths: 45_000 }));
    expect((await observed({ targetStandardErrorUsd: 1e-9 })).figures).toEqual([10_000, 20_000, 40_000, 45_000]);
  });

  it('stop at a target standard error, with the figures of a run of that length', async () => {
    const all = await report({ paths: 160_000 });
    const target = 1.9 * all.standardError!.expectedShortfallUsd;
    const seen: VarProgress[] = [];
    const stopped = await report(
      { paths: 1_000_000, targetStandardErrorUsd: target },
      { onProgress: (progress) => seen.push(progress) },
    );
    const { observations } = stopped;
    expect(observations).toBeLessThanOrEqual(160_000);
    expect(stopped.standardError!.valueAtRiskUsd).toBeLessThanOrEqual(target);
    expect(stopped.standardError!.expectedShortfallUsd).toBeLessThanOrEqual(target);
    const sooner = seen.findLast(({ soFar }) => soFar !== null && soFar.observations < observations)!.soFar;
    expect(sooner!.standardError!.expectedShortfallUsd).toBeGreaterThan(target);
    expect(seen.at(-1)).toMatchObject({ pathsDone: observations, pathsAsked: 1_000_000, soFar: stopped });
    expect(stopped.notices.map(({ message }) => message)).toContain(
      `${observations} of 1000000 paths were enough for standard errors of VaR and ES of at most ${target} USD`,
    );
    const plain = await report({ paths: observations });
    expect({ ...stopped, notices: [] }).toEqual({ ...plain, notices: [] });
  });

  it('stop at a target that is a share of each figure, ES as well as VaR', async () => {
    const share = 0.03;
    const errors = ({ valueAtRiskUsd, expectedShortfallUsd, standardError }: VarReport) => [
      standardError!.valueAtRiskUsd / valueAtRiskUsd,
      standardError!.expectedShortfallUsd / expectedShortfallUsd,
    ];
    const seen: VarReport[] = [];
    const stopped = await report(
      { paths: 160_000, targetStandardErrorShare: share },
      { onProgress: ({ soFar }) => soFar && seen.push(soFar) },
    );
    const { observations } = stopped;
    expect(observations).toBeGreaterThan(10_000);
    expect(observations).toBeLessThan(160_000);
    expect(Math.max(...errors(stopped))).toBeLessThanOrEqual(share);
    const sooner = seen.findLast((each) => each.observations < observations)!;
    expect(Math.max(...errors(sooner))).toBeGreaterThan(share);
    expect(stopped.notices.map(({ message }) => message)).toContain(
      `${observations} of 160000 paths were enough for standard errors of VaR and ES of at most 3 % of each`,
    );
    // Of two targets the smaller one counts.
    const both = await report({ paths: 20_000, targetStandardErrorShare: 1, targetStandardErrorUsd: 1e-3 });
    expect(both.observations).toBe(20_000);
  });

  it('by automatic revaluation are those of full revaluation where there are few positions, to the bit', async () => {
    const automatic = await report({ revaluation: 'auto', paths: 30_000 });
    expect(automatic).toEqual(await report({ paths: 30_000 }));
    expect(automatic.proxyError).toBeNull();
  });

  it('by automatic revaluation of a large book take a proxy, and stay within its error whoever computes them', async () => {
    const portfolio = smallBook(
      Array.from({ length: 50 }, (_, i): [string, number] => {
        const [code, type] = [[CODES.week, CODES.month, CODES.year][i % 3]!, i % 2 === 0 ? 'C' : 'P'];
        return [`BTC-${code}-${[80_000, 90_000, 100_000][i % 3]}-${type}`, (i % 7) - 3.5];
      }),
    );
    const asked = { portfolio, paths: 240_000, sampling: 'importance' } as const;
    const first: VarReport[] = [];
    const automatic = await report(
      { ...asked, revaluation: 'auto' },
      { onProgress: ({ soFar }) => soFar?.observations === 10_000 && first.push(soFar) },
    );
    const full = await report(asked);
    const { maxUsd, shareOfGrossPremium } = automatic.proxyError!;
    expect(first[0]!.proxyError).toBeNull();
    expect(shareOfGrossPremium).toBeLessThanOrEqual(1e-6);
    expect(automatic.valueAtRiskUsd).not.toBe(full.valueAtRiskUsd);
    expect(Math.abs(automatic.valueAtRiskUsd - full.valueAtRiskUsd)).toBeLessThanOrEqual(maxUsd);
    expect(Math.abs(automatic.expectedShortfallUsd - full.expectedShortfallUsd)).toBeLessThanOrEqual(maxUsd);
    expect(automatic.notices.map(({ message }) => message)).toContain(
      'The first 10000 paths are revalued in full, the others by proxy',
    );
    const inline = inlinePathPool(market.kernels, 1_777);
    const pool: PathPool = { ...inline, workers: 2 };
    expect(await report({ ...asked, revaluation: 'auto' }, { pool })).toEqual(automatic);
    // Where the target is near, none is fitted.
    const sure = await report({ ...asked, revaluation: 'auto', targetStandardErrorShare: 0.02 });
    expect(sure.proxyError).toBeNull();
    expect(sure.observations).toBeLessThan(100_000);
  });

  it.each([0, -1, Number.NaN])('refuse a target standard error of %f of the figure', async (share) => {
    await expect(report({ targetStandardErrorShare: share })).rejects.toThrow('must be above 0 of the figure');
  });

  it.each([0, -1, Number.NaN])('refuse a target standard error of %f', async (targetStandardErrorUsd) => {
    await expect(report({ targetStandardErrorUsd })).rejects.toThrow('The target standard error must be above 0 USD');
  });

  it('refuse a book whose losses no number holds', async () => {
    const portfolio = smallBook([[`BTC-${CODES.month}-100000-C`, -1e305]]);
    await expect(report({ portfolio })).rejects.toThrow(RiskError);
    await expect(report({ portfolio })).rejects.toThrow('too large to compute; check its quantities');
  });

  it('hear a failure of the pool, also of one that ran ahead', async () => {
    const inline = inlinePathPool(market.kernels);
    const failing: PathPool = {
      workers: 1,
      pnl: (plan, firstPath, count, control) =>
        firstPath === 0
          ? inline.pnl(plan, firstPath, count, control)
          : Promise.reject(new RiskError('internal', 'Two workers stopped')),
    };
    await expect(report({}, { pool: failing })).rejects.toThrow('Two workers stopped');
  });
});

describe('a thousand legs on three coins', () => {
  const legs = Array.from({ length: 1_000 }, (_, i): [string, number] => {
    const coin = ['BTC', 'ETH', 'SOL'][i % 3]!;
    const n = (i % 11) - 5;
    const strike = coin === 'BTC' ? 90_000 + 5_000 * n : 3_000 + 200 * n;
    const expiry = Object.values(CODES)[i % 7 === 0 ? 0 : i % 2 === 0 ? 1 : 2]!;
    return [`${coin}-${expiry}-${strike}-${i % 5 < 2 ? 'C' : 'P'}`, (coin === 'BTC' ? 0.1 : 3) * (1 - (i % 4))];
  });
  const portfolio = smallBook(legs);

  it('have VaR, ES and component VaR that adds up, and say what incremental VaR is read from', async () => {
    const sampling = 'plain';
    const found = await report({ portfolio, sampling, paths: 20_000 });
    expect(found.byPosition).toHaveLength(1_000);
    const sum = found.byPosition.reduce((total, row) => total + row.valueAtRiskUsd, 0);
    const size = found.byPosition.reduce((total, row) => total + Math.abs(row.valueAtRiskUsd), 0);
    expect(Math.abs(sum - found.valueAtRiskUsd)).toBeLessThan(1e-12 * size);
    expect(found.expectedShortfallUsd).toBeGreaterThan(found.valueAtRiskUsd);
    expect(found.notices.map(({ message }) => message)).toContain(
      'Incremental VaR is read from the first 4000 of 20000 paths, so that its own error is larger',
    );
    // Read from the first 4000, each is the difference of two runs of that length.
    const plain = await report({ portfolio, sampling, paths: 4_000 });
    const rest = { ...portfolio, legs: portfolio.legs.slice(0, -1) };
    const without = await report({ portfolio: rest, sampling, paths: 4_000 });
    const expected = plain.valueAtRiskUsd - without.valueAtRiskUsd;
    expect(found.byPosition.at(-1)!.incrementalVaRUsd).toBeCloseTo(expected, 6);
  });
});
