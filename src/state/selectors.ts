import type { UnderlyingSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { MarginModelDescription } from '../engine/domain/riskParameters.ts';
import type { BookRisk, MarginOutcome, MarginResult, VarMethod } from '../engine/domain/riskReport.ts';
import { afterTrades } from '../engine/domain/trade.ts';
import type { AppState, Proposal } from './AppState.ts';

/** How money is shown: multiply USD by `perUsd`. */
export interface DisplayUnit {
  /** `USD`, or the selected coin's symbol. */
  readonly symbol: string;
  readonly perUsd: number;
  readonly kind: 'usd' | 'coin';
}

// Parts of the screen stand at different moments. What is read of each must be the same object at every reading, whichever others are
// read in between: React draws again whatever differs, and would never come to an end.
const proposedBooks = new WeakMap<Proposal, WeakMap<Portfolio, Portfolio>>();

/** The book if the proposal were kept, by the function that keeps it; null when nothing is proposed. */
export function proposedBook({ book, proposal }: Pick<AppState, 'book' | 'proposal'>): Portfolio | null {
  if (proposal === null) return null;
  let ofBooks = proposedBooks.get(proposal);
  if (ofBooks === undefined) proposedBooks.set(proposal, (ofBooks = new WeakMap()));
  let proposed = ofBooks.get(book);
  if (proposed === undefined) ofBooks.set(book, (proposed = afterTrades(book, proposal.trades)));
  return proposed;
}

/** The book that the figures speak of: the proposed one when there is a proposal. */
export function currentBook(state: AppState): Portfolio {
  return proposedBook(state) ?? state.book;
}

/** Risk of the book as it stands, null before the first report. */
export function bookRiskBefore(state: AppState): BookRisk | null {
  return state.report?.before ?? null;
}

/** Risk of the proposed book; null when nothing is proposed. */
export function bookRiskAfter(state: AppState): BookRisk | null {
  return state.proposal === null ? null : (state.report?.after ?? null);
}

/** Risk of the book that the figures speak of: after when proposed, else before. */
export function currentRisk(state: AppState): BookRisk | null {
  return bookRiskAfter(state) ?? bookRiskBefore(state);
}

/** The inputs are newer than the figures. */
export function isStale(state: AppState): boolean {
  return state.report === null || state.report.inputVersion !== state.inputVersion;
}

/** The inputs are newer than the curves and the stress grid. */
export function isExploreStale(state: AppState): boolean {
  return state.explore === null || state.explore.inputVersion !== state.exploreVersion;
}

/** The inputs are newer than this method's value at risk. */
export function isVarStale(state: AppState, method: VarMethod): boolean {
  return state.varReports[method]?.report?.inputVersion !== state.varVersion;
}

function outcomeOf(risk: BookRisk | null, model: string): MarginOutcome | null {
  return risk?.margins.find((outcome) => outcome.id === model) ?? null;
}

/** The chosen rulebook's answer for the book as it stands. */
export function marginBefore(state: AppState): MarginOutcome | null {
  return outcomeOf(bookRiskBefore(state), state.model);
}

/** The chosen rulebook's answer for the proposed book; null when nothing is proposed. */
export function marginAfter(state: AppState): MarginOutcome | null {
  return outcomeOf(bookRiskAfter(state), state.model);
}

/** The chosen rulebook's answer for the book that the figures speak of. */
export function currentMargin(state: AppState): MarginOutcome | null {
  return outcomeOf(currentRisk(state), state.model);
}

/** Narrows an outcome to one with figures. */
export function isSupported(outcome: MarginOutcome | null | undefined): outcome is MarginOutcome & MarginResult {
  return outcome !== null && outcome !== undefined && !('unsupported' in outcome);
}

/**
 * The chosen rulebook can be asked. The venues' are loaded after the first curves; until then one of them that was chosen on an
 * earlier visit has no answer. Once they are here a name that none of them bears is asked as well, for the reason.
 */
export function isModelLoaded({ models, model }: Pick<AppState, 'models' | 'model'>): boolean {
  return models.some(({ id, venue }) => id === model || venue !== 'Headroom');
}

export function chosenModel(state: AppState): MarginModelDescription | null {
  return state.models.find((model) => model.id === state.model) ?? null;
}

/** The selected coin in the market that panels speak of. */
export function currentUnderlying({ market, underlying }: AppState): UnderlyingSummary | null {
  return market?.underlyings.find(({ symbol }) => symbol === underlying) ?? null;
}

/** The selected coin in the newest market, which the verdict speaks of. */
export function newestUnderlying(state: AppState): UnderlyingSummary | null {
  return currentUnderlying({ ...state, market: state.newest ?? state.market });
}

const US_DOLLARS: DisplayUnit = { symbol: 'USD', perUsd: 1, kind: 'usd' };
const coinUnits = new WeakMap<UnderlyingSummary, DisplayUnit>();
let newestUnit: DisplayUnit = US_DOLLARS;

/** The unit in which money is shown: USD, or the selected coin at its index. The same object while neither changes. */
export function displayUnit(state: AppState): DisplayUnit {
  const coin = currentUnderlying(state);
  if (state.unit === 'usd' || coin === null || !(coin.index > 0)) return US_DOLLARS;
  let unit = coinUnits.get(coin);
  if (unit === undefined) {
    const perUsd = 1 / coin.index;
    unit =
      newestUnit.symbol === coin.symbol && newestUnit.perUsd === perUsd
        ? newestUnit
        : { symbol: coin.symbol, perUsd, kind: 'coin' };
    coinUnits.set(coin, unit);
    newestUnit = unit;
  }
  return unit;
}

/** Whether figures have the same bits on every machine. */
export function areFiguresReproducible({
  reproducible,
  showsLink,
}: Pick<AppState, 'reproducible' | 'showsLink'>): boolean {
  return reproducible || showsLink;
}
