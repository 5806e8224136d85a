import type { Settlement } from '../../engine/domain/instrument.ts';
import type { ChainReport, ChainSide } from '../../engine/domain/riskReport.ts';
import type { Unit } from '../../state/AppState.ts';
import { decimal } from '../../ui/format.ts';

/** How one chain's prices are written: in coin or USD, with the decimals its coin needs. */
export interface QuoteStyle {
  /** From the instruments' own quote unit to the one shown. */
  readonly rate: number;
  readonly digits: number;
  readonly symbol: string;
}

/** Coin-settled options are quoted in coin, linear ones in USDC; `usdcPrice` is USD per USDC. */
export function quoteStyle(
  chain: Pick<ChainReport, 'underlying' | 'index'>,
  settlement: Settlement,
  unit: Unit,
  usdcPrice: number,
): QuoteStyle {
  const { index, underlying } = chain;
  if (unit === 'usd') {
    const digits = index >= 10_000 ? 0 : index >= 1000 ? 1 : 2;
    return { rate: settlement === 'coin' ? index : usdcPrice, digits, symbol: 'USD' };
  }
  return { rate: settlement === 'coin' ? 1 : usdcPrice / index, digits: 4, symbol: underlying };
}

/** A price as the chain shows it; what is missing says so. */
export function quoteText(price: number | null, style: QuoteStyle): string {
  return price === null ? 'not quoted' : decimal(price * style.rate, style.digits);
}

/** The row after which the index lies: the first strike above it, or the number of rows when all lie below. */
export function firstRowAbove(rows: readonly { readonly strike: number }[], index: number): number {
  const at = rows.findIndex(({ strike }) => strike > index);
  return at < 0 ? rows.length : at;
}

/** Quantities by instrument, for the tags beside the strikes. */
export function quantityByInstrument(
  lines: readonly { readonly instrument: string; readonly quantity: number }[],
): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { instrument, quantity } of lines)
    quantities.set(instrument, (quantities.get(instrument) ?? 0) + quantity);
  return quantities;
}

/** The price that a click on a side takes. */
export function sidePrice(side: ChainSide, quote: 'bid' | 'ask'): number | null {
  return quote === 'bid' ? side.bid : side.ask;
}
