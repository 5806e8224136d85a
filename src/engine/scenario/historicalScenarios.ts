import type { ScenarioSet, SmileRule } from '../domain/scenario.ts';
import type { Notice } from '../domain/marketSummary.ts';
import { type JointMoves, spotMoveOf, VOL_TERM_POWER, volShockOf } from './jointMoves.ts';

export interface HistoricalRequest {
  /** Content hash of the market, for the set's id. */
  readonly marketId: string;
  readonly horizonDays: number;
  readonly smile: SmileRule;
  /** Moves scaled from the volatility of their own day to today's. */
  readonly filtered: boolean;
}

/** Decay of the volatility that filtering scales by: the RiskMetrics value for daily data. */
const EWMA_DECAY = 0.94;
/** With fewer overlapping windows than this a horizon is reached by scaling single steps. */
const MIN_WINDOWS = 100;

/**
 * The history's joint moves of spot and vol applied to today's market, one scenario a move, as instantaneous shocks.
 *
 * Horizon: sums of log-moves over overlapping windows of the horizon's length, none across a gap. Where the horizon is shorter
 * than a step of the history, or fewer than 100 windows fit, single steps times the root of time instead.
 * Filtered: each factor's moves are first multiplied by its volatility now over its volatility then, both exponentially
 * weighted (Hull and White 1998, "Incorporating volatility updating into the historical simulation method").
 */
export function historicalScenarios(
  moves: JointMoves,
  request: HistoricalRequest,
): { set: ScenarioSet; notices: readonly Notice[] } {
  const { underlyings } = moves;
  const windows = windowsOf(moves, request.horizonDays);
  const count = windows.starts.length;
  const spotMove = new Float64Array(underlyings.length * count);
  const volShock = new Float64Array(underlyings.length * count);
  const row = (values: Float64Array, u: number): Float64Array => {
    const own = values.subarray(u * moves.count, (u + 1) * moves.count);
    return request.filtered ? volatilityScaled(own, EWMA_DECAY) : own;
  };
  underlyings.forEach((_, u) => {
    const spot = row(moves.spot, u);
    const vol = row(moves.vol, u);
    windows.starts.forEach((start, s) => {
      let [x, v] = [0, 0];
      for (let t = start; t < start + windows.length; t += 1) {
        x += spot[t]!;
        v += vol[t]!;
      }
      spotMove[u * count + s] = spotMoveOf(x * windows.scale);
      volShock[u * count + s] = volShockOf(v * windows.scale);
    });
  });
  const kind = request.filtered ? 'filtered-historical' : 'historical';
  const set: ScenarioSet = {
    id: `${kind}|${request.marketId}|${underlyings.join(',')}|${request.horizonDays}|${request.smile}`,
    count,
    underlyings,
    spotMove,
    volShock,
    volUnit: 'relative',
    volTermPower: VOL_TERM_POWER,
    horizonDays: 0,
    smile: request.smile,
  };
  return { set, notices: windows.notices };
}

/**
 * Returns r_k sigma_T / sigma_k, where sigma_k^2 = lambda sigma_(k-1)^2 + (1 - lambda) r_(k-1)^2 knows only returns before k,
 * sigma_T all of them, and the first is the mean square. Returns without variance are left as they are.
 */
export function volatilityScaled(returns: Float64Array, lambda: number): Float64Array {
  const variances = new Float64Array(returns.length);
  let variance = returns.reduce((sum, value) => sum + value * value, 0) / returns.length;
  for (let k = 0; k < returns.length; k += 1) {
    variances[k] = variance;
    variance = lambda * variance + (1 - lambda) * returns[k]! ** 2;
  }
  return returns.map((value, k) => (variances[k]! > 0 ? value * Math.sqrt(variance / variances[k]!) : value));
}

function windowsOf(
  moves: JointMoves,
  horizonDays: number,
): { starts: number[]; length: number; scale: number; notices: Notice[] } {
  const steps = Math.max(Math.round(horizonDays / moves.stepDays), 1);
  const starts: number[] = [];
  for (const { from, to } of moves.runs) for (let start = from; start + steps <= to; start += 1) starts.push(start);
  if (steps > 1 && starts.length >= MIN_WINDOWS) {
    const notice = `${horizonDays}-day moves overlap: ${starts.length} windows, about ${Math.floor(moves.count / steps)} of them independent`;
    return {
      starts,
      length: steps,
      scale: Math.sqrt(horizonDays / (steps * moves.stepDays)),
      notices: [{ severity: 'info', message: notice }],
    };
  }
  const scale = Math.sqrt(horizonDays / moves.stepDays);
  const single = Array.from({ length: moves.count }, (_, t) => t);
  const notice = `The history holds only ${starts.length} moves of ${horizonDays} days, so ${moves.stepDays}-day moves are scaled by the root of time`;
  return {
    starts: single,
    length: 1,
    scale,
    notices:
      scale === 1
        ? []
        : [
            {
              severity: 'warning',
              message:
                steps > 1 ? notice : `Moves of ${moves.stepDays} days are scaled to ${horizonDays} by the root of time`,
            },
          ],
  };
}
