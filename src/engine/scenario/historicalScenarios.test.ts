import { describe, expect, it } from 'vitest';
import { MILLISECONDS_PER_DAY } from '../domain/units.ts';
import { dailyHistory, randomMoves, withHistory } from '../fixtures/dailyHistory.ts';
import { AS_OF, smallSnapshot } from '../fixtures/smallMarket.ts';
import { historicalScenarios, volatilityScaled } from './historicalScenarios.ts';
import { jointMoves } from './jointMoves.ts';

const MIDNIGHT = AS_OF - (AS_OF % MILLISECONDS_PER_DAY);
const random = randomMoves(300);
const snapshot = withHistory(smallSnapshot(), {
  BTC: dailyHistory(MIDNIGHT, random.btc, random.btcVol),
  ETH: dailyHistory(MIDNIGHT, random.eth, random.ethVol),
});
const joint = jointMoves(snapshot, ['BTC', 'ETH'], 'historical VaR');
const request = { marketId: 'm', horizonDays: 1, smile: 'sticky-strike', filtered: false } as const;

/** Sixty daily returns, and what scaling by volatility makes of them, computed elsewhere in exact arithmetic. */
const RETURNS = [
  0.01374, 0.00548, -0.05881, -0.04855, 0.03967, -0.01678, -0.02526, 0.02773, 0.00549, -0.04906, 0.01989, -0.02736,
  -0.01324, -0.01605, 0.07138, 0.0071, 0.03444, 0.02012, -0.03767, 0.01034, -0.02936, -0.12881, -0.12213, -0.00135,
  -0.02154, 0.05741, 0.01155, 0.02937, -0.0296, 0.06385, 0.02123, 0.00578, -0.03243, -0.02455, 0.00391, 0.01994,
  0.04215, 0.08909, -0.01084, 0.14722, -0.04551, -0.04641, 0.05206, -0.00459, 0.07062, 0.00484, 0.01086, -0.09125,
  -0.00248, -0.07291, -0.03444, -0.02926, -0.0019, 0.03708, -0.03351, -0.03844, -0.04597, -0.10343, -0.00685, 0.01656,
];
const SCALED = { first: 0.014254423360419157, last: 0.016107405534066505, worst: -0.17418980760252628 };

describe('historical scenarios', () => {
  it("apply the history's moves to today's market, all coins of one day together", () => {
    const { set, notices } = historicalScenarios(joint, request);
    expect(notices).toEqual([]);
    expect(set.count).toBe(300);
    expect(set.horizonDays).toBe(0);
    for (const s of [0, 150, 299]) {
      expect(set.spotMove[s]).toBeCloseTo(Math.exp(random.btc[s]!) - 1, 12);
      expect(set.spotMove[300 + s]).toBeCloseTo(Math.exp(random.eth[s]!) - 1, 12);
      expect(set.volShock[300 + s]).toBeCloseTo(Math.exp(random.ethVol[s]!) - 1, 12);
    }
  });

  it('add overlapping days for a longer horizon, and say how few are independent', () => {
    const { set, notices } = historicalScenarios(joint, { ...request, horizonDays: 5 });
    expect(set.count).toBe(296);
    const five = random.btc.slice(10, 15).reduce((sum, value) => sum + value, 0);
    expect(set.spotMove[10]).toBeCloseTo(Math.exp(five) - 1, 12);
    expect(notices[0]!.message).toBe('5-day moves overlap: 296 windows, about 60 of them independent');
  });

  it('never let a window span a gap', () => {
    const gapped = {
      ...joint,
      runs: [
        { from: 0, to: 150 },
        { from: 150, to: 300 },
      ],
    };
    expect(historicalScenarios(gapped, { ...request, horizonDays: 5 }).set.count).toBe(292);
  });

  it('scale single days by the root of time where the history is too short for the horizon', () => {
    const { set, notices } = historicalScenarios(joint, { ...request, horizonDays: 225 });
    expect(set.count).toBe(300);
    expect(set.spotMove[7]).toBeCloseTo(Math.exp(15 * random.btc[7]!) - 1, 12);
    expect(notices[0]!.message).toBe(
      'The history holds only 76 moves of 225 days, so 1-day moves are scaled by the root of time',
    );
  });

  it('have ids that tell content apart', () => {
    const ids = [
      request,
      { ...request, horizonDays: 5 },
      { ...request, filtered: true },
      { ...request, smile: 'sticky-delta' } as const,
      { ...request, marketId: 'n' },
    ].map((asked) => historicalScenarios(joint, asked).set.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('filtered historical scenarios', () => {
  it('scale each return from the volatility of its day to that of today, as published', () => {
    const scaled = volatilityScaled(Float64Array.from(RETURNS), 0.94);
    expect(scaled[0]).toBeCloseTo(SCALED.first, 14);
    expect(scaled[59]).toBeCloseTo(SCALED.last, 14);
    expect(Math.min(...scaled)).toBeCloseTo(SCALED.worst, 14);
  });

  it('leave returns that never vary as they are', () => {
    expect([...volatilityScaled(new Float64Array(5), 0.94)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('are wider than the plain ones when the market is wild now', () => {
    const spread = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const wild = { ...joint, spot: joint.spot.map((value, i) => (i % 300 >= 270 ? 4 * value : value)) };
    const plain = historicalScenarios(wild, request).set.spotMove.subarray(0, 270);
    const filtered = historicalScenarios(wild, { ...request, filtered: true }).set.spotMove.subarray(0, 270);
    expect(spread(filtered)).toBeGreaterThan(2 * spread(plain));
  });
});
