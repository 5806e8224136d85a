import { describe, expect, it } from 'vitest';
import type { VarDistribution, VarReport, VarRequest } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { inlinePathPool } from '../scenario/inlinePathPool.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(400);
/** An index that reverts: its log is pulled back by a tenth a day. */
const reverting = (moves: readonly number[]): number[] => {
  let level = 0;
  return moves.map((move) => {
    const step = move - 0.1 * level;
    level += step;
    return step;
  });
};
const market = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(MIDNIGHT, random.btc, reverting(random.btcVol)),
    ETH: dailyHistory(MIDNIGHT, random.eth),
  }),
);
const book = smallBook([
  [`BTC-${CODES.month}-100000-C`, -3],
  [`BTC-${CODES.year}-90000-C`, 1],
  [`ETH-${CODES.week}-3000-P`, -20],
]);
const DISTRIBUTIONS: VarDistribution[] = ['normal', 'student-t', 't-copula', 'jump-diffusion', 'heston', 'bates'];

async function report(part: Partial<VarRequest>, blockPaths = 4096): Promise<VarReport> {
  const request: VarRequest = {
    inputVersion: 1,
    marketId: 'small',
    portfolio: book,
    method: 'monte-carlo',
    confidence: 0.99,
    horizonDays: 1,
    paths: 4_000,
    seed: 1,
    distribution: 'normal',
    degreesOfFreedom: 4,
    revaluation: 'full',
    smile: 'sticky-strike',
    lossLevelsUsd: [],
    ...part,
  };
  return (await valueAtRisk(market, request, { pool: inlinePathPool(market.kernels, blockPaths) }))!;
}

describe.each(DISTRIBUTIONS)('moves by %s', (distribution) => {
  it('give the same report to the bit however the paths are cut, and another with another seed', async () => {
    const whole = await report({ distribution, horizonDays: 3 });
    expect(await report({ distribution, horizonDays: 3 }, 777)).toEqual(whole);
    expect((await report({ distribution, horizonDays: 3, seed: 2 })).valueAtRiskUsd).not.toBe(whole.valueAtRiskUsd);
    expect(whole.valueAtRiskUsd).toBeGreaterThan(0);
  });

  it('show estimates within bounds, each with its own id, and take them back in unchanged', async () => {
    const found = await report({ distribution });
    const { values } = found.estimates!;
    expect(new Set(values.map(({ id }) => id)).size).toBe(values.length);
    for (const { value, min, max, estimated, isOverridden } of values) {
      expect(value).toBeGreaterThanOrEqual(min);
      expect(value).toBeLessThanOrEqual(max);
      expect(isOverridden).toBe(false);
      expect(estimated).toBe(value);
    }
    const given = await report({
      distribution,
      estimates: Object.fromEntries(values.map(({ id, value }) => [id, value])),
    });
    expect(Math.abs(given.valueAtRiskUsd / found.valueAtRiskUsd - 1)).toBeLessThan(1e-6);
  });

  it('by sensitivities stay near full revaluation where moves are small', async () => {
    const small = { distribution, confidence: 0.6 };
    const full = await report(small);
    const quick = await report({ ...small, revaluation: 'delta-gamma' });
    expect(Math.abs(quick.expectedShortfallUsd / full.expectedShortfallUsd - 1)).toBeLessThan(0.2);
  });
});

describe('estimates', () => {
  it('of the parametric figure scale it: twice the volatilities of a linear book are twice the loss', async () => {
    const linear = smallBook([['BTC-PERPETUAL', 50_000]]);
    const plain = await report({ method: 'parametric', portfolio: linear });
    const volatility = plain.estimates!.values.find(({ id }) => id === 'BTC.spot.volatility')!.value;
    const doubled = await report({
      method: 'parametric',
      portfolio: linear,
      estimates: { 'BTC.spot.volatility': 2 * volatility },
    });
    expect(doubled.valueAtRiskUsd / plain.valueAtRiskUsd).toBeCloseTo(2, 1);
  });

  it('are none of the plain history’s, and of every filter where moves are filtered', async () => {
    expect((await report({ method: 'historical' })).estimates).toBeNull();
    for (const filter of ['riskmetrics', 'ewma', 'garch'] as const) {
      const { estimates } = await report({ method: 'filtered-historical', filter });
      expect(estimates!.values.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('that contradict each other are made consistent, and that is said', async () => {
    const estimates = { 'BTC.spot:ETH.spot': 0.99, 'BTC.spot:BTC.vol': 0.99, 'ETH.spot:BTC.vol': -0.99 };
    const { notices } = await report({ estimates });
    expect(notices.map(({ message }) => message)).toContain(
      'The correlations set by hand contradict each other; the nearest consistent ones are used',
    );
  });
});
