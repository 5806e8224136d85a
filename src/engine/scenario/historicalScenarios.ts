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
  const windows = windowsOf(moves, request.horizonDays);
  const row = (values: Float64Array, u: number): WindowMove => {
    const own = values.subarray(u * moves.count, (u + 1) * moves.count);
    const steps = request.filtered ? volatilityScaled(own, EWMA_DECAY) : own;
    return (start) => windowSum(steps, windows, start);
  };
  const n = moves.underlyings.length;
  const factors = Array.from({ length: 2 * n }, (_, i) => (i < n ? row(moves.spot, i) : row(moves.vol, i - n)));
  const kind = request.filtered ? 'filtered-historical' : 'historical';
  return { set: windowScenarios(moves, request, windows, kind, factors), notices: windows.notices };
}

/** Log-move of a factor over the horizon in the window that begins at step `start`. */
export type WindowMove = (start: number) => number;

/** Sum of the window's steps, times the window's scale. */
export function windowSum(steps: Float64Array, windows: Windows, start: number): number {
  let sum = 0;
  for (let t = start; t < start + windows.length; t += 1) sum += steps[t]!;
  return sum * windows.scale;
}

/** One scenario a window; `factors` are all spots, then all vols. `kind` names what made them, for the set's id. */
export function windowScenarios(
  { underlyings }: JointMoves,
  request: Omit<HistoricalRequest, 'filtered'>,
  windows: Windows,
  kind: string,
  factors: readonly WindowMove[],
): ScenarioSet {
  const count = windows.starts.length;
  const spotMove = new Float64Array(underlyings.length * count);
  const volShock = new Float64Array(underlyings.length * count);
  underlyings.forEach((_, u) => {
    const [spot, vol] = [factors[u]!, factors[underlyings.length + u]!];
    windows.starts.forEach((start, s) => {
      spotMove[u * count + s] = spotMoveOf(spot(start));
      volShock[u * count + s] = volShockOf(vol(start));
    });
  });
  return {
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

/** Stretches of the history that stand for one horizon each. */
export interface Windows {
  /** First step of each. */
  readonly starts: readonly number[];
  /** Steps of each. */
  readonly length: number;
  /** What their sums are multiplied by. */
  readonly scale: number;
  readonly notices: readonly Notice[];
}

export function windowsOf(moves: JointMoves, horizonDays: number): Windows {
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
