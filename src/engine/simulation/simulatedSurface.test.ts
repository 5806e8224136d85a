import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { undiscountedBlack } from '../pricing/black76.ts';
import { isFreeOfButterflies } from '../surface/butterflyArbitrage.ts';
import { calendarGap } from '../surface/calendarArbitrage.ts';
import { rawOfSsvi } from '../surface/ssvi.ts';
import { type SurfaceState, simulatedSlices, simulatedSliceVol } from './simulatedSurface.ts';

/** From nearly dead markets to crashes, with skews to both sides that turn with time. */
const states: fc.Arbitrary<SurfaceState> = fc.record({
  variance: fc.double({ min: 0.01, max: 6, noNaN: true }),
  longRunVariance: fc.double({ min: 0.02, max: 2, noNaN: true }),
  meanReversion: fc.double({ min: 0.5, max: 20, noNaN: true }),
  shortSkew: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
  longSkew: fc.double({ min: -1.2, max: 1.2, noNaN: true }),
  skewYears: fc.double({ min: 0.02, max: 1, noNaN: true }),
  curvature: fc.double({ min: 0.2, max: 0.9, noNaN: true }),
});
const YEARS = [0.0004, 0.0027, 0.0055, 0.0082, 0.019, 0.04, 0.06, 0.1, 0.18, 0.35, 0.6, 1];

describe('simulatedSlices', () => {
  test.prop([states], { numRuns: 150 })('has no arbitrage by the detectors of the engine', (state) => {
    const slices = simulatedSlices(state, YEARS).map(({ slice }) => rawOfSsvi(slice));
    for (const [i, svi] of slices.entries()) {
      expect(isFreeOfButterflies(svi)).toBe(true);
      if (i > 0) expect(calendarGap(slices[i - 1]!, svi, -3, 3).gap).toBeGreaterThan(-1e-12);
    }
  });

  test.prop([states], { numRuns: 100 })('has prices without arbitrage on a grid, the last hour included', (state) => {
    const slices = simulatedSlices(state, [1e-6, 5e-5, ...YEARS]);
    const strikes = Array.from({ length: 121 }, (_, i) => 0.4 * 1.0125 ** i);
    const prices = slices.map((slice) =>
      strikes.map((strike) =>
        undiscountedBlack(1, 1, strike, simulatedSliceVol(slice, Math.log(strike)) * Math.sqrt(slice.years)),
      ),
    );
    // The least that anything free of risk is worth: options over their intrinsic value, calendar spreads, butterflies.
    let least = Infinity;
    for (const [e, row] of prices.entries()) {
      for (const [i, price] of row.entries()) {
        least = Math.min(least, price - Math.max(0, 1 - strikes[i]!));
        if (e > 0) least = Math.min(least, price - prices[e - 1]![i]!);
        if (i === 0 || i === row.length - 1) continue;
        const [low, middle, high] = [strikes[i - 1]!, strikes[i]!, strikes[i + 1]!];
        const share = (high - middle) / (high - low);
        least = Math.min(least, share * row[i - 1]! + (1 - share) * row[i + 1]! - price);
      }
    }
    expect(least).toBeGreaterThan(-1e-13);
  });

  it('has vols at the money of expected mean variance', () => {
    const state = {
      variance: 0.25,
      longRunVariance: 0.49,
      meanReversion: 3,
      shortSkew: -0.3,
      longSkew: -0.1,
      skewYears: 0.3,
      curvature: 0.6,
    };
    for (const slice of simulatedSlices(state, YEARS)) {
      // The mean of theta + (v - theta) exp(-kappa t), summed by hand.
      let sum = 0;
      for (let i = 0; i < 2_000; i += 1) sum += 0.49 - 0.24 * Math.exp((-3 * (i + 0.5) * slice.years) / 2_000);
      expect(simulatedSliceVol(slice, 0)).toBeCloseTo(Math.sqrt(sum / 2_000), 7);
      expect(simulatedSliceVol(slice, -0.1)).toBeGreaterThan(simulatedSliceVol(slice, 0.1));
    }
  });
});
