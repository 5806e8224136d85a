import type { Failure } from '../../engine/domain/failure.ts';
import { expiryCode, type Instrument, parseInstrument } from '../../engine/domain/instrument.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import type { Portfolio } from '../../engine/domain/portfolio.ts';
import type { BookRisk, MarginOutcome, PositionRisk, PricedPosition } from '../../engine/domain/riskReport.ts';
import type { Trade } from '../../engine/domain/trade.ts';
import { DAYS_PER_YEAR, type Timestamp } from '../../engine/domain/units.ts';
import type { Proposal } from '../../state/AppState.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { dateCode, instrumentLabel } from '../../ui/format.ts';
import { roundedToTotal } from '../../ui/roundedToTotal.ts';

/**
 * Sensitivities as the book shows them. Delta: coin. Gamma: coin per 1 % move. Vega per vol point and theta per day: the
 * display unit. `margin`: the row's part of the requirement, display unit. Rounded so that rows add up to their total.
 */
export interface Figures {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly margin: number;
}

interface Named {
  readonly key: string;
  /** `27 JUN 92k P`; the coin stands before it where there are several. */
  readonly label: string;
  /** The same with its coin: `BTC 27 JUN 92k P`. */
  readonly name: string;
  /** Coin of the row; null when the name cannot be read. */
  readonly underlying: string | null;
  readonly quantity: number;
  /** What the quantity counts: `BTC`, `USD`. */
  readonly quantityUnit: string;
  readonly step: number;
  /** Null while the engine has not answered, or cannot. */
  readonly figures: Figures | null;
}

export interface LegRow extends Named {
  readonly kind: 'leg';
  readonly id: string;
  readonly instrument: string;
  /** Why the leg has no figures. */
  readonly failure: Failure | null;
  /** What a person should know of the leg: left out of every figure, vol read from the fit. */
  readonly notes: readonly string[];
  /** Its part of the requirement before the trade, display unit; null when nothing is proposed. */
  readonly marginBefore: number | null;
}

export interface GhostRow extends Named {
  readonly kind: 'ghost';
  readonly index: number;
  readonly instrument: string;
  readonly failure: Failure | null;
}

export interface CollateralRow extends Named {
  readonly kind: 'collateral';
  readonly asset: string;
  /** In the display unit; null when the market has no price for the asset. */
  readonly value: number | null;
  /** Only what the book holds can be edited; the premium of a proposal is shown as it would arrive. */
  readonly isHeld: boolean;
}

export type BookRow = LegRow | GhostRow | CollateralRow;

