import { expect, it } from 'vitest';
import { lazyKernels } from './lazyKernels.ts';
import { referenceKernels } from './referenceKernels.ts';

it('are made once, when the first of them is called, and answer as those that were made', () => {
  let made = 0;
  const kernels = lazyKernels('simd', () => {
    made += 1;
    return { ...referenceKernels, column: (length) => new Float64Array(length).fill(7) };
  });
  expect(Object.keys(kernels).sort()).toEqual(Object.keys(referenceKernels).sort());
  expect([kernels.build, made]).toEqual(['simd', 0]);
  expect(kernels.column(2)).toEqual(Float64Array.of(7, 7));
  const total = Float64Array.of(1, 2);
  kernels.addScaled(2, Float64Array.of(3, 4), total);
  expect(total).toEqual(Float64Array.of(7, 10));
  expect(made).toBe(1);
});
