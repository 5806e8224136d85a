import { describe, expect, it } from 'vitest';
import { TIMS_PARAMETERS, type TimsLeg, timsGroupRequirement, timsMoves, timsRequirement } from './timsRequirement.ts';

const market = { spot: 100, band: { down: 0.15, up: 0.15 }, multiplier: 100, minimumPerContract: 0.375 };
const series = (type: 'C' | 'P', strike: number, quantity: number): TimsLeg => ({
  kind: 'option',
  type,
  strike,
  timeToExpiryYears: 0.1,
  volatility: 0.3,
  quantity,
});

describe('portfolio margin of a class', () => {
  it('moves the underlying ten times, five equal steps to each side', () => {
    timsMoves({ down: 0.08, up: 0.06 }).forEach((move, i) =>
      expect(move).toBeCloseTo([-0.08, -0.064, -0.048, -0.032, -0.016, 0.012, 0.024, 0.036, 0.048, 0.06][i]!, 15),
    );
  });

  it('takes the fall of stock held', () => {
    const { points, requirement, minimum } = timsRequirement({
      ...market,
      legs: [{ kind: 'underlying', quantity: 500 }],
    });
    expect(requirement).toBeCloseTo(7_500, 9);
    expect(points[9]).toBeCloseTo(7_500, 9);
    expect(minimum).toBe(0);
  });

  it('takes the least charge of a conversion, whose legs cancel', () => {
    const legs = [series('C', 100, -5), series('P', 100, 5), { kind: 'underlying', quantity: 500 } as const];
    const { scenarioLoss, requirement } = timsRequirement({ ...market, legs });
    expect(scenarioLoss).toBeLessThan(1e-9);
    expect(requirement).toBe(10 * 37.5);
  });

  it('refuses a band that reaches below zero', () => {
    expect(() => timsRequirement({ ...market, band: { down: 1, up: 0.1 }, legs: [] })).toThrow('band');
    expect(() => timsRequirement({ ...market, spot: 0, legs: [] })).toThrow('above 0');
  });

  it('counts gains of another class by the offset of the group', () => {
    const long = timsRequirement({ ...market, legs: [{ kind: 'underlying', quantity: 100 }] });
    const short = timsRequirement({ ...market, legs: [{ kind: 'underlying', quantity: -100 }] });
    expect(timsGroupRequirement([long, short], 1)).toBeCloseTo(0, 9);
    expect(timsGroupRequirement([long, short], 0.9)).toBeCloseTo(150, 9);
    expect(timsGroupRequirement([long, short], 0)).toBeCloseTo(1_500, 9);
    expect(timsGroupRequirement([], 0.9)).toBe(0);
  });

  it('has initial values within their bounds', () => {
    for (const { initial, min, max } of TIMS_PARAMETERS) expect(initial >= min && initial <= max).toBe(true);
  });
});
