import { expect, it } from 'vitest';
import { splitMix64 } from './splitMix64.ts';

it('starts with the widely published words of seed 1234567', () => {
  const words = splitMix64(1234567n);
  expect([words.next().value, words.next().value]).toEqual([6457827717110365317n, 3203168211198807973n]);
});

it('starts with the published word of seed 0', () => {
  expect(splitMix64(0n).next().value).toBe(0xe220a8397b1dcdafn);
});
