import type { SmileRule } from '../domain/scenario.ts';
import type { BookAlong, RuleFigures } from './BookAlong.ts';
import type { Segment } from './coinSegments.ts';
import { type EquitySlice, equitySlices } from './equityTables.ts';
import type { EvenGrid } from './EvenTable.ts';
import { type MarginSlice, MarginTables } from './MarginTables.ts';
import type { VisitedStates } from './pilotWalk.ts';

/** One coin's stretch without expiry, to be tabled at a tolerance; plain data. */
export interface StretchTask {
  readonly coin: number;
  readonly segment: Segment;
  readonly grid: EvenGrid;
  readonly visited: VisitedStates;
  /** What the rule has been asked before, by moment. */
  readonly known: Map<string, RuleFigures>;
  readonly toleranceUsd: number;
  /** Requirements that may be asked for, about. */
  readonly budget: number;
  readonly withEquity: boolean;
}

/** Plain data. */
export interface RefinedStretch {
  readonly margins: readonly MarginSlice[];
  /** False where the budget ran out on the way. */
  readonly isWhole: boolean;
  readonly equity: readonly EquitySlice[] | null;
  readonly known: Map<string, RuleFigures>;
  /** Requirements asked for. */
  readonly evaluations: number;
}

export async function refinedStretch(
  book: BookAlong,
  smile: SmileRule,
  { coin, segment, grid, visited, known, toleranceUsd, budget, withEquity }: StretchTask,
  gate: () => Promise<void>,
): Promise<RefinedStretch> {
  const equity = withEquity ? await equitySlices(book, coin, segment, grid, smile, gate) : null;
  const before = known.size;
  const spent = (): boolean => known.size - before >= budget;
  const tables = new MarginTables(book, coin, segment, grid, visited, known);
  const { slices: margins, isWhole } = await tables.refined({ toleranceUsd, spent, gate });
  return { margins, isWhole, equity, known, evaluations: known.size - before };
}
