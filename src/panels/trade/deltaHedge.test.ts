import { describe, expect, it } from 'vitest';
import type { BookRisk, PositionRisk } from '../../engine/domain/riskReport.ts';
import { deltaHedge } from './deltaHedge.ts';
import { bitcoin, market } from './testMarket.ts';

const greeks = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0 };

function risk(delta: number, positions: readonly PositionRisk[] = [], underlying = 'BTC'): BookRisk {
  return {
    collateralUsd: 0,
    equityUsd: 0,
    positions,
    collateral: [],
    byUnderlying: [{ underlying, valueUsd: 0, legs: 1, ...greeks, delta }],
    byExpiry: [],
    margins: [],
    notices: [],
  };
}

function perpetual(quantity: number, entry: number): PositionRisk {
  return {
    id: 'p',
    instrument: 'BTC-PERPETUAL',
    quantity,
    valueUsd: 0,
    markPrice: 104_010,
    impliedVolatility: null,
    volatilitySource: null,
    ...greeks,
    delta: quantity / entry,
  };
}

function hedged(book: BookRisk, coin = bitcoin): number | string {
  const result = deltaHedge(book, coin);
  return result.ok ? result.value.quantity : result.failure.message;
}

describe('deltaHedge', () => {
  it('sells USD notional of the inverse perpetual against a long delta', () => {
    expect(hedged(risk(1))).toBe(-104_010);
    expect(hedged(risk(-0.6))).toBe(62_410); // 62,406 in lots of 10
  });

  it('sells coin of a linear perpetual', () => {
    const solana = market.underlyings[2]!;
    const result = deltaHedge(risk(12.3456, [], 'SOL'), solana);
    expect(result.ok && result.value).toEqual({ instrument: 'SOL_USDC-PERPETUAL', quantity: -12.346, price: 180.2 });
  });

  it('takes back what a held position has per unit before it opens a new one', () => {
    // 100,000 USD bought at 100,000 has delta 1; closing 40 % of it takes back 0.4.
    expect(hedged(risk(0.4, [perpetual(100_000, 100_000)]))).toBe(-40_000);
    // All of it (1.0) and 0.6 more, which is sold at the mark.
    expect(hedged(risk(1.6, [perpetual(100_000, 100_000)]))).toBe(-162_410); // -100,000 - 62,406 in lots of 10
    // A short position is not in the way of selling more.
    expect(hedged(risk(1, [perpetual(-50_000, 90_000)]))).toBe(-104_010);
  });

  it('explains why there is nothing to do', () => {
    expect(hedged(risk(0.00001))).toMatch(/already within one contract/);
    expect(hedged(risk(1), { ...bitcoin, perpetualMark: null })).toMatch(/BTC has no perpetual/);
  });
});
