import { Matrix, solve } from 'ml-matrix';
import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import { type MarketSnapshot, type PriceHistory, underlyingMarket } from '../domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../domain/units.ts';

/**
 * Joint moves of spot and 30-day vol over one step of the history, oldest first. A step is one interval of the history, a day
 * as a rule. Rows are row-major, row `u` for `underlyings[u]`: `spot[u * count + t]`.
 */
export interface JointMoves {
  readonly underlyings: readonly string[];
  readonly count: number;
  readonly stepDays: number;
  /** When each move ends, by the start of its day; it begins one step earlier. */
  readonly ends: readonly Timestamp[];
  /** Log-returns of the closes. */
  readonly spot: Float64Array;
  /** Log-changes of the volatility index; where there is none, its estimate from the return (see `jointMoves`). */
  readonly vol: Float64Array;
  /** Underlyings, by number, without a usable index: their row of `vol` is a function of returns and of the others' vols. */
  readonly withoutIndex?: readonly number[];
  /** Unbroken runs of steps, `from` inclusive, `to` exclusive: no move spans a gap, and no longer window may. */
  readonly runs: readonly { readonly from: number; readonly to: number }[];
  /**
   * Variance per step of vol changes that estimated values lack, averaged over the steps: what the regression leaves
   * unexplained, taken as common to all underlyings. Zero when the vol index covers every step.
   */
  readonly unexplainedVolVariance: number;
  readonly notices: readonly Notice[];
}

/** Fewer joint moves than this are not a history. */
const MIN_MOVES = 30;
/** Fewer steps with a vol index than this do not carry a regression. */
const MIN_VOL_MOVES = 30;

/** Change of log vol on a return r: `intercept` + `onReturn` r + `onSize` |r|, with what it leaves unexplained. */
interface VolResponse {
  readonly intercept: number;
  readonly onReturn: number;
  readonly onSize: number;
  /** Variance of the residual per step. */
  readonly residualVariance: number;
}

/**
 * The response used where no underlying has a vol index: a 10 % fall in a day raises vol by about a tenth, a 10 % rise by a
 * fiftieth, and vol changes by 4.5 % a day (one standard deviation) for other reasons. Rounded from a regression of daily
 * changes of Bitcoin's 30-day index on its returns, 2021 to 2024 (-0.38, 0.57, residual 4.7 %). The intercept, which keeps
 * the mean change at zero, is set from the history it is applied to.
 */
const DEFAULT_RESPONSE = { onReturn: -0.4, onSize: 0.6, residualVariance: 0.045 ** 2 };

/**
 * The history's moves of several underlyings on the dates that all of them have (inner join; what lies after the market's own
 * time is not used). Moves are taken between neighbouring dates only: a move across a gap is left out, and the gap is reported.
 *
 * Changes of vol are those of each underlying's volatility index. Where an underlying or a date has none, the change is
 * estimated by regression on the underlying's own return and its size, fitted on the underlyings that have an index (its own
 * if it has one, else all of them together); on a date on which others have an index, their mean residual is added. With no
 * index anywhere a stated default response is used. Each estimate is reported as a notice.
 *
 * @param purpose who needs the history, for the message: `historical VaR`.
 * @param responseSteps the estimate of vol changes is fitted on so many steps from the start, for who may not look ahead; on all
 * unless given.
 * @throws RiskError `missing-data` naming the underlying without history, or when too few moves are shared.
 */
export function jointMoves(
  market: MarketSnapshot,
  symbols: readonly string[],
  purpose: string,
  responseSteps = Number.POSITIVE_INFINITY,
): JointMoves {
  const known = foundMoves.get(market);
  const asked = `${symbols.join()}|${responseSteps}`;
  if (known?.asked === asked) return known.moves;
  const moves = movesOf(market, symbols, purpose, responseSteps);
  foundMoves.set(market, { asked, moves });
  return moves;
}

