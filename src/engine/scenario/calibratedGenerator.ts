import { type MarketSnapshot, type PriceHistory, underlyingMarket } from '../domain/marketSnapshot.ts';
import type { CopulaMargins, VarDistribution } from '../domain/riskReport.ts';
import type { EstimateOverrides } from '../domain/scenarioEstimates.ts';
import { DAYS_PER_YEAR } from '../domain/units.ts';
import { surfaceVol } from '../surface/smileVol.ts';
import { batesFit, batesGenerator } from './batesPaths.ts';
import type { JointMoves } from './jointMoves.ts';
import { mertonFit, mertonGenerator } from './mertonMoves.ts';
import type { MonteCarloRequest, ScenarioGenerator } from './monteCarloScenarios.ts';
import type { PreparedMarket } from './preparedMarket.ts';
import { tCopulaFit, tCopulaGenerator } from './tCopula.ts';
import { varianceHistory } from './varianceFit.ts';

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
  const fit = <T>(name: string, make: () => T): T => remembered(market.snapshot, moves, name, make);
  switch (request.distribution) {
    case 'jump-diffusion':
      return mertonGenerator(
        moves,
        fit('merton', () => mertonFit(moves)),
        request,
      );
    case 't-copula':
      return tCopulaGenerator(
        moves,
        fit('copula', () => tCopulaFit(moves)),
        { ...request, margins: request.copulaMargins ?? 't' },
      );
    case 'heston':
    case 'bates': {
      const history = fit('variance', () => varianceHistory(market.snapshot, moves));
      const volatilityNow = moves.underlyings.map((symbol) => {
        const surface = market.surfaces.get(symbol);
        return surface === undefined ? null : surfaceVol(surface, INDEX_TENOR_YEARS, 0);
      });
      const withJumps = request.distribution === 'bates';
      return batesGenerator(
        moves,
        fit(request.distribution, () => batesFit(moves, history, withJumps)),
        { ...request, volatilityNow },
      );
    }
  }
}

const INDEX_TENOR_YEARS = 30 / DAYS_PER_YEAR;

/** By the first coin's history, which stays the same object while smiles are edited. */
const fits = new WeakMap<PriceHistory, Map<string, unknown>>();

function remembered<T>(snapshot: MarketSnapshot, { underlyings }: JointMoves, name: string, make: () => T): T {
  const history = underlyingMarket(snapshot, underlyings[0] ?? '')?.history;
  if (history === undefined) return make();
  const known = fits.get(history) ?? new Map<string, unknown>();
  fits.set(history, known);
  const key = `${name}|${snapshot.id}|${underlyings.join(',')}`;
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
}
