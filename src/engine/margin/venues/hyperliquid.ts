import { RiskError } from '../../domain/failure.ts';
import { finiteInput, nonNegativeInput } from '../ruleInput.ts';
import type { VenueParameters } from '../venueParameters.ts';

/** Hyperliquid portfolio margin of spot and perpetuals, USDC borrowed against one collateral. Source: its portfolio margin documentation. */

export interface HyperliquidRates {
  /** USDC that every account must hold beside its margin. */
  readonly minimumUsdc: number;
  /** Ratio above which an account is liquidated. */
  readonly liquidationRatio: number;
  /** Borrow rate: base + slope x the utilisation above the kink. */
  readonly borrowBase: number;
  readonly borrowSlope: number;
  readonly borrowKink: number;
}

export const HYPERLIQUID_PARAMETERS: VenueParameters<HyperliquidRates> = {
  scope: 'USDC against one collateral',
  date: '2026-09',
  source: 'Hyperliquid documentation, portfolio margin; caps differ between its test phases',
  units: {
    minimumUsdc: 'USDC',
    liquidationRatio: 'fraction',
    borrowBase: 'fraction per year',
    borrowSlope: 'fraction per year',
    borrowKink: 'fraction',
  },
  values: { minimumUsdc: 20, liquidationRatio: 0.95, borrowBase: 0.05, borrowSlope: 4.75, borrowKink: 0.8 },
};

export interface HyperliquidAccount {
  readonly balanceUsdc: number;
  /** Sum of the maintenance margins of perpetuals on cross margin. */
  readonly crossMaintenanceUsd: number;
  readonly borrowedUsd: number;
  /** Coins and USD per coin. */
  readonly collateralBalance: number;
  readonly collateralPrice: number;
  /** Loan to value of the collateral. */
  readonly ltv: number;
  readonly borrowCapUsd: number;
  /** Coins. */
  readonly supplyCap: number;
}

export interface HyperliquidRatio {
  readonly liquidationThreshold: number;
  readonly requirement: number;
  readonly liquidationValue: number;
  readonly ratio: number;
  readonly liquidatable: boolean;
}

/**
 * Portfolio margin ratio of one borrowable token:
 *
 *   threshold         = 0.5 + 0.5 LTV
 *   requirement       = 20 USDC + cross maintenance + borrowed value
 *   liquidation value = balance + min(borrow cap, min(collateral, supply cap) price threshold)
 *   ratio             = requirement / liquidation value, liquidatable above 0.95
 *
 * @throws RiskError `bad-value` when the liquidation value is not above zero: the ratio has no meaning there
 */
export function hyperliquidRatio(
  account: HyperliquidAccount,
  rates: HyperliquidRates = HYPERLIQUID_PARAMETERS.values,
): HyperliquidRatio {
  const liquidationThreshold = 0.5 + 0.5 * nonNegativeInput('The loan to value', account.ltv);
  const requirement =
    rates.minimumUsdc +
    nonNegativeInput('The cross maintenance margin', account.crossMaintenanceUsd) +
    nonNegativeInput('The borrowed value', account.borrowedUsd);
  const collateral =
    Math.min(nonNegativeInput('The collateral', account.collateralBalance), account.supplyCap) *
    nonNegativeInput('The price of the collateral', account.collateralPrice);
  const liquidationValue =
    finiteInput('The USDC balance', account.balanceUsdc) +
    Math.min(account.borrowCapUsd, collateral * liquidationThreshold);
  if (!(liquidationValue > 0)) {
    throw new RiskError('bad-value', `The account's liquidation value is ${liquidationValue}: it has no margin ratio`);
  }
  const ratio = requirement / liquidationValue;
  return {
    liquidationThreshold,
    requirement,
    liquidationValue,
    ratio,
    liquidatable: ratio > rates.liquidationRatio,
  };
}

/** Yearly rate that a borrower pays: 5 % + 4.75 max(0, utilisation - 0.8). */
export function hyperliquidBorrowRate(
  utilization: number,
  rates: HyperliquidRates = HYPERLIQUID_PARAMETERS.values,
): number {
  nonNegativeInput('The utilisation', utilization);
  return rates.borrowBase + rates.borrowSlope * Math.max(utilization - rates.borrowKink, 0);
}