/** What was found last in a market: each method of an edit asks for the same moves again, and fitting them takes milliseconds. */
const foundMoves = new WeakMap<MarketSnapshot, { readonly asked: string; readonly moves: JointMoves }>();

function movesOf(
  market: MarketSnapshot,
  symbols: readonly string[],
  purpose: string,
  responseSteps: number,
): JointMoves {
  const histories = symbols.map((symbol) => history(market, symbol, purpose));
  const stepDays = histories[0]?.intervalDays ?? 1;
  const other = histories.findIndex((candidate) => candidate.intervalDays !== stepDays);
  if (other >= 0) {
    throw new RiskError(
      'unsupported',
      `${symbols[other]} has a price history every ${histories[other]!.intervalDays} days and ${symbols[0]} every ${stepDays}; ${purpose} needs one interval for all`,
    );
  }
  const notices: Notice[] = [];
  const step = stepDays * MILLISECONDS_PER_DAY;
  const closes = histories.map((h) => byStep(h.closes, step, market.asOf));
  const indices = histories.map((h) => byStep(h.volatilityIndex, step, market.asOf));
  const shared = [...(closes[0]?.keys() ?? [])].filter((key) => closes.every((map) => map.has(key)));
  const ends: number[] = [];
  const runs: { from: number; to: number }[] = [];
  for (let i = 1; i < shared.length; i += 1) {
    if (shared[i]! !== shared[i - 1]! + 1) continue;
    const last = runs[runs.length - 1];
    if (last !== undefined && ends[ends.length - 1] === shared[i]! - 1) last.to += 1;
    else runs.push({ from: ends.length, to: ends.length + 1 });
    ends.push(shared[i]!);
  }
  const count = ends.length;
  if (count < MIN_MOVES) {
    throw new RiskError(
      'missing-data',
      `The price ${symbols.length === 1 ? 'history' : 'histories'} of ${listed(symbols)} ${symbols.length === 1 ? 'has' : 'share'} only ${count} moves; ${purpose} needs at least ${MIN_MOVES}`,
    );
  }
  const [firstStep, lastStep] = [shared[0]!, shared[shared.length - 1]!];
  symbols.forEach((symbol, u) =>
    notices.push(...gapNotices(symbol, [...closes[u]!.keys()], stepDays, firstStep, lastStep)),
  );
  notices.push(...coverageNotices(count, stepDays, firstStep * step, lastStep * step, market.asOf));

  const spot = new Float64Array(symbols.length * count);
  closes.forEach((map, u) => {
    ends.forEach((end, t) => {
      spot[u * count + t] = Math.log(map.get(end)! / map.get(end - 1)!);
    });
  });
  const observed = indices.map((map) =>
    ends.map((end) => (map.has(end) && map.has(end - 1) ? Math.log(map.get(end)! / map.get(end - 1)!) : null)),
  );
  const estimated = completedVol(symbols, spot, observed, count, stepDays, Math.min(responseSteps, count));
  return {
    underlyings: symbols,
    count,
    stepDays,
    ends: ends.map((end) => end * step),
    spot,
    vol: estimated.vol,
    withoutIndex: estimated.withoutIndex,
    runs,
    unexplainedVolVariance: estimated.unexplainedVariance,
    notices: [...notices, ...estimated.notices],
  };
}

/**
 * Second moments (mean taken as zero: a day's drift cannot be told from a history of years) of the moves over a horizon,
 * scaled by horizon / step. Order: all spots, then all vols. Positive semi-definite by construction.
 */
export function moveCovariance(moves: JointMoves, horizonDays: number): Matrix {
  return secondMoments(moves, horizonDays, () => true);
}

