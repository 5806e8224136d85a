import type { Vol, YearFraction } from '../../engine/domain/units.ts';

/** Smiles of one coin at all times. */
export interface SimulatedSmile {
  /** At-the-money vol at no time, in the long run, and the years over which the one turns into the other. */
  readonly shortVol: Vol;
  readonly longVol: Vol;
  readonly volYears: YearFraction;
  /** Skew: correlation at no time, in the long run, and the years between; below 0 puts are dearer than calls. */
  readonly shortSkew: number;
  readonly longSkew: number;
  readonly skewYears: YearFraction;
  /** Curvature of the smile, the eta of the power law. */
  readonly curvature: number;
}

/** The smile of short expiries is more curved, in their own standard deviations, the further this is above 1/2. */
const POWER = 0.55;

/**
 * Vol of an expiry at k = ln(K / F): surface SVI of J. Gatheral and A. Jacquier, "Arbitrage-free SVI volatility surfaces"
 * (2014), section 4,
 *   w = theta/2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)),  phi = eta / (theta^gamma (1 + theta)^(1 - gamma)),
 * with theta the at-the-money total variance. Rho changes with time slowly against theta phi, so that smiles of later
 * expiries stay above those of earlier ones.
 */
export function simulatedVol(smile: SimulatedSmile, years: YearFraction, k: number): Vol {
  const theta = atmVariance(smile, years) * years;
  const phi = smile.curvature / (theta ** POWER * (1 + theta) ** (1 - POWER));
  const rho = smile.longSkew + (smile.shortSkew - smile.longSkew) * Math.exp(-years / smile.skewYears);
  const shifted = phi * k + rho;
  const total = (theta / 2) * (1 + rho * phi * k + Math.sqrt(shifted * shifted + 1 - rho * rho));
  return Math.sqrt(total / years);
}

/** Mean over the time to expiry of a variance that reverts exponentially from its short to its long level. */
function atmVariance({ shortVol, longVol, volYears }: SimulatedSmile, years: YearFraction): number {
  const decay = years / volYears;
  return longVol ** 2 + ((shortVol ** 2 - longVol ** 2) * -Math.expm1(-decay)) / decay;
}
