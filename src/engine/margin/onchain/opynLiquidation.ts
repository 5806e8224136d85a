/** An auction of an under-collateralised naked short of Opyn Gamma. */
export interface OpynAuction {
  readonly isPut: boolean;
  /** What the vault holds, a put's in USD and a call's in the underlying. */
  readonly collateral: number;
  /** Contracts owed, above 0. */
  readonly debt: number;
  /** What a contract would pay if exercised now, USD. */
  readonly cashValue: number;
  readonly spot: number;
  /** Fraction of the spot by which the oracle may be off. */
  readonly oracleDeviation: number;
  /** Since the start of the auction. */
  readonly elapsedSeconds: number;
}

const AUCTION_SECONDS = 3_600;

/**
 * Collateral paid for taking over one contract: in an hour it rises in a line from the cash value less the oracle's deviation to
 * all the collateral there is, and is never more. USD for a put, the underlying for a call.
 *
 *   start = max(cash value - S deviation, 0), over S for a call;   end = collateral / debt
 *
 * opynfinance/GammaProtocol, MarginCalculator, commit 841f81d9 (2022-08-22).
 */
export function opynLiquidationPrice(auction: OpynAuction): number {
  const { isPut, collateral, debt, cashValue, spot, oracleDeviation, elapsedSeconds } = auction;
  const startUsd = Math.max(cashValue - spot * oracleDeviation, 0);
  const start = isPut ? startUsd : startUsd / spot;
  const end = collateral / debt;
  const share = Math.min(elapsedSeconds / AUCTION_SECONDS, 1);
  return Math.min(start + (end - start) * share, end);
}
