import { describe, expect, it } from 'vitest';
import type { BookRisk } from '../../engine/domain/riskReport.ts';
import { deltaHedge } from './deltaHedge.ts';
import { asOf, bitcoin, market } from '../../state/testMarket.ts';

const greeks = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0, vanna: 0, volga: 0 };

function risk(delta: number, underlying = 'BTC'): BookRisk {
  return {
    collateralUsd: 0,
    equityUsd: 0,
    positions: [],
    collateral: [],
    byUnderlying: [{ underlying, valueUsd: 0, legs: 1, ...greeks, delta }],
    byExpiry: [],
    margins: [],
    notices: [],
  };
}

function hedged(book: BookRisk, coin = bitcoin): number | string {
  const result = deltaHedge(book, coin, asOf);
  return result.ok ? result.value.quantity : result.failure.message;
}

describe('deltaHedge', () => {
  it('sells USD notional of the inverse perpetual against a long delta', () => {
    expect(hedged(risk(1))).toBe(-104_010);
    expect(hedged(risk(-0.6))).toBe(62_410); // 62,406 in lots of 10
  });

  it('sells coin of a linear perpetual', () => {
    const solana = market.underlyings[2]!;
    const result = deltaHedge(risk(12.3456, 'SOL'), solana, asOf);
    // Bought at 180.2 with the index at 180, one coin has delta 1.00111.
    expect(result.ok && result.value).toEqual({ instrument: 'SOL_USDC-PERPETUAL', quantity: -12.332, price: 180.2 });
  });

  it('takes a future where the market has no perpetual', () => {
    const result = deltaHedge(risk(1), { ...bitcoin, perpetualMark: null }, asOf);
    // 27 June is 18 days out, December is the first with at least twenty.
    expect(result.ok && result.value).toEqual({ instrument: 'BTC-26DEC25', quantity: -107_000, price: 107_000 });
  });

  it('explains why there is nothing to do', () => {
    expect(hedged(risk(0.00001))).toMatch(/already within one contract/);
    expect(hedged(risk(1), { ...bitcoin, perpetualMark: null, expiries: [] })).toMatch(/BTC has no perpetual/);
  });
});
