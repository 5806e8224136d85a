import type { Vol, YearFraction } from '../domain/units.ts';
import { powerLawPhi, type SsviSlice, ssviTotalVariance } from '../surface/ssvi.ts';

/** A coin's smiles at one moment. */
export interface SurfaceState {
  /** Variance a year now, and the process that it follows: expected mean variance makes the vols at the money. */
  readonly variance: number;
  readonly longRunVariance: number;
  readonly meanReversion: number;
  /** Rho at no time, in the long run, and the years over which the one turns into the other; below 0 puts are dearer. */
  readonly shortSkew: number;
  readonly longSkew: number;
  readonly skewYears: YearFraction;
  /** Eta of the power law. */
  readonly curvature: number;
}

/** The smile of one expiry. */
export interface SimulatedSlice {
  readonly years: YearFraction;
  readonly slice: SsviSlice;
}

/** Gamma of the power law: above 1/2 short smiles are more curved in their own standard deviations. */
const POWER = 0.55;
const STEEPEST_SKEW = 0.9;
/** Wings rise by this much from expiry to expiry, so that rounded vols still show it, unless rho is the same. */
const WING_MARGIN = 1.02;
/** A smile gets no more curved in its last hour. */
const LEAST_YEARS = 1 / 24 / 365;

/**
 * Smiles of surface SVI (Gatheral and Jacquier 2014) with a rho of each expiry, of which no butterfly and no calendar spread is
 * worth less than zero. Theta is Heston's expected total variance, which rises with time. Butterflies: theta phi (1 + |rho|) < 4
 * and theta phi^2 (1 + |rho|) <= 4 (theorem 4.2), to which phi is held. Calendars: two slices do not cross where theta rises, phi
 * does not, and theta phi (1 + rho) and theta phi (1 - rho) do not fall (Hendriks and Martini, "The extended SSVI volatility
 * surface", 2019): the power law sees to the first two, and rho is held to what the last two allow.
 * `years` ascending and above zero.
 */
export function simulatedSlices(state: SurfaceState, years: readonly YearFraction[]): readonly SimulatedSlice[] {
  const slices: SimulatedSlice[] = [];
  let before: SsviSlice | null = null;
  for (const time of years) {
    const lasting = Math.max(time, LEAST_YEARS);
    const theta = expectedVariance(state, lasting);
    const phi = Math.min(powerLawPhi(theta, state.curvature, POWER), Math.sqrt(2 / theta));
    const wanted = state.longSkew + (state.shortSkew - state.longSkew) * Math.exp(-lasting / state.skewYears);
    const rho = heldSkew(Math.max(-STEEPEST_SKEW, Math.min(STEEPEST_SKEW, wanted)), theta * phi, before);
    before = { theta, phi, rho };
    slices.push({ years: time, slice: before });
  }
  return slices;
}

/** Total variance that is expected until then: Heston's. */
function expectedVariance({ variance, longRunVariance, meanReversion }: SurfaceState, years: YearFraction): number {
  return longRunVariance * years + ((variance - longRunVariance) * -Math.expm1(-meanReversion * years)) / meanReversion;
}

function heldSkew(wanted: number, slope: number, before: SsviSlice | null): number {
  if (before === null) return wanted;
  const share = Math.min(1, (WING_MARGIN * before.theta * before.phi) / slope);
  return Math.max((1 + before.rho) * share - 1, Math.min(1 - (1 - before.rho) * share, wanted));
}

/**
 * Vol at k = ln(K / F). Within the last hour the vols are those of an hour: total variance is then a share s <= 1 of a smile
 * without arbitrage, and g of it is at least (1 - s) (1 - k w' / 2w)^2 + s g >= 0.
 */
export function simulatedSliceVol({ slice, years }: SimulatedSlice, k: number): Vol {
  return Math.sqrt(ssviTotalVariance(slice, k) / Math.max(years, LEAST_YEARS));
}