/** `moveCovariance` over chosen steps only. */
export function secondMoments(moves: JointMoves, horizonDays: number, chosen: (t: number) => boolean): Matrix {
  const { count } = moves;
  const size = 2 * moves.underlyings.length;
  const sums = new Float64Array(size * size);
  let used = 0;
  for (let t = 0; t < count; t += 1) {
    if (!chosen(t)) continue;
    used += 1;
    for (let i = 0; i < size; i += 1) {
      const x = move(moves, i, t);
      for (let j = 0; j <= i; j += 1) sums[i * size + j] = sums[i * size + j]! + x * move(moves, j, t);
    }
  }
  const scale = horizonDays / moves.stepDays;
  const half = size / 2;
  const covariance = new Matrix(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const unexplained = j >= half ? moves.unexplainedVolVariance : 0;
      const value = ((used === 0 ? 0 : sums[i * size + j]! / used) + unexplained) * scale;
      covariance.set(i, j, value);
      covariance.set(j, i, value);
    }
  }
  return covariance;
}

/** Move of factor `i` (spots first, then vols) at step `t`. */
export function move(moves: JointMoves, i: number, t: number): number {
  const n = moves.underlyings.length;
  return i < n ? moves.spot[i * moves.count + t]! : moves.vol[(i - n) * moves.count + t]!;
}

/** Levels of each underlying's volatility index before (`t` = move) and after each move, row-major; NaN where it has none. */
export function volatilityLevels(
  market: MarketSnapshot,
  moves: JointMoves,
): { before: Float64Array; after: Float64Array } {
  const step = moves.stepDays * MILLISECONDS_PER_DAY;
  const before = new Float64Array(moves.underlyings.length * moves.count);
  const after = new Float64Array(before.length);
  moves.underlyings.forEach((symbol, u) => {
    const levels = byStep(underlyingMarket(market, symbol)?.history?.volatilityIndex ?? [], step, market.asOf);
    moves.ends.forEach((end, t) => {
      const at = Math.round(end / step);
      before[u * moves.count + t] = levels.get(at - 1) ?? Number.NaN;
      after[u * moves.count + t] = levels.get(at) ?? Number.NaN;
    });
  });
  return { before, after };
}

// ---- from log-moves to scenarios -----------------------------------------------------------------------------------

/**
 * A log-move beyond `mostLogMove` (down 98 %, up fifty-fold) is held there: fat-tailed draws have no mean otherwise. Relative shocks
 * of 30-day vol are held within their range; below its lower end short expiries would reach zero vol.
 */
export const MOVE_LIMITS = { mostLogMove: 4, volShockRange: [-0.5, 3] } as const;

/**
 * How a move of 30-day vol spreads over expiries: (30 / d)^0.3 below 30 days and (30 / d)^0.13 beyond, the exponents that
 * scenario margin at option venues uses.
 */
export const VOL_TERM_POWER = { short: 0.3, long: 0.13 } as const;

/** Relative spot move of a log-move: exp(x) - 1, no drift added. */
export function spotMoveOf(logMove: number): number {
  return Math.expm1(heldLogMove(logMove, MOVE_LIMITS.mostLogMove));
}

/** A log-move within plus and minus the most. */
export function heldLogMove(logMove: number, most: number): number {
  return Math.min(Math.max(logMove, -most), most);
}

/** Relative shock of 30-day vol of a change in log vol. */
export function volShockOf(logMove: number): number {
  return heldVolShock(logMove, MOVE_LIMITS.volShockRange);
}

/** Relative shock of a change in log vol, within a range. */
export function heldVolShock(logMove: number, [least, most]: readonly [number, number]): number {
  return Math.min(Math.max(Math.expm1(logMove), least), most);
}

// ---- vol where there is no index -----------------------------------------------------------------------------------

