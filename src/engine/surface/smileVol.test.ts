import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import { HIGHEST_VOL, smileVol, stickyLogMoneyness, surfaceVol } from './smileVol.ts';
import { sviTotalVariance } from './svi.ts';
import type { SmileFit, VolSurface } from './VolSurface.ts';

function fit(timeToExpiryYears: number, svi: SviParameters | null, forward = 100_000): SmileFit {
  return {
    expiry: Date.UTC(2026, 0, 1, 8) + Math.round(timeToExpiryYears * 365 * 86_400_000),
    forward,
    discount: 1,
    timeToExpiryYears,
    svi,
    failure: svi === null ? { code: 'missing-data', message: 'BTC 1JAN26 has 0 strikes with a usable vol' } : null,
    origin: svi === null ? null : 'quotes',
    atmVol: null,
    rmse: null,
    maxError: null,
    strikeRange: null,
    quotesUsed: 0,
    points: [],
    leftOut: [],
    butterflyArbitrage: false,
    butterfly: null,
    repair: null,
  };
}

function surface(...fits: SmileFit[]): VolSurface {
  return { underlying: 'BTC', asOf: Date.UTC(2026, 0, 1, 8), fits, calendarArbitrage: [], isRepaired: false };
}

const NEAR: SviParameters = { a: 0.005, b: 0.06, rho: -0.3, m: 0.02, sigma: 0.1 };
/** Everywhere above NEAR: the same shape and steeper, from a higher level. */
const FAR: SviParameters = { a: 0.04, b: 0.12, rho: -0.3, m: 0.02, sigma: 0.1 };

const moneyness = fc.double({ min: -1.5, max: 1.5, noNaN: true });

describe('smileVol', () => {
  it('is the root of total variance over time', () => {
    expect(smileVol(fit(0.25, NEAR), 0.1) ** 2 * 0.25).toBeCloseTo(sviTotalVariance(NEAR, 0.1), 15);
  });

  it('is held at its highest value far outside the quotes of a short expiry', () => {
    expect(smileVol(fit(1 / 365, NEAR), -3)).toBe(HIGHEST_VOL);
  });

  it('says why an expiry has no smile', () => {
    expect(() => smileVol(fit(0.25, null), 0)).toThrow(RiskError);
    expect(() => smileVol(fit(0.25, null), 0)).toThrow('BTC 1JAN26 has 0 strikes with a usable vol');
  });
});

describe('surfaceVol', () => {
  const both = surface(fit(0.1, NEAR), fit(0.3, null), fit(0.5, FAR));

  it('is the smile itself at an expiry', () => {
    fc.assert(
      fc.property(moneyness, (k) => {
        expect(surfaceVol(both, 0.1, k)).toBe(smileVol(both.fits[0]!, k));
        expect(surfaceVol(both, 0.5, k)).toBe(smileVol(both.fits[2]!, k));
      }),
    );
  });

  it('has total variance linear in time between expiries, whatever lies between them without a smile', () => {
    fc.assert(
      fc.property(moneyness, fc.double({ min: 0, max: 1, noNaN: true }), (k, share) => {
        const time = 0.1 + 0.4 * share;
        const expected = (1 - share) * sviTotalVariance(NEAR, k) + share * sviTotalVariance(FAR, k);
        expect(surfaceVol(both, time, k)! ** 2 * time).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('has total variance that rises with time, from zero', () => {
    fc.assert(
      fc.property(
        moneyness,
        fc.double({ min: 1e-4, max: 2, noNaN: true }),
        fc.double({ min: 1e-4, max: 2, noNaN: true }),
        (k, one, two) => {
          const [early, late] = one <= two ? [one, two] : [two, one];
          const before = surfaceVol(both, early, k)! ** 2 * early;
          const after = surfaceVol(both, late, k)! ** 2 * late;
          expect(after).toBeGreaterThanOrEqual(before * (1 - 1e-12));
        },
      ),
    );
  });

  it('is flat in time before the first and after the last expiry', () => {
    expect(surfaceVol(both, 0.001, -0.2)).toBe(surfaceVol(both, 0.1, -0.2));
    expect(surfaceVol(both, 3, -0.2)).toBe(surfaceVol(both, 0.5, -0.2));
  });

  it('is null without a smile and at no time', () => {
    expect(surfaceVol(surface(), 0.1, 0)).toBeNull();
    expect(surfaceVol(surface(fit(0.1, null)), 0.1, 0)).toBeNull();
    expect(surfaceVol(both, 0, 0)).toBeNull();
    expect(surfaceVol(both, Number.NaN, 0)).toBeNull();
  });
});

describe('beyond quotes and dates', () => {
  const both = surface(fit(0.1, NEAR), fit(0.5, FAR));

  it('has wings that rise no faster than Lee allows, however far out', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 3, max: 300, noNaN: true }),
        fc.constantFrom(-1, 1),
        fc.double({ min: 0.01, max: 3, noNaN: true }),
        (distance, side, time) => {
          const w = (k: number) => surfaceVol(both, time, k)! ** 2 * time;
          const rise = w(side * (distance + 1)) - w(side * distance);
          expect(rise).toBeLessThanOrEqual(2);
          expect(rise).toBeGreaterThanOrEqual(-1e-9);
        },
      ),
    );
  });

  it('reads no vol above the highest, at any strike and any time', () => {
    for (const time of [1e-6, 0.01, 0.3, 5]) {
      for (const k of [-1e6, -50, 0, 50, 1e6]) expect(surfaceVol(both, time, k)).toBeLessThanOrEqual(HIGHEST_VOL);
    }
  });
});

describe('sticky readings', () => {
  const smile = fit(0.1, NEAR);
  const vol = (rule: 'sticky-strike' | 'sticky-delta', strike: number, move: number) =>
    smileVol(smile, stickyLogMoneyness(rule, strike, smile.forward, move));

  it('sticky-strike: the strike keeps its vol whatever spot does', () => {
    expect(vol('sticky-strike', 90_000, -0.2)).toBe(vol('sticky-strike', 90_000, 0));
  });

  it('sticky-delta: the moneyness keeps its vol', () => {
    expect(vol('sticky-delta', 80_000, -0.2)).toBeCloseTo(vol('sticky-delta', 100_000, 0), 12);
    expect(vol('sticky-delta', 72_000, -0.2)).toBeCloseTo(vol('sticky-delta', 90_000, 0), 12);
  });

  it('the two rules agree without a move', () => {
    expect(vol('sticky-delta', 90_000, 0)).toBe(vol('sticky-strike', 90_000, 0));
  });
});
