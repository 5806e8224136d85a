import { type Failure, failureOf, type Result, RiskError, success } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import { stablecoinPrice } from '../domain/marketSnapshot.ts';
import type {
  ExplainedPosition,
  ExplainedSum,
  ExplainRequest,
  PnlExplanation,
  PnlParts,
  UnexplainedPosition,
} from '../domain/pnlExplanation.ts';
import type { CollateralHolding, Portfolio } from '../domain/portfolio.ts';
import { type Movers, type Scenario, spotMoveOf } from '../domain/scenario.ts';
import { DAYS_PER_YEAR, MILLISECONDS_PER_DAY, yearFraction } from '../domain/units.ts';
import { sum } from '../numerics/sum.ts';
import { type BookPositions, bookPositions, type LegPosition } from '../scenario/bookPositions.ts';
import { type ContractState, contractState } from '../scenario/contractState.ts';
import { NO_GREEKS } from '../scenario/positionGreeks.ts';
import { type PreparedMarket, preparedUnderlying } from '../scenario/preparedMarket.ts';
import { movedLeg, shiftedBook } from '../scenario/shiftedBook.ts';
import { explainedMove, NO_PARTS } from './explainedMove.ts';

/**
 * What the page asks: the book through a scenario on the open market, or from the earlier market to it.
 * @throws RiskError when the earlier market is not the one that was asked about, or is no earlier one.
 */
export function pnlExplanation(
  market: PreparedMarket,
  { portfolio, move }: ExplainRequest,
  earlier: PreparedMarket | null,
): PnlExplanation {
  if (move.kind === 'scenario') return explainedScenario(market, portfolio, move.scenario, move.movers);
  if (earlier === null || earlier.snapshot.id !== move.fromMarketId)
    throw new RiskError('missing-data', 'The market to start from is not open; open its file again');
  return explainedMarkets(earlier, market, portfolio);
}

/**
 * The P&L of a book in a scenario, taken apart: the P&L is that of the stress grid's cell, by full revaluation with the same
 * code. Underlyings that do not take part stand still, but time passes for all.
 */
export function explainedScenario(
  market: PreparedMarket,
  portfolio: Portfolio,
  scenario: Scenario,
  movers: Movers,
): PnlExplanation {
  const book = bookPositions(market, portfolio);
  const shifted = shiftedBook(book, scenario, movers);
  const elapsedYears = scenario.days / DAYS_PER_YEAR;
  const legs = book.legs.map((position, row) =>
    explainedLeg(market, position, shifted.legs[row]!, elapsedYears, 'scenario'),
  );
  const moved = (symbol: string) => movers === 'all' || movers === symbol;
  const indices = market.snapshot.underlyings.map(({ symbol, index }) => ({
    underlying: symbol,
    indexFrom: index,
    indexTo: index * (1 + (moved(symbol) ? spotMoveOf(scenario, symbol) : 0)),
  }));
  const { asOf, source } = market.snapshot;
  return explanation({
    market,
    portfolio,
    book,
    legs,
    unexplained: [],
    from: { asOf, source },
    to: { asOf: asOf + scenario.days * MILLISECONDS_PER_DAY, source: null },
    days: scenario.days,
    indices,
    stablecoinTo: (asset) => stablecoinPrice(market.snapshot, asset),
  });
}

/**
 * The P&L of holding a book from one market to a later one. A leg that expired on the way is settled at its intrinsic value at
 * the later index, a future at that index, as a scenario would. A leg without a value at either end is left out and says why.
 * @throws RiskError `bad-value` when the markets are in the wrong order.
 */
export function explainedMarkets(from: PreparedMarket, to: PreparedMarket, portfolio: Portfolio): PnlExplanation {
  const [start, end] = [from.snapshot.asOf, to.snapshot.asOf];
  if (start > end) {
    throw new RiskError(
      'bad-value',
      `The market to start from is of ${isoMinute(start)}, after ${isoMinute(end)}; start from an earlier one`,
      '/from-market',
    );
  }
  const book = bookPositions(from, portfolio);
  const elapsedYears = yearFraction(start, end);
  const legs: ExplainedPosition[] = [];
  const unexplained: UnexplainedPosition[] = [];
  for (const position of book.legs) {
    const { leg } = position;
    const later = laterState(position.state, to);
    if (later.ok) {
      const source = later.value.option?.volatilitySource ?? 'mark';
      legs.push(explainedLeg(from, position, movedLeg(position, later.value), elapsedYears, source));
    } else
      unexplained.push({
        id: leg.id,
        instrument: leg.instrument,
        quantity: leg.quantity,
        failure: atEnd(later.failure, 'ends'),
      });
  }
  const indices = from.snapshot.underlyings.flatMap(({ symbol, index }) => {
    const indexTo = to.underlyings.get(symbol)?.market.index;
    return indexTo === undefined ? [] : [{ underlying: symbol, indexFrom: index, indexTo }];
  });
  return explanation({
    market: to,
    portfolio,
    book,
    legs,
    unexplained,
    from: { asOf: start, source: from.snapshot.source },
    to: { asOf: end, source: to.snapshot.source },
    days: (end - start) / MILLISECONDS_PER_DAY,
    indices,
    stablecoinTo: (asset) => stablecoinPrice(to.snapshot, asset),
  });
}

