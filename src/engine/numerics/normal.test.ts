import cephes from 'cephes';
import { beforeAll, describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import { erfc, erfcx, inverseNormalCdf, normalCdf, normalPdf, scaledTail, scaledTailDecay } from './normal.ts';

const ULP = 2 ** -52;

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}

beforeAll(async () => {
  await cephes.compiled;
});

describe('normalCdf', () => {
  // Tail probabilities computed with 50-digit arithmetic, -5 and -10 also printed in many tables.
  it.each([
    [0, 0.5],
    [-1, 0.15865525393145705],
    [-1.96, 0.024997895148220434],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416052606597e-24],
    [-20, 2.75362411860623385e-89],
    [-37, 5.72557122252458e-300],
    [1, 0.8413447460685429],
    [3, 0.9986501019683699],
  ])('N(%f) = %f', (x, expected) => {
    expect(relativeError(normalCdf(x), expected)).toBeLessThan(8 * ULP);
  });

  property.prop([fc.double({ min: -25, max: 8, noNaN: true })])('agrees with cephes ndtr', (x) => {
    // cephes loses digits of its own in the tail, where it squares an x it has multiplied by a rounded square root.
    expect(relativeError(normalCdf(x), cephes.ndtr(x))).toBeLessThan((8 + 4 * x * x) * ULP);
  });

  property.prop([fc.double({ min: -30, max: 30, noNaN: true })])('both tails add up to one', (x) => {
    expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(2 * ULP);
  });

  it('ends at the limits and carries NaN', () => {
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});

describe('erfc and erfcx', () => {
  it.each([
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [5, 1.5374597944280349e-12],
    [10, 2.088487583762545e-45],
    [-1, 1.8427007929497148],
  ])('erfc(%f) = %f', (x, expected) => {
    expect(relativeError(erfc(x), expected)).toBeLessThan(8 * ULP);
  });

  it.each([
    [0, 1],
    [1, 0.427583576155807],
    [10, 0.056140992743822586],
    [100, 0.005641613782989433],
    [1e15, 5.641895835477563e-16],
    [-1, 5.00898008076228],
  ])('erfcx(%f) = %f', (x, expected) => {
    expect(relativeError(erfcx(x), expected)).toBeLessThan(8 * ULP);
  });

  property.prop([fc.double({ min: -5, max: 18, noNaN: true })])('erfc agrees with cephes', (x) => {
    expect(relativeError(erfc(x), cephes.erfc(x))).toBeLessThan((8 + 4 * x * x) * ULP);
  });
});

describe('scaled tails', () => {
  property.prop([fc.double({ min: 0, max: 3, noNaN: true })])('decay is 1/sqrt(2 pi) - z tail', (z) => {
    const direct = 1 / Math.sqrt(2 * Math.PI) - z * scaledTail(z);
    expect(Math.abs(scaledTailDecay(z) - direct)).toBeLessThan(4 * ULP);
  });

  property.prop([fc.double({ min: 50, max: 1e15, noNaN: true })])('follow their asymptotic series', (z) => {
    const u = 1 / (z * z);
    const c = 1 / Math.sqrt(2 * Math.PI);
    const series = 1 - u * (1 - 3 * u * (1 - 5 * u * (1 - 7 * u * (1 - 9 * u))));
    const decaySeries = 1 - 3 * u * (1 - 5 * u * (1 - 7 * u * (1 - 9 * u)));
    expect(relativeError(scaledTail(z), (c / z) * series)).toBeLessThan(1e-12);
    expect(relativeError(scaledTailDecay(z), c * u * decaySeries)).toBeLessThan(1e-11);
  });
});

describe('normalPdf', () => {
  it.each([
    [0, 0.3989422804014327],
    [1, 0.24197072451914337],
    [-3, 0.0044318484119380075],
    [30, 1.4736461348785476e-196],
  ])('phi(%f) = %f', (x, expected) => {
    expect(relativeError(normalPdf(x), expected)).toBeLessThan(8 * ULP);
  });
});

describe('inverseNormalCdf', () => {
  // AS 241's own check values, and the usual table entries.
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167813],
    [1e-20, -9.262340089798408],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.5, 0],
  ])('quantile of %f is %f', (probability, expected) => {
    expect(Math.abs(inverseNormalCdf(probability) - expected)).toBeLessThanOrEqual(4 * ULP * Math.abs(expected));
  });

  property.prop([fc.double({ min: 1e-300, max: 0.5, noNaN: true })])('inverts normalCdf', (probability) => {
    const x = inverseNormalCdf(probability);
    expect(relativeError(normalCdf(x), probability)).toBeLessThan((16 + 4 * x * x) * ULP);
  });

  property.prop([fc.double({ min: 1e-12, max: 1, noNaN: true, maxExcluded: true })])('agrees with cephes', (p) => {
    expect(Math.abs(inverseNormalCdf(p) - cephes.ndtri(p))).toBeLessThan(1e-13);
  });

  it('is infinite at the ends and NaN outside', () => {
    expect(inverseNormalCdf(0)).toBe(-Infinity);
    expect(inverseNormalCdf(1)).toBe(Infinity);
    expect(inverseNormalCdf(-0.1)).toBeNaN();
    expect(inverseNormalCdf(1.1)).toBeNaN();
    expect(inverseNormalCdf(Number.NaN)).toBeNaN();
  });
});
