import type { CutTrade } from '../domain/decideReport.ts';
import { instrumentName, listedOption, parseInstrument, usualSettlement } from '../domain/instrument.ts';
import type { Leg, Portfolio } from '../domain/portfolio.ts';
import type { Usd } from '../domain/units.ts';
import type { LegPosition } from '../scenario/bookPositions.ts';
import { type ContractState, contractState } from '../scenario/contractState.ts';
import { unitGreeks } from '../scenario/positionGreeks.ts';
import type { PreparedExpiry, PreparedMarket } from '../scenario/preparedMarket.ts';
import { type QuotedFill, quotedFill } from './quotedFill.ts';

/** Something that can be traded in steps of one lot: a contract, or a short option rolled into another. */
export interface CutCandidate {
  /** Candidates of a kind stand in for each other: `BTC|buy P`. */
  readonly kind: string;
  readonly mostLots: number;
  readonly legs: readonly CandidateLeg[];
  /** The leg that it closes, so that two candidates together do not close more than there is. */
  readonly closes: string | null;
}

interface CandidateLeg {
  readonly underlying: string;
  readonly instrument: string;
  /** Signed quantity of one lot, in the contract's own unit, and the most of it that is traded. */
  readonly lot: number;
  readonly most: number;
  readonly fill: QuotedFill;
  /** USD per unit. */
  readonly deltaUsd: Usd;
}

export interface CutUniverse {
  readonly candidates: readonly CutCandidate[];
  readonly lots: readonly { readonly underlying: string; readonly lot: number }[];
}

/** Options farther out, or deeper in the money, than this are not looked at: the former do nothing, the latter are futures. */
const DELTA_RANGE = [0.01, 0.65] as const;
/** A short option is rolled within so many expiries, of which its own is the first. */
const ROLL_EXPIRIES = 3;
/** Steps from the least trade to the largest position of the book. */
const STEPS = 10;
const USD_STEP = 10;

/**
 * What a cut is searched in, for each coin of the book:
 * - held legs closed, in part or whole;
 * - listed options bought, up to the coin's own gross option quantity, none that expires before the first short option does;
 * - short options rolled away from the money, or to the same strike later, so that no more is sold than is bought back;
 * - futures and perpetuals that are held, either way, or where none is, the perpetual (with `withFutures`).
 * New options are only those that quote the side that is needed, unless their expiry quotes nothing at all.
 */
export function cutUniverse(
  market: PreparedMarket,
  portfolio: Portfolio,
  legs: readonly LegPosition[],
  withFutures: boolean,
): CutUniverse {
  const candidates: CutCandidate[] = [];
  const lots: { underlying: string; lot: number }[] = [];
  for (const underlying of new Set(legs.map(({ state }) => state.instrument.underlying))) {
    const own = legs.filter(({ state }) => state.instrument.underlying === underlying);
    const options = own.filter(({ state }) => state.option !== null);
    const futures = own.filter(({ state }) => state.option === null);
    const largest = Math.max(...own.map(sizeCoins));
    const lot = roundLot(largest / STEPS);
    lots.push({ underlying, lot });
    const gross = options.reduce((sum, leg) => sum + sizeCoins(leg), 0);
    const from = firstShortExpiry(options);
    const listed = listedOptions(market, underlying, from);
    for (const held of options) candidates.push(...closing(market, held, lot));
    for (const held of options) if (held.leg.quantity < 0) candidates.push(...rolls(market, held, listed, lot));
    for (const { state, isQuoted } of listed) {
      if (
        !isQuoted.ask ||
        portfolio.legs.some(({ instrument, quantity }) => instrument === state.instrument.name && quantity < 0)
      )
        continue;
      const most = Math.max(1, Math.floor(gross / lot + 1e-9)) * lot;
      candidates.push(
        candidate(`${underlying}|buy ${state.option!.contract.optionType}`, null, [leg(market, state, lot, most)]),
      );
    }
    if (withFutures) candidates.push(...hedges(market, underlying, own, futures, lot, from));
  }
  return { candidates: candidates.filter(({ mostLots }) => mostLots > 0), lots };
}

/** The trades of so many lots of a candidate. */
export function candidateTrades({ legs }: CutCandidate, count: number): CutTrade[] {
  return legs.map(({ instrument, lot, most, fill }) => ({
    instrument,
    quantity: sizedQuantity(lot, most, count),
    price: fill.price,
    fill: fill.fill,
  }));
}

/** The last lot is what is left. */
function sizedQuantity(lot: number, most: number, count: number): number {
  return Number((Math.sign(lot) * Math.min(Math.abs(lot) * count, most)).toPrecision(12));
}

export interface CandidateCost {
  /** Paid less received. */
  readonly premiumUsd: Usd;
  /** Lost against mark by crossing the spread. */
  readonly spreadUsd: Usd;
}

/** What so many lots cost, and per coin what they do to delta. */
export function candidateCost({ legs }: CutCandidate, count: number, deltaByCoin: Map<string, number>): CandidateCost {
  let premiumUsd = 0;
  let spreadUsd = 0;
  for (const { underlying, lot, most, fill, deltaUsd } of legs) {
    const quantity = sizedQuantity(lot, most, count);
    premiumUsd += quantity * fill.premiumUsd;
    spreadUsd += Math.abs(quantity) * fill.spreadUsd;
    deltaByCoin.set(underlying, (deltaByCoin.get(underlying) ?? 0) + quantity * deltaUsd);
  }
  return { premiumUsd, spreadUsd };
}

function candidate(kind: string, closes: string | null, legs: readonly CandidateLeg[]): CutCandidate {
  const mostLots = Math.min(...legs.map(({ lot, most }) => Math.ceil(most / Math.abs(lot) - 1e-9)));
  return { kind, closes, legs, mostLots };
}

