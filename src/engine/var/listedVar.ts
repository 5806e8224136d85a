import { blocks, type RunControl } from '../domain/RunControl.ts';
import type { VarRequest } from '../domain/riskReport.ts';
import { type Exposure, totalPnl } from './exposures.ts';
import type { OutcomeReader } from './outcomeReader.ts';
import { chosenScenarios, type ListedOutcomes } from './scenarioSource.ts';
import { addedBy, incrementalVar, outcomeFigures, type VarFigures } from './varFigures.ts';

/** Position P&Ls kept for incremental VaR, 64 MB of them; a longer history has them computed once more instead. */
const MOST_KEPT = 8_000_000;

/** Figures of a book in the history's own outcomes, each revalued. Null when cancelled. */
export async function listedVar(
  positions: readonly Exposure[],
  former: readonly Exposure[],
  { set, estimates }: ListedOutcomes,
  request: VarRequest,
  reader: OutcomeReader,
  control: RunControl<unknown>,
): Promise<VarFigures | null> {
  const { onProgress: _unheard, ...rest } = control;
  const goesOn = blocks(rest);
  const pnl = new Float64Array(set.count);
  const kept = positions.length * set.count <= MOST_KEPT ? positions.map((): Float64Array | null => null) : null;
  for (const [i, position] of positions.entries()) {
    if (!(await goesOn(0))) return null;
    const row = position.pnl(set);
    for (let s = 0; s < row.length; s += 1) pnl[s] = pnl[s]! + row[s]!;
    if (kept !== null) kept[i] = row;
  }
  const reading = reader.read(pnl);
  const window = chosenScenarios(set, reading.window.outcomes);
  const means = positions.map((position) => weightedMean(position.pnl(window), reading.window.weights));
  const figures = outcomeFigures(positions, means, { count: set.count, estimates }, reading, request);
  const byPosition = [];
  for (const [i, row] of figures.byPosition.entries()) {
    if (!(await goesOn(0))) return null;
    const own = kept?.[i] ?? positions[i]!.pnl(set);
    const incrementalVaRUsd = incrementalVar(pnl, own, positions.length === 1, figures.valueAtRiskUsd, reader);
    byPosition.push({ ...row, incrementalVaRUsd });
  }
  const incremental =
    request.before === undefined ? {} : { incremental: addedBy(figures, reader.figures(totalPnl(former, set))) };
  return { ...figures, ...incremental, byPosition };
}

function weightedMean(values: Float64Array, weights: Float64Array | null): number {
  if (weights === null) return values.reduce((sum, value) => sum + value, 0) / values.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total;
}
