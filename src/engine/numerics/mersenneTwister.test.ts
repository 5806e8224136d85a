import { describe, expect, it } from 'vitest';
import { mersenneTwister } from './mersenneTwister.ts';

function nth(seed: number | readonly number[], index: number): number {
  const words = mersenneTwister(seed);
  for (let i = 1; i < index; i += 1) words.next();
  return words.next().value;
}

describe('MT19937', () => {
  it("starts as the authors' example with the key 0x123, 0x234, 0x345, 0x456", () => {
    const words = mersenneTwister([0x123, 0x234, 0x345, 0x456]);
    expect([1, 2, 3].map(() => words.next().value)).toEqual([1067595299, 955945823, 477289528]);
    expect(nth([0x123, 0x234, 0x345, 0x456], 1000)).toBe(3460025646);
  });

  it('has the ten-thousandth word that the C++ standard asks for', () => {
    expect(nth(5489, 10_000)).toBe(4123659995);
  });
});
