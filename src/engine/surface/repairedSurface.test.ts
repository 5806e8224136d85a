import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpiryMarket, OptionQuote, SviParameters, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import { yearFraction } from '../domain/units.ts';
import { calibrateSurface } from './calibrateSurface.ts';
import { repairedSurface } from './repairedSurface.ts';
import { surfaceVol } from './smileVol.ts';
import { powerLawPhi, ssviTotalVariance } from './ssvi.ts';
import { sviButterfly, sviTotalVariance, sviWingSlope } from './svi.ts';
import type { VolSurface } from './VolSurface.ts';

const AS_OF = Date.UTC(2026, 0, 1, 8);
const DAYS = [2, 9, 30, 85, 180, 360];
const FORWARD = 100_000;

function market(expiries: readonly (Partial<ExpiryMarket> & { expiry: number })[]): UnderlyingMarket {
  return {
    symbol: 'BTC',
    index: FORWARD,
    expiries: expiries.map((expiry) => ({ forward: FORWARD, discount: 1, quotes: [], ...expiry })),
  };
}

/** Out-of-the-money quotes every quarter of a standard deviation of an 80 % vol, marked as `vol` says of k and the expiry. */
function quoted(days: number, vol: (k: number) => number): Partial<ExpiryMarket> & { expiry: number } {
  const expiry = AS_OF + days * 86_400_000;
  const step = 0.2 * Math.sqrt(yearFraction(AS_OF, expiry));
  const quotes: OptionQuote[] = [];
  for (let i = -11; i <= 11; i++) {
    const strike = Math.round(FORWARD * Math.exp(i * step));
    quotes.push({ strike, type: strike >= FORWARD ? 'C' : 'P', markIv: vol(Math.log(strike / FORWARD)) });
  }
  return { expiry, quotes };
}

/** g and total variance at points that the repair has not looked at, every 0.0137 of k. */
function expectNoArbitrage(surface: VolSurface): void {
  const smiles = surface.fits.flatMap(({ svi }) => (svi === null ? [] : [svi]));
  smiles.forEach((svi, i) => {
    expect(sviWingSlope(svi)).toBeLessThan(2);
    for (let k = -3; k <= 3; k += 0.0137) {
      expect(sviButterfly(svi, k)).toBeGreaterThanOrEqual(0);
      if (i === 0) continue;
      const before = sviTotalVariance(smiles[i - 1]!, k);
      expect(sviTotalVariance(svi, k)).toBeGreaterThanOrEqual(before * (1 - 1e-12));
    }
    if (i === 0) return;
    // And as far out as one likes.
    for (const k of [-1e3, 1e3]) {
      expect(sviTotalVariance(svi, k)).toBeGreaterThanOrEqual(sviTotalVariance(smiles[i - 1]!, k) * (1 - 1e-12));
    }
  });
  expect(surface.calendarArbitrage).toEqual([]);
  expect(surface.isRepaired).toBe(true);
}

/** A smile of its own for each expiry, whatever the others say. */
const smiles = fc.array(
  fc.record({
    level: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
    skew: fc.double({ min: -0.25, max: 0.25, noNaN: true }),
    curvature: fc.double({ min: 0, max: 0.15, noNaN: true }),
    wave: fc.double({ min: 0, max: 0.05, noNaN: true }),
  }),
  { minLength: DAYS.length, maxLength: DAYS.length },
);

