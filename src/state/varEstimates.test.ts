import { describe, expect, it } from 'vitest';
import { estimateKey, withOverride, withOverrides } from './varEstimates.ts';

const settings = { distribution: 'heston', filter: null, tailOf: 'historical' } as const;

describe('estimateKey', () => {
  it('names the generator behind each method', () => {
    expect(estimateKey('monte-carlo', settings)).toBe('heston');
    expect(estimateKey('historical', settings)).toBeNull();
    expect(estimateKey('historical', { ...settings, filter: 'garch' })).toBe('garch');
    expect(estimateKey('parametric', settings)).toBe(estimateKey('cornish-fisher', settings));
    expect(estimateKey('evt', settings)).toBeNull();
    expect(estimateKey('evt', { ...settings, tailOf: 'monte-carlo' })).toBe('heston');
  });
});

describe('overrides', () => {
  const kappa = { id: 'BTC.reversion', estimated: 5 };
  it('are set and taken away one by one, and leave nothing empty behind', () => {
    const one = withOverride({}, 'heston', kappa, 3);
    expect(one).toEqual({ heston: { 'BTC.reversion': 3 } });
    expect(withOverride(one, 'heston', { id: 'BTC.now', estimated: 60 }, 80).heston).toEqual({
      'BTC.reversion': 3,
      'BTC.now': 80,
    });
    expect(withOverride(one, 'heston', kappa, null)).toEqual({});
    // Typing the estimate itself is no override.
    expect(withOverride(one, 'heston', kappa, 5)).toEqual({});
  });
  it('of other generators stay', () => {
    const both = { heston: { a: 1 }, garch: { b: 2 } };
    expect(withOverrides(both, 'heston', {})).toEqual({ garch: { b: 2 } });
  });
});
