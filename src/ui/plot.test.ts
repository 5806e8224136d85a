import { describe, expect, it } from 'vitest';
import { curveAt, cutAtZero, plotFraction, roundDomain, roundTicks } from './plot.ts';

describe('roundTicks', () => {
  it('puts ticks at round values inside the domain', () => {
    expect(roundTicks(78_000, 132_000, 6)).toEqual([80_000, 90_000, 100_000, 110_000, 120_000, 130_000]);
    expect(roundTicks(-92_000, 28_000, 6)).toEqual([-80_000, -60_000, -40_000, -20_000, 0, 20_000]);
  });
  it('has no tick for an empty domain', () => {
    expect(roundTicks(1, 1, 5)).toEqual([]);
    expect(roundTicks(0, Number.NaN, 5)).toEqual([]);
  });
  it('never writes minus zero', () => {
    expect(roundTicks(-1, 1, 2).map((tick) => Object.is(tick, -0))).toEqual([false, false, false]);
  });
});

describe('roundDomain', () => {
  it('widens to whole steps', () => {
    expect(roundDomain(-92_000, 28_000, 6)).toEqual([-100_000, 40_000]);
    expect(roundDomain(0, 4, 4)).toEqual([0, 4]);
  });
  it('opens a domain without width', () => {
    expect(roundDomain(0, 0, 4)).toEqual([-1, 1]);
    const [low, high] = roundDomain(-5, -5, 4);
    expect(low).toBeLessThan(-5);
    expect(high).toBe(0);
  });
});

describe('cutAtZero', () => {
  it('meets at the crossing', () => {
    const cut = cutAtZero([0, 2, 4], [-1, 1, 3]);
    expect(cut.x).toEqual([0, 1, 2, 4]);
    expect(cut.above).toEqual([Number.NaN, 0, 1, 3]);
    expect(cut.below).toEqual([-1, 0, Number.NaN, Number.NaN]);
  });
  it('keeps a sample that is exactly zero on both sides', () => {
    const cut = cutAtZero([0, 1, 2], [-1, 0, 1]);
    expect(cut.x).toEqual([0, 1, 2]);
    expect(cut.above[1]).toBe(0);
    expect(cut.below[1]).toBe(0);
  });
});

describe('curveAt', () => {
  it('reads between samples and not outside them', () => {
    expect(curveAt([0, 1, 3], [0, 10, 30], 2)).toBe(20);
    expect(curveAt([0, 1, 3], [0, 10, 30], 3)).toBe(30);
    expect(curveAt([0, 1, 3], [0, 10, 30], 3.1)).toBeNull();
    expect(curveAt([], [], 0)).toBeNull();
    expect(curveAt([5], [7], 5)).toBe(7);
  });
});

describe('plotFraction', () => {
  it('is 0 at the low end and 1 at the high end', () => {
    const axis = { domain: [50, 150] as const, ticks: [] };
    expect(plotFraction(axis, 50)).toBe(0);
    expect(plotFraction(axis, 150)).toBe(1);
    expect(plotFraction(axis, 100)).toBe(0.5);
  });
});