describe('repairedSurface', () => {
  it('leaves no butterfly and no calendar arbitrage, whatever the quotes', () => {
    fc.assert(
      fc.property(smiles, (list) => {
        const expiries = list.map(({ level, skew, curvature, wave }, i) =>
          quoted(DAYS[i]!, (k) => {
            const x = k / (0.8 * Math.sqrt(DAYS[i]! / 365));
            return level * Math.max(0.3, 1 + skew * x + curvature * x * x + wave * Math.sin(5 * x));
          }),
        );
        const fitted = calibrateSurface(market(expiries), AS_OF);
        const repaired = repairedSurface(fitted);
        expectNoArbitrage(repaired);
        expect(repaired.fits.map(({ points }) => points.length)).toEqual(
          fitted.fits.map(({ points }) => points.length),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('does so for smiles that the market gives, too', () => {
    const given = fc
      .array(
        fc.record({
          least: fc.double({ min: 1e-3, max: 0.3, noNaN: true }),
          b: fc.double({ min: 0, max: 0.9, noNaN: true }),
          rho: fc.double({ min: -1, max: 1, noNaN: true }),
          m: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
          sigma: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        { minLength: 4, maxLength: 4 },
      )
      .map((list) =>
        list.map(({ least, b, rho, m, sigma }) => ({
          a: least - b * sigma * Math.sqrt(1 - rho * rho),
          b,
          rho,
          m,
          sigma,
        })),
      );
    fc.assert(
      fc.property(given, (list) => {
        const expiries = list.map((svi, i) => ({ expiry: AS_OF + DAYS[i]! * 86_400_000, svi }));
        const repaired = repairedSurface(calibrateSurface(market(expiries), AS_OF));
        expectNoArbitrage(repaired);
        expect(repaired.fits.map(({ rmse }) => rmse)).toEqual(list.map(() => null));
      }),
      { numRuns: 20 },
    );
  });

  it('takes the arbitrage out of the Vogt smile and stays close to it', () => {
    const vogt: SviParameters = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const fitted = calibrateSurface(market([{ expiry: AS_OF + 365 * 86_400_000, svi: vogt }]), AS_OF);
    expect(fitted.fits[0]!.butterflyArbitrage).toBe(true);
    const repaired = repairedSurface(fitted);
    expectNoArbitrage(repaired);
    const { repair, atmVol } = repaired.fits[0]!;
    expect(repair!.sviBefore).toEqual(vogt);
    expect(Math.abs(atmVol! - fitted.fits[0]!.atmVol!)).toBeLessThan(0.003);
    for (const k of [-0.3, -0.1, 0.1, 0.3]) {
      expect(Math.abs(surfaceVol(repaired, 1, k)! - surfaceVol(fitted, 1, k)!)).toBeLessThan(0.01);
    }
  });

  it('leaves a surface without arbitrage as it is, and says that nothing was repaired', () => {
    // Power-law SSVI with eta (1 + |rho|) <= 2 is free of arbitrage everywhere (Gatheral and Jacquier 2014, Remark 4.4).
    const expiries = DAYS.map((days) => {
      const theta = 0.36 * (days / 365);
      const slice = { theta, phi: powerLawPhi(theta, 1.2, 0.5), rho: -0.3 };
      return quoted(days, (k) => Math.sqrt(ssviTotalVariance(slice, k) / (days / 365)));
    });
    const fitted = calibrateSurface(market(expiries), AS_OF);
    const repaired = repairedSurface(fitted);
    expectNoArbitrage(repaired);
    for (const fit of repaired.fits) expect(fit.maxError).toBeLessThan(1e-4);
    const flat = calibrateSurface(market(DAYS.map((days) => quoted(days, () => 0.6))), AS_OF);
    expect(repairedSurface(flat).fits.map(({ repair }) => repair)).toEqual(DAYS.map(() => null));
  });

  it('counts the cost: errors before and after, and the largest change', () => {
    // A quarter's smile below the month's: the two must meet between.
    const levels = [0.6, 0.6, 0.6, 0.3, 0.6, 0.6];
    const expiries = DAYS.map((days, i) => quoted(days, () => levels[i]!));
    const fitted = calibrateSurface(market(expiries), AS_OF);
    expect(fitted.calendarArbitrage.map(({ where }) => where)).toEqual(['quotes']);
    const repaired = repairedSurface(fitted);
    expectNoArbitrage(repaired);
    const [, , month, quarter, , year] = repaired.fits;
    // A smile that is no party to it stays within a twentieth of a vol point.
    expect(year!.maxError).toBeLessThan(5e-4);
    for (const fit of [month!, quarter!]) {
      expect(fit.repair!.rmseBefore).toBeLessThan(1e-4);
      expect(fit.rmse).toBeGreaterThan(0.01);
      expect(fit.repair!.largestChange).toBeGreaterThan(0.01);
      expect(fit.maxError).toBeCloseTo(Math.max(...fit.points.map(({ error }) => Math.abs(error))), 12);
    }
    // Total variance may just stand still from the month to the quarter: 30 days at 60 % against 85 at 30 %.
    expect(month!.atmVol).toBeLessThan(0.6);
    expect(quarter!.atmVol).toBeGreaterThan(0.3);
    expect(quarter!.atmVol! ** 2 * 85).toBeCloseTo(month!.atmVol! ** 2 * 30, 1);
  });

  it('leaves expiries without a smile without one', () => {
    const expiries = [quoted(30, () => 0.6), { expiry: AS_OF + 60 * 86_400_000 }, quoted(90, () => 0.3)];
    const repaired = repairedSurface(calibrateSurface(market(expiries), AS_OF));
    expect(repaired.fits[1]!.failure).not.toBeNull();
    expectNoArbitrage(repaired);
  });

  it('is the same every time', () => {
    const fitted = calibrateSurface(market(DAYS.map((days, i) => quoted(days, () => 0.9 - 0.1 * i))), AS_OF);
    expect(repairedSurface(fitted)).toEqual(repairedSurface(fitted));
  });
});