/** Whether two rows say the same of a position: everything but its figures and what it is worth. */
export function isSameRow(a: BookRow, b: BookRow): boolean {
  const plain = ({ figures: _figures, ...row }: BookRow) =>
    'value' in row ? { ...row, value: null } : 'marginBefore' in row ? { ...row, marginBefore: null } : row;
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

export interface BookTotals {
  /** Of the selected coin. */
  readonly delta: number;
  readonly gamma: number;
  /** Over all coins. */
  readonly vega: number;
  readonly theta: number;
  /** The requirement; null when the rulebook cannot margin this book. */
  readonly margin: number | null;
}

export interface BookView {
  readonly legs: readonly LegRow[];
  readonly ghosts: readonly GhostRow[];
  readonly collateral: readonly CollateralRow[];
  /** Of the book that the figures speak of; null before the first report. */
  readonly totals: BookTotals | null;
  /** Of the book as it stands, while something is proposed. */
  readonly before: BookTotals | null;
  /** More than one coin: names say which, and delta and gamma are totalled for the selected one. */
  readonly hasSeveralCoins: boolean;
  /** Why the rulebook gives no figure. */
  readonly unsupported: string | null;
  /** Of the whole book. */
  readonly notices: readonly string[];
}

export interface BookViewInput {
  readonly book: Portfolio;
  readonly proposal: Proposal | null;
  /** The book if the proposal were kept. */
  readonly proposed: Portfolio | null;
  readonly before: BookRisk | null;
  readonly after: BookRisk | null;
  readonly model: string;
  readonly unit: DisplayUnit;
  readonly underlying: string;
  readonly market: MarketSummary | null;
}

/** Decimals of delta and gamma, and of money in the display unit. */
export const GREEK_DIGITS = 2;
export function moneyDigits(unit: DisplayUnit): number {
  return unit.kind === 'usd' ? 0 : 4;
}

/**
 * The book as a table. With a proposal, a ghost row carries what the trade itself adds: all of a new leg, or the change of the
 * leg that it resizes, whose own row then stays as it was. So legs, ghosts and collateral always add up to the total after.
 */
export function bookView(input: BookViewInput): BookView {
  const { book, proposal, before, after, model, unit, market } = input;
  const shown = after ?? before;
  const outcome = outcomeOf(shown, model);
  const parts = marginParts(outcome);
  const partsBefore = marginParts(outcomeOf(before, model));
  const prices = new Map(market?.underlyings.map((coin) => [coin.symbol, coin.index]));
  const reference = market?.asOf;
  const coins = new Set(
    [...book.legs, ...(proposal?.trades ?? [])]
      .map(({ instrument }) => coinOf(instrument))
      .filter((coin) => coin !== null),
  );
  const hasSeveralCoins = coins.size > 1;
  const position = (risk: BookRisk | null, id: string | undefined) =>
    risk?.positions.find((candidate) => candidate.id === id);

  // A trade joins the first leg of its instrument; a second leg of the same stays apart.
  const joined = (instrument: string) => book.legs.find((leg) => leg.instrument === instrument)?.id;
  const traded = new Set(after === null ? [] : proposal?.trades.map(({ instrument }) => joined(instrument)));
  const legs = book.legs.map((leg): LegRow => {
    const source = traded.has(leg.id) ? before : shown;
    const found = position(source, leg.id);
    return {
      kind: 'leg',
      key: leg.id,
      id: leg.id,
      instrument: leg.instrument,
      quantity: leg.quantity,
      ...names(leg.instrument, reference),
      figures: rawFigures(found, (source === before ? partsBefore : parts).get(leg.id) ?? 0, prices, unit),
      failure: found !== undefined && 'failure' in found ? found.failure : null,
      notes: shown?.notices.filter((notice) => notice.legId === leg.id).map((notice) => notice.message) ?? [],
      marginBefore: after === null || !partsBefore.has(leg.id) ? null : partsBefore.get(leg.id)! * unit.perUsd,
    };
  });

  const ghosts = (proposal?.trades ?? []).map((trade: Trade, index): GhostRow => {
    const heldId = joined(trade.instrument);
    const id = input.proposed?.legs.find((leg) =>
      heldId === undefined ? leg.instrument === trade.instrument : leg.id === heldId,
    )?.id;
    const whole = position(after, id ?? heldId);
    const held = position(before, heldId);
    const figures = (found: PositionRisk | undefined, margin: number) => rawFigures(found, margin, prices, unit);
    const next = figures(whole, parts.get(id ?? '') ?? 0);
    const previous = figures(held, partsBefore.get(heldId ?? '') ?? 0);
    const isClosing = after !== null && heldId !== undefined && id === undefined;
    return {
      kind: 'ghost',
      key: `ghost-${trade.instrument}`,
      index,
      instrument: trade.instrument,
      quantity: trade.quantity,
      ...names(trade.instrument, reference),
      figures:
        after === null
          ? null
          : isClosing
            ? difference(NOTHING, previous)
            : previous === null
              ? next
              : difference(next, previous),
      failure: whole !== undefined && 'failure' in whole ? whole.failure : null,
    };
  });

  const assets = new Set([
    ...book.collateral.map(({ asset }) => asset),
    ...(shown?.collateral.map(({ asset }) => asset) ?? []),
    ...[...parts.keys()].flatMap((id) => (id.startsWith(COLLATERAL) ? [id.slice(COLLATERAL.length)] : [])),
  ]);
  const collateral = [...assets].map((asset): CollateralRow => {
    const holding = book.collateral.find((candidate) => candidate.asset === asset);
    const risk = shown?.collateral.find((candidate) => candidate.asset === asset);
    const margin = (parts.get(COLLATERAL + asset) ?? 0) * unit.perUsd;
    return {
      kind: 'collateral',
      key: COLLATERAL + asset,
      asset,
      label: asset,
      name: `${asset} collateral`,
      underlying: null,
      quantity: holding?.quantity ?? risk?.quantity ?? 0,
      quantityUnit: asset,
      step: prices.has(asset) ? 0.1 : 1000,
      value: risk === undefined || risk.valueUsd === null ? null : risk.valueUsd * unit.perUsd,
      isHeld: holding !== undefined,
      figures: outcome === null || !('positions' in outcome) ? null : { ...NOTHING, margin },
    };
  });

  const totals = bookTotals(shown, outcome, input, prices);
  const rounded = roundedRows([...legs, ...ghosts, ...collateral], totals, input);
  return {
    legs: rounded.rows.filter((row) => row.kind === 'leg'),
    ghosts: rounded.rows.filter((row) => row.kind === 'ghost'),
    collateral: rounded.rows.filter((row) => row.kind === 'collateral'),
    totals: rounded.totals,
    before: after === null ? null : roundedTotals(bookTotals(before, outcomeOf(before, model), input, prices), unit),
    hasSeveralCoins,
    unsupported: outcome !== null && 'unsupported' in outcome ? outcome.unsupported.message : null,
    notices: (shown?.notices ?? []).filter(({ legId }) => legId === undefined).map(({ message }) => message),
  };
}

const COLLATERAL = 'collateral:';
const NOTHING: Figures = { delta: 0, gamma: 0, vega: 0, theta: 0, margin: 0 };

function outcomeOf(risk: BookRisk | null, model: string): MarginOutcome | null {
  return risk?.margins.find((outcome) => outcome.id === model) ?? null;
}

function marginParts(outcome: MarginOutcome | null): ReadonlyMap<string, number> {
  if (outcome === null || 'unsupported' in outcome) return new Map();
  return new Map(outcome.positions.map(({ id, initialMarginUsd }) => [id, initialMarginUsd]));
}

function coinOf(instrument: string): string | null {
  const parsed = parseInstrument(instrument);
  return parsed.ok ? parsed.value.underlying : null;
}

function names(name: string, reference: Timestamp | undefined) {
  const parsed = parseInstrument(name);
  return {
    label: shortLabel(name, reference),
    name: instrumentLabel(name, reference),
    underlying: parsed.ok ? parsed.value.underlying : null,
    quantityUnit: parsed.ok ? quantityUnit(parsed.value) : 'units',
    step: parsed.ok && isInverseFuture(parsed.value) ? 1000 : 1,
  };
}

/** The name in few characters: an expiry of another year as the exchange writes it, `29JAN27 120k C`. */
function shortLabel(name: string, reference: Timestamp | undefined): string {
  const parsed = parseInstrument(name);
  const label = instrumentLabel(name, reference, false);
  if (!parsed.ok || parsed.value.product === 'perpetual') return label;
  const { expiry } = parsed.value;
  return label.replace(dateCode(expiry, reference), () =>
    dateCode(expiry, reference) === dateCode(expiry) ? dateCode(expiry) : expiryCode(expiry),
  );
}

function isInverseFuture(instrument: Instrument): boolean {
  return instrument.product !== 'option' && instrument.settlement === 'coin';
}

/** What a quantity of the instrument counts. */
function quantityUnit(instrument: Instrument): string {
  return isInverseFuture(instrument) ? 'USD' : instrument.underlying;
}

function rawFigures(
  position: PositionRisk | undefined,
  marginUsd: number,
  prices: ReadonlyMap<string, number>,
  unit: DisplayUnit,
): Figures | null {
  if (position === undefined || !('delta' in position)) return null;
  const index = prices.get(coinOf(position.instrument) ?? '') ?? 0;
  return { ...scaledGreeks(position, index, unit), margin: marginUsd * unit.perUsd };
}

function scaledGreeks(
  greeks: Pick<PricedPosition, 'delta' | 'gamma' | 'vega' | 'theta'>,
  index: number,
  unit: DisplayUnit,
) {
  return {
    delta: greeks.delta,
    gamma: greeks.gamma * index * 0.01,
    vega: greeks.vega * 0.01 * unit.perUsd,
    theta: (greeks.theta / DAYS_PER_YEAR) * unit.perUsd,
  };
}

function difference(next: Figures | null, previous: Figures | null): Figures | null {
  if (next === null || previous === null) return null;
  return {
    delta: next.delta - previous.delta,
    gamma: next.gamma - previous.gamma,
    vega: next.vega - previous.vega,
    theta: next.theta - previous.theta,
    margin: next.margin - previous.margin,
  };
}

function bookTotals(
  risk: BookRisk | null,
  outcome: MarginOutcome | null,
  { underlying, unit }: BookViewInput,
  prices: ReadonlyMap<string, number>,
): BookTotals | null {
  if (risk === null) return null;
  const coin = risk.byUnderlying.find((row) => row.underlying === underlying);
  const all = risk.byUnderlying.reduce((sum, row) => ({ vega: sum.vega + row.vega, theta: sum.theta + row.theta }), {
    vega: 0,
    theta: 0,
  });
  return {
    ...scaledGreeks({ delta: coin?.delta ?? 0, gamma: coin?.gamma ?? 0, ...all }, prices.get(underlying) ?? 0, unit),
    margin: outcome === null || 'unsupported' in outcome ? null : outcome.initialMarginUsd * unit.perUsd,
  };
}

function roundedTotals(totals: BookTotals | null, unit: DisplayUnit): BookTotals | null {
  if (totals === null) return null;
  const to = (x: number, digits: number) => roundedToTotal([], digits, x).total;
  const money = moneyDigits(unit);
  return {
    delta: to(totals.delta, GREEK_DIGITS),
    gamma: to(totals.gamma, GREEK_DIGITS),
    vega: to(totals.vega, money),
    theta: to(totals.theta, money),
    margin: totals.margin === null ? null : to(totals.margin, money),
  };
}

/** Rounds each column so that its rows add up to its total; delta and gamma within each coin. */
function roundedRows(
  rows: readonly BookRow[],
  totals: BookTotals | null,
  { unit, underlying }: BookViewInput,
): { rows: readonly BookRow[]; totals: BookTotals | null } {
  const columns = new Map<keyof Figures, ReadonlyMap<string, number>>();
  const coins = [...new Set(rows.map((row) => row.underlying))];
  const money = moneyDigits(unit);
  for (const column of ['delta', 'gamma'] as const) {
    const cells = coins.flatMap((coin) => [
      ...roundedColumn(
        rows.filter((row) => row.underlying === coin),
        column,
        GREEK_DIGITS,
        coin === underlying ? (totals?.[column] ?? null) : null,
      ),
    ]);
    columns.set(column, new Map(cells));
  }
  for (const column of ['vega', 'theta', 'margin'] as const)
    columns.set(column, roundedColumn(rows, column, money, totals?.[column] ?? null));
  return {
    rows: rows.map((row) => {
      if (row.figures === null) return row;
      const at = (column: keyof Figures) => columns.get(column)?.get(row.key) ?? 0;
      const figures = {
        delta: at('delta'),
        gamma: at('gamma'),
        vega: at('vega'),
        theta: at('theta'),
        margin: at('margin'),
      };
      return { ...row, figures };
    }),
    totals: roundedTotals(totals, unit),
  };
}

function roundedColumn(
  rows: readonly BookRow[],
  column: keyof Figures,
  digits: number,
  total: number | null,
): ReadonlyMap<string, number> {
  const counted = rows.filter((row) => row.figures !== null);
  const values = counted.map((row) => row.figures![column]);
  const sum = values.reduce((one, other) => one + other, 0);
  // A total that its rows do not make up (an answer to an earlier book, for a moment) is not forced upon them.
  const isTheirs = total !== null && Math.abs(sum - total) <= Math.max(1e-6, Math.abs(total) * 1e-6);
  const { rows: cells } = roundedToTotal(values, digits, isTheirs ? total : sum);
  return new Map(counted.map((row, at) => [row.key, cells[at]!]));
}

/**
 * What the trades' premiums come to, USD, positive when received; `isComplete` is false when a price or a coin is not known.
 * Futures and perpetuals cost nothing to enter.
 */
export function proposalPremium(
  trades: readonly Trade[],
  market: MarketSummary | null,
): { readonly usd: number; readonly hasOptions: boolean; readonly isComplete: boolean } {
  let usd = 0;
  let hasOptions = false;
  let isComplete = true;
  for (const trade of trades) {
    const parsed = parseInstrument(trade.instrument);
    if (!parsed.ok || parsed.value.product !== 'option') continue;
    hasOptions = true;
    const { settlement, underlying } = parsed.value;
    const rate =
      settlement === 'coin'
        ? market?.underlyings.find((coin) => coin.symbol === underlying)?.index
        : market?.stablecoins.find((coin) => coin.asset === 'USDC')?.priceUsd;
    if (trade.price === null || rate === undefined) isComplete = false;
    else usd -= trade.quantity * trade.price * rate;
  }
  return { usd, hasOptions, isComplete };
}
