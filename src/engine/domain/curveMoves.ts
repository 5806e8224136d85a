import { parseInstrument } from './instrument.ts';
import type { Portfolio } from './portfolio.ts';

/** How far the curves reach to both sides, and how far they are fine. */
export const CURVE_REACH = 0.6;
const CURVE_FINE_REACH = 0.25;
const CURVE_FINE_STEP = 0.01;
const CURVE_COARSE_STEP = 0.025;
/** So many strikes get a point of their own on the curves, where an expiry's P&L has its kinks. */
const MOST_KINKS = 40;

/** Relative spot moves, ascending: fine near the spot, coarse far away, and one at each strike of the book. */
export function curveMoves(book: Portfolio, symbol: string, index: number): readonly number[] {
  const moves = new Set<number>();
  const fine = Math.round(CURVE_FINE_REACH / CURVE_FINE_STEP);
  for (let step = -fine; step <= fine; step += 1) moves.add(step / Math.round(1 / CURVE_FINE_STEP));
  const coarse = Math.round((CURVE_REACH - CURVE_FINE_REACH) / CURVE_COARSE_STEP);
  for (let step = 1; step <= coarse; step += 1) {
    const move = CURVE_FINE_REACH + step / Math.round(1 / CURVE_COARSE_STEP);
    moves.add(move).add(-move);
  }
  const kinks = new Set<number>();
  for (const leg of book.legs) {
    const parsed = parseInstrument(leg.instrument);
    if (parsed.ok && parsed.value.product === 'option' && parsed.value.underlying === symbol)
      kinks.add(parsed.value.strike / index - 1);
  }
  for (const kink of [...kinks].slice(0, MOST_KINKS)) if (Math.abs(kink) < CURVE_REACH) moves.add(kink);
  return [...moves].sort((a, b) => a - b);
}
