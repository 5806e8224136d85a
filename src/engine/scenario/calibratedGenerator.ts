import type { CopulaMargins, VarDistribution } from '../domain/riskReport.ts';
import type { EstimateOverrides } from '../domain/scenarioEstimates.ts';
import type { JointMoves } from './jointMoves.ts';
import { type MertonFit, mertonFit, mertonGenerator } from './mertonMoves.ts';
import type { MonteCarloRequest, ScenarioGenerator } from './monteCarloScenarios.ts';
import type { PreparedMarket } from './preparedMarket.ts';

export interface CalibratedRequest extends MonteCarloRequest {
  readonly distribution: Exclude<VarDistribution, 'normal' | 'student-t'>;
  readonly copulaMargins?: CopulaMargins;
  readonly estimates: EstimateOverrides;
}

/** The generators that are fitted by a search. A fit is made once for a market and its underlyings; overrides come after it. */
export function calibratedGenerator(
  market: PreparedMarket,
  moves: JointMoves,
  request: CalibratedRequest,
): ScenarioGenerator {
  const fit = <T>(name: string, make: () => T): T => remembered(market, `${name}|${moves.underlyings.join(',')}`, make);
  return mertonGenerator(
    moves,
    fit('merton', (): MertonFit => mertonFit(moves)),
    request,
  );
}

const fits = new WeakMap<PreparedMarket, Map<string, unknown>>();

function remembered<T>(market: PreparedMarket, key: string, make: () => T): T {
  const known = fits.get(market) ?? new Map<string, unknown>();
  fits.set(market, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
}