function completedVol(
  symbols: readonly string[],
  spot: Float64Array,
  observed: readonly (readonly (number | null)[])[],
  count: number,
  stepDays: number,
  fitted: number,
): { vol: Float64Array; withoutIndex: number[]; unexplainedVariance: number; notices: Notice[] } {
  const returns = symbols.map((_, u) => spot.subarray(u * count, (u + 1) * count));
  const sample = (u: number) => ({ returns: returns[u]!, changes: observed[u]!.slice(0, fitted) });
  const own = symbols.map((_, u) => volResponse([sample(u)]));
  const hasIndex = observed.map((changes) => changes.filter((change) => change !== null).length >= MIN_VOL_MOVES);
  const donors = symbols.map((_, u) => u).filter((u) => own[u] !== null);
  const pooled = volResponse(donors.map(sample));
  const response = (u: number): VolResponse =>
    own[u] ?? pooled ?? defaultResponse(returns[u]!.subarray(0, fitted), stepDays);

  // The mean residual of those that have an index, by step; null where none has.
  const residual = Array.from({ length: count }, (_, t) => {
    const known = donors.filter((u) => observed[u]![t] !== null);
    if (known.length === 0) return null;
    return (
      known.reduce((sum, u) => sum + observed[u]![t]! - expectedChange(own[u]!, returns[u]![t]!), 0) / known.length
    );
  });

  const vol = new Float64Array(symbols.length * count);
  const notices: Notice[] = [];
  symbols.forEach((symbol, u) => {
    const reply = response(u);
    let estimates = 0;
    for (let t = 0; t < count; t += 1) {
      const change = hasIndex[u] ? observed[u]![t]! : null;
      if (change === null) estimates += 1;
      vol[u * count + t] = change ?? expectedChange(reply, returns[u]![t]!) + (residual[t] ?? 0);
    }
    if (estimates > 0)
      notices.push(
        estimateNotice(
          symbol,
          estimates,
          count,
          reply,
          donors.map((d) => symbols[d]!),
          hasIndex[u]!,
        ),
      );
  });
  const missing = residual.filter((value) => value === null).length / count;
  const variance = pooled?.residualVariance ?? DEFAULT_RESPONSE.residualVariance * stepDays;
  const withoutIndex = symbols.map((_, u) => u).filter((u) => own[u] === null);
  return { vol, withoutIndex, unexplainedVariance: missing * variance, notices };
}

function expectedChange(response: VolResponse, change: number): number {
  return response.intercept + response.onReturn * change + response.onSize * Math.abs(change);
}

/** Least squares of vol changes on 1, r and |r|; null with too few observations. */
function volResponse(
  samples: readonly { readonly returns: Float64Array; readonly changes: readonly (number | null)[] }[],
): VolResponse | null {
  const rows: number[][] = [];
  const targets: number[] = [];
  for (const { returns, changes } of samples) {
    changes.forEach((change, t) => {
      if (change === null) return;
      rows.push([1, returns[t]!, Math.abs(returns[t]!)]);
      targets.push(change);
    });
  }
  if (rows.length < MIN_VOL_MOVES) return null;
  const x = new Matrix(rows);
  // Singular value decomposition: prices that do not move would make the normal equations singular.
  const [intercept, onReturn, onSize] = solve(x, Matrix.columnVector(targets), true).getColumn(0) as [
    number,
    number,
    number,
  ];
  const response = { intercept, onReturn, onSize, residualVariance: 0 };
  const squares = targets.reduce((sum, target, i) => sum + (target - expectedChange(response, rows[i]![1]!)) ** 2, 0);
  return { ...response, residualVariance: squares / rows.length };
}

function defaultResponse(returns: Float64Array, stepDays: number): VolResponse {
  const n = returns.length;
  const mean = returns.reduce((sum, value) => sum + value, 0) / n;
  const size = returns.reduce((sum, value) => sum + Math.abs(value), 0) / n;
  const { onReturn, onSize, residualVariance } = DEFAULT_RESPONSE;
  return {
    onReturn,
    onSize,
    intercept: -onReturn * mean - onSize * size,
    residualVariance: residualVariance * stepDays,
  };
}

