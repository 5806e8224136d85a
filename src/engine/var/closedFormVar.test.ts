import { fc, test } from '@fast-check/vitest';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  linearIncrementalVar,
  linearTail,
  locatedTail,
  standardNormalTail,
  standardStudentTTail,
  studentTUnitScale,
} from './closedFormVar.ts';

const confidence = fc.double({ min: 0.6, max: 0.9999, noNaN: true });
const book = fc
  .integer({ min: 1, max: 6 })
  .chain((n) =>
    fc.record({
      exposures: fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: n, maxLength: n }),
      means: fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: n, maxLength: n }),
      factor: fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: n * n, maxLength: n * n }),
    }),
  )
  .map(({ exposures, means, factor }) => {
    const n = exposures.length;
    const root = new Matrix(Array.from({ length: n }, (_, i) => factor.slice(i * n, (i + 1) * n)));
    return { exposures, means, covariance: root.mmul(root.transpose()).to2DArray() };
  });

describe('closed-form tails', () => {
  it('has the figures of McNeil, Frey and Embrechts, table 2.1, for a daily vol of 10000 x 0.2 / sqrt(250)', () => {
    const sd = (10_000 * 0.2) / Math.sqrt(250);
    const normal = locatedTail(standardNormalTail(0.99), 0, sd);
    expect(normal.valueAtRisk).toBeCloseTo(294.3, 1);
    expect(normal.expectedShortfall).toBeCloseTo(337.1, 0);
    const student = locatedTail(standardStudentTTail(4, 0.99), 0, sd * studentTUnitScale(4));
    expect(student.valueAtRisk).toBeCloseTo(335.1, 0);
    expect(student.expectedShortfall).toBeCloseTo(467, 0);
  });

  test.prop([fc.double({ min: 1.05, max: 1e6, noNaN: true }), confidence])(
    'ES is beyond VaR, and both rise with confidence',
    (nu, c) => {
      for (const tail of [standardNormalTail, (level: number) => standardStudentTTail(nu, level)]) {
        const { valueAtRisk, expectedShortfall } = tail(c);
        expect(expectedShortfall).toBeGreaterThan(valueAtRisk);
        expect(tail(0.5 + c / 2).valueAtRisk).toBeGreaterThanOrEqual(valueAtRisk);
      }
    },
  );

  it('has no mean of a tail that has none, and no degrees of freedom below zero', () => {
    expect(standardStudentTTail(1, 0.99).expectedShortfall).toBe(Infinity);
    expect(() => standardStudentTTail(0, 0.99)).toThrow('above 0; got 0');
  });

  test.prop([book, confidence])(
    'components add up, marginals are derivatives, scale and subadditivity hold',
    (own, c) => {
      const portfolio = { ...own, standard: standardNormalTail(c) };
      const tail = linearTail(portfolio);
      const size = 1 + Math.abs(tail.valueAtRisk) + own.exposures.reduce((sum, each) => sum + Math.abs(each), 0) * 0.1;
      const sum = (rows: readonly number[]): number => rows.reduce((total, row) => total + row, 0);
      expect(Math.abs(sum(tail.componentVar) - tail.valueAtRisk)).toBeLessThan(1e-9 * size);
      expect(Math.abs(sum(tail.componentEs) - tail.expectedShortfall)).toBeLessThan(1e-9 * size);
      const doubled = linearTail({ ...portfolio, exposures: own.exposures.map((each) => 2 * each) });
      expect(Math.abs(doubled.valueAtRisk - 2 * tail.valueAtRisk)).toBeLessThan(1e-9 * size);
      // Without a position VaR falls by no more than the position's own VaR.
      const alone = linearTail({ ...portfolio, exposures: own.exposures.map((each, i) => (i === 0 ? each : 0)) });
      expect(linearIncrementalVar(portfolio, 0)).toBeLessThanOrEqual(alone.valueAtRisk + 1e-9 * size);
    },
  );
});
