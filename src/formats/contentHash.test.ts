import { expect, test } from 'vitest';
import { contentHash } from './contentHash.ts';

test('is sixteen hexadecimal digits, the same for the same text', () => {
  expect(contentHash('')).toMatch(/^[0-9a-f]{16}$/);
  expect(contentHash('market')).toBe(contentHash('market'));
});

test('no two of 200,000 near-equal texts collide, in the whole or nearly in either half', () => {
  const whole = new Set<string>();
  const halves = [new Set<string>(), new Set<string>()] as const;
  const count = 200_000;
  for (let n = 0; n < count; n += 1) {
    const hash = contentHash(`{"strike":${n},"markIv":0.5}`);
    whole.add(hash);
    halves[0].add(hash.slice(0, 8));
    halves[1].add(hash.slice(8));
  }
  expect(whole.size).toBe(count);
  // A fair 32-bit hash is expected to lose count^2 / 2^33 = 4.7 of them; 30 would be a lane that does not mix.
  for (const half of halves) expect(count - half.size).toBeLessThan(30);
});

test('order matters', () => {
  expect(contentHash('ab')).not.toBe(contentHash('ba'));
});
