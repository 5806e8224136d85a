import type { ChainSide } from '../engine/domain/riskReport.ts';
import type { Trade } from '../engine/domain/trade.ts';

export type PriceKind = 'bid' | 'ask' | 'mark';

/** Where a trade of this sign takes place: sells at the bid, buys at the ask, at mark where that quote is missing. */
export function tradePrice(
  side: ChainSide,
  quantity: number,
): { readonly price: number; readonly kind: PriceKind } | null {
  const quote = quantity < 0 ? side.bid : side.ask;
  if (quote !== null) return { price: quote, kind: quantity < 0 ? 'bid' : 'ask' };
  return side.mark === null ? null : { price: side.mark, kind: 'mark' };
}

/**
 * The trades with one more: the same instrument joins its earlier trade, opposite quantities net, and a trade that nets to
 * zero goes. The price follows the larger side; equal sides average by quantity.
 */
export function withTrade(trades: readonly Trade[], added: Trade): readonly Trade[] {
  const held = trades.find((trade) => trade.instrument === added.instrument);
  if (held === undefined) return [...trades, added];
  const quantity = Number((held.quantity + added.quantity).toPrecision(12));
  if (quantity === 0) return trades.filter((trade) => trade !== held);
  return trades.map((trade) => (trade === held ? { ...held, quantity, price: joinedPrice(held, added) } : trade));
}

function joinedPrice(held: Trade, added: Trade): number | null {
  if (Math.sign(held.quantity) !== Math.sign(added.quantity))
    return Math.abs(held.quantity) >= Math.abs(added.quantity) ? held.price : added.price;
  if (held.price === null || added.price === null || held.price === added.price) return added.price;
  return (held.price * held.quantity + added.price * added.quantity) / (held.quantity + added.quantity);
}
