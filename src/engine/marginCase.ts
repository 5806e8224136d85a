import { parseInstrument } from './domain/instrument.ts';
import type { LegInputs, MarginCase, MarginProvenance, MarginProvenanceRequest } from './domain/marginCase.ts';
import type { ExpiryMarket, MarketSnapshot, UnderlyingMarket } from './domain/marketSnapshot.ts';
import type { Portfolio } from './domain/portfolio.ts';
import type { MarginOutcome } from './domain/riskReport.ts';
import type { SmileEdit } from './domain/smileEdit.ts';
import { bookRisk } from './bookRisk.ts';
import { ENGINE_VERSION } from './engineVersion.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { modelById, modelDescription } from './margin/modelById.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import { bookPositions, type LegPosition } from './scenario/bookPositions.ts';
import { editedMarket } from './scenario/editedMarket.ts';
import { optionQuote, type PreparedMarket, prepareMarket } from './scenario/preparedMarket.ts';

/**
 * The case of a question about the open market: all of the market, and every parameter of the rule.
 * @throws RiskError `unsupported` when there is no such model, `bad-value` for its parameters.
 */
export function fullMarginCase(
  market: MarketSnapshot,
  { smileEdits = [], portfolio, model, parameters }: MarginProvenanceRequest,
  library: readonly MarginModel[],
): MarginCase {
  const all = resolvedParameters(modelById(model, library), parameters);
  return { market, smileEdits, portfolio, model, parameters: all };
}

/**
 * The margin of a case, from nothing but the case.
 * @throws RiskError `unsupported` when there is no such model, `bad-value` for its parameters.
 */
export function marginCaseOutcome(
  { market, smileEdits, portfolio, model, parameters }: MarginCase,
  library: readonly MarginModel[],
): MarginOutcome {
  const rule = modelById(model, library);
  const edited = editedMarket(prepareMarket(market), smileEdits).market;
  const { margins } = bookRisk(edited, portfolio, {
    models: [rule.id],
    parameters: { [rule.id]: resolvedParameters(rule, parameters) },
    library,
  });
  return margins[0]!;
}

/**
 * The case with as little of its market as gives the same outcome to the last digit. What a rule reads of a market is the rule's
 * own business (a smile, a history, the coins that the book does not hold), so nothing is presumed: cuts are tried from the
 * smallest on, and each is judged by its outcome. The market as it is comes last.
 * @param identified puts a market under an id of its own: some results are remembered by it.
 */
export function smallestMarginCase(
  whole: MarginCase,
  library: readonly MarginModel[],
  identified: (market: Omit<MarketSnapshot, 'id'>) => MarketSnapshot,
): { readonly marginCase: MarginCase; readonly outcome: MarginOutcome } {
  const outcome = marginCaseOutcome(whole, library);
  const digits = JSON.stringify(outcome);
  for (const cut of marketCuts(whole)) {
    const marginCase = { ...whole, market: identified(cut), smileEdits: editsWithin(cut, whole.smileEdits) };
    if (JSON.stringify(marginCaseOutcome(marginCase, library)) === digits) return { marginCase, outcome };
  }
  return { marginCase: whole, outcome };
}

/** Where the figures of a book under a rule come from, all but the text of the case. */
export function marginProvenance(
  market: PreparedMarket,
  { portfolio, model, parameters }: Pick<MarginCase, 'portfolio' | 'model' | 'parameters'>,
  outcome: MarginOutcome,
  library: readonly MarginModel[],
): Omit<MarginProvenance, 'caseText'> {
  const { asOf, source } = market.snapshot;
  const { legs, coins } = bookPositions(market, portfolio);
  const symbols = new Set([
    ...legs.map(({ state }) => state.instrument.underlying),
    ...coins.map(({ symbol }) => symbol),
  ]);
  return {
    outcome,
    model: modelDescription(modelById(model, library)),
    parameters,
    engineVersion: ENGINE_VERSION,
    asOf,
    source,
    indices: market.snapshot.underlyings
      .filter(({ symbol }) => symbols.has(symbol))
      .map(({ symbol, index }) => ({ underlying: symbol, index })),
    inputs: legs.map((leg) => legInputs(market, leg)),
  };
}

