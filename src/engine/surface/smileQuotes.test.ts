import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { normalCdf } from '../numerics/normal.ts';
import { deltaQuantile, logMoneynessAt, pointAtDelta, smileQuotes } from './smileQuotes.ts';
import { sviTotalVariance } from './svi.ts';

const smile = (p: SviParameters, time: number) => (k: number) => Math.sqrt(sviTotalVariance(p, k) / time);

/**
 * Smiles in units of their own standard deviation, with the wings of quoted ones: total variance grows by at most 1 per unit of k.
 * Nearer to Lee's bound of 2 a delta may lie farther out than is searched.
 */
const smiles = fc
  .record({
    time: fc.double({ min: 0.002, max: 2, noNaN: true }),
    vol: fc.double({ min: 0.2, max: 1.6, noNaN: true }),
    b: fc.double({ min: 0.02, max: 0.5, noNaN: true }),
    rho: fc.double({ min: -0.9, max: 0.9, noNaN: true }),
    m: fc.double({ min: -0.8, max: 0.8, noNaN: true }),
    sigma: fc.double({ min: 0.1, max: 3, noNaN: true }),
  })
  .map(({ time, vol, b, rho, m, sigma }) => {
    const sd = vol * Math.sqrt(time);
    const atmRoot = rho * -m + Math.hypot(m, sigma);
    const p: SviParameters = { a: sd * sd * (1 - b * atmRoot), b: b * sd, rho, m: m * sd, sigma: sigma * sd };
    return { p, time };
  })
  .filter(({ p }) => p.a + p.b * p.sigma * Math.sqrt(1 - p.rho * p.rho) > 0 && p.b * (1 + Math.abs(p.rho)) <= 1);

describe('points of a smile by delta', () => {
  it('has the delta that was asked for, by the definition of forward delta', () => {
    fc.assert(
      fc.property(
        smiles,
        fc.double({ min: 0.02, max: 0.5, noNaN: true }),
        fc.constantFrom('C' as const, 'P' as const),
        ({ p, time }, delta, type) => {
          const point = pointAtDelta(smile(p, time), time, delta, type)!;
          const deviation = point.vol * Math.sqrt(time);
          const d1 = -point.logMoneyness / deviation + deviation / 2;
          expect(type === 'C' ? normalCdf(d1) : normalCdf(-d1)).toBeCloseTo(delta, 10);
          expect(point.vol).toBe(smile(p, time)(point.logMoneyness));
        },
      ),
    );
  });

  it('puts lie below calls of the same delta', () => {
    fc.assert(
      fc.property(smiles, ({ p, time }) => {
        const { put10, put25, call25, call10 } = smileQuotes(smile(p, time), time)!;
        const order = [put10, put25, call25, call10].map(({ logMoneyness }) => logMoneyness);
        expect(order).toEqual(order.toSorted((one, two) => one - two));
      }),
    );
  });

  it('a flat smile has no risk reversal and no butterfly, and its strikes are those of the closed form', () => {
    for (const [vol, time] of [
      [0.6, 0.25],
      [1.2, 1 / 365],
      [0.3, 2],
    ] as const) {
      const quotes = smileQuotes(() => vol, time)!;
      expect([quotes.riskReversal25, quotes.riskReversal10, quotes.butterfly25, quotes.butterfly10]).toEqual([
        0, 0, 0, 0,
      ]);
      const sd = vol * Math.sqrt(time);
      // N^-1(0.25) and N^-1(0.1).
      expect(quotes.call25.logMoneyness).toBeCloseTo(0.6744897501960817 * sd + (sd * sd) / 2, 12);
      expect(quotes.put25.logMoneyness).toBeCloseTo(-0.6744897501960817 * sd + (sd * sd) / 2, 12);
      expect(quotes.call10.logMoneyness).toBeCloseTo(1.2815515655446004 * sd + (sd * sd) / 2, 12);
      expect(logMoneynessAt(deltaQuantile(0.1, 'P'), vol, time)).toBeCloseTo(quotes.put10.logMoneyness, 12);
    }
  });

  it('is null where a smile has no such option', () => {
    // Vol that grows as fast as the square root of the strike's distance keeps every call above this delta.
    expect(pointAtDelta((k) => Math.sqrt(0.04 + 4 * Math.abs(k)), 1, 0.25, 'C')).toBeNull();
  });
});