/** A contract in a later market: as it is quoted there or, expired by then, settled at the index there. */
function laterState(state: ContractState, to: PreparedMarket): Result<ContractState> {
  const { instrument } = state;
  if (instrument.product === 'perpetual' || instrument.expiry > to.snapshot.asOf) return contractState(to, instrument);
  try {
    const { index } = preparedUnderlying(to, instrument.underlying).market;
    const usdcPrice = instrument.settlement === 'coin' ? 1 : stablecoinPrice(to.snapshot, 'USDC');
    if (usdcPrice === undefined)
      throw new RiskError('missing-data', `${instrument.name} was paid in USDC, and this market has no price of USDC`);
    const timeToExpiryYears = yearFraction(to.snapshot.asOf, instrument.expiry);
    return success({ ...state, index, forward: index, usdcPrice, discount: 1, timeToExpiryYears });
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function explainedLeg(
  market: PreparedMarket,
  position: LegPosition,
  later: LegPosition,
  elapsedYears: number,
  toSource: 'mark' | 'fit' | 'scenario',
): ExplainedPosition {
  const { leg, state } = position;
  const { parts, ...move } = explainedMove(position, later.state, elapsedYears, toSource);
  return {
    id: leg.id,
    instrument: leg.instrument,
    underlying: state.instrument.underlying,
    quantity: leg.quantity,
    ...withResidual(position.valueUsd, later.valueUsd, parts),
    ...move,
    notes: legNotes(market, position, later.state, elapsedYears, toSource),
  };
}

function legNotes(
  market: PreparedMarket,
  { leg, state }: LegPosition,
  later: ContractState,
  elapsedYears: number,
  toSource: 'mark' | 'fit' | 'scenario',
): string[] {
  const { instrument, option } = state;
  const notes: string[] = [];
  if (later.timeToExpiryYears <= 0) {
    const what = option === null ? 'at the index' : 'at its intrinsic value at the index';
    notes.push(`${instrument.name} expires on the way and is settled ${what} of the end, ${later.index.toFixed(2)}`);
  }
  if (option !== null && (option.volatilitySource === 'fit' || toSource === 'fit') && later.timeToExpiryYears > 0) {
    const where =
      toSource !== 'fit' ? 'at the start' : option.volatilitySource === 'fit' ? 'at either end' : 'at the end';
    notes.push(`${instrument.name} has no quote ${where}; its vol there is read from the fitted smile`);
  }
  if (instrument.product === 'perpetual' && elapsedYears > 0)
    notes.push(fundingNote(market, leg.quantity, state, elapsedYears));
  if (option === null && leg.entryPrice === undefined)
    notes.push(`${instrument.name} has no entry price; it counts as entered at its mark at the start`);
  return notes;
}

/** Funding is paid in cash, not in value: neither the P&L nor its parts hold it. */
function fundingNote(market: PreparedMarket, quantity: number, state: ContractState, elapsedYears: number): string {
  const { name, underlying, settlement } = state.instrument;
  const rate = market.underlyings.get(underlying)?.market.perpetual?.fundingRate8h;
  if (rate === undefined)
    return `${name}: funding is left out of the P&L and of its parts; this market has no funding rate`;
  const notional = settlement === 'coin' ? quantity : quantity * state.forward;
  const paid = notional * rate * elapsedYears * DAYS_PER_YEAR * 3;
  const words = paid === 0 ? 'none' : `${Math.abs(paid).toFixed(2)} USD ${paid > 0 ? 'paid' : 'received'}`;
  return `${name}: funding is left out of the P&L and of its parts; at the rate of the start it would be ${words}`;
}

/** Values, their difference and its parts, the residual being what the others leave. */
function withResidual(fromUsd: number, toUsd: number, parts: Omit<PnlParts, 'residual'>): ExplainedSum {
  const pnlUsd = toUsd - fromUsd;
  // 0 + x, so that no zero is negative.
  const plain = Object.fromEntries(Object.entries(parts).map(([part, usd]) => [part, 0 + usd])) as typeof parts;
  return { fromUsd, toUsd, pnlUsd, ...plain, residual: pnlUsd - sum(Object.values(parts)) };
}

interface ExplanationInput {
  /** The market that is open. */
  readonly market: PreparedMarket;
  readonly portfolio: Portfolio;
  /** The book at the start. */
  readonly book: BookPositions;
  readonly legs: readonly ExplainedPosition[];
  readonly unexplained: readonly UnexplainedPosition[];
  readonly from: PnlExplanation['from'];
  readonly to: PnlExplanation['to'];
  readonly days: number;
  readonly indices: PnlExplanation['indices'];
  readonly stablecoinTo: (asset: string) => number | undefined;
}

function explanation(input: ExplanationInput): PnlExplanation {
  const { market, portfolio, book, legs, from, to, days, indices } = input;
  const unpriced = book.unpriced.map(({ leg, failure }) => ({
    id: leg.id,
    instrument: leg.instrument,
    quantity: leg.quantity,
    failure: to.source === null ? failure : atEnd(failure, 'starts'),
  }));
  const collateral: ExplainedPosition[] = [];
  const lostCollateral: UnexplainedPosition[] = [];
  book.collateral.forEach((holding, row) => {
    const explained = explainedHolding(input, holding, portfolio.collateral[row]!);
    if ('failure' in explained) lostCollateral.push(explained);
    else collateral.push(explained);
  });
  // In the portfolio's order, so that what is left out is found where it stands.
  const order = new Map(portfolio.legs.map(({ id }, row) => [id, row]));
  const leftOut = [...unpriced, ...input.unexplained].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
  leftOut.push(...lostCollateral);

  const coins = [...new Set(legs.map(({ underlying }) => underlying!))];
  const notices: Notice[] = leftOut.map(({ id, failure }) => ({
    severity: 'warning',
    legId: id,
    message: `${failure.message}. It is left out of every sum`,
  }));
  for (const { id, notes } of [...legs, ...collateral])
    for (const message of notes) notices.push({ severity: 'info', legId: id, message });
  return {
    marketId: market.snapshot.id,
    from,
    to,
    days,
    legs,
    collateral,
    leftOut,
    byUnderlying: coins.map((underlying) => {
      const own = legs.filter((leg) => leg.underlying === underlying);
      const { indexFrom, indexTo } = indices.find((each) => each.underlying === underlying)!;
      return { underlying, legs: own.length, indexFrom, indexTo, ...explainedSum(own) };
    }),
    legsTotal: explainedSum(legs),
    total: explainedSum([...legs, ...collateral]),
    indices,
    notices,
  };
}

/** A coin holding moves with the index, a stablecoin with its price: neither leaves a residual. */
function explainedHolding(
  { indices, stablecoinTo, to, days }: ExplanationInput,
  { valueUsd }: { readonly valueUsd: number | null },
  { asset, quantity }: CollateralHolding,
): ExplainedPosition | UnexplainedPosition {
  const id = `collateral:${asset}`;
  const coin = indices.find(({ underlying }) => underlying === asset);
  const priceTo = stablecoinTo(asset) ?? coin?.indexTo;
  if (valueUsd === null || priceTo === undefined) {
    const message =
      to.source === null
        ? `This market has no price of ${asset}`
        : `The market that the move ${valueUsd === null ? 'starts' : 'ends'} in has no price of ${asset}`;
    return { id, instrument: asset, quantity, failure: { code: 'missing-data', message } };
  }
  const isCoin = coin !== undefined && stablecoinTo(asset) === undefined;
  const toUsd = quantity * priceTo;
  const spotChangeUsd = isCoin ? coin.indexTo - coin.indexFrom : 0;
  const parts = isCoin ? { ...NO_PARTS, delta: quantity * spotChangeUsd } : { ...NO_PARTS, currency: toUsd - valueUsd };
  return {
    id,
    instrument: asset,
    underlying: isCoin ? asset : null,
    quantity,
    ...withResidual(valueUsd, toUsd, parts),
    spotChangeUsd,
    days,
    greeks: isCoin ? { ...NO_GREEKS, delta: quantity } : NO_GREEKS,
    volatility: null,
    settled: false,
    notes: [],
  };
}

function explainedSum(rows: readonly ExplainedSum[]): ExplainedSum {
  const total = (figure: keyof ExplainedSum) => sum(rows.map((row) => row[figure]));
  return {
    fromUsd: total('fromUsd'),
    toUsd: total('toUsd'),
    pnlUsd: total('pnlUsd'),
    delta: total('delta'),
    gamma: total('gamma'),
    vega: total('vega'),
    theta: total('theta'),
    vanna: total('vanna'),
    volga: total('volga'),
    basis: total('basis'),
    currency: total('currency'),
    residual: total('residual'),
  };
}

function atEnd(failure: Failure, end: 'starts' | 'ends'): Failure {
  return { ...failure, message: `In the market that the move ${end} in: ${failure.message}` };
}

function isoMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