function legInputs(market: PreparedMarket, { leg, state }: LegPosition): LegInputs {
  const { instrument, option, forward, timeToExpiryYears } = state;
  const expiry =
    instrument.product === 'option'
      ? market.underlyings.get(instrument.underlying)?.expiries.get(instrument.expiry)
      : undefined;
  const quote = instrument.product === 'option' && expiry ? optionQuote(expiry, instrument) : undefined;
  return {
    id: leg.id,
    instrument: leg.instrument,
    quantity: leg.quantity,
    forward,
    timeToExpiryYears,
    volatility: option?.volatility ?? null,
    volatilitySource: option?.volatilitySource ?? null,
    quotedAt: quote?.timestamp ?? null,
  };
}

/** Parts of the market that the book may do with, smallest first. */
function* marketCuts({ market, portfolio, smileEdits }: MarginCase): Generator<Omit<MarketSnapshot, 'id'>> {
  const { asOf, source, stablecoins } = market;
  const held = heldContracts(portfolio, smileEdits);
  const coins = market.underlyings.filter(({ symbol }) => held.has(symbol));
  const cut = (underlyings: readonly UnderlyingMarket[]) => ({ asOf, source, stablecoins, underlyings });
  const expiries = ({ symbol, expiries: all }: UnderlyingMarket) =>
    all.filter(({ expiry }) => held.get(symbol)!.has(expiry));
  const ownQuotes = (coin: UnderlyingMarket) =>
    expiries(coin).map((expiry) => ({ ...expiry, quotes: quotesOf(expiry, held.get(coin.symbol)!) }));
  yield cut(coins.map((coin) => ({ ...withoutHistory(coin), expiries: ownQuotes(coin) })));
  yield cut(coins.map((coin) => ({ ...withoutHistory(coin), expiries: expiries(coin) })));
  yield cut(coins.map((coin) => ({ ...coin, expiries: ownQuotes(coin) })));
  yield cut(coins.map((coin) => ({ ...coin, expiries: expiries(coin) })));
  yield cut(coins);
}

type HeldContracts = ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<string>>>;

/** By coin and expiry, the strikes and types that the book holds. */
function heldContracts({ legs, collateral }: Portfolio, edits: readonly SmileEdit[]): HeldContracts {
  const held = new Map<string, Map<number, Set<string>>>();
  const coin = (symbol: string) => {
    const found = held.get(symbol) ?? new Map<number, Set<string>>();
    held.set(symbol, found);
    return found;
  };
  const expiryOf = (symbol: string, expiry: number) => {
    const found = coin(symbol).get(expiry) ?? new Set<string>();
    coin(symbol).set(expiry, found);
    return found;
  };
  for (const { asset } of collateral) coin(asset);
  for (const { instrument } of legs) {
    const parsed = parseInstrument(instrument);
    if (!parsed.ok) continue;
    const { product, underlying } = parsed.value;
    if (product === 'perpetual') coin(underlying);
    else {
      const contracts = expiryOf(underlying, parsed.value.expiry);
      if (product === 'option') contracts.add(`${parsed.value.strike}${parsed.value.optionType}`);
    }
  }
  for (const { underlying, expiry } of edits) if (held.has(underlying)) expiryOf(underlying, expiry);
  return held;
}

function quotesOf({ expiry, quotes }: ExpiryMarket, held: ReadonlyMap<number, ReadonlySet<string>>) {
  return quotes.filter(({ strike, type }) => held.get(expiry)!.has(`${strike}${type}`));
}

function withoutHistory({ history: _history, ...coin }: UnderlyingMarket): UnderlyingMarket {
  return coin;
}

function editsWithin(market: Pick<MarketSnapshot, 'underlyings'>, edits: readonly SmileEdit[]): readonly SmileEdit[] {
  return edits.filter(({ underlying, expiry }) =>
    market.underlyings.some(
      ({ symbol, expiries }) => symbol === underlying && expiries.some((each) => each.expiry === expiry),
    ),
  );
}
