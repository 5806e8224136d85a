import { DAYS_PER_YEAR } from '../../domain/units.ts';
import { normalCdf } from '../../numerics/normal.ts';
import { optionSign, signedLogMoneyness } from '../../pricing/black76.ts';
import type { SpanOption } from './spanRiskArray.ts';
import type { SpanScenario } from './spanScenarios.ts';

/**
 * Weights of the price steps by |fraction| x 3: unchanged, a third, two thirds, the whole scan range. From memory of CME's SPAN
 * description, not confirmed; they add to 0.998, so they are normalised.
 */
const STEP_WEIGHTS = [0.27, 0.217, 0.11, 0.037];

/**
 * Composite delta: the mean of an option's delta over the seven price steps, weighted by their likelihood. `deltaAt` gives the
 * delta with the future moved by a fraction of the price scan range. Extreme moves do not count.
 */
export function spanCompositeDelta(
  scenarios: readonly SpanScenario[],
  deltaAt: (priceFraction: number) => number,
): number {
  let total = 0;
  let weights = 0;
  for (const { priceFraction, volDirection } of scenarios) {
    if (volDirection !== 1) continue;
    const weight = STEP_WEIGHTS[Math.round(3 * Math.abs(priceFraction))] ?? 0;
    total += weight * deltaAt(priceFraction);
    weights += weight;
  }
  return weights === 0 ? 0 : total / weights;
}

/** Composite delta of one long option, its look-ahead gone and its vol as it is. */
export function optionCompositeDelta(option: SpanOption, scenarios: readonly SpanScenario[]): number {
  const { type, forward, strike, priceScanRange } = option;
  const sign = optionSign(type);
  const life = Math.max(option.timeToExpiryYears - option.lookAheadDays / DAYS_PER_YEAR, 0);
  const totalVol = option.volatility * Math.sqrt(life);
  return spanCompositeDelta(scenarios, (fraction) => {
    const moved = forward + fraction * priceScanRange;
    if (moved <= 0 || totalVol <= 0) return sign * (moved - strike) > 0 ? sign : 0;
    return sign * normalCdf(sign * (signedLogMoneyness(moved, strike) / totalVol + totalVol / 2));
  });
}
