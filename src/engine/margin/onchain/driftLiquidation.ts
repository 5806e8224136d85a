import { RiskError } from '../../domain/failure.ts';

/*
 * Liquidation of perpetual positions and socialised losses on Drift v2: drift-labs/protocol-v2, programs/drift/src/math/liquidation,
 * commit 0ae3e3b1 (2026-04-01). Fees and ratios are fractions of the notional.
 */

/** What a liquidation has to make up for, and what it costs. */
export interface DriftShortage {
  /** USD below the margin requirement. */
  readonly marginShortage: number;
  /** Margin ratio of the market. */
  readonly marginRatio: number;
  readonly liquidatorFee: number;
  readonly oraclePrice: number;
  /** USD per unit of the quote asset. */
  readonly quoteOraclePrice: number;
}

/**
 * Base units to liquidate so that the requirement falls by the shortage: shortage / ( price quote (ratio - both fees) ).
 * @throws RiskError `unsupported` where the fees take all that a unit frees, so that no size is enough.
 */
export function driftBaseToCoverShortage(shortage: DriftShortage, insuranceFundFee: number): number {
  const freed = shortage.marginRatio - shortage.liquidatorFee - insuranceFundFee;
  if (!(freed > 0))
    throw new RiskError(
      'unsupported',
      'The liquidation fees take all the margin that a unit frees: no size covers the shortage',
    );
  return shortage.marginShortage / (shortage.oraclePrice * shortage.quoteOraclePrice * freed);
}

/** Share of what a liquidation leaves over that the insurance fund may take. */
const FUND_SHARE = 0.95;

/** Fee of the insurance fund on a position of `base` units: clamp( 0.95 (ratio - liquidator fee - shortage / notional), 0, most ). */
export function driftInsuranceFundFee(shortage: DriftShortage, base: number, maxFee: number): number {
  const notional = Math.abs(base) * shortage.oraclePrice * shortage.quoteOraclePrice;
  if (notional === 0) return 0;
  const left = shortage.marginRatio - shortage.liquidatorFee - shortage.marginShortage / notional;
  return Math.min(Math.max(FUND_SHARE * left, 0), maxFee);
}

/** How a liquidator's fee grows while nobody comes. */
export interface DriftFeeGrowth {
  readonly baseFee: number;
  readonly maxFee: number;
  readonly gracePeriodSlots: number;
  readonly increasePerSlot: number;
}

/** Fee of the liquidator: the base fee within the grace period; after it the growth of all slots since, to the most. */
export function driftLiquidationFee(growth: DriftFeeGrowth, slotsSinceActive: number): number {
  if (slotsSinceActive < growth.gracePeriodSlots) return growth.baseFee;
  return Math.min(growth.baseFee + growth.increasePerSlot * slotsSinceActive, growth.maxFee);
}

/** Fall of the deposit index by which every depositor bears his part of a loss: index x loss / deposits, at most the index. */
export function driftSocialisedDepositDelta(loss: number, totalDeposits: number, depositIndex: number): number {
  return totalDeposits > 0 ? Math.min(loss / totalDeposits, 1) * depositIndex : 0;
}

/**
 * What every unit of base, long or short, pays of a loss through the funding index, USD: loss / (long + short open interest).
 * @throws RiskError `bad-value` where nobody is left to bear it.
 */
export function driftSocialisedFundingDelta(loss: number, longBase: number, shortBase: number): number {
  const base = Math.abs(longBase) + Math.abs(shortBase);
  if (base === 0) throw new RiskError('bad-value', 'A loss cannot be shared in a market without open interest');
  return loss / base;
}
