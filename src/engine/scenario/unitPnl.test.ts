import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instrument, parseInstrument } from '../domain/instrument.ts';
import type { ScenarioSet, SmileRule, VolShockUnit } from '../domain/scenario.ts';
import { CODES, smallMarket } from '../fixtures/smallMarket.ts';
import { contractState, markPrice, unitValueUsd } from './contractState.ts';
import { portfolioPnl } from './portfolioPnl.ts';
import { unitDelta, unitGreeks } from './positionGreeks.ts';
import { shiftedState } from './shiftedState.ts';
import { unitPnl, unitPnlRow } from './unitPnl.ts';

const market = smallMarket();
const NAMES = [
  `BTC-${CODES.month}-90000-C`,
  `BTC-${CODES.month}-70000-P`,
  `BTC-${CODES.week}-100000-C`,
  `BTC_USDC-${CODES.year}-80000-P`,
  `ETH-${CODES.year}-3400-C`,
  `BTC-${CODES.month}`,
  'BTC-PERPETUAL',
  'ETH_USDC-PERPETUAL',
  `ETH_USDC-${CODES.week}`,
];

function instrument(name: string): Instrument {
  const parsed = parseInstrument(name);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return parsed.value;
}

function state(name: string, from = market) {
  const found = contractState(from, instrument(name));
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

function oneScenario(
  symbol: string,
  move: { spot: number; vol: number; volUnit?: VolShockUnit; days?: number; smile?: SmileRule },
): ScenarioSet {
  return {
    id: JSON.stringify(move),
    count: 1,
    underlyings: [symbol],
    spotMove: Float64Array.of(move.spot),
    volShock: Float64Array.of(move.vol),
    volUnit: move.volUnit ?? 'relative',
    volTermPower: { short: 0, long: 0 },
    horizonDays: move.days ?? 0,
    smile: move.smile ?? 'sticky-strike',
  };
}

describe('unit P&L', () => {
  it.each(NAMES)('is exactly zero where nothing moves: %s', (name) => {
    const contract = state(name);
    expect(unitPnlRow(contract, oneScenario(contract.instrument.underlying, { spot: 0, vol: 0 }))[0]).toBe(0);
    expect(
      unitPnlRow(contract, oneScenario(contract.instrument.underlying, { spot: 0, vol: 0, smile: 'sticky-delta' }))[0],
    ).toBe(0);
  });

  it('equals the difference of two valuations, for every contract and any move', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES.slice(0, 5)),
        fc.double({ min: -0.6, max: 1.5, noNaN: true }),
        fc.double({ min: -0.8, max: 1.5, noNaN: true }),
        fc.constantFrom('relative' as const, 'points' as const),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom('sticky-strike' as const, 'sticky-delta' as const),
        (name, spot, vol, volUnit, days, smile) => {
          const contract = state(name);
          const pnl = unitPnlRow(
            contract,
            oneScenario(contract.instrument.underlying, { spot, vol, volUnit, days, smile }),
          )[0]!;
          const moved = shiftedState(contract, { spotMove: spot, volShock: vol, volUnit, days, smile });
          const difference = unitValueUsd(moved) - unitValueUsd(contract);
          expect(Math.abs(pnl - difference)).toBeLessThanOrEqual(1e-9 * contract.index);
        },
      ),
    );
  });

  it("of an inverse future is linear in dollars: N (F' - F) / F at a fixed basis", () => {
    const contract = state('BTC-PERPETUAL');
    expect(unitPnlRow(contract, oneScenario('BTC', { spot: -0.2, vol: 0 }))[0]! * 30_000).toBeCloseTo(
      (30_000 * -0.2 * contract.index) / contract.forward,
      8,
    );
  });

  it('of a coin-settled option at expiry is its intrinsic value at the index less its premium', () => {
    const contract = state(`BTC-${CODES.week}-100000-C`);
    const [pnl] = unitPnlRow(contract, oneScenario('BTC', { spot: 0.3, vol: 0, days: 7 }));
    expect(pnl).toBeCloseTo(90_000 * 1.3 - 100_000 - unitValueUsd(contract), 6);
  });

  it('adds up over legs', () => {
    const set: ScenarioSet = {
      ...oneScenario('BTC', { spot: 0, vol: 0 }),
      id: 'three',
      count: 3,
      spotMove: Float64Array.of(-0.1, 0, 0.1),
      volShock: Float64Array.of(0.2, 0, -0.2),
    };
    const instruments = NAMES.slice(0, 3).map(instrument);
    const table = unitPnl(market, instruments, set);
    const quantities = [2, -3, 0.5];
    const together = portfolioPnl(quantities, table);
    for (let s = 0; s < 3; s += 1) {
      const sum = quantities.reduce((total, quantity, row) => total + quantity * table.values[row * 3 + s]!, 0);
      expect(together[s]).toBeCloseTo(sum, 9);
    }
  });

  it('scales shocks by term when asked: a short option is shocked more', () => {
    const set = { ...oneScenario('BTC', { spot: 0, vol: 0.5 }), volTermPower: { short: 0.3, long: 0.13 } };
    const week = state(`BTC-${CODES.week}-90000-C`);
    const expected = shiftedState(week, {
      spotMove: 0,
      volShock: 0.5 * (30 / 7) ** 0.3,
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-strike',
    });
    expect(unitPnlRow(week, set)[0]).toBeCloseTo(unitValueUsd(expected) - unitValueUsd(week), 8);
  });
});

