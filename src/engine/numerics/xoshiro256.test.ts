import { expect, it } from 'vitest';
import { xoshiro256 } from './xoshiro256.ts';

it('starts with the widely published words of the state 1, 2, 3, 4', () => {
  const words = xoshiro256([1n, 2n, 3n, 4n]);
  expect([1, 2, 3, 4].map(() => words.next().value)).toEqual([11520n, 0n, 1509978240n, 1215971899390074240n]);
});

it('refuses a state that never moves', () => {
  expect(() => xoshiro256([0n, 0n, 0n, 0n]).next()).toThrow('not all of them zero');
  expect(() => xoshiro256([1n]).next()).toThrow('four words');
});
