import { describe, expect, it } from 'vitest';
import type { VarRequest } from '../domain/riskReport.ts';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../fixtures/smallMarket.ts';
import { prepareMarket } from '../scenario/preparedMarket.ts';
import { rememberedRows } from '../scenario/unitPnlCache.ts';
import { keptMoves } from './keptMoves.ts';
import { valueAtRisk } from './valueAtRisk.ts';

const snapshot = smallSnapshot();
const market = prepareMarket({
  ...snapshot,
  underlyings: snapshot.underlyings.map((underlying, coin) => ({
    ...underlying,
    history: {
      intervalDays: 1,
      closes: Array.from({ length: 300 }, (_, day) => {
        const at = AS_OF - 8 * 3_600_000 - (300 - day) * MILLISECONDS_PER_DAY;
        return [at, underlying.index * Math.exp(0.04 * Math.sin(day * (1.7 + coin)))] as const;
      }),
      volatilityIndex: [],
    },
  })),
});
const PATHS = 20_000;
const request = (calls: number): VarRequest => ({
  inputVersion: calls,
  marketId: 'small',
  portfolio: smallBook(
    [
      [`BTC-${CODES.month}-100000-C`, calls],
      [`BTC-${CODES.week}-80000-P`, -2],
      [`ETH-${CODES.year}-3000-C`, 10],
      ['BTC-PERPETUAL', -30_000, 91_000],
      [`ETH_USDC-${CODES.month}`, 3, 2_900],
    ],
    [{ asset: 'BTC', quantity: 1.5 }],
  ),
  method: 'monte-carlo',
  confidence: 0.99,
  expectedShortfallConfidence: 0.975,
  horizonDays: 1,
  paths: PATHS,
  seed: 3,
  sampling: 'plain',
  distribution: 'student-t',
  degreesOfFreedom: 4,
  revaluation: 'full',
  smile: 'sticky-delta',
  lossLevelsUsd: [10_000],
});
const desk = () => keptMoves(market, rememberedRows(), () => 0, PATHS);

describe('kept moves', () => {
  it('have the figures of a plain run of as many paths and the same seed', async () => {
    const kept = desk();
    kept.valueAtRisk(request(5));
    const answer = kept.valueAtRisk(request(-3))!;
    const run = (await valueAtRisk(market, request(-3)))!;
    for (const figure of ['valueAtRiskUsd', 'expectedShortfallUsd'] as const) {
      expect(answer[figure]).toBeCloseTo(run[figure], 4);
      expect(answer.standardError![figure]).toBeCloseTo(run.standardError![figure], 4);
    }
    expect(answer.histogram.counts).toEqual(run.histogram.counts);
    expect(answer.exceedance).toEqual(run.exceedance);
    answer.byPosition.forEach(({ valueAtRiskUsd }, i) =>
      expect(valueAtRiskUsd).toBeCloseTo(run.byPosition[i]!.valueAtRiskUsd, 3),
    );
    expect([answer.observations, answer.sampling?.isKept, run.sampling?.isKept]).toEqual([PATHS, true, undefined]);
  });

  it('give an edited book the bits of a desk that is asked for the first time', () => {
    const used = desk();
    used.valueAtRisk(request(5));
    used.valueAtRisk({ ...request(5), seed: 4 });
    expect(used.valueAtRisk(request(-3))).toEqual(desk().valueAtRisk(request(-3)));
  });

  it('say nothing of moves that are not drawn at once, and of a book that nothing moves that it loses nothing', () => {
    expect(desk().valueAtRisk({ ...request(1), distribution: 'bates' })).toBeNull();
    const nothing = desk().valueAtRisk({ ...request(1), portfolio: smallBook([]) });
    expect(nothing).toMatchObject({ valueAtRiskUsd: 0, expectedShortfallUsd: 0, observations: 0 });
  });
});
