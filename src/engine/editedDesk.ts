import type { EditedReport, EditedRequest } from './domain/editedReport.ts';
import type { ScenarioSet } from './domain/scenario.ts';
import { evaluate } from './evaluate.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import { gridScenarios } from './scenario/gridScenarios.ts';
import { jointMoves } from './scenario/jointMoves.ts';
import { drawnScenarios } from './scenario/drawnScenarios.ts';
import { ellipticalGenerator } from './scenario/monteCarloScenarios.ts';
import type { PreparedMarket } from './scenario/preparedMarket.ts';
import { type ScenarioCube, scenarioCube } from './scenario/scenarioCube.ts';
import type { UnitPnlRows } from './scenario/unitPnlCache.ts';
import { exposures, underlyingsOf } from './var/exposures.ts';
import {
  checkOutcomes,
  expectedShortfallError,
  expectedShortfallOf,
  valueAtRiskError,
  valueAtRiskOf,
  worstRead,
} from './var/tailRisk.ts';

/** Answers edits of a book in one market, from rows that it prices once. */
export interface EditedDesk {
  /** @throws RiskError as `evaluate` and `valueAtRisk` do. */
  edited(request: EditedRequest, library: readonly MarginModel[]): EditedReport;
}

/** @param now a clock in milliseconds; only `elapsedMs` reads it. */
export function editedDesk(market: PreparedMarket, rows: UnitPnlRows, now: () => number): EditedDesk {
  const drawn = remembered((set: ScenarioSet) => scenarioCube(set, rows));
  const cells = remembered((set: ScenarioSet) => scenarioCube(set, rows));
  return {
    edited(request, library) {
      const started = now();
      const report = evaluate(market, request, rows, now, library);
      const book = bookPositions(market, request.proposed ?? request.book);
      const coins = underlyingsOf(exposures(book));
      const { moves, stress } = request;
      const grid = cells(JSON.stringify([stress, coins]), () => gridScenarios(stress, coins));
      const gridPnl = grid.pnl({ ...book, coins: [] });
      const gridPnlUsd = stress.vol.map((_, v) => gridPnl.slice(v * stress.spot.length, (v + 1) * stress.spot.length));
      if (coins.length === 0) {
        const nothing = { valueAtRiskUsd: 0, expectedShortfallUsd: 0, standardError: null };
        return { report, ...nothing, gridPnlUsd, elapsedMs: now() - started };
      }
      const cube = drawn(JSON.stringify([moves, coins]), () => movesOf(market, moves, coins));
      return { report, ...tailOf(cube.pnl(book), moves.confidence, market), gridPnlUsd, elapsedMs: now() - started };
    },
  };
}

function tailOf(
  pnl: Float64Array,
  confidence: number,
  { kernels }: PreparedMarket,
): Pick<EditedReport, 'valueAtRiskUsd' | 'expectedShortfallUsd' | 'standardError'> {
  checkOutcomes(pnl);
  const { length } = pnl;
  const worst = kernels.smallest(pnl, worstRead(length, confidence, confidence));
  return {
    valueAtRiskUsd: valueAtRiskOf(worst, confidence, length),
    expectedShortfallUsd: expectedShortfallOf(worst, confidence, length),
    standardError: {
      valueAtRiskUsd: valueAtRiskError(worst, confidence, length).standardError,
      expectedShortfallUsd: expectedShortfallError(worst, confidence, length).standardError,
    },
  };
}

/** The cube asked for last, and under what name. */
function remembered(
  cubeOf: (set: ScenarioSet) => ScenarioCube,
): (key: string, made: () => ScenarioSet) => ScenarioCube {
  let last: { readonly key: string; readonly cube: ScenarioCube } | null = null;
  return (key, made) => {
    if (last?.key !== key) last = { key, cube: cubeOf(made()) };
    return last.cube;
  };
}

function movesOf(market: PreparedMarket, asked: EditedRequest['moves'], coins: readonly string[]): ScenarioSet {
  const moves = jointMoves(market.snapshot, coins, 'Monte Carlo VaR');
  const smile = 'sticky-strike';
  const { draws } = ellipticalGenerator(moves, { ...asked, smile, estimates: {} });
  return drawnScenarios(draws, moves.underlyings, asked.paths, smile, market.kernels);
}
