import { sum } from '../../numerics/sum.ts';

/** A cross-margined subaccount of dYdX v4 in plain units. */
export interface DydxAccount {
  /** USDC, signed. */
  readonly quoteBalance: number;
  readonly positions: readonly {
    /** Base units, signed. */
    readonly size: number;
    readonly oraclePrice: number;
    /** Fraction of the notional. */
    readonly maintenanceMarginFraction: number;
  }[];
}

/** Open interest in USD at which the initial margin starts to rise, and at which it is the whole notional. */
export interface DydxOpenInterestCaps {
  readonly lower: number;
  /** 0 where the market has no caps. */
  readonly upper: number;
}

/**
 * Initial margin fraction that grows with the open interest of the market,
 *
 *   imf + (1 - imf) clamp( (OI - lower) / (upper - lower), 0, 1 ),
 *
 * and the plain fraction where the tier has no caps. dydxprotocol/v4-chain, perpetuals/types/liquidity_tier, commit 84d4664b.
 */
export function dydxInitialMarginFraction(
  baseFraction: number,
  openInterest: number,
  { lower, upper }: DydxOpenInterestCaps,
): number {
  if (upper === 0 || openInterest <= lower) return baseFraction;
  if (openInterest >= upper) return 1;
  return baseFraction + ((1 - baseFraction) * (openInterest - lower)) / (upper - lower);
}

/** Total net collateral and total maintenance requirement in USD: cash plus positions at oracle prices; notional x fraction. */
export function dydxTotals(account: DydxAccount): { netCollateral: number; maintenanceRequirement: number } {
  return {
    netCollateral: account.quoteBalance + sum(account.positions.map(({ size, oraclePrice }) => size * oraclePrice)),
    maintenanceRequirement: sum(
      account.positions.map(
        ({ size, oraclePrice, maintenanceMarginFraction }) => Math.abs(size) * oraclePrice * maintenanceMarginFraction,
      ),
    ),
  };
}

/** Whether the account may be liquidated: there is a requirement, and it is above the net collateral. */
export function dydxIsLiquidatable(account: DydxAccount): boolean {
  const { netCollateral, maintenanceRequirement } = dydxTotals(account);
  return maintenanceRequirement > 0 && maintenanceRequirement > netCollateral;
}
