import type { PathPosition } from '../scenario/pathPositions.ts';
import type { PathValuation } from '../scenario/pathValuation.ts';
import type { PathRow } from '../scenario/pathPlan.ts';
import type { OutcomeReading } from './outcomeReader.ts';

/** Mean P&L of each position over a window of outcomes, which are paths; each distinct row is valued once. */
export function positionMeans(
  positions: readonly PathPosition[],
  valuation: PathValuation,
  { outcomes, weights }: OutcomeReading['window'],
): number[] {
  const { rows, parts } = distinctRows(positions);
  const means = new Float64Array(rows.length);
  const total = weights === null ? outcomes.length : weights.reduce((sum, weight) => sum + weight, 0);
  valuation.rowPnl(rows, outcomes, (pnl, row) => {
    let sum = 0;
    for (let s = 0; s < pnl.length; s += 1) sum += pnl[s]! * (weights?.[s] ?? 1);
    means[row] = sum / total;
  });
  return parts.map((held) => held.reduce((sum, { row, units }) => sum + units * means[row]!, 0));
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
