import type {
  CliffExpiry,
  CliffLeg,
  CliffState,
  ExpiryCliffReport,
  ExpiryCliffRequest,
  LostHedge,
} from '../domain/decideReport.ts';
import type { Leg } from '../domain/portfolio.ts';
import type { CollateralRisk } from '../domain/riskReport.ts';
import type { Scenario } from '../domain/scenario.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../domain/units.ts';
import type { MarketRule } from '../margin/marketRule.ts';
import { sum } from '../numerics/sum.ts';
import type { BookPositions, CoinPosition, LegPosition } from '../scenario/bookPositions.ts';
import { legsValueUsd, shiftedBook } from '../scenario/shiftedBook.ts';
import { bookMargin, portfolioMargins } from './portfolioMargins.ts';

/** So long before an expiry, and after it. */
const MOMENT_MS = 60_000;
/** A requirement that rises by less than this share of itself, or by less than a dollar, is no cliff. */
const NOTED_RISE = 0.01;

/**
 * Margin through each coming expiry of a book. Time passes, spot and every strike's vol stay as they are or as the pinned
 * scenario has them, the carry of forwards runs off. What expires settles for its intrinsic value at the index of that moment,
 * futures for their profit, and becomes collateral in the coin, or the USDC, that it settles in. Nothing else is traded.
 * @throws RiskError when the rule cannot take the book.
 */
export function expiryCliff(rule: MarketRule, { marketId, book, pin }: ExpiryCliffRequest): ExpiryCliffReport {
  const asOf = rule.market.snapshot.asOf;
  const held = portfolioMargins(rule).positions(book);
  const { movers = 'all', ...scenario }: Scenario & { movers?: string } = pin ?? STANDING;
  const bookAt = (time: Timestamp) =>
    settledBook(shiftedBook(held, { ...scenario, days: Math.max(0, time - asOf) / MILLISECONDS_PER_DAY }, movers));
  const dates = new Set(
    held.legs.flatMap(({ state: { instrument } }) => (instrument.product === 'perpetual' ? [] : [instrument.expiry])),
  );
  return {
    marketId,
    model: rule.model.id,
    asOf,
    now: bookMargin(bookAt(asOf), rule),
    expiries: [...dates]
      .sort((a, b) => a - b)
      .map((expiry) => throughExpiry(rule, expiry, bookAt(expiry - MOMENT_MS), bookAt(expiry + MOMENT_MS))),
    leftOut: held.unpriced.map(({ leg }) => leg.id),
  };
}

const STANDING: Scenario = { spotMove: 0, volShock: 0, volUnit: 'relative', days: 0, smile: 'sticky-strike' };

function throughExpiry(rule: MarketRule, expiry: Timestamp, before: BookPositions, later: SettledBook): CliffExpiry {
  const isExpiring = ({ state: { instrument } }: LegPosition) =>
    instrument.product !== 'perpetual' && instrument.expiry === expiry;
  const [standing, after]: [CliffState, CliffState] = [bookMargin(before, rule), bookMargin(later, rule)];
  const rise = after.initialMarginUsd - standing.initialMarginUsd;
  const isCliff = rise > Math.max(1, NOTED_RISE * standing.initialMarginUsd);
  return {
    expiry,
    before: standing,
    after,
    expired: later.settled.filter(isExpiring).map(({ leg, valueUsd }) => ({ ...named(leg), settlementUsd: valueUsd })),
    lostHedges: isCliff ? lostHedges(rule, before, isExpiring) : [],
  };
}

function named({ id, instrument, quantity }: Leg): CliffLeg {
  return { id, instrument, quantity };
}

interface SettledBook extends BookPositions {
  /** Legs that have become money. */
  readonly settled: readonly LegPosition[];
}

/** The book once what has expired is money: coins of coin-settled legs, USDC of the others. Its equity stays the same. */
function settledBook(book: BookPositions): SettledBook {
  const settled = book.legs.filter(({ state }) => state.timeToExpiryYears <= 0);
  if (settled.length === 0) return { ...book, settled };
  const legs = book.legs.filter((leg) => !settled.includes(leg));
  let coins = book.coins;
  let collateral = book.collateral;
  for (const { state, valueUsd } of settled) {
    const { settlement, underlying } = state.instrument;
    const [asset, price] = settlement === 'coin' ? [underlying, state.index] : ['USDC', state.usdcPrice];
    if (settlement === 'coin') coins = withCoins(coins, underlying, valueUsd / price, price);
    collateral = withCollateral(collateral, asset, valueUsd / price, valueUsd);
  }
  const collateralUsd = sum(collateral.map((holding) => holding.valueUsd ?? 0));
  return {
    ...book,
    legs,
    coins,
    collateral,
    collateralUsd,
    equityUsd: collateralUsd + legsValueUsd({ legs }),
    settled,
  };
}

function withCoins(coins: readonly CoinPosition[], symbol: string, quantity: number, index: number): CoinPosition[] {
  return coins.some((coin) => coin.symbol === symbol)
    ? coins.map((coin) => (coin.symbol === symbol ? { ...coin, quantity: coin.quantity + quantity } : coin))
    : [...coins, { id: `collateral:${symbol}`, symbol, quantity, index }];
}

function withCollateral(
  collateral: readonly CollateralRisk[],
  asset: string,
  quantity: number,
  valueUsd: number,
): CollateralRisk[] {
  return collateral.some((holding) => holding.asset === asset)
    ? collateral.map((holding) =>
        holding.asset === asset
          ? { asset, quantity: holding.quantity + quantity, valueUsd: (holding.valueUsd ?? 0) + valueUsd }
          : holding,
      )
    : [...collateral, { asset, quantity, valueUsd }];
}

/**
 * Expiring legs without which the rule asks for more, each with what it protects: of the legs and coins that live on, the one
 * without which the hedge would be worth least.
 */
function lostHedges(
  rule: MarketRule,
  before: BookPositions,
  isExpiring: (leg: LegPosition) => boolean,
): readonly LostHedge[] {
  const margin = (without: readonly unknown[]) => {
    const legs = before.legs.filter((leg) => !without.includes(leg));
    const coins = before.coins.filter((coin) => !without.includes(coin));
    const equityUsd = before.collateralUsd + legsValueUsd({ legs });
    return bookMargin({ ...before, legs, coins, equityUsd }, rule).initialMarginUsd;
  };
  const whole = margin([]);
  const living = [
    ...before.legs.filter((leg) => !isExpiring(leg)).map((leg) => ({ item: leg, what: named(leg.leg) })),
    ...before.coins.map((coin) => ({
      item: coin,
      what: { id: coin.id, instrument: coin.symbol, quantity: coin.quantity },
    })),
  ].map((each) => ({ ...each, marginUsd: margin([each.item]) }));
  return before.legs.filter(isExpiring).flatMap((hedge): LostHedge[] => {
    const worthUsd = margin([hedge]) - whole;
    if (!(worthUsd > Math.max(1, NOTED_RISE * whole))) return [];
    const protections = living.map(({ item, what, marginUsd }) => ({
      what,
      shareUsd: worthUsd - (margin([hedge, item]) - marginUsd),
    }));
    const most = protections.reduce<(typeof protections)[number] | null>(
      (top, each) => (each.shareUsd > (top?.shareUsd ?? 0) ? each : top),
      null,
    );
    return most === null ? [] : [{ hedge: named(hedge.leg), protects: most.what, worthUsd }];
  });
}
