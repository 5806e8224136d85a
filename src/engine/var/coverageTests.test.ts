import { test as property } from '@fast-check/vitest';
import { chdtrc, compiled } from 'cephes';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { conditionalCoverageTest, exceptionPairs, independenceTest } from './christoffersenTest.ts';
import { kupiecTest } from './kupiecTest.ts';
import { chiSquareTail } from './likelihoodRatio.ts';
import { trafficLight, zoneStarts } from './trafficLight.ts';

beforeAll(async () => {
  await compiled;
});

const term = (count: number, probability: number): number => (count === 0 ? 0 : count * Math.log(probability));

describe('chi-square tail', () => {
  property.prop([fc.double({ min: 1e-6, max: 600, noNaN: true })], { seed: 5 })('agrees with cephes', (x) => {
    for (const degrees of [1, 2] as const) {
      const wanted = chdtrc(degrees, x);
      expect(Math.abs(chiSquareTail(x, degrees) - wanted)).toBeLessThan(1e-12 * wanted);
    }
  });
});

describe('Kupiec', () => {
  // Kupiec (1995): not rejected at 95 % are fewer than 7 exceptions in 255 days, and more than 1 and fewer than 11 in 510.
  test('the published region of 255 days at 99 %', () => {
    const accepted = Array.from({ length: 256 }, (_, x) => x).filter((x) => kupiecTest(x, 255, 0.01).pValue > 0.05);
    expect(accepted.at(-1)).toBe(6);
    expect(Array.from({ length: 511 }, (_, x) => x).filter((x) => kupiecTest(x, 510, 0.01).pValue > 0.05)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  test('a published example: 57 failures in 1043 days at 95 %', () => {
    const result = kupiecTest(57, 1043, 0.05);
    expect(result.likelihoodRatio).toBeCloseTo(0.46147, 5);
    expect(result.pValue).toBeCloseTo(0.49694, 5);
  });

  property.prop(
    [
      fc.integer({ min: 1, max: 1500 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.001, max: 0.4, noNaN: true }),
    ],
    {
      seed: 3,
    },
  )('is the likelihood ratio written out, never negative', (days, share, probability) => {
    const exceptions = Math.round(share * days);
    const rate = exceptions / days;
    const written =
      -2 *
      (term(days - exceptions, 1 - probability) +
        term(exceptions, probability) -
        term(days - exceptions, 1 - rate) -
        term(exceptions, rate));
    const { likelihoodRatio } = kupiecTest(exceptions, days, probability);
    expect(likelihoodRatio).toBeGreaterThanOrEqual(0);
    expect(Math.abs(likelihoodRatio - written)).toBeLessThan(1e-9 * (1 + written));
  });

  test('no exception and nothing but exceptions', () => {
    expect(kupiecTest(0, 250, 0.01).likelihoodRatio).toBeCloseTo(-500 * Math.log(0.99), 12);
    expect(kupiecTest(250, 250, 0.01).likelihoodRatio).toBeCloseTo(-500 * Math.log(0.01), 9);
    expect(kupiecTest(5, 500, 0.01)).toEqual({ likelihoodRatio: 0, pValue: 1 });
  });

  test.each([
    [3, 0, 0.01, 'at least one'],
    [-1, 250, 0.01, 'from 0 to 250'],
    [251, 250, 0.01, 'from 0 to 250'],
    [2.5, 250, 0.01, '2.5'],
    [2, 250, 0, 'above 0'],
    [2, 250, 1, 'below 1'],
  ])('%d of %d at %d is refused', (exceptions, days, probability, words) => {
    expect(() => kupiecTest(exceptions, days, probability)).toThrow(words);
  });
});

describe('Christoffersen', () => {
  test('a published example', () => {
    const pairs = { n00: 932, n01: 53, n10: 53, n11: 4 };
    expect(independenceTest(pairs).pValue).toBeCloseTo(0.61104, 5);
    expect(conditionalCoverageTest(57, 1043, 0.05, pairs).likelihoodRatio).toBeCloseTo(0.72013, 5);
  });

  property.prop([fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 300 })], { seed: 2 })(
    'is the likelihood ratio of the two chains, and pairs are days less one',
    (sequence) => {
      const pairs = exceptionPairs(sequence);
      const { n00, n01, n10, n11 } = pairs;
      expect(n00 + n01 + n10 + n11).toBe(sequence.length - 1);
      const rate = (n01 + n11) / (sequence.length - 1 || 1);
      const written =
        2 *
        (term(n00, n00 / (n00 + n01)) +
          term(n01, n01 / (n00 + n01)) +
          term(n10, n10 / (n10 + n11)) +
          term(n11, n11 / (n10 + n11)) -
          term(n00 + n10, 1 - rate) -
          term(n01 + n11, rate));
      const { likelihoodRatio, pValue } = independenceTest(pairs);
      expect(Math.abs(likelihoodRatio - written)).toBeLessThan(1e-9);
      expect(pValue).toBeGreaterThan(0);
      expect(pValue).toBeLessThanOrEqual(1);
    },
  );

  test('a day after a gap follows no day', () => {
    const sequence = [1, 1, 0, 1];
    expect(exceptionPairs(sequence)).toEqual({ n00: 0, n01: 1, n10: 1, n11: 1 });
    expect(exceptionPairs(sequence, (day) => day !== 1)).toEqual({ n00: 0, n01: 1, n10: 1, n11: 0 });
  });

  test('no exception, nothing but exceptions, a single day: nothing speaks against independence', () => {
    for (const sequence of [[0, 0, 0], [1, 1, 1], [1]])
      expect(independenceTest(exceptionPairs(sequence))).toEqual({ likelihoodRatio: 0, pValue: 1 });
  });

  test('exceptions in a row are found out', () => {
    const sequence = Array.from({ length: 500 }, (_, day) => (day >= 100 && day < 105 ? 1 : 0));
    expect(kupiecTest(5, 500, 0.01).pValue).toBe(1);
    expect(independenceTest(exceptionPairs(sequence)).pValue).toBeLessThan(1e-6);
  });
});

describe('traffic light', () => {
  test('the supervisors’ zones and add-ons for 250 days at 99 %', () => {
    const zones = Array.from({ length: 12 }, (_, k) => trafficLight(k, 250, 0.01));
    expect(zones.map(({ zone }) => zone[0]).join('')).toBe('gggggyyyyyrr');
    expect(zones.map(({ addOn }) => addOn!.basel1996)).toEqual([0, 0, 0, 0, 0, 0.4, 0.5, 0.65, 0.75, 0.85, 1, 1]);
    expect(zones.map(({ addOn }) => addOn!.basel2019)).toEqual([0, 0, 0, 0, 0, 0.2, 0.26, 0.33, 0.38, 0.42, 0.5, 0.5]);
    expect(zoneStarts(250, 0.01)).toEqual({ yellow: 5, red: 10 });
  });

  test('other lengths and levels have zones and no add-on', () => {
    expect(zoneStarts(750, 0.005)).toEqual({ yellow: 7, red: 13 });
    expect(trafficLight(6, 750, 0.005).zone).toBe('green');
    expect(trafficLight(7, 750, 0.005)).toMatchObject({ zone: 'yellow', addOn: null });
    expect(trafficLight(13, 750, 0.005).zone).toBe('red');
    expect(trafficLight(20, 20, 0.01).zone).toBe('red');
  });
});
