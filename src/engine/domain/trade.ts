import { parseInstrument } from './instrument.ts';
import type { CollateralHolding, Leg, Portfolio } from './portfolio.ts';

/** A trade that is proposed or done: a signed quantity of one instrument at a price in its own quote unit. */
export interface Trade {
  readonly instrument: string;
  readonly quantity: number;
  /** Null when no price is known: the leg is then added without cash, and its entry price stays open. */
  readonly price: number | null;
}

/**
 * The portfolio after the trades. An option's premium is paid from, or received into, collateral of the coin it settles in
 * (USDC for linear contracts), so that trading at mark leaves equity as it was. Futures cost nothing to enter; what a
 * reduction realises goes to collateral. A trade in an instrument already held changes that leg; a leg that reaches zero
 * leaves the book.
 */
export function afterTrades(
  portfolio: Portfolio,
  trades: readonly Trade[],
  newId: (taken: ReadonlySet<string>) => string = nextLegId,
): Portfolio {
  return trades.reduce((book, trade) => afterTrade(book, trade, newId), portfolio);
}

/** The first of `l1`, `l2`, ... that is not taken. */
export function nextLegId(taken: ReadonlySet<string>): string {
  let n = taken.size + 1;
  while (taken.has(`l${n}`)) n += 1;
  return `l${n}`;
}

function afterTrade(portfolio: Portfolio, trade: Trade, newId: (taken: ReadonlySet<string>) => string): Portfolio {
  if (trade.quantity === 0) return portfolio;
  const parsed = parseInstrument(trade.instrument);
  const held = portfolio.legs.find((leg) => leg.instrument === trade.instrument);
  const settlementAsset = parsed.ok && parsed.value.settlement === 'coin' ? parsed.value.underlying : 'USDC';
  const isOption = parsed.ok && parsed.value.product === 'option';
  const isInverseFuture = parsed.ok && !isOption && parsed.value.settlement === 'coin';

  let cash = isOption && trade.price !== null ? -trade.quantity * trade.price : 0;
  let legs: readonly Leg[];
  if (held === undefined) {
    const id = newId(new Set(portfolio.legs.map((leg) => leg.id)));
    const leg: Leg = { id, instrument: trade.instrument, quantity: trade.quantity, ...entry(trade.price) };
    legs = [...portfolio.legs, leg];
  } else {
    const quantity = held.quantity + trade.quantity;
    const closed =
      Math.sign(held.quantity) === Math.sign(trade.quantity)
        ? 0
        : Math.min(Math.abs(held.quantity), Math.abs(trade.quantity)) * Math.sign(held.quantity);
    if (!isOption && closed !== 0 && held.entryPrice !== undefined && trade.price !== null) {
      cash = isInverseFuture
        ? closed * (1 / held.entryPrice - 1 / trade.price)
        : closed * (trade.price - held.entryPrice);
    }
    const price = entryPriceAfter(held, trade, isInverseFuture);
    const { entryPrice: _replaced, ...rest } = held;
    const next: Leg = { ...rest, quantity, ...entry(price) };
    legs =
      quantity === 0
        ? portfolio.legs.filter((leg) => leg !== held)
        : portfolio.legs.map((leg) => (leg === held ? next : leg));
  }
  return { ...portfolio, legs, collateral: withCash(portfolio.collateral, settlementAsset, cash) };
}

function entry(price: number | null | undefined): { entryPrice?: number } {
  return price === null || price === undefined ? {} : { entryPrice: price };
}

/** Adding averages (harmonically for inverse futures, whose P&L is linear in 1 / price); reducing keeps; turning takes the new price. */
function entryPriceAfter(held: Leg, trade: Trade, isInverseFuture: boolean): number | null | undefined {
  const quantity = held.quantity + trade.quantity;
  if (Math.sign(held.quantity) !== Math.sign(trade.quantity))
    return Math.sign(quantity) === Math.sign(held.quantity) ? held.entryPrice : trade.price;
  if (held.entryPrice === undefined || trade.price === null) return undefined;
  return isInverseFuture
    ? quantity / (held.quantity / held.entryPrice + trade.quantity / trade.price)
    : (held.quantity * held.entryPrice + trade.quantity * trade.price) / quantity;
}

function withCash(
  collateral: readonly CollateralHolding[],
  asset: string,
  amount: number,
): readonly CollateralHolding[] {
  if (amount === 0) return collateral;
  if (!collateral.some((holding) => holding.asset === asset)) return [...collateral, { asset, quantity: amount }];
  return collateral.map((holding) =>
    holding.asset === asset ? { ...holding, quantity: holding.quantity + amount } : holding,
  );
}
