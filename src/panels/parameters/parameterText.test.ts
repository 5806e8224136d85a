import { describe, expect, it } from 'vitest';
import type { ParameterSpec } from '../../engine/domain/riskParameters.ts';
import { parameterText, parseParameter } from './parameterText.ts';

const spec: ParameterSpec = {
  key: 'range',
  label: 'Price range',
  unit: 'fraction',
  initial: 0.16,
  min: -0.5,
  max: 0.5,
  description: '',
};

describe('parseParameter', () => {
  it.each([
    ['0.2', 0.2],
    [' .25 ', 0.25],
    ['−0.1', -0.1],
    ['-0.1', -0.1],
    ['1e-3', 0.001],
    ['-0', 0],
    ['0.5', 0.5],
  ])('reads %s', (text, value) => {
    const parsed = parseParameter(text, spec);
    expect(parsed.ok && Object.is(parsed.value, value)).toBe(true);
  });

  it.each(['', ' ', 'abc', '1,5', '0x10', 'NaN', 'Infinity', '1e999', '--1', '1_0'])('refuses %s', (text) => {
    expect(parseParameter(text, spec).ok).toBe(false);
  });

  it.each(['0.51', '-0.6', '1e300'])('refuses %s, which is out of bounds, and says the bounds', (text) => {
    const parsed = parseParameter(text, spec);
    expect(!parsed.ok && parsed.failure.message).toBe('Price range is from −0.5 to 0.5 fraction');
  });

  it('reads back what it shows', () => {
    for (const value of [0.16, -0.25, 1e-7, 0.1 + 0.2, 0])
      expect(parseParameter(parameterText(value), spec)).toEqual({ ok: true, value });
  });
});
