import { RiskError } from '../../domain/failure.ts';
import type { OptionType } from '../../domain/instrument.ts';
import { DAYS_PER_YEAR, type Vol, type YearFraction } from '../../domain/units.ts';
import { black76Price } from '../../pricing/black76.ts';
import { black76Greeks } from '../../pricing/greeks.ts';
import { firstLargest } from '../firstLargest.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';
import { deltaForShock, deltaShock, type PositionDelta, rollShock } from './contingencies.ts';
import type { PortfolioMarginParameters } from './portfolioMarginParameters.ts';
import { shockedVol } from './shockedVol.ts';

/**
 * Deribit portfolio margin (PM), the risk matrix of 2024 on, for one currency pair and its coin pool. All amounts are coin unless a
 * name says USD.
 *
 * Sources: support.deribit.com article 25944756247837 (outline); docs.deribit.com private/simulate_portfolio. The mechanics of futures
 * agree with two outputs of the venue (BTC June 2024, ETH February 2026) to 1e-9 coin. The option leg follows the documented formulas and
 * one third-party implementation: no figure with options is published.
 */

/** An inverse future or perpetual. */
export interface PortfolioFuture {
  readonly kind: 'future';
  /** Coin: USD notional over the mark, negative when short. */
  readonly sizeCoin: number;
  /** Positions of one expiry net in the roll shock; the perpetual is an expiry of its own. */
  readonly expiry: string;
  /** Null for the perpetual. */
  readonly timeToExpiryYears: YearFraction | null;
}

/** An inverse option. */
export interface PortfolioOption {
  readonly kind: 'option';
  readonly type: OptionType;
  readonly strike: number;
  readonly timeToExpiryYears: YearFraction;
  readonly volatility: Vol;
  /** Coins, negative when sold. */
  readonly quantity: number;
  /** The future that the option is priced on. */
  readonly underlying: number;
  readonly expiry: string;
}

export type PortfolioPosition = PortfolioFuture | PortfolioOption;

/** Profit in coin in every scenario. */
export interface RiskVectors {
  /** Price buckets from low to high, each with vol up, same and down. */
  readonly standard: readonly number[];
  /** The moves of `EXTENDED_MOVES`, vol up. */
  readonly extended: readonly number[];
}

export interface PortfolioMargin {
  /** Of each position, in their order. */
  readonly positions: readonly RiskVectors[];
  /** Sums over the positions. */
  readonly preAggregated: RiskVectors;
  /** After gains are cut and the extended table is dampened. */
  readonly aggregated: RiskVectors;
  readonly worstCase: number;
  /** Counts from 0 through the standard, then the extended table; the first of values equal up to rounding. */
  readonly worstIndex: number;
  readonly deltaForShock: number;
  readonly deltaShock: number;
  readonly rollShock: number;
  readonly riskMatrixMargin: number;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
}

/** Margin that stands beside the risk matrix, coin. */
export interface OtherMargins {
  readonly spotMargin?: number;
  /** Market maker protection. */
  readonly mmpMargin?: number;
  readonly openOrdersMargin?: number;
  /** Part of the risk matrix margin; zero in all that was seen. */
  readonly correlationContingency?: number;
}

/** Price moves of the extended table. */
export const EXTENDED_MOVES: readonly number[] = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5];

/**
 * Initial and maintenance margin of the positions at the index price:
 *
 *   worst case  = max(0, -min over the 27 + 8 aggregated values)
 *   risk matrix = worst case + delta shock + roll shock + correlation contingency
 *   IM          = risk matrix + spot + market maker protection + open orders,   MM = mmFactor risk matrix
 *
 * @throws RiskError `bad-value` naming the input that is out of range
 */
export function portfolioMargin(
  positions: readonly PortfolioPosition[],
  index: number,
  parameters: PortfolioMarginParameters,
  { spotMargin = 0, mmpMargin = 0, openOrdersMargin = 0, correlationContingency = 0 }: OtherMargins = {},
): PortfolioMargin {
  positiveInput('The index price', index);
  requireMoves(parameters);
  const vectors = positions.map((position) => riskVectors(position, parameters));
  const preAggregated = summedVectors(vectors, parameters);
  const aggregated = aggregatedVectors(preAggregated, index, parameters);
  const losses = [...aggregated.standard, ...aggregated.extended].map((profit) => 0 - profit);
  const worstIndex = firstLargest(losses);
  const worstCase = Math.max(...losses, 0);

  const deltas = positions.map(positionDelta);
  const shockDelta = deltaForShock(deltas);
  const liquidity = deltaShock(shockDelta, index, parameters);
  const roll = rollShock(deltas, parameters);
  const riskMatrixMargin = worstCase + liquidity + roll + correlationContingency;
  return {
    positions: vectors,
    preAggregated,
    aggregated,
    worstCase,
    worstIndex,
    deltaForShock: shockDelta,
    deltaShock: liquidity,
    rollShock: roll,
    riskMatrixMargin,
    initialMargin: riskMatrixMargin + spotMargin + mmpMargin + openOrdersMargin,
    maintenanceMargin: parameters.mmFactor * riskMatrixMargin,
  };
}

function requireMoves({ priceRange, bucketsCount }: PortfolioMarginParameters): void {
  if (!(priceRange > 0 && priceRange < 1)) {
    throw new RiskError('bad-value', `The price range must be above 0 and below 1, not ${priceRange}`);
  }
  if (!(Number.isInteger(bucketsCount) && bucketsCount > 0)) {
    throw new RiskError('bad-value', `The number of price steps must be a whole number above 0, not ${bucketsCount}`);
  }
}

