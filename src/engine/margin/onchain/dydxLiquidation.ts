import { RiskError } from '../../domain/failure.ts';
import { type DydxAccount, dydxTotals } from './dydxMargin.ts';

type DydxPosition = DydxAccount['positions'][number];

/** Smallest amount of USDC on the chain. */
const QUANTUMS_PER_USD = 1e6;
/** Part of a quantum that is taken for rounding of the arithmetic, not for an amount. */
const ROUNDING = 1e-5;

/**
 * Cash at which closing `delta` base units of a position takes its share of what the account has left and no more, so that the
 * account is left with nothing when all is closed: received above 0, paid below, rounded up to a millionth.
 *
 *   -d notional - TNC |d MMR| / TMMR
 *
 * TNC net collateral, TMMR maintenance requirement of the account. dydxprotocol/v4-chain, clob/keeper/liquidations, commit 84d4664b.
 * @throws RiskError `bad-value` for an account without a maintenance requirement.
 */
export function dydxBankruptcyCash(account: DydxAccount, position: DydxPosition, delta: number): number {
  const { netCollateral, maintenanceRequirement } = requiredTotals(account);
  const notional = delta * position.oraclePrice;
  const requirement =
    Math.abs(position.size + delta) * position.oraclePrice * position.maintenanceMarginFraction -
    Math.abs(position.size) * position.oraclePrice * position.maintenanceMarginFraction;
  return roundedUp(-notional - (netCollateral * Math.abs(requirement)) / maintenanceRequirement);
}

function requiredTotals(account: DydxAccount) {
  const totals = dydxTotals(account);
  if (!(totals.maintenanceRequirement > 0))
    throw new RiskError('bad-value', 'An account without a maintenance requirement cannot be liquidated');
  return totals;
}

function roundedUp(usd: number): number {
  const quantums = usd * QUANTUMS_PER_USD;
  const nearest = Math.round(quantums);
  return (Math.abs(quantums - nearest) < ROUNDING ? nearest : Math.ceil(quantums)) / QUANTUMS_PER_USD;
}

/** How far from the oracle price a liquidation order may be filled. */
export interface DydxFillRules {
  /** Pace at which the spread opens as the account falls below its requirement; 1 on the chain. */
  readonly bankruptcyAdjustment: number;
  /** Widest spread as a share of the maintenance margin of the position; 0.1 on the chain. */
  readonly spreadToMaintenanceMarginRatio: number;
}

/**
 * Limit price of the liquidation order of one position:
 *
 *   ( notional - a spread MMR ) / size,   a = clamp( adjustment (1 - TNC / TMMR), 0, 1 )
 *
 * dydxprotocol/v4-chain, clob/keeper/liquidations, commit 84d4664b.
 * @throws RiskError `bad-value` for an empty position, or an account without a maintenance requirement.
 */
export function dydxFillablePrice(account: DydxAccount, position: DydxPosition, rules: DydxFillRules): number {
  const { netCollateral, maintenanceRequirement } = requiredTotals(account);
  const { size, oraclePrice, maintenanceMarginFraction } = position;
  if (size === 0) throw new RiskError('bad-value', 'A position of size 0 has no price at which it is liquidated');
  const shortfall = rules.bankruptcyAdjustment * (1 - netCollateral / maintenanceRequirement);
  const adjustment = Math.min(Math.max(shortfall, 0), 1);
  const requirement = Math.abs(size) * oraclePrice * maintenanceMarginFraction;
  return (size * oraclePrice - adjustment * rules.spreadToMaintenanceMarginRatio * requirement) / size;
}

/**
 * What the insurance fund gets (above 0, at most `maxLiquidationFee` of the fill) or pays (below 0) when `delta` is filled at
 * `fillPrice`: the fill less the bankruptcy cash. dydxprotocol/v4-chain, clob/keeper/liquidations, commit 84d4664b.
 */
export function dydxInsuranceFundDelta(
  account: DydxAccount,
  position: DydxPosition,
  delta: number,
  fillPrice: number,
  maxLiquidationFee: number,
): number {
  const fill = -delta * fillPrice;
  const beyond = fill - dydxBankruptcyCash(account, position, delta);
  return Math.min(beyond, maxLiquidationFee * Math.abs(fill));
}
