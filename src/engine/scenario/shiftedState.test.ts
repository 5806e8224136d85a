import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstrument } from '../domain/instrument.ts';
import { CODES, smallSnapshot } from '../fixtures/smallMarket.ts';
import { smileVol } from '../surface/smileVol.ts';
import { type ContractState, contractState } from './contractState.ts';
import { prepareMarket } from './preparedMarket.ts';
import { shiftedState } from './shiftedState.ts';

const market = prepareMarket(smallSnapshot());

function state(name: string): ContractState {
  const instrument = parseInstrument(name);
  if (!instrument.ok) throw new Error(instrument.failure.message);
  const found = contractState(market, instrument.value);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

const option = state(`BTC-${CODES.month}-100000-C`);

function volAfter(
  spotMove: number,
  rule: { smile: 'sticky-strike' | 'sticky-delta' | 'spot-vol-beta'; spotVolBeta?: number },
) {
  return shiftedState(option, { spotMove, volShock: 0, volUnit: 'relative', days: 0, ...rule }).option!.volatility;
}

const moves = fc.double({ min: -0.5, max: 0.8, noNaN: true });
const betas = fc.double({ min: -0.6, max: 0.3, noNaN: true });

describe('spot-vol beta', () => {
  it('adds beta times the log spot move to what sticky delta says', () => {
    fc.assert(
      fc.property(moves, betas, (move, beta) => {
        const slid = volAfter(move, { smile: 'sticky-delta' });
        const expected = slid + beta * Math.log(1 + move);
        fc.pre(expected > 0.01 && expected < 5);
        expect(volAfter(move, { smile: 'spot-vol-beta', spotVolBeta: beta })).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('moves the vol at the money of the expiry by just that', () => {
    const { fit } = option.option!;
    for (const move of [-0.3, -0.1, 0.1, 0.3]) {
      // The option whose strike is the new forward: what it quotes off the fit, it keeps.
      const strike = option.forward * (1 + move);
      const atTheMoney = { ...option, option: { ...option.option!, contract: { ...option.option!.contract, strike } } };
      const own = smileVol(fit!, Math.log(strike / option.forward));
      const before = { ...atTheMoney, option: { ...atTheMoney.option, volatility: own } };
      const after = shiftedState(before, {
        spotMove: move,
        volShock: 0,
        volUnit: 'relative',
        days: 0,
        smile: 'spot-vol-beta',
        spotVolBeta: -0.4,
      });
      expect(after.option!.volatility).toBeCloseTo(fit!.atmVol! - 0.4 * Math.log1p(move), 12);
    }
  });

  it('is sticky delta at a beta of zero, and nothing without a move', () => {
    expect(volAfter(-0.2, { smile: 'spot-vol-beta', spotVolBeta: 0 })).toBe(volAfter(-0.2, { smile: 'sticky-delta' }));
    expect(volAfter(0, { smile: 'spot-vol-beta', spotVolBeta: -2 })).toBe(option.option!.volatility);
  });

  it('takes vol neither below one point nor above the highest of all', () => {
    expect(volAfter(2, { smile: 'spot-vol-beta', spotVolBeta: -5 })).toBe(0.01);
    expect(volAfter(-0.9, { smile: 'spot-vol-beta', spotVolBeta: -5 })).toBe(5);
  });

  it('uses the coin’s own beta, and says so where there is none', () => {
    const own = { ...option, option: { ...option.option!, spotVolBeta: -0.7 } };
    const rule = { spotMove: -0.1, volShock: 0, volUnit: 'relative', days: 0, smile: 'spot-vol-beta' } as const;
    expect(shiftedState(own, rule)).toEqual({
      ...shiftedState(own, { ...rule, spotVolBeta: -0.7 }),
      moved: expect.any(String) as string,
    });
    const none = { ...option, option: { ...option.option!, spotVolBeta: null } };
    expect(() => shiftedState(none, rule)).toThrow('BTC has no spot-vol beta: this market has no volatility index');
    expect(shiftedState(none, { ...rule, spotMove: 0 }).option!.volatility).toBe(option.option!.volatility);
  });

  it('keeps scenarios of different betas apart', () => {
    const moved = (spotVolBeta: number) =>
      shiftedState(option, {
        spotMove: 0.1,
        volShock: 0,
        volUnit: 'relative',
        days: 0,
        smile: 'spot-vol-beta',
        spotVolBeta,
      }).moved;
    expect(moved(-0.1)).not.toBe(moved(-0.2));
  });
});
