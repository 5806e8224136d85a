import { blocks, type RunControl } from '../domain/RunControl.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { PositionVar } from '../domain/riskReport.ts';
import type { PathPosition } from '../scenario/pathPositions.ts';
import { PATHS_AT_ONCE, type PathValuation } from '../scenario/pathValuation.ts';
import type { OutcomeReader } from './outcomeReader.ts';
import { distinctRows } from './positionMeans.ts';
import { incrementalVar, type VarFigures } from './varFigures.ts';

/** Position P&Ls that are computed once more and held for incremental VaR, 32 MB of them. */
const MOST_HELD = 4_000_000;

/**
 * The rows of a report with what VaR would lack without each position, in the same paths. It takes every position's P&L in every
 * path, so a run of more than `MOST_HELD` of these reads it from the first paths only, and adds a notice. Null when cancelled.
 */
export async function incrementalRows(
  positions: readonly PathPosition[],
  valuation: PathValuation,
  pnl: Float64Array,
  { byPosition, valueAtRiskUsd }: Pick<VarFigures, 'byPosition' | 'valueAtRiskUsd'>,
  reader: OutcomeReader,
  notices: Notice[],
  control: RunControl<unknown>,
): Promise<PositionVar[] | null> {
  const { onProgress: _unheard, ...rest } = control;
  const goesOn = blocks(rest);
  const count = Math.min(pnl.length, Math.floor(MOST_HELD / Math.max(positions.length, 1)));
  const { rows, parts } = distinctRows(positions);
  const holders = rows.map((): { position: number; units: number }[] => []);
  for (const [position, held] of parts.entries())
    for (const { row, units } of held) holders[row]!.push({ position, units });
  const own = positions.map(() => new Float64Array(count));
  for (let from = 0; from < count; from += PATHS_AT_ONCE) {
    const paths = Int32Array.from({ length: Math.min(PATHS_AT_ONCE, count - from) }, (_, i) => from + i);
    valuation.rowPnl(rows, paths, (unit, row) => {
      for (const { position, units } of holders[row]!) {
        const total = own[position]!;
        for (let s = 0; s < unit.length; s += 1) total[from + s] = total[from + s]! + units * unit[s]!;
      }
    });
    if (!(await goesOn(0))) return null;
  }
  const first = pnl.subarray(0, count);
  const whole = count === pnl.length ? valueAtRiskUsd : reader.valueAtRisk(first);
  if (count < pnl.length) {
    notices.push({
      severity: 'info',
      message: `Incremental VaR is read from the first ${count} of ${pnl.length} paths, so that its own error is larger`,
    });
  }
  const found: PositionVar[] = [];
  for (const [i, row] of byPosition.entries()) {
    const incrementalVaRUsd =
      whole === null ? null : incrementalVar(first, own[i]!, positions.length === 1, whole, reader);
    found.push({ ...row, incrementalVaRUsd });
    if (!(await goesOn(0))) return null;
  }
  return found;
}
