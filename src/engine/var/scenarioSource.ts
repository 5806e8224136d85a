import type { Notice } from '../domain/marketSummary.ts';
import type { VarRequest } from '../domain/riskReport.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import type { ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import { historicalScenarios } from '../scenario/historicalScenarios.ts';
import type { JointMoves } from '../scenario/jointMoves.ts';
import { ellipticalGenerator, type ScenarioGenerator } from '../scenario/monteCarloScenarios.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';

/** Outcomes by number, made when asked for, so that no more of them than a block is ever held. */
export interface ScenarioSource {
  readonly count: number;
  readonly notices: readonly Notice[];
  /** What the outcomes are drawn with; null where they are the history's own. */
  readonly estimates: ScenarioEstimates | null;
  range(from: number, to: number): ScenarioSet;
  chosen(outcomes: Int32Array): ScenarioSet;
}

/**
 * The outcomes that a request asks for. Generators that are fitted by a search are loaded when first asked for: an edit needs none
 * of them.
 */
export async function scenarioSource(
  market: PreparedMarket,
  moves: JointMoves,
  request: VarRequest,
): Promise<ScenarioSource> {
  const { marketId, horizonDays, smile } = request;
  if (request.method === 'monte-carlo') {
    const generator = await scenarioGenerator(market, moves, request);
    return {
      count: request.paths,
      notices: generator.notices,
      estimates: generator.estimates,
      range: (from, to) => generator.scenarios(span(from, to)),
      chosen: (outcomes) => generator.scenarios(outcomes),
    };
  }
  if (request.method !== 'filtered-historical') {
    const { set, notices } = historicalScenarios(moves, { marketId, horizonDays, smile, filtered: false });
    return listedSource(set, notices, null);
  }
  const { filteredScenarios } = await import('../scenario/filteredScenarios.ts');
  const { set, notices, estimates } = filteredScenarios(moves, {
    marketId,
    horizonDays,
    smile,
    filter: request.filter ?? 'riskmetrics',
    fallback: request.filterFallback ?? null,
    estimates: request.estimates ?? {},
  });
  return listedSource(set, notices, estimates);
}

async function scenarioGenerator(
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

function listedSource(
  set: ScenarioSet,
  notices: readonly Notice[],
  estimates: ScenarioEstimates | null,
): ScenarioSource {
  const chosen = (outcomes: Int32Array): ScenarioSet => chosenScenarios(set, outcomes);
  return { count: set.count, notices, estimates, range: (from, to) => chosen(span(from, to)), chosen };
}

function span(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}

/** Some scenarios of a set, in the order asked for. */
function chosenScenarios(set: ScenarioSet, outcomes: Int32Array): ScenarioSet {
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
