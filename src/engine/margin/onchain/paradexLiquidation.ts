/*
 * Liquidation on Paradex cuts every position by the same share and takes a penalty for the insurance fund. tradeparadex/paradex-docs,
 * risk-system/liquidations and risk-system/socialized-losses, commit 9b82a75a (2026-08-20). The page states a fee of 70 % and
 * reckons its example with 50 %, so the fee is an argument without a default.
 */

/** An account to be liquidated, USD. */
export interface ParadexAccount {
  readonly accountValue: number;
  readonly maintenanceRequirement: number;
  /** Fraction of the requirement of what is cut. */
  readonly liquidationFee: number;
}

/** Penalty for cutting a share of every position: share x fee x requirement. */
export function paradexPenalty({ maintenanceRequirement, liquidationFee }: ParadexAccount, share: number): number {
  return share * liquidationFee * maintenanceRequirement;
}

/** Requirement over value after the cut and its penalty; infinite when nothing of the value is left but requirement is. */
export function paradexMarginRatioAfter(account: ParadexAccount, share: number): number {
  const requirement = account.maintenanceRequirement * (1 - share);
  const value = account.accountValue - paradexPenalty(account, share);
  if (requirement === 0) return 0;
  return value > 0 ? requirement / value : Infinity;
}

/** The smallest multiple of `step` after which the ratio is below `target`; everything, 1, when no smaller share does. */
export function paradexLiquidatedShare(account: ParadexAccount, step: number, target: number): number {
  const steps = Math.ceil(1 / step - 1e-9);
  for (let count = 0; count < steps; count += 1) {
    // A product of the step, rounded, so that three fifths are 0.6.
    const share = Number((count * step).toFixed(12));
    if (paradexMarginRatioAfter(account, share) < target) return share;
  }
  return 1;
}

/** Share that every withdrawal forgoes while a loss is not made good: loss / (all USDC + loss). */
export function paradexSocialisedLossFactor(bankruptcyLoss: number, totalUsdc: number): number {
  return bankruptcyLoss > 0 ? bankruptcyLoss / (totalUsdc + bankruptcyLoss) : 0;
}
