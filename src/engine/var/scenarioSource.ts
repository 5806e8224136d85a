import type { Notice } from '../domain/marketSummary.ts';
import type { VarRequest } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import { historicalScenarios } from '../scenario/historicalScenarios.ts';
import type { JointMoves } from '../scenario/jointMoves.ts';
import { ellipticalGenerator, type ScenarioGenerator } from '../scenario/monteCarloScenarios.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';

/** Outcomes that a history lists. */
export interface ListedOutcomes {
  readonly set: ScenarioSet;
  readonly notices: readonly Notice[];
  /** What the outcomes are scaled with; null where they are the history's own. */
  readonly estimates: ScenarioEstimates | null;
}

/** The outcomes of a historical method. Filters that are fitted by a search are loaded when first asked for. */
export async function listedOutcomes(
  moves: JointMoves,
  request: VarRequest,
  filtered: boolean,
): Promise<ListedOutcomes> {
  const { marketId, horizonDays, smile } = request;
  if (!filtered) {
    const { set, notices } = historicalScenarios(moves, { marketId, horizonDays, smile, filtered: false });
    return { set, notices, estimates: null };
  }
  const { filteredScenarios } = await import('../scenario/filteredScenarios.ts');
  return filteredScenarios(moves, {
    marketId,
    horizonDays,
    smile,
    filter: request.filter ?? 'riskmetrics',
    fallback: request.filterFallback ?? null,
    estimates: request.estimates ?? {},
  });
}

/** How a Monte Carlo request draws its moves. Generators that are fitted by a search are loaded when first asked for. */
export async function scenarioGenerator(
  market: PreparedMarket,
  moves: JointMoves,
  request: VarRequest,
): Promise<ScenarioGenerator> {
  const { distribution } = request;
  const asked = { ...request, estimates: request.estimates ?? {} };
  if (distribution === 'normal' || distribution === 'student-t') return ellipticalGenerator(moves, asked);
  const { calibratedGenerator } = await import('../scenario/calibratedGenerator.ts');
  return calibratedGenerator(market, moves, { ...asked, distribution });
}

/** Some scenarios of a set, in the order asked for. */
export function chosenScenarios(set: ScenarioSet, outcomes: Int32Array): ScenarioSet {
  const count = outcomes.length;
  const columns = (rows: Float64Array): Float64Array => {
    const taken = new Float64Array(set.underlyings.length * count);
    for (let u = 0; u < set.underlyings.length; u += 1)
      for (let i = 0; i < count; i += 1) taken[u * count + i] = rows[u * set.count + outcomes[i]!]!;
    return taken;
  };
  return {
    ...set,
    id: `${set.id}|${outcomes.join(',')}`,
    count,
    spotMove: columns(set.spotMove),
    volShock: columns(set.volShock),
  };
}
