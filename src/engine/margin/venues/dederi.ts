import { DAYS_PER_YEAR } from '../../domain/units.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';

/**
 * Dederi portfolio margin, USD: prices of -15 to +15 % in steps of 3 %, each with three vols, plus a contingency on futures.
 * Source: wiki.dederi.io/RiskControlRules/portfolio_margin.
 */

/** The eleven price moves. */
export const DEDERI_MOVES: readonly number[] = Array.from({ length: 11 }, (_, k) => (3 * (k - 5)) / 100);

/** Forward price: index exp(basis x days / 365), the continuous form being the one that meets the printed example. */
export function dederiForward(index: number, annualisedBasis: number, daysToExpiry: number): number {
  positiveInput('The index price', index);
  nonNegativeInput('The days to expiry', daysToExpiry);
  return index * Math.exp((finiteInput('The basis', annualisedBasis) * daysToExpiry) / DAYS_PER_YEAR);
}

/** Contingency on futures: factor (0.6 %) x index x sum of |size|. */
export function dederiFuturesContingency(index: number, sizes: readonly number[], factor: number): number {
  positiveInput('The index price', index);
  return factor * index * sizes.reduce((total, size) => total + Math.abs(finiteInput('The size of a future', size)), 0);
}

/** Profit of a future at each move: size x forward x move. */
export function dederiFutureProfits(size: number, forward: number, moves: readonly number[]): number[] {
  return moves.map((move) => size * forward * move);
}

/** Relative change of an implied vol: (30 / days)^power x factor. */
export function dederiIvChange(factor: number, power: number, daysToExpiry: number): number {
  return (30 / positiveInput('The days to expiry', daysToExpiry)) ** power * factor;
}
