import { parseInstrument } from '../../engine/domain/instrument.ts';
import type { UnpricedTrade } from './useTradeDesk.ts';

export interface PastedLegs {
  readonly trades: readonly UnpricedTrade[];
  /** Lines that are no leg, and why. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const MAX_LINES = 500;
const MAX_QUANTITY = 1e9;

/**
 * Legs from pasted text, one a line: an instrument name and a signed quantity in either order, then at most one price, apart by
 * comma, semicolon, tab or spaces. A head line (`instrument,quantity,entryPrice`) and empty lines are passed over, and so are
 * collateral rows with a problem that says so.
 */
export function parsePastedLegs(text: string): PastedLegs {
  const trades: UnpricedTrade[] = [];
  const problems: { line: number; message: string }[] = [];
  const lines = text.split(/\r?\n/);
  if (lines.length > MAX_LINES)
    return { trades, problems: [{ line: MAX_LINES + 1, message: `At most ${MAX_LINES} lines can be pasted` }] };
  for (const [at, line] of lines.entries()) {
    const cells = line
      .split(/[,;\t]|\s+/)
      .map((cell) =>
        cell
          .trim()
          .replace(/^["']|["']$/g, '')
          .replace(/^[−–]/, '-'),
      )
      .filter((cell) => cell !== '' && cell !== 'x' && cell !== '×');
    if (cells.length === 0 || /^(instrument|symbol|id|name)$/i.test(cells[0]!)) continue;
    const leg = pastedLeg(cells);
    if (typeof leg === 'string') problems.push({ line: at + 1, message: leg });
    else trades.push(leg);
  }
  return { trades, problems };
}

function pastedLeg(cells: readonly string[]): UnpricedTrade | string {
  const nameAt = cells.findIndex((cell) => /^[a-z]/i.test(cell));
  if (nameAt < 0) return 'No instrument. Write a line like -10 BTC-27JUN25-100000-P';
  const name = cells[nameAt]!;
  const numbers = cells.filter((_, at) => at !== nameAt).map(Number);
  const parsed = parseInstrument(name);
  if (!parsed.ok)
    return /^[a-z]{2,10}$/i.test(name)
      ? `${name.toUpperCase()} is collateral, not a trade. Open the file as a book instead`
      : parsed.failure.message;
  const [quantity, price] = numbers;
  if (quantity === undefined) return `How many ${parsed.value.name}? Add a signed quantity`;
  if (!numbers.every(Number.isFinite)) return `"${cells.filter((_, at) => at !== nameAt).join(' ')}" is not a number`;
  if (quantity === 0) return `The quantity of ${parsed.value.name} is zero`;
  if (Math.abs(quantity) > MAX_QUANTITY) return `The quantity of ${parsed.value.name} is more than 1,000,000,000`;
  if (numbers.length > 2) return 'A line has an instrument, a quantity and at most one price';
  if (price !== undefined && !(price > 0)) return `The price of ${parsed.value.name} must be above zero`;
  return { instrument: parsed.value.name, quantity, ...(price === undefined ? {} : { price }) };
}
