import { test as property, fc } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { add, type Complex, complex, divide, expm1, exponential, log1p, multiply, squareRoot } from './complex.ts';

const parts = fc.double({ min: -20, max: 20, noNaN: true });
const numbers = fc.tuple(parts, parts).map(([re, im]) => complex(re, im));

function expectNear(actual: Complex, expected: Complex, tolerance: number): void {
  const size = Math.hypot(expected.re, expected.im);
  expect(Math.hypot(actual.re - expected.re, actual.im - expected.im)).toBeLessThanOrEqual(tolerance * (size + 1e-300));
}

describe('complex numbers', () => {
  property.prop([numbers, numbers], { seed: 71 })('a quotient undoes a product', (a, b) => {
    if (Math.hypot(b.re, b.im) < 1e-150 || Math.hypot(a.re, a.im) < 1e-150) return;
    expectNear(divide(multiply(a, b), b), a, 1e-15);
  });

  property.prop([numbers], { seed: 72 })('the root squares back and lies to the right', (a) => {
    if (Math.hypot(a.re, a.im) < 1e-300) return;
    const root = squareRoot(a);
    expectNear(multiply(root, root), a, 1e-15);
    expect(root.re).toBeGreaterThanOrEqual(0);
    expect(root.im * a.im).toBeGreaterThanOrEqual(0);
  });

  property.prop([numbers], { seed: 73 })('expm1 and log1p meet exp, and each other where both are small', (a) => {
    // Adding the one back rounds to units of one where exp is small.
    const size = Math.hypot(exponential(a).re, exponential(a).im);
    expectNear(add(expm1(a), complex(1)), exponential(a), 2e-15 * (1 + 1 / size));
    if (Math.hypot(a.re, a.im) < 1e-100) return;
    const small = complex(a.re * 1e-12, a.im * 1e-12);
    expectNear(log1p(expm1(small)), small, 1e-15);
  });

  property.prop([numbers], { seed: 74 })('log1p is the logarithm of its principal branch', (a) => {
    if (Math.hypot(a.re + 1, a.im) < 1e-6) return;
    const log = log1p(a);
    expectNear(exponential(log), add(a, complex(1)), 1e-13);
    expect(Math.abs(log.im)).toBeLessThanOrEqual(Math.PI);
  });
});
