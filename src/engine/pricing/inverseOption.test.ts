import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import {
  inverseOptionGreeks,
  inverseOptionPrice,
  inverseOptionStress,
  inversePayoff,
  inverseSettlementPnl,
  settlementDelta,
} from './inverseOption.ts';

describe("the exchange's own examples (Deribit's documentation)", () => {
  it('payoff and profit in coin', () => {
    expect(inversePayoff('C', 300, 400)).toBe(0.25);
    expect(inversePayoff('P', 300, 301)).toBe(0);
    expect(inverseSettlementPnl('C', 100_000, 125_000, 0.05, 1)).toBeCloseTo(0.15, 14);
    expect(inverseSettlementPnl('P', 10_000, 5000, 0.05, 1)).toBeCloseTo(0.95, 14);
    expect(inverseSettlementPnl('C', 300, 400, 0.01, 1)).toBeCloseTo(0.24, 14);
  });

  it('net transaction delta, halved half way through the settlement window', () => {
    expect(settlementDelta(1, 0.3, 15, 30)).toBeCloseTo(0.35, 14);
    expect(settlementDelta(1, 0.3, -100, 30)).toBeCloseTo(0.7, 14);
    expect(settlementDelta(1, 0.3, 31, 30)).toBe(0);
  });

  it('mark prices within the rounding of the displayed vol', () => {
    expect(Math.abs(inverseOptionPrice('C', 30220.5, 60000, 0.3286073260083714, 0.677) - 0.0084)).toBeLessThan(5.36e-5);
    expect(Math.abs(inverseOptionPrice('P', 78877.53, 73000, 0.19155584443176052, 0.3663) - 0.03127502)).toBeLessThan(
      7.83e-6,
    );
  });
});

it('values in 60-digit arithmetic', () => {
  const greeks = inverseOptionGreeks('C', 3021.25, 7841.39, 0.2465753424657534, 0.6489);
  const relative = (actual: number, expected: number) => Math.abs(actual / expected - 1);
  expect(relative(greeks.priceCoin, 2.258440717717569278649468e-4)).toBeLessThan(1e-13);
  expect(relative(greeks.netTransactionDelta, 2.338726287231568600207011e-3)).toBeLessThan(1e-13);
  expect(relative(greeks.coinDelta, 7.740922754593524535232144e-7)).toBeLessThan(1e-13);
  expect(relative(greeks.coinGamma, 2.18777664593013492823978e-9)).toBeLessThan(1e-13);
  expect(relative(greeks.vegaCoin / 100, 3.94364701953924376566107e-5)).toBeLessThan(1e-13);
  expect(relative(greeks.thetaCoin / 365, -1.421684750543897527271786e-5)).toBeLessThan(1e-13);
  const stress = inverseOptionStress('C', 3021.25, 7841.39, 0.2465753424657534, 0.6489, -0.08, -0.3);
  expect(relative(stress.priceCoin, 1.610134247102997122774268e-7)).toBeLessThan(1e-11);
  expect(relative(stress.pnlUsd, -6.818838569757671047475198e-1)).toBeLessThan(1e-12);
});

describe('identities', () => {
  const markets = fc.record({
    forward: fc.double({ min: 100, max: 1e5, noNaN: true }),
    deviations: fc.double({ min: -3, max: 3, noNaN: true }),
    years: fc.double({ min: 0.005, max: 2, noNaN: true }),
    vol: fc.double({ min: 0.1, max: 2, noNaN: true }),
  });

  property.prop([markets, fc.constantFrom<'C' | 'P'>('C', 'P')])(
    'coin delta and gamma are derivatives of the coin price',
    ({ forward, deviations, years, vol }, type) => {
      const strike = forward * Math.exp(deviations * vol * Math.sqrt(years));
      const greeks = inverseOptionGreeks(type, forward, strike, years, vol);
      expect(Math.abs(greeks.netTransactionDelta - greeks.delta + greeks.priceCoin)).toBeLessThan(
        1e-13 * (1 + strike / forward),
      );
      const step = forward * vol * Math.sqrt(years) * 1e-3;
      const at = (shift: number) => inverseOptionPrice(type, forward + shift, strike, years, vol);
      const slope = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
      // A deep put is worth up to K/F coins.
      const unit = (1 + strike / forward) / forward;
      expect(greeks.coinDelta / unit).toBeCloseTo(slope / unit, 7);
      const slopeAt = (shift: number) => inverseOptionGreeks(type, forward + shift, strike, years, vol).coinDelta;
      const bend = (8 * (slopeAt(step) - slopeAt(-step)) - (slopeAt(2 * step) - slopeAt(-2 * step))) / (12 * step);
      expect((greeks.coinGamma * forward) / unit).toBeCloseTo((bend * forward) / unit, 5);
    },
  );

  property.prop([markets])(
    'a coin-settled call never costs more than one coin',
    ({ forward, deviations, years, vol }) => {
      const strike = forward * Math.exp(deviations * vol * Math.sqrt(years));
      const call = inverseOptionPrice('C', forward, strike, years, vol);
      const put = inverseOptionPrice('P', forward, strike, years, vol);
      expect(call).toBeLessThan(1);
      expect(Math.abs(call - put - 1 + strike / forward)).toBeLessThan(1e-14 * (1 + strike / forward));
    },
  );

  it('nothing happens without a shock', () => {
    expect(inverseOptionStress('P', 60000, 55000, 0.1, 0.6, 0, 0)).toMatchObject({ pnlCoin: 0, pnlUsd: 0 });
  });
});