function estimateNotice(
  symbol: string,
  estimates: number,
  count: number,
  response: VolResponse,
  donors: readonly string[],
  hasIndex: boolean,
): Notice {
  const sign = response.onSize < 0 ? '-' : '+';
  const formula = `${response.onReturn.toFixed(2)} × return ${sign} ${Math.abs(response.onSize).toFixed(2)} × its size`;
  const what = hasIndex
    ? `${symbol} has no volatility index on ${estimates} of ${count} dates; its vol moves there are estimated from its returns (${formula})`
    : donors.length > 0
      ? `${symbol} has no volatility index; its vol moves are estimated from its returns by the response of ${listed(donors)} (${formula})`
      : `${symbol} has no volatility index, nor has any other coin of the book; its vol moves are estimated from its returns by a default (${formula})`;
  return {
    severity: hasIndex || donors.length > 0 ? 'info' : 'warning',
    underlying: symbol,
    message: what.replaceAll('-', '−'),
  };
}

// ---- dates ---------------------------------------------------------------------------------------------------------

function history(market: MarketSnapshot, symbol: string, purpose: string): PriceHistory {
  const found = underlyingMarket(market, symbol)?.history;
  if (found === undefined || found.closes.length === 0)
    throw new RiskError('missing-data', `${symbol} has no price history in this market; ${purpose} needs it`);
  if (!(found.intervalDays > 0))
    throw new RiskError('bad-value', `The price history of ${symbol} must have an interval above zero days`);
  return found;
}

/** Values by step number since the epoch, ascending; a later value of the same step replaces an earlier one. */
function byStep(points: readonly (readonly [Timestamp, number])[], step: number, asOf: Timestamp): Map<number, number> {
  const values = new Map<number, number>();
  for (const [time, value] of points) if (time <= asOf && value > 0) values.set(Math.floor(time / step), value);
  return values;
}

/** Gaps named one by one; beyond this many per underlying they are counted. */
const NAMED_GAPS = 2;

function gapNotices(symbol: string, steps: readonly number[], stepDays: number, first: number, last: number): Notice[] {
  const gaps: { days: number; after: number }[] = [];
  for (let i = 1; i < steps.length; i += 1) {
    const missing = steps[i]! - steps[i - 1]! - 1;
    if (missing > 0 && steps[i]! > first && steps[i - 1]! < last)
      gaps.push({ days: missing * stepDays, after: steps[i - 1]! });
  }
  const named = gaps.length <= NAMED_GAPS + 1 ? gaps : gaps.slice(0, NAMED_GAPS);
  const notices = named.map(
    ({ days, after }): Notice => ({
      severity: 'warning',
      underlying: symbol,
      message: `${symbol} history has a gap of ${plural(days, 'day')} after ${date(after * stepDays * MILLISECONDS_PER_DAY)}`,
    }),
  );
  const rest = gaps.slice(named.length);
  if (rest.length > 0) {
    const days = rest.reduce((sum, gap) => sum + gap.days, 0);
    notices.push({
      severity: 'warning',
      underlying: symbol,
      message: `${symbol} history has ${rest.length} more gaps, ${plural(days, 'day')} in all`,
    });
  }
  return notices;
}

function coverageNotices(
  count: number,
  stepDays: number,
  first: Timestamp,
  last: Timestamp,
  asOf: Timestamp,
): Notice[] {
  const kind = stepDays === 1 ? 'daily' : `${stepDays}-day`;
  const notices: Notice[] = [
    { severity: 'info', message: `History: ${count} joint ${kind} moves from ${date(first)} to ${date(last)}` },
  ];
  const age = Math.floor((asOf - last) / MILLISECONDS_PER_DAY);
  if (age > 2 + stepDays) {
    notices.push({
      severity: 'warning',
      message: `The price history ends on ${date(last)}, ${age} days before this market's time; nothing later enters the figure`,
    });
  }
  return notices;
}

function date(time: Timestamp): string {
  return new Date(time).toISOString().slice(0, 10);
}

function plural(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