describe('contract state', () => {
  it('values put-call parity: call minus put = coin value of the forward less the strike', () => {
    const call = state(`BTC-${CODES.month}-85000-C`);
    const put = state(`BTC-${CODES.month}-85000-P`);
    expect(unitValueUsd(call) - unitValueUsd(put)).toBeCloseTo(
      ((call.forward - 85_000) / call.forward) * call.index,
      7,
    );
    expect(markPrice(call) - markPrice(put)).toBeCloseTo(1 - 85_000 / call.forward, 12);
  });

  it('turns a linear contract into dollars through the price of USDC', () => {
    const flat = () => 0.5;
    const cheap = state(`BTC_USDC-${CODES.month}-90000-C`, smallMarket({ usdcPrice: 0.9, smile: flat }));
    // A strike of 90,000 USDC is 81,000 USD when a USDC is worth 90 cents: u B(F/u, K) = B(F, u K).
    const sameStrikeInUsd = state(`BTC_USDC-${CODES.month}-81000-C`, smallMarket({ smile: flat }));
    expect(unitValueUsd(cheap)).toBeCloseTo(unitValueUsd(sameStrikeInUsd), 3);
    expect(unitGreeks(cheap).delta).toBeCloseTo(unitGreeks(sameStrikeInUsd).delta, 6);
  });

  it.each([
    ['XRP-27NOV26-1-C', 'unknown-instrument', /no XRP/],
    ['BTC-28NOV26-90000-C', 'unknown-instrument', /Nearest: 27NOV26, 25DEC26/],
    ['BTC-6NOV26-90000-C', 'expired', /expired on 2026-11-06/],
  ])('says why %s has none', (name, code, message) => {
    const found = contractState(market, instrument(name));
    expect(found.ok).toBe(false);
    if (!found.ok) {
      expect(found.failure.code).toBe(code);
      expect(found.failure.message).toMatch(message);
    }
  });

  it('reads a strike without a quote from the fit, and says so', () => {
    expect(state(`BTC-${CODES.month}-91000-C`).option?.volatilitySource).toBe('fit');
    expect(state(`BTC-${CODES.month}-90000-C`).option?.volatilitySource).toBe('mark');
  });
});

describe('unit Greeks', () => {
  it.each(NAMES)('are the derivatives of the value: %s', (name) => {
    const contract = state(name);
    const { underlying } = contract.instrument;
    const pnl = (spot: number, vol = 0) =>
      unitPnlRow(contract, oneScenario(underlying, { spot, vol, volUnit: 'points' }))[0]!;
    const greeks = unitGreeks(contract);
    const h = 1e-4;
    expect(greeks.delta).toBeCloseTo((pnl(h) - pnl(-h)) / (2 * h * contract.index), 6);
    expect(greeks.gamma * contract.index).toBeCloseTo((pnl(h) + pnl(-h)) / (h * h * contract.index), 3);
    expect(greeks.vega / contract.index).toBeCloseTo((pnl(0, h) - pnl(0, -h)) / (2 * h * contract.index), 6);
    expect(greeks.volga / contract.index).toBeCloseTo((pnl(0, h) + pnl(0, -h)) / (h * h * contract.index), 3);
    expect(greeks.vanna).toBeCloseTo(
      (pnl(h, h) - pnl(h, -h) - pnl(-h, h) + pnl(-h, -h)) / (4 * h * h * contract.index),
      3,
    );
  });

  it.each(NAMES)('delta alone is the delta among the Greeks, to the bit: %s', (name) => {
    const contract = state(name);
    for (const days of [0, 3, 40, 400]) {
      for (const spotMove of [-0.3, 0, 0.2]) {
        const moved = shiftedState(contract, {
          spotMove,
          volShock: 0.1,
          volUnit: 'relative',
          days,
          smile: 'sticky-strike',
        });
        expect(unitDelta(moved)).toBe(unitGreeks(moved).delta);
      }
    }
  });
});
