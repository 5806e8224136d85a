import { describe, expect, it } from 'vitest';
import { firstLargest } from './firstLargest.ts';

describe('firstLargest', () => {
  it('takes the first of values that only rounding tells apart, and tells apart what differs', () => {
    expect(firstLargest([-1, 0.3, 0.1 + 0.2, 0.2])).toBe(1);
    expect(firstLargest([0.1 + 0.2, 0.3])).toBe(0);
    expect(firstLargest([0.3, 0.3 + 1e-9])).toBe(1);
    expect(firstLargest([0, 0, -5])).toBe(0);
    expect(firstLargest([])).toBe(-1);
  });
});
