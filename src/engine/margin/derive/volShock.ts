import { RiskError } from '../../domain/failure.ts';
import { DAYS_PER_YEAR, type YearFraction } from '../../domain/units.ts';

export interface VolShockParameters {
  /** Relative rise and fall of the vol of a 30-day option. */
  readonly volRangeUp: number;
  readonly volRangeDown: number;
  readonly shortTermPower: number;
  readonly longTermPower: number;
  readonly dteFloorDays: number;
}

/** What the vols of an expiry are multiplied by when vol rises and when it falls. */
export interface VolFactors {
  readonly up: number;
  readonly down: number;
}

const REFERENCE_DAYS = 30;

/**
 * Vol shocks grow toward expiry: with days d, at least the floor, and m = (30 / d)^power (the short-term power up to 30 days,
 * else the long-term one), vols are multiplied by 1 + up m and max(0, 1 - down m).
 *
 * Source: derivexyz/v2-core 7736900d, PMRMLib.sol and PMRMLib_2.sol.
 *
 * @throws RiskError `bad-value` at expiry when the floor is zero days: the multiplier has no value there.
 */
export function volShockFactors(timeToExpiryYears: YearFraction, p: VolShockParameters): VolFactors {
  const days = timeToExpiryYears * DAYS_PER_YEAR;
  const counted = Math.max(days, p.dteFloorDays);
  if (!(counted > 0)) {
    throw new RiskError('bad-value', 'The vol shock of an expired option needs a floor above zero days');
  }
  const multiplier = (REFERENCE_DAYS / counted) ** (days <= REFERENCE_DAYS ? p.shortTermPower : p.longTermPower);
  return { up: 1 + p.volRangeUp * multiplier, down: Math.max(0, 1 - p.volRangeDown * multiplier) };
}
