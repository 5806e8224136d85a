import type { SmileRule } from '../domain/scenario.ts';
import { unitPnlRow } from '../scenario/unitPnl.ts';
import { type BookAlong, scenarioColumns } from './BookAlong.ts';
import type { Segment } from './coinSegments.ts';
import { axisValue, evenAxis, type EvenGrid, refinedRow } from './EvenTable.ts';

export interface EquitySlice {
  readonly days: number;
  readonly table: Float64Array;
}

/** Vols at which legs are valued; the table's rows are read off them by a cubic. */
const VALUED_VOLS = 7;
/** Times before an expiry at which curvature asks for a table, days. */
const BEFORE_EXPIRY = [1 / 24, 2.5 / 24, 6 / 24, 14 / 24];

/** When the legs of a coin are valued: at least once a day, denser before an expiry. */
function equityTimes({ fromDays, toDays, endsInExpiry }: Segment): number[] {
  const times = new Set([fromDays, toDays]);
  for (let day = Math.floor(fromDays) + 1; day < toDays; day += 1) times.add(day);
  if (endsInExpiry) for (const before of BEFORE_EXPIRY) if (toDays - before > fromDays) times.add(toDays - before);
  return [...times].sort((a, b) => a - b);
}

/** What a coin is worth over a stretch. */
export async function equitySlices(
  book: BookAlong,
  coin: number,
  segment: Segment,
  grid: EvenGrid,
  smile: SmileRule,
  gate: () => Promise<void>,
): Promise<readonly EquitySlice[]> {
  const slices: EquitySlice[] = [];
  for (const days of equityTimes(segment)) {
    slices.push({ days, table: equityTable(book, coin, segment, grid, days, smile) });
    await gate();
  }
  return slices;
}

/** Value of a coin's living legs and of the coin held as collateral over a grid at one time, USD. */
function equityTable(
  book: BookAlong,
  coin: number,
  { settledUntil }: Segment,
  grid: EvenGrid,
  days: number,
  smile: SmileRule,
): Float64Array {
  const { spot, vol } = grid;
  const valued = evenAxis(vol.from, axisValue(vol, vol.count - 1), VALUED_VOLS);
  const size = spot.count * VALUED_VOLS;
  const x = Float64Array.from({ length: size }, (_, i) => axisValue(spot, i % spot.count));
  const y = Float64Array.from({ length: size }, (_, i) => axisValue(valued, Math.floor(i / spot.count)));
  const rows = new Float64Array(size);
  const set = scenarioColumns(book.coins[coin]!, x, y, days, smile);
  for (const { leg, state, valueUsd, unrealisedCoins } of book.living(coin, settledUntil)) {
    const gain = unitPnlRow(state, set, book.market.kernels);
    for (let i = 0; i < size; i += 1)
      rows[i] = rows[i]! + valueUsd + leg.quantity * gain[i]! + unrealisedCoins * state.index * set.spotMove[i]!;
  }
  for (const held of book.book.coins) {
    if (held.symbol !== book.coins[coin]) continue;
    for (let i = 0; i < size; i += 1) rows[i] = rows[i]! + held.quantity * held.index * (1 + set.spotMove[i]!);
  }
  const table = new Float64Array(spot.count * vol.count);
  for (let column = 0; column < spot.count; column += 1) {
    const values = Array.from({ length: VALUED_VOLS }, (_, row) => rows[row * spot.count + column]!);
    refinedRow(values, vol.count).forEach((value, row) => {
      table[row * spot.count + column] = value;
    });
  }
  return table;
}