function leg(market: PreparedMarket, state: ContractState, lot: number, most: number): CandidateLeg {
  return {
    underlying: state.instrument.underlying,
    instrument: state.instrument.name,
    lot,
    most,
    fill: quotedFill(market, state, lot),
    deltaUsd: unitGreeks(state).delta * state.index,
  };
}

function closing(market: PreparedMarket, { leg: held, state }: LegPosition, lot: number): CutCandidate[] {
  const { underlying } = state.instrument;
  const kind = `${underlying}|close ${state.option!.contract.optionType} ${held.quantity < 0 ? 'short' : 'long'}`;
  return [candidate(kind, held.id, [leg(market, state, -Math.sign(held.quantity) * lot, Math.abs(held.quantity))])];
}

function rolls(
  market: PreparedMarket,
  { leg: held, state }: LegPosition,
  listed: readonly ListedOption[],
  lot: number,
): CutCandidate[] {
  const { expiry, strike, optionType, underlying } = state.option!.contract;
  const later = [...new Set(listed.map(({ state: { option } }) => option!.contract.expiry))]
    .filter((date) => date >= expiry)
    .slice(0, ROLL_EXPIRIES);
  const away = optionType === 'C' ? 1 : -1;
  const most = Math.abs(held.quantity);
  return listed
    .filter(({ state: { option }, isQuoted }) => {
      const { contract } = option!;
      const isFarther = away * (contract.strike - strike) > 0;
      const isSameLater = contract.strike === strike && contract.expiry > expiry;
      return (
        contract.optionType === optionType &&
        isQuoted.bid &&
        later.includes(contract.expiry) &&
        (isFarther || isSameLater)
      );
    })
    .map((into) =>
      candidate(`${underlying}|roll ${optionType}`, held.id, [
        leg(market, state, lot, most),
        leg(market, into.state, -lot, most),
      ]),
    );
}

/** Futures that are held, both ways; else the perpetual; else the first future that lives as long as the short options. */
function hedges(
  market: PreparedMarket,
  underlying: string,
  own: readonly LegPosition[],
  held: readonly LegPosition[],
  lot: number,
  from: number,
): CutCandidate[] {
  const base = { underlying, settlement: usualSettlement(underlying) } as const;
  const listed = [...(market.underlyings.get(underlying)?.expiries ?? [])];
  const later = listed.find(([expiry, { fit }]) => fit !== null && expiry >= from)?.[0];
  const names = [
    instrumentName({ ...base, product: 'perpetual' }),
    ...(later === undefined ? [] : [instrumentName({ ...base, product: 'future', expiry: later })]),
  ];
  const states =
    held.length > 0
      ? held.map(({ state }) => state)
      : names
          .map((name) => stateOf(market, name))
          .filter((state) => state !== null)
          .slice(0, 1);
  const mostCoins = own.reduce((sum, position) => sum + sizeCoins(position), 0);
  return states.flatMap((state) => {
    const unit = state.instrument.settlement === 'coin' ? state.forward : 1;
    const size = (coins: number) =>
      state.instrument.settlement === 'coin'
        ? Math.max(USD_STEP, Math.round((coins * unit) / USD_STEP) * USD_STEP)
        : coins;
    return [1, -1].map((sign) =>
      candidate(`${underlying}|future ${sign}`, null, [leg(market, state, sign * size(lot), size(mostCoins))]),
    );
  });
}

function stateOf(market: PreparedMarket, name: string): ContractState | null {
  const parsed = parseInstrument(name);
  const state = parsed.ok ? contractState(market, parsed.value) : parsed;
  return state.ok ? state.value : null;
}

interface ListedOption {
  readonly state: ContractState;
  readonly isQuoted: { readonly bid: boolean; readonly ask: boolean };
}

/** When the first short option of a coin expires; what is bought is to live as long. */
function firstShortExpiry(options: readonly LegPosition[]): number {
  const shorts = options.filter(({ leg: { quantity } }) => quantity < 0);
  return shorts.length === 0
    ? Number.NEGATIVE_INFINITY
    : Math.min(...shorts.map(({ state: { option } }) => option!.contract.expiry));
}

/** Listed options of a coin, from an expiry on, that are neither worthless nor as good as a future. */
function listedOptions(market: PreparedMarket, underlying: string, from: number): ListedOption[] {
  const expiries = market.underlyings.get(underlying)?.expiries ?? new Map<number, PreparedExpiry>();
  return [...expiries].flatMap(([expiry, { market: listed, fit }]) => {
    if (fit === null || expiry < from) return [];
    const quotesNothing = listed.quotes.every(({ bidIv, askIv }) => bidIv === undefined && askIv === undefined);
    return listed.quotes.flatMap(({ strike, type, bidIv, askIv }): ListedOption[] => {
      const state = contractState(market, listedOption({ underlying, expiry }, strike, type));
      if (!state.ok) return [];
      const delta = Math.abs(unitGreeks(state.value).delta);
      if (delta < DELTA_RANGE[0] || delta > DELTA_RANGE[1]) return [];
      return [
        {
          state: state.value,
          isQuoted: { bid: quotesNothing || bidIv !== undefined, ask: quotesNothing || askIv !== undefined },
        },
      ];
    });
  });
}

function sizeCoins({ leg: { quantity }, state }: { readonly leg: Leg; readonly state: ContractState }): number {
  const isUsd = state.option === null && state.instrument.settlement === 'coin';
  return Math.abs(isUsd ? quantity / state.forward : quantity);
}

/** The largest of 1, 2 or 5 times a power of ten that is not above a size. */
function roundLot(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const digit = size / power;
  return Number(((digit >= 5 - 1e-9 ? 5 : digit >= 2 - 1e-9 ? 2 : 1) * power).toPrecision(6));
}
