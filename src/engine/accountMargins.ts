import type { MarginOutcome } from './domain/riskReport.ts';
import type { Portfolio } from './domain/portfolio.ts';
import type { ParameterSet } from './domain/riskParameters.ts';
import type { Result } from './domain/failure.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { marginBook } from './margin/marginBook.ts';
import { marginOutcome } from './margin/marginOutcome.ts';
import { type BookPositions, bookPositions, namedState } from './scenario/bookPositions.ts';
import type { ContractState } from './scenario/contractState.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import { type RememberedRows, rememberedRows, rowsBy } from './scenario/unitPnlCache.ts';

/** A rulebook with its parameters, complete as `resolvedParameters` gives them. */
export interface AppliedRule {
  readonly model: MarginModel;
  readonly parameters: ParameterSet;
}

export interface AccountMargins {
  readonly book: BookPositions;
  /** In the rules' order, digit for digit those of `bookRisk`. */
  readonly margins: readonly MarginOutcome[];
}

/** The margins of one book after another in one market. */
export interface AccountDesk {
  margins(portfolio: Portfolio): AccountMargins;
  /** What is remembered from book to book. */
  held(): { readonly contracts: number; readonly rows: number; readonly bytes: number };
}

/** Contracts remembered at most; a market lists some thousands, but a strike may be any number. */
const MOST_CONTRACTS = 50_000;

/**
 * Answers for many books, one after the other, of which each distinct contract is found and priced once in each rule's scenarios,
 * whatever the number of books. What is remembered is bounded, and no figure depends on it.
 */
export function accountDesk(
  market: PreparedMarket,
  rules: readonly AppliedRule[],
  rows: RememberedRows = rememberedRows(undefined, rowsBy(market.kernels)),
): AccountDesk {
  const states = new Map<string, Result<ContractState>>();
  const stateOf = (name: string): Result<ContractState> => {
    const known = states.get(name);
    if (known !== undefined) return known;
    const state = namedState(market, name);
    if (states.size >= MOST_CONTRACTS) states.clear();
    states.set(name, state);
    return state;
  };
  return {
    margins(portfolio) {
      rows.startRequest();
      const book = bookPositions(market, portfolio, stateOf);
      const margined = marginBook(book, market.snapshot, rows);
      return { book, margins: rules.map(({ model, parameters }) => marginOutcome(model, parameters, margined)) };
    },
    held: () => ({ contracts: states.size, ...rows.held() }),
  };
}
