import type { PriceHistory } from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp, type Usd, type Vol } from '../../engine/domain/units.ts';
import { normalDraw } from './simulatedDraws.ts';

export interface SimulatedCoin {
  /** The last close. */
  readonly index: Usd;
  /** Long-run vol of daily returns. */
  readonly vol: Vol;
  /** Row of the Cholesky factor of the coins' correlation: as many numbers as coins before it, and its own. */
  readonly loading: readonly number[];
  /** Level that the volatility index ends at; null for a coin without an index. */
  readonly impliedVol: Vol | null;
}

/** Variance of tomorrow = base + (SHOCK, and DROP besides after a fall) x squared return + MEMORY x variance of today. */
const SHOCK = 0.06;
const DROP = 0.07;
const MEMORY = 0.865;
/** Share of a variance shock left after a day; falls are half of the days. */
const PERSISTENCE = SHOCK + DROP / 2 + MEMORY;
/** Student's degrees of freedom of the days' common tail. */
const TAIL_DEGREES = 4;
/** Days before the history begins, for the variance to forget where it started. */
const WARM_UP = 250;
/** Horizon of a volatility index. */
const INDEX_DAYS = 30;
/** What a volatility index adds to expected vol: its mean, daily memory, daily noise and reply to the day's return. */
const PREMIUM = { mean: 0.06, memory: 0.94, noise: 0.018, reply: -0.02 };
/** Days over which the volatility index is drawn to the level it ends at. */
const CLOSING_DAYS = 90;

/**
 * `days` daily closes of several coins that end at their indices on `lastDay`, and their volatility indices.
 *
 * Returns follow GJR-GARCH(1,1) (Glosten, Jagannathan and Runkle 1993) with correlated Student shocks whose tail is
 * common to all coins of a day: vol clusters, rises more after falls, and crashes are shared. The volatility index is
 * the expected vol of the following 30 days under that process plus a mean-reverting premium that answers falls.
 */
export function simulatedHistories(
  coins: readonly SimulatedCoin[],
  lastDay: Timestamp,
  days: number,
  seed: number,
): readonly PriceHistory[] {
  const shocks = coinShocks(coins, days + WARM_UP, seed);
  return coins.map((coin, place) => {
    const { returns, expectedVols } = garch(coin.vol, shocks[place]!);
    const closes = closesEndingAt(coin.index, returns.slice(WARM_UP));
    const implied =
      coin.impliedVol === null
        ? null
        : volatilityIndex(expectedVols.slice(WARM_UP), shocks[place]!.slice(WARM_UP), coin.impliedVol, seed, place);
    const day = (i: number): Timestamp => lastDay - (days - 1 - i) * MILLISECONDS_PER_DAY;
    return {
      intervalDays: 1,
      closes: closes.map((close, i) => [day(i), Math.round(close * 100) / 100] as const),
      volatilityIndex: (implied ?? []).map((vol, i) => [day(i), Math.round(vol * 1e4) / 1e4] as const),
    };
  });
}

/** Rows of shocks, one a coin, each of variance 1. */
function coinShocks(coins: readonly SimulatedCoin[], days: number, seed: number): number[][] {
  const rows: number[][] = coins.map(() => []);
  for (let t = 0; t < days; t++) {
    let chiSquared = 0;
    for (let i = 0; i < TAIL_DEGREES; i++) chiSquared += normalDraw(seed, 'tail', t * TAIL_DEGREES + i) ** 2;
    const tail = Math.sqrt((TAIL_DEGREES - 2) / chiSquared);
    const normals = coins.map((_, i) => normalDraw(seed, 'return', t * coins.length + i));
    for (const [place, { loading }] of coins.entries()) {
      rows[place]!.push(tail * loading.reduce((sum, factor, i) => sum + factor * normals[i]!, 0));
    }
  }
  return rows;
}

/** Log returns, and after each the expected annual vol of the INDEX_DAYS to come. */
function garch(vol: Vol, shocks: readonly number[]): { returns: number[]; expectedVols: Vol[] } {
  const longRun = vol ** 2 / 365;
  const base = longRun * (1 - PERSISTENCE);
  const averageDecay = (1 - PERSISTENCE ** INDEX_DAYS) / (INDEX_DAYS * (1 - PERSISTENCE));
  const returns: number[] = [];
  const expectedVols: Vol[] = [];
  let variance = longRun;
  for (const shock of shocks) {
    const change = Math.sqrt(variance) * shock;
    variance = base + (SHOCK + (change < 0 ? DROP : 0)) * change * change + MEMORY * variance;
    returns.push(change);
    expectedVols.push(Math.sqrt(365 * (longRun + (variance - longRun) * averageDecay)));
  }
  return { returns, expectedVols };
}

/** One close a return; the first return only places the first close. */
function closesEndingAt(index: Usd, returns: readonly number[]): Usd[] {
  const closes = new Array<Usd>(returns.length);
  let close = index;
  for (let i = returns.length - 1; i >= 0; i--) {
    closes[i] = close;
    close *= Math.exp(-returns[i]!);
  }
  return closes;
}

function volatilityIndex(
  expectedVols: readonly Vol[],
  shocks: readonly number[],
  end: Vol,
  seed: number,
  place: number,
): Vol[] {
  let premium = PREMIUM.mean;
  const path = expectedVols.map((vol, i) => {
    premium =
      PREMIUM.mean +
      PREMIUM.memory * (premium - PREMIUM.mean) +
      PREMIUM.reply * shocks[i]! +
      PREMIUM.noise * normalDraw(seed, 'premium', i * 16 + place);
    return vol * Math.exp(premium);
  });
  const last = path.length - 1;
  const correction = Math.log(end / path[last]!);
  return path.map((vol, i) => vol * Math.exp(correction * Math.max(0, 1 - (last - i) / CLOSING_DAYS)));
}
