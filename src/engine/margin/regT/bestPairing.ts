import { leastCostCover } from '../../numerics/leastCostCover.ts';
import type { RegTLeg } from './limitedRisk.ts';
import { type RecognisedStrategy, recognisedStrategies } from './recognisedStrategies.ts';
import { REG_T_RATES, type RegTRates } from './regTRates.ts';
import type { RegTUnderlying } from './shortOption.ts';

export interface BestPairing {
  /** USD per unit of the underlying, of the whole book: gross, what was received for the options sold, and the difference. */
  readonly requirement: number;
  readonly proceeds: number;
  readonly netCall: number;
  /** What the book is taken for, and how many units of each. */
  readonly strategies: readonly { readonly strategy: RecognisedStrategy; readonly units: number }[];
}

/**
 * The pairing of a book's legs into recognised strategies that asks for the least money: a linear programme over every strategy
 * the legs can form, each contract used once. Contracts are divisible, as coin options are, so parts of a unit occur. What was
 * received for the options sold does not depend on the pairing.
 *
 * @throws RiskError `too-large` as recognisedStrategies does, and what the rules of its strategies throw.
 */
export function bestPairing(
  book: readonly RegTLeg[],
  underlying: RegTUnderlying,
  rates: RegTRates = REG_T_RATES,
): BestPairing {
  const known = recognisedStrategies(book, underlying, rates);
  const columns = known.map(({ netCall, legs: rows, amounts }) => ({ cost: netCall, rows, amounts }));
  const { cost, units } = leastCostCover(
    columns,
    book.map(({ quantity }) => Math.abs(quantity)),
  );
  const proceeds = book.reduce((total, { premium, quantity }) => total + premium * Math.max(-quantity, 0), 0);
  return {
    requirement: cost + proceeds,
    proceeds,
    netCall: cost,
    strategies: known.flatMap((strategy, i) => (units[i]! > 0 ? [{ strategy, units: units[i]! }] : [])),
  };
}