/** Moves of the standard table, low to high: priceRange k / buckets for k = -buckets .. buckets. */
export function standardMoves({ priceRange, bucketsCount }: PortfolioMarginParameters): number[] {
  return Array.from({ length: 2 * bucketsCount + 1 }, (_, k) => (priceRange * (k - bucketsCount)) / bucketsCount);
}

/**
 * Profit of one position, time held. With the move m of its own future F:
 *
 *   future: q (1 - 1 / (1 + m))
 *   option: q (B(F (1 + m), vol') / (F (1 + m)) - B(F, vol) / F), B the undiscounted Black-76 price
 *
 * An extended value is the profit at its move x extendedTableFactor priceRange / |m| x (1 + m) / (1 + s priceRange), s the sign of m. The
 * last factor restates the USD loss at the edge of the standard table; an inverse future so loses what it loses at that edge, which is
 * what the venue returned. For options this form is inferred, other forms fit the futures as well.
 */
export function riskVectors(position: PortfolioPosition, parameters: PortfolioMarginParameters): RiskVectors {
  const profits = positionProfits(position, parameters);
  const { priceRange, extendedTableFactor } = parameters;
  return {
    standard: standardMoves(parameters).flatMap((move) => profits(move)),
    extended: EXTENDED_MOVES.map((move) => {
      const edge = 1 + Math.sign(move) * priceRange;
      return (profits(move)[0] * extendedTableFactor * priceRange * (1 + move)) / (Math.abs(move) * edge);
    }),
  };
}

/** Profit at a price move with vol up, same and down. */
function positionProfits(
  position: PortfolioPosition,
  parameters: PortfolioMarginParameters,
): (move: number) => [number, number, number] {
  if (position.kind === 'future') {
    const size = finiteInput(`The size of the future ${position.expiry}`, position.sizeCoin);
    return (move) => {
      const profit = (size * move) / (1 + move);
      return [profit, profit, profit];
    };
  }
  const { type, strike, timeToExpiryYears, volatility, quantity, underlying } = checkedOption(position);
  const vol = shockedVol(volatility, timeToExpiryYears * DAYS_PER_YEAR, parameters);
  const now = black76Price(type, underlying, strike, timeToExpiryYears, volatility) / underlying;
  return (move) => {
    const moved = underlying * (1 + move);
    const profit = (shocked: Vol) =>
      quantity * (black76Price(type, moved, strike, timeToExpiryYears, shocked) / moved - now);
    return [profit(vol.up), profit(vol.same), profit(vol.down)];
  };
}

function checkedOption(option: PortfolioOption): PortfolioOption {
  const name = `the option ${option.expiry} ${option.strike} ${option.type}`;
  finiteInput(`The quantity of ${name}`, option.quantity);
  positiveInput(`The strike of ${name}`, option.strike);
  positiveInput(`The underlying price of ${name}`, option.underlying);
  nonNegativeInput(`The vol of ${name}`, option.volatility);
  nonNegativeInput(`The time to expiry of ${name}`, option.timeToExpiryYears);
  return option;
}

function summedVectors(vectors: readonly RiskVectors[], parameters: PortfolioMarginParameters): RiskVectors {
  const standard = new Array<number>(3 * (2 * parameters.bucketsCount + 1)).fill(0);
  const extended = EXTENDED_MOVES.map(() => 0);
  for (const vector of vectors) {
    vector.standard.forEach((profit, i) => {
      standard[i]! += profit;
    });
    vector.extended.forEach((profit, i) => {
      extended[i]! += profit;
    });
  }
  return { standard, extended };
}

/**
 * The vectors that the worst case is taken from. A gain counts as min(gain pnlOffset, maxOffsetablePnlUsd / index). An extended value
 * then moves towards zero, not across it, by (max(|m| / priceRange, 1) - 1) extendedDampenerUsd / ((1 + s priceRange) index).
 */
function aggregatedVectors(
  { standard, extended }: RiskVectors,
  index: number,
  parameters: PortfolioMarginParameters,
): RiskVectors {
  const { priceRange, pnlOffset, maxOffsetablePnlUsd, extendedDampenerUsd } = parameters;
  const counted = (profit: number) => (profit > 0 ? Math.min(profit * pnlOffset, maxOffsetablePnlUsd / index) : profit);
  return {
    standard: standard.map(counted),
    extended: extended.map((profit, i) => {
      const move = EXTENDED_MOVES[i]!;
      const distance = Math.max(Math.abs(move) / priceRange, 1) - 1;
      const dampened = (distance * extendedDampenerUsd) / ((1 + Math.sign(move) * priceRange) * index);
      const value = counted(profit);
      return value > 0 ? Math.max(value - dampened, 0) : Math.min(value + dampened, 0);
    }),
  };
}

function positionDelta(position: PortfolioPosition): PositionDelta {
  if (position.kind === 'future') {
    const { expiry, timeToExpiryYears, sizeCoin } = position;
    return { expiry, timeToExpiryYears: timeToExpiryYears ?? 0, deltaCoins: sizeCoin, isOptionBought: false };
  }
  const { type, underlying, strike, timeToExpiryYears, volatility, quantity, expiry } = position;
  const { delta } = black76Greeks(type, underlying, strike, timeToExpiryYears, volatility);
  return { expiry, timeToExpiryYears, deltaCoins: quantity * delta, isOptionBought: quantity > 0 };
}
