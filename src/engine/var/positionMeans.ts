import type { PathPosition } from '../scenario/pathPositions.ts';
import { PATHS_AT_ONCE, type PathValuation } from '../scenario/pathValuation.ts';
import type { PathRow } from '../scenario/pathPlan.ts';
import type { OutcomeReading } from './outcomeReader.ts';

/** Mean P&L of each position over a window of outcomes, which are paths; each distinct row is valued once. */
export function positionMeans(
  positions: readonly PathPosition[],
  valuation: PathValuation,
  { outcomes, weights }: OutcomeReading['window'],
): number[] {
  const { rows, parts } = distinctRows(positions);
  const sums = new Float64Array(rows.length);
  const total = weights === null ? outcomes.length : weights.reduce((sum, weight) => sum + weight, 0);
  for (let from = 0; from < outcomes.length; from += PATHS_AT_ONCE) {
    valuation.rowPnl(rows, outcomes.subarray(from, from + PATHS_AT_ONCE), (pnl, row) => {
      let sum = sums[row]!;
      for (let s = 0; s < pnl.length; s += 1) sum += pnl[s]! * (weights?.[from + s] ?? 1);
      sums[row] = sum;
    });
  }
  return parts.map((held) => held.reduce((sum, { row, units }) => sum + (units * sums[row]!) / total, 0));
}

/** The rows that positions hold, each once, and what each position holds of them. */
export function distinctRows(positions: readonly PathPosition[]): {
  readonly rows: readonly PathRow[];
  readonly parts: readonly (readonly { readonly row: number; readonly units: number }[])[];
} {
  const rows: PathRow[] = [];
  const places = new Map<string, number>();
  const parts = positions.map(({ holdings }) =>
    holdings.map(({ key, row, units }) => {
      const place = places.get(key) ?? rows.push(row) - 1;
      places.set(key, place);
      return { row: place, units };
    }),
  );
  return { rows, parts };
}
