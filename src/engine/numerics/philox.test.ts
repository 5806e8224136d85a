import { describe, expect, it } from 'vitest';
import { philoxBlock, seedKey, uniformOf } from './philox.ts';

type Words = readonly [number, number, number, number];

function block(counter: Words, key: readonly [number, number]): number[] {
  const out = new Uint32Array(4);
  philoxBlock(...counter, ...key, out);
  return [...out];
}

describe('known answers of Philox4x32-10', () => {
  // The first three are the vectors published with Random123.
  it.each<[Words, readonly [number, number], Words]>([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
    [
      [0x6a926e82, 0xeddba42f, 0x9aaa3559, 0x0352dd0a],
      [0x8be84238, 0x58cadbaf],
      [0x3a76a542, 0xd9f7280c, 0xa80fff36, 0xc7b8e08b],
    ],
    [
      [0x2ef0ad6a, 0x19d4c994, 0x34cfe9bb, 0xff009346],
      [0xecdf48d8, 0x67c14841],
      [0x29efeb28, 0x7536161e, 0xff7e5217, 0x65d35feb],
    ],
  ])('counter %j, key %j', (counter, key, expected) => {
    expect(block(counter, key)).toEqual([...expected]);
  });
});

describe('uniformOf', () => {
  it('never reaches 0 or 1 and is symmetric', () => {
    expect(uniformOf(0, 0)).toBe(2 ** -53);
    expect(uniformOf(0xffffffff, 0xffffffff)).toBe(1 - 2 ** -53);
  });
});

describe('seedKey', () => {
  it('uses all 53 bits of a seed', () => {
    expect(seedKey(1)).toEqual([1, 0]);
    expect(seedKey(2 ** 32 + 5)).toEqual([5, 1]);
    expect(seedKey(Number.MAX_SAFE_INTEGER)).toEqual([0xffffffff, 0x1fffff]);
  });
});
