import type { OptionType, Settlement } from '../../domain/instrument.ts';
import { DAYS_PER_YEAR, type Usd, type Vol, type YearFraction } from '../../domain/units.ts';
import { optionSign, undiscountedBlack } from '../../pricing/black76.ts';
import { firstLargest } from '../firstLargest.ts';
import type { PortfolioMarginParameters } from './portfolioMarginParameters.ts';
import { shockedVol } from './shockedVol.ts';

/**
 * The risk matrix of Deribit's portfolio margin for one currency pair: price buckets from low to high, each with vol up, same and
 * down, then the extended table, vol up. Amounts are in the pool's own currency: coin where contracts settle in coin, USD where they
 * settle in USDC.
 *
 * Profit of a position, time held, with the move m of its own future F and the size q in coins:
 *
 *   coin:  future q m / (1 + m),   option q (B(F (1 + m), vol') / (F (1 + m)) - B(F, vol) / F)
 *   USDC:  future q F m,           option q (B(F (1 + m), vol') - B(F, vol))
 *
 * An extended value is the profit at its move x extendedTableFactor priceRange / |m|, taken in USD and, in a coin pool, turned back
 * into coin at the edge of the standard table: x (1 + m) / (1 + s priceRange), s the sign of m. A future so makes in every extended
 * scenario what it makes at that edge, which is what the venue returned. For options this form is inferred; other forms fit the
 * futures as well.
 */
export interface RiskMatrix {
  readonly settlement: Settlement;
  /** Number of scenarios, and of those of the standard table among them. */
  readonly count: number;
  readonly standardCount: number;
  readonly moves: Float64Array;
  /** 0 vol up, 1 same, 2 down. */
  readonly volStates: Uint8Array;
  /** What a profit is multiplied by: 1 in the standard table. */
  readonly scales: Float64Array;
  /** USD that a value is moved towards zero by, not across it; 0 in the standard table. */
  readonly dampenersUsd: Float64Array;
}

/** Price moves of the extended table. */
export const EXTENDED_MOVES: readonly number[] = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5];

/** Moves of the standard table, low to high: priceRange k / buckets for k = -buckets .. buckets. */
export function standardMoves({ priceRange, bucketsCount }: PortfolioMarginParameters): number[] {
  return Array.from({ length: 2 * bucketsCount + 1 }, (_, k) => (priceRange * (k - bucketsCount)) / bucketsCount);
}

/** The scenarios of a pool. The dampener of a move m is (max(|m| / priceRange, 1) - 1) extendedDampenerUsd, in USD at the edge. */
export function riskMatrix(parameters: PortfolioMarginParameters, settlement: Settlement): RiskMatrix {
  const { priceRange, bucketsCount, extendedTableFactor, extendedDampenerUsd } = parameters;
  const standardCount = 3 * (2 * bucketsCount + 1);
  const count = standardCount + EXTENDED_MOVES.length;
  const matrix: RiskMatrix = {
    settlement,
    count,
    standardCount,
    moves: new Float64Array(count),
    volStates: new Uint8Array(count),
    scales: new Float64Array(count).fill(1),
    dampenersUsd: new Float64Array(count),
  };
  for (let s = 0; s < standardCount; s += 1) {
    matrix.moves[s] = (priceRange * (Math.floor(s / 3) - bucketsCount)) / bucketsCount;
    matrix.volStates[s] = s % 3;
  }
  for (const [i, move] of EXTENDED_MOVES.entries()) {
    const s = standardCount + i;
    const distance = Math.abs(move);
    const edge = settlement === 'coin' ? 1 + Math.sign(move) * priceRange : 1;
    const now = settlement === 'coin' ? 1 + move : 1;
    matrix.moves[s] = move;
    matrix.scales[s] = (extendedTableFactor * priceRange * now) / (distance * edge);
    matrix.dampenersUsd[s] = ((Math.max(distance / priceRange, 1) - 1) * extendedDampenerUsd) / edge;
  }
  return matrix;
}

/** Writes the profits of a future of `size` coins at `mark`, one for each scenario, from `at` on. */
export function writeFutureProfits(
  profits: Float64Array,
  at: number,
  { settlement, count, moves, scales }: RiskMatrix,
  size: number,
  mark: Usd,
): void {
  for (let s = 0; s < count; s += 1) {
    const move = moves[s]!;
    profits[at + s] = size * scales[s]! * (settlement === 'coin' ? move / (1 + move) : mark * move);
  }
}

/** What the profits of an option hang on. Strike and underlying in USD. */
export interface MatrixOption {
  readonly type: OptionType;
  readonly strike: Usd;
  readonly timeToExpiryYears: YearFraction;
  readonly volatility: Vol;
  /** Coins, negative when sold. */
  readonly quantity: number;
  /** The future that the option is priced on. */
  readonly underlying: Usd;
}

/** Writes the profits of an option, one for each scenario, from `at` on. */
export function writeOptionProfits(
  profits: Float64Array,
  at: number,
  { settlement, count, moves, volStates, scales }: RiskMatrix,
  { type, strike, timeToExpiryYears, volatility, quantity, underlying }: MatrixOption,
  parameters: PortfolioMarginParameters,
): void {
  const sign = optionSign(type);
  const root = Math.sqrt(Math.max(timeToExpiryYears, 0));
  const vol = shockedVol(volatility, Math.max(timeToExpiryYears, 0) * DAYS_PER_YEAR, parameters);
  const same = vol.same * root;
  const up = vol.up * root;
  const down = vol.down * root;
  const nowUsd = undiscountedBlack(sign, underlying, strike, same);
  const now = settlement === 'coin' ? nowUsd / underlying : nowUsd;
  for (let s = 0; s < count; s += 1) {
    const moved = underlying * (1 + moves[s]!);
    const state = volStates[s]!;
    const price = undiscountedBlack(sign, moved, strike, state === 0 ? up : state === 1 ? same : down);
    profits[at + s] = quantity * scales[s]! * ((settlement === 'coin' ? price / moved : price) - now);
  }
}

/** Sums over positions whose profits lie one after the other. */
export function summedProfits(profits: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < profits.length; i += count) {
    for (let s = 0; s < count; s += 1) sums[s] = sums[s]! + profits[i + s]!;
  }
  return sums;
}

/**
 * What the worst case is taken from. A gain counts as min(gain pnlOffset, maxOffsetablePnlUsd); an extended value is then dampened.
 * @param unitUsd USD per unit of the pool's currency: the index of a coin pool, 1 of a USDC pool.
 */
export function countedProfits(
  sums: Float64Array,
  { count, dampenersUsd }: RiskMatrix,
  { pnlOffset, maxOffsetablePnlUsd }: PortfolioMarginParameters,
  unitUsd: Usd,
): Float64Array {
  const counted = new Float64Array(count);
  for (let s = 0; s < count; s += 1) {
    const dampener = dampenersUsd[s]! / unitUsd;
    const profit = sums[s]!;
    counted[s] =
      profit > 0
        ? Math.max(Math.min(profit * pnlOffset, maxOffsetablePnlUsd / unitUsd) - dampener, 0)
        : Math.min(profit + dampener, 0);
  }
  return counted;
}

/** Losses of the counted profits, the scenario that binds, the first of equal ones, and its loss. */
export function worstCase(counted: Float64Array): { losses: Float64Array; index: number; loss: number } {
  const losses = new Float64Array(counted.length);
  let loss = 0;
  for (let s = 0; s < counted.length; s += 1) {
    losses[s] = 0 - counted[s]!;
    loss = Math.max(loss, losses[s]!);
  }
  return { losses, index: firstLargest(losses), loss };
}
