import type { BacktestMethod } from '../domain/backtestReport.ts';
import type { ScenarioSet, SmileRule } from '../domain/scenario.ts';
import type { Usd } from '../domain/units.ts';
import { volatilityScaled } from '../scenario/historicalScenarios.ts';
import { type JointMoves, secondMoments, spotMoveOf, VOL_TERM_POWER, volShockOf } from '../scenario/jointMoves.ts';
import { ageWeights, weightedTail } from './ageWeights.ts';
import { type Exposure, type Sensitivity, sensitivity, totalPnl, underlyingsOf } from './exposures.ts';
import { deltaGammaNormalVar } from './parametricVar.ts';
import { type TailRisk, tailRisk } from './tailRisk.ts';

/** What every forecast is made from. */
export interface ForecastInputs {
  readonly positions: readonly Exposure[];
  readonly moves: JointMoves;
  /** P&L of the book under each move of the history. */
  readonly pnl: Float64Array;
  readonly window: number;
  readonly confidence: number;
  readonly smile: SmileRule;
}

/**
 * VaR and ES for some moves from `from` to `to`, each made from the `window` moves before it and from nothing later.
 * What a method computes once for all of them is computed when it is made.
 */
export type Forecaster = (from: number, to: number) => readonly TailRisk[];

/** Decay of volatility a step, and of the weight of an outcome a step (RiskMetrics 1996; Boudoukh, Richardson, Whitelaw 1998). */
const VOLATILITY_DECAY = 0.94;
const AGE_DECAY = 0.98;

/** Each way to forecast, with how it is made for a book and its history. */
export const forecasters: Readonly<Record<BacktestMethod, (inputs: ForecastInputs) => Forecaster>> = {
  historical: ({ pnl, window, confidence }) => each((day) => tailRisk(pnl.subarray(day - window, day), confidence)),
  'age-weighted': ageWeighted,
  'filtered-historical': filtered,
  parametric,
};

function each(forecast: (day: number) => TailRisk): Forecaster {
  return (from, to) => Array.from({ length: to - from }, (_, i) => forecast(from + i));
}

function ageWeighted({ pnl, window, confidence }: ForecastInputs): Forecaster {
  const weights = ageWeights(window, AGE_DECAY);
  return each((day) => {
    const outcomes = pnl.subarray(day - window, day);
    const order = Array.from(outcomes.keys()).sort((a, b) => outcomes[a]! - outcomes[b]!);
    const { valueAtRisk, expectedShortfall } = weightedTail(
      order.map((i) => (outcomes[i] === 0 ? 0 : -outcomes[i]!)),
      order.map((i) => weights[i]!),
      confidence,
    );
    return { valueAtRiskUsd: valueAtRisk, expectedShortfallUsd: expectedShortfall };
  });
}

/**
 * Each factor's moves in the window are brought to the volatility at its end, so the book is valued anew in the window's moves
 * for each day. All days of a call share one scenario set.
 */
function filtered({ positions, moves, window, confidence, smile }: ForecastInputs): Forecaster {
  const { underlyings, count } = moves;
  return (from, to) => {
    const size = (to - from) * window;
    const spotMove = new Float64Array(underlyings.length * size);
    const volShock = new Float64Array(underlyings.length * size);
    underlyings.forEach((_, u) => {
      for (let day = from; day < to; day += 1) {
        const scaled = (values: Float64Array) =>
          volatilityScaled(values.subarray(u * count + day - window, u * count + day), VOLATILITY_DECAY);
        const at = u * size + (day - from) * window;
        spotMove.set(scaled(moves.spot).map(spotMoveOf), at);
        volShock.set(scaled(moves.vol).map(volShockOf), at);
      }
    });
    const pnl = totalPnl(
      positions,
      moveScenarios(`filtered|${window}|${from}|${to}`, moves, smile, spotMove, volShock),
    );
    return Array.from({ length: to - from }, (_, i) =>
      tailRisk(pnl.subarray(i * window, (i + 1) * window), confidence),
    );
  };
}

/** The book's second-order sensitivities are those of today throughout; only the covariance of the moves rolls. */
function parametric({ positions, moves, window, confidence, smile }: ForecastInputs): Forecaster {
  const own = positions.map((position) => sensitivity(position, smile));
  const book = underlyingsOf(positions).map((underlying): Sensitivity => {
    const sum = (name: 'delta' | 'gamma' | 'vega' | 'vanna' | 'volga'): Usd =>
      own.reduce((total, each) => total + (each.underlying === underlying ? each[name] : 0), 0);
    return {
      id: underlying,
      underlying,
      delta: sum('delta'),
      gamma: sum('gamma'),
      vega: sum('vega'),
      vanna: sum('vanna'),
      volga: sum('volga'),
    };
  });
  return each((day) =>
    deltaGammaNormalVar({
      positions: book,
      underlyings: moves.underlyings,
      covariance: secondMoments(moves, moves.stepDays, (t) => t >= day - window && t < day),
      confidence,
    }),
  );
}

/** The history's own moves as instantaneous shocks, one scenario a move. */
export function historyScenarios(moves: JointMoves, smile: SmileRule): ScenarioSet {
  return moveScenarios('history', moves, smile, moves.spot.map(spotMoveOf), moves.vol.map(volShockOf));
}

function moveScenarios(
  name: string,
  { underlyings }: JointMoves,
  smile: SmileRule,
  spotMove: Float64Array,
  volShock: Float64Array,
): ScenarioSet {
  return {
    id: `backtest|${name}|${underlyings.join(',')}|${smile}`,
    count: spotMove.length / underlyings.length,
    underlyings,
    spotMove,
    volShock,
    volUnit: 'relative',
    volTermPower: VOL_TERM_POWER,
    horizonDays: 0,
    smile,
  };
}
