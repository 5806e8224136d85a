import type { SpotVolBeta } from '../domain/marketSummary.ts';
import type { PriceHistory, UnderlyingMarket } from '../domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../domain/units.ts';

/** Fewer joint moves than this carry no estimate. */
const FEWEST_MOVES = 30;

/**
 * Spot-vol beta of each underlying by symbol: the slope of a least-squares line through the moves of its 30-day volatility
 * index (decimal) against the log-returns of its closes, over neighbouring dates up to `asOf`. An underlying without an
 * index takes the slope through the moves of all those that have one; null where nobody has.
 */
export function spotVolBetas(
  underlyings: readonly UnderlyingMarket[],
  asOf: Timestamp,
): ReadonlyMap<string, SpotVolBeta | null> {
  const moves = new Map(
    underlyings.map(({ symbol, history }) => [symbol, history === undefined ? [] : jointMoves(history, asOf)]),
  );
  const donors = underlyings.map(({ symbol }) => symbol).filter((symbol) => moves.get(symbol)!.length >= FEWEST_MOVES);
  const pooled = slope(
    donors,
    donors.flatMap((symbol) => moves.get(symbol)!),
  );
  return new Map(
    underlyings.map(({ symbol }) => [symbol, donors.includes(symbol) ? slope([symbol], moves.get(symbol)!) : pooled]),
  );
}

interface Move {
  readonly spot: number;
  readonly vol: number;
}

/** Of histories that end before the market's time: a market that moves keeps its history, and the moves in it. */
const movesOfHistory = new WeakMap<PriceHistory, readonly Move[]>();

function jointMoves(history: PriceHistory, asOf: Timestamp): readonly Move[] {
  const last = history.closes.at(-1)?.[0] ?? asOf;
  if (last > asOf) return movesUntil(history, asOf);
  let moves = movesOfHistory.get(history);
  if (moves === undefined) movesOfHistory.set(history, (moves = movesUntil(history, asOf)));
  return moves;
}

function movesUntil({ closes, volatilityIndex, intervalDays }: PriceHistory, asOf: Timestamp): readonly Move[] {
  const step = intervalDays * MILLISECONDS_PER_DAY;
  const vols = new Map(volatilityIndex.map(([time, vol]) => [Math.floor(time / step), vol]));
  const moves: Move[] = [];
  for (let i = 1; i < closes.length; i += 1) {
    const [[before, from], [time, to]] = [closes[i - 1]!, closes[i]!];
    const [one, two] = [Math.floor(before / step), Math.floor(time / step)];
    const [volBefore, vol] = [vols.get(one), vols.get(two)];
    if (two !== one + 1 || time > asOf || volBefore === undefined || vol === undefined) continue;
    moves.push({ spot: Math.log(to / from), vol: vol - volBefore });
  }
  return moves;
}

function slope(symbols: readonly string[], moves: readonly Move[]): SpotVolBeta | null {
  const n = moves.length;
  if (n < FEWEST_MOVES) return null;
  const mean = (of: (move: Move) => number): number => moves.reduce((sum, move) => sum + of(move), 0) / n;
  const [spot, vol] = [mean((move) => move.spot), mean((move) => move.vol)];
  const variance = mean((move) => (move.spot - spot) ** 2);
  const volVariance = mean((move) => (move.vol - vol) ** 2);
  // A price that stands still says nothing of what vol does when it moves.
  if (!(variance > 0)) return null;
  const covariance = mean((move) => (move.spot - spot) * (move.vol - vol));
  const beta = covariance / variance;
  return {
    beta,
    moves: n,
    rSquared: volVariance > 0 ? (covariance * covariance) / (variance * volVariance) : 0,
    from: symbols,
  };
}
