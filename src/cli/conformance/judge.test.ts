import { describe, expect, it } from 'vitest';
import { passes } from './judge.ts';

const value = (actual: unknown) => ({ value: actual });

describe('numbers', () => {
  it('abs and rel add', () => {
    const expectation = { expected: 100, tol: { abs: 1, rel: 0.01 } };
    expect(passes(value(102), expectation)).toBe(true);
    expect(passes(value(98), expectation)).toBe(true);
    expect(passes(value(102.001), expectation)).toBe(false);
  });

  it('one absolute figure per output name, also below it', () => {
    const expectation = { expected: { price: 1, curve: { at: [2, 3] } }, tol: { price: 0.1, curve: 0.01, rel: 5 } };
    expect(passes(value({ price: 1.09, curve: { at: [2.009, 3] } }), expectation)).toBe(true);
    expect(passes(value({ price: 1.2, curve: { at: [2, 3] } }), expectation)).toBe(false);
    expect(passes(value({ price: 1, curve: { at: [2, 3.02] } }), expectation)).toBe(false);
  });

  it('exact without a tolerance, or when it says so', () => {
    expect(passes(value(0.1 + 0.2), { expected: 0.3 })).toBe(false);
    expect(passes(value(0.3), { expected: 0.3 })).toBe(true);
    expect(passes(value(1), { expected: 1, tol: { exact: true } })).toBe(true);
    expect(passes(value(1 + 1e-15), { expected: 1, tol: { exact: true } })).toBe(false);
  });

  it('NaN, infinities and other types never pass', () => {
    const expectation = { expected: 1, tol: { abs: 1e300, rel: 1 } };
    for (const actual of [Number.NaN, Infinity, -Infinity, '1', null, undefined]) {
      expect(passes(value(actual), expectation)).toBe(false);
    }
  });

  it('are cut toward zero where the source cut them', () => {
    const expectation = { expected: -0.409878, truncDecimals: 6, tol: { abs: 1e-9 } };
    expect(passes(value(-0.4098786), expectation)).toBe(true);
    expect(passes(value(-0.4098791), expectation)).toBe(false);
    expect(passes(value(-0.4098779), expectation)).toBe(false);
  });
});

describe('shapes', () => {
  it('null means that nothing was published', () => {
    expect(passes(value({ a: 1, b: 2 }), { expected: { a: 1, b: null } })).toBe(true);
  });

  it('lists need the same length, objects every expected output', () => {
    expect(passes(value([1, 2]), { expected: [1, 2, 3] })).toBe(false);
    expect(passes(value(Float64Array.of(1, 2)), { expected: [1, 2] })).toBe(true);
    expect(passes(value({ a: 1 }), { expected: { a: 1, b: 2 } })).toBe(false);
    expect(passes(value(1), { expected: { a: 1 } })).toBe(false);
  });

  it('text and truth values are equal or not', () => {
    expect(passes(value('yellow'), { expected: 'yellow' })).toBe(true);
    expect(passes(value(true), { expected: false })).toBe(false);
    expect(passes(value(Infinity), { expected: 'Infinity' })).toBe(true);
    expect(passes(value(Number.NaN), { expected: 'NaN' })).toBe(false);
  });
});

describe('refusals', () => {
  const refusal = { refused: 'below intrinsic value' };
  it('pass only where the input must be refused', () => {
    expect(passes(refusal, { expected: null, accept: ['a typed error'] })).toBe(true);
    expect(passes(value(Number.NaN), { expected: null, accept: ['a typed error'] })).toBe(true);
    expect(passes(value(0.2), { expected: null, accept: ['a typed error'] })).toBe(false);
    expect(passes(refusal, { expected: 0.2, tol: { abs: 1 } })).toBe(false);
    expect(passes(refusal, { expected: null })).toBe(false);
  });
});
