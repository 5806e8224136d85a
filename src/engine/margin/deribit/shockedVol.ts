import type { Vol } from '../../domain/units.ts';
import { nonNegativeInput } from '../ruleInput.ts';

/** Size of the vol shock, of Deribit's portfolio margin and of the venues that took its form over. */
export interface VolShockParameters {
  /** Relative rise and fall at 30 days to expiry. */
  readonly volatilityRangeUp: number;
  readonly volatilityRangeDown: number;
  /** Vol up is at least this vol; 0 where the rule has no floor. */
  readonly minVolatilityForShockUp: Vol;
  /** Exponents of 30 / days, below 30 days and from 30 days on. */
  readonly shortTermVegaPower: number;
  readonly longTermVegaPower: number;
}

export interface ShockedVol {
  readonly up: Vol;
  readonly same: Vol;
  readonly down: Vol;
}

const PIVOT_DAYS = 30;

/**
 * Vol up, same and down for the days to expiry:
 *
 *   f = (30 / max(days, 1))^p, p = short-term power below 30 days, else long-term power
 *   up = max(vol (1 + f rangeUp), minVolatilityForShockUp), down = max(vol (1 - f rangeDown), 0)
 *
 * Sources: docs.oreome.com (advanced risk scenarios), docs.paradex.trade/risk/portfolio-margin (the same form). That the floor is on the
 * shocked vol and that days end at 1 is read off one third-party implementation.
 */
export function shockedVol(volatility: Vol, daysToExpiry: number, parameters: VolShockParameters): ShockedVol {
  nonNegativeInput('The implied vol', volatility);
  nonNegativeInput('The days to expiry', daysToExpiry);
  const { volatilityRangeUp, volatilityRangeDown, minVolatilityForShockUp } = parameters;
  const power = daysToExpiry < PIVOT_DAYS ? parameters.shortTermVegaPower : parameters.longTermVegaPower;
  const factor = (PIVOT_DAYS / Math.max(daysToExpiry, 1)) ** power;
  return {
    up: Math.max(volatility * (1 + factor * volatilityRangeUp), minVolatilityForShockUp),
    same: volatility,
    down: Math.max(volatility * (1 - factor * volatilityRangeDown), 0),
  };
}
