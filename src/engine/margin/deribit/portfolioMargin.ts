import { RiskError } from '../../domain/failure.ts';
import type { Settlement } from '../../domain/instrument.ts';
import type { Usd, YearFraction } from '../../domain/units.ts';
import { black76Greeks } from '../../pricing/greeks.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';
import { deltaForShock, deltaShock, type PositionDelta, rollShock } from './contingencies.ts';
import type { PortfolioMarginParameters } from './portfolioMarginParameters.ts';
import {
  countedProfits,
  type MatrixOption,
  type RiskMatrix,
  riskMatrix,
  summedProfits,
  worstCase,
  writeFutureProfits,
  writeOptionProfits,
} from './riskMatrix.ts';

/**
 * Deribit portfolio margin (PM), the risk matrix of 2024 on, for one currency pair. Amounts are in the pool's currency unless a name
 * says USD: coin where contracts settle in coin, USD where they settle in USDC.
 *
 * Sources: support.deribit.com article 25944756247837 (outline); docs.deribit.com private/simulate_portfolio. The mechanics of inverse
 * futures agree with two outputs of the venue (BTC June 2024, ETH February 2026) to 1e-9 coin. The option leg follows the documented
 * formulas and one third-party implementation: no figure with options is published. Linear contracts are taken at their plain profit in
 * USD: no figure with them was seen.
 */

/** A future or perpetual. */
export interface PortfolioFuture {
  readonly kind: 'future';
  /** Signed; of an inverse contract its USD notional over the mark. */
  readonly sizeCoin: number;
  /** USD; read in a USDC pool only. */
  readonly mark?: Usd;
  /** Positions of one expiry net in the roll shock; the perpetual is an expiry of its own. */
  readonly expiry: string | number;
  /** Null for the perpetual. */
  readonly timeToExpiryYears: YearFraction | null;
}

export interface PortfolioOption extends MatrixOption {
  readonly kind: 'option';
  readonly expiry: string | number;
}

export type PortfolioPosition = PortfolioFuture | PortfolioOption;

/** Profit in every scenario. */
export interface RiskVectors {
  /** Price buckets from low to high, each with vol up, same and down. */
  readonly standard: readonly number[];
  /** The moves of `EXTENDED_MOVES`, vol up. */
  readonly extended: readonly number[];
}

/** One pair's margin. Scenarios count from 0 through the standard, then the extended table. */
export interface PoolMargin {
  readonly matrix: RiskMatrix;
  /** Profit of position i in scenario s at i x matrix.count + s. */
  readonly profits: Float64Array;
  /** Sums over the positions. */
  readonly sums: Float64Array;
  /** After gains are cut and the extended table is dampened. */
  readonly counted: Float64Array;
  /** The counted profits with their sign turned. */
  readonly losses: Float64Array;
  readonly worstCase: number;
  /** The first of values equal up to rounding. */
  readonly worstIndex: number;
  readonly deltas: readonly PositionDelta[];
  readonly deltaForShock: number;
  readonly deltaShock: number;
  readonly rollShock: number;
}

export interface PortfolioMargin {
  /** Of each position, in their order. */
  readonly positions: readonly RiskVectors[];
  readonly preAggregated: RiskVectors;
  readonly aggregated: RiskVectors;
  readonly worstCase: number;
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

/** Worst case, delta shock and roll shock of the positions of one pair at the index price. */
export function poolMargin(
  positions: readonly PortfolioPosition[],
  index: Usd,
  settlement: Settlement,
  parameters: PortfolioMarginParameters,
): PoolMargin {
  const matrix = riskMatrix(parameters, settlement);
  const profits = positionProfits(positions, matrix, parameters);
  const sums = summedProfits(profits, matrix.count);
  const inCoin = settlement === 'coin';
  const counted = countedProfits(sums, matrix, parameters, inCoin ? index : 1);
  const worst = worstCase(counted);
  const deltas = positions.map(positionDelta);
  const shockDelta = deltaForShock(deltas);
  const perCoin = inCoin ? 1 : index;
  return {
    matrix,
    profits,
    sums,
    counted,
    losses: worst.losses,
    worstCase: worst.loss,
    worstIndex: worst.index,
    deltas,
    deltaForShock: shockDelta,
    deltaShock: perCoin * deltaShock(shockDelta, index, parameters),
    rollShock: perCoin * rollShock(deltas, parameters),
  };
}

/**
 * Initial and maintenance margin of inverse positions at the index price, coin:
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
  positions.forEach(requirePosition);
  const pool = poolMargin(positions, index, 'coin', parameters);
  const { matrix, profits, worstIndex, deltaForShock: shockDelta, deltaShock: liquidity, rollShock: roll } = pool;
  const riskMatrixMargin = pool.worstCase + liquidity + roll + correlationContingency;
  return {
    positions: positions.map((_, i) => vectors(profits, i * matrix.count, matrix)),
    preAggregated: vectors(pool.sums, 0, matrix),
    aggregated: vectors(pool.counted, 0, matrix),
    worstCase: pool.worstCase,
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

function requirePosition(position: PortfolioPosition): void {
  if (position.kind === 'future') {
    finiteInput(`The size of the future ${position.expiry}`, position.sizeCoin);
    return;
  }
  const name = `the option ${position.expiry} ${position.strike} ${position.type}`;
  finiteInput(`The quantity of ${name}`, position.quantity);
  positiveInput(`The strike of ${name}`, position.strike);
  positiveInput(`The underlying price of ${name}`, position.underlying);
  nonNegativeInput(`The vol of ${name}`, position.volatility);
  nonNegativeInput(`The time to expiry of ${name}`, position.timeToExpiryYears);
}

/** Profits of all positions, one after the other. */
function positionProfits(
  positions: readonly PortfolioPosition[],
  matrix: RiskMatrix,
  parameters: PortfolioMarginParameters,
): Float64Array {
  const profits = new Float64Array(positions.length * matrix.count);
  for (const [i, position] of positions.entries()) {
    const at = i * matrix.count;
    if (position.kind === 'future') writeFutureProfits(profits, at, matrix, position.sizeCoin, position.mark ?? 1);
    else writeOptionProfits(profits, at, matrix, position, parameters);
  }
  return profits;
}

function vectors(profits: Float64Array, at: number, { count, standardCount }: RiskMatrix): RiskVectors {
  return {
    standard: [...profits.subarray(at, at + standardCount)],
    extended: [...profits.subarray(at + standardCount, at + count)],
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
