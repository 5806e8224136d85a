import { parseInstrument } from './domain/instrument.ts';
import type { Leg, Portfolio } from './domain/portfolio.ts';

/**
 * What a trade adds to a book, as a book of its own: the legs that are new, the change of those that are resized or closed, and
 * what its premium changes of the collateral. Its P&L in any scenario is that of the book after less that of the book before.
 */
export function addedBook(before: Portfolio, after: Portfolio): Portfolio {
  const ids = new Set([...before.legs, ...after.legs].map(({ id }) => id));
  const legs = [...ids].flatMap((id): Leg[] => {
    const old = before.legs.find((leg) => leg.id === id);
    const next = after.legs.find((leg) => leg.id === id);
    if (old === undefined || next === undefined || old.instrument === next.instrument) {
      return addedLeg(old, next);
    }
    return [...addedLeg(old, undefined), ...addedLeg(undefined, { ...next, id: `${id}'` })];
  });
  const assets = new Set([...before.collateral, ...after.collateral].map(({ asset }) => asset));
  const held = ({ collateral }: Portfolio, asset: string) =>
    collateral.find((holding) => holding.asset === asset)?.quantity ?? 0;
  return {
    name: after.name,
    legs,
    collateral: [...assets]
      .map((asset) => ({ asset, quantity: held(after, asset) - held(before, asset) }))
      .filter(({ quantity }) => quantity !== 0),
  };
}

function addedLeg(old: Leg | undefined, next: Leg | undefined): Leg[] {
  const quantity = (next?.quantity ?? 0) - (old?.quantity ?? 0);
  if (quantity === 0) return [];
  const { id, instrument } = (next ?? old)!;
  const entryPrice = addedEntryPrice(old, next, quantity);
  return [{ id, instrument, quantity, ...(entryPrice === null ? {} : { entryPrice }) }];
}

/**
 * The price at which the added quantity has the profit that the change of the leg has: the mean of linear contracts adds up by
 * quantity, that of inverse ones, whose profit is linear in 1 / price, by quantity over price. Null where there is none.
 */
function addedEntryPrice(old: Leg | undefined, next: Leg | undefined, quantity: number): number | null {
  const parsed = parseInstrument((next ?? old)!.instrument);
  const legs = [next, old].filter((leg) => leg !== undefined);
  if (!parsed.ok || legs.some(({ entryPrice }) => entryPrice === undefined || entryPrice === 0)) return null;
  const isInverseFuture = parsed.value.product !== 'option' && parsed.value.settlement === 'coin';
  const sum = (leg: Leg | undefined) =>
    leg === undefined ? 0 : isInverseFuture ? leg.quantity / leg.entryPrice! : leg.quantity * leg.entryPrice!;
  const change = sum(next) - sum(old);
  const price = isInverseFuture ? quantity / change : change / quantity;
  return Number.isFinite(price) && price > 0 ? price : null;
}
