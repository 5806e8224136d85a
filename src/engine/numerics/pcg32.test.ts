import { expect, it } from 'vitest';
import { pcg32 } from './pcg32.ts';

const first = (seed: bigint, sequence: bigint, count: number) => {
  const words = pcg32(seed, sequence);
  return Array.from({ length: count }, () => words.next().value);
};

it("starts as the demonstration program of PCG's author with seed 42 and sequence 54", () => {
  expect(first(42n, 54n, 6)).toEqual([0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e]);
});

it('sequences of one seed are different', () => {
  expect(first(42n, 55n, 6)).not.toEqual(first(42n, 54n, 6));
});
