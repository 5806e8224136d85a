import { expect, it } from 'vitest';
import { kolmogorovSmirnovBound } from './kolmogorovSmirnov.ts';
import { uniforms } from './sampling.ts';

it('is the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart', () => {
  expect(kolmogorovSmirnovBound(10_000, 1e-6)).toBeCloseTo(0.026933861344527098, 16);
  expect(() => kolmogorovSmirnovBound(0, 0.1)).toThrow('no bound');
  expect(() => kolmogorovSmirnovBound(10, 1)).toThrow('no bound');
});

it('holds for the uniforms of this room', () => {
  const draws = new Float64Array(10_000);
  uniforms(20_26, 0, 0, draws.length, 1, draws);
  draws.sort();
  const distance = draws.reduce(
    (worst, u, i) => Math.max(worst, Math.abs(u - i / draws.length), Math.abs(u - (i + 1) / draws.length)),
    0,
  );
  expect(distance).toBeLessThan(kolmogorovSmirnovBound(draws.length, 1e-6));
});
