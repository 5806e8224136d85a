import { riskError } from '../domain/failure.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import type { Usd } from '../domain/units.ts';
import { marginBook } from '../margin/marginBook.ts';
import { marginOutcome } from '../margin/marginOutcome.ts';
import type { MarketRule } from '../margin/marketRule.ts';
import { type BookPositions, bookPositions, namedState } from '../scenario/bookPositions.ts';

/** What the verdict shows of a book under the chosen rule. */
export interface BookMargin {
  readonly initialMarginUsd: Usd;
  readonly maintenanceMarginUsd: Usd;
  readonly equityUsd: Usd;
  readonly availableUsd: Usd;
}

/**
 * The margin of a priced book, by the function that the verdict takes it from.
 * @throws RiskError when the rule cannot take the book.
 */
export function bookMargin(positions: BookPositions, { market, model, parameters, rows }: MarketRule): BookMargin {
  const outcome = marginOutcome(model, parameters, marginBook(positions, market.snapshot, rows));
  if ('unsupported' in outcome) throw riskError(outcome.unsupported);
  const { initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd } = outcome;
  return { initialMarginUsd, maintenanceMarginUsd, equityUsd, availableUsd };
}

/** Margins of many books of one market. */
export function portfolioMargins(rule: MarketRule) {
  return {
    stateOf: (name: string) => namedState(rule.market, name),
    positions: (portfolio: Portfolio): BookPositions => bookPositions(rule.market, portfolio),
    /** @throws RiskError when the rule cannot take the book. */
    margin: (portfolio: Portfolio): BookMargin => bookMargin(bookPositions(rule.market, portfolio), rule),
  };
}
