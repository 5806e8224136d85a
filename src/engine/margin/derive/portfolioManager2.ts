import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { requireFinite, requireStablePrice } from './accountChecks.ts';
import { basisContingency, lowConfidenceCharge, nakedShorts, pegLoss } from './contingencies.ts';
import {
  expiryConfidence,
  type HeldPerpetual,
  type PortfolioExpiry,
  spotAndPerpetualConfidence,
} from './optionExpiry.ts';
import type { PortfolioManager2Parameters } from './portfolioManager2Parameters.ts';
import type { ScenarioShock } from './ScenarioShock.ts';
import { expiryGain, type ShockedExpiry, shockedExpiry } from './shockedExpiry.ts';
import { longShortDiscounts, rateDiscount } from './staticDiscount.ts';
import { worstOf } from './worstOf.ts';

/** Coins or stablecoins held beside cash. */
export interface HeldCollateral {
  /** In units of cash. */
  readonly value: Usd;
  readonly confidence: number;
  /** It is the manager's own underlying, so its price risk is in the scenarios. */
  readonly riskCancelling: boolean;
  readonly maintenanceHaircut: number;
  /** On top of the maintenance haircut. */
  readonly initialHaircut: number;
}

/** An account under the second portfolio manager. USD. */
export interface PortfolioManager2Account {
  readonly spot: Usd;
  readonly spotConfidence: number;
  /** USD of one stablecoin. */
  readonly stablePrice: Usd;
  readonly cash: Usd;
  readonly perpetual: HeldPerpetual;
  readonly collaterals: readonly HeldCollateral[];
  readonly expiries: readonly PortfolioExpiry[];
}

/**
 * Margins are balances, what is left after the requirement; contingencies are deductions, at least zero, those of initial
 * margin on top of those of maintenance margin. USD.
 */
export interface PortfolioManager2Margin {
  readonly initialMarginBalance: Usd;
  readonly maintenanceMarginBalance: Usd;
  /** Cash and everything held, marked. */
  readonly markToMarket: Usd;
  readonly optionMarkToMarket: Usd;
  readonly collateralMarkToMarket: Usd;
  /** In the order of the scenarios, dampened. */
  readonly scenarioPnl: readonly Usd[];
  /** At most zero; it competes with the scenarios. */
  readonly basisContingency: Usd;
  /** Index of the scenario that binds, or `basis`. */
  readonly worst: number | 'basis';
  readonly maintenancePerpetual: Usd;
  readonly initialPerpetual: Usd;
  readonly maintenanceOption: Usd;
  readonly initialOption: Usd;
  readonly maintenanceCollateral: Usd;
  readonly initialCollateral: Usd;
  readonly confidenceContingency: Usd;
  readonly maintenanceFactor: number;
  /** With the loss of the peg in it. */
  readonly initialFactor: number;
  readonly expiries: readonly ShockedExpiry[];
}

/**
 * Derive's portfolio margin, second version (PMRM_2). With V an expiry's discounted value, V' the shocked one, disc the static
 * discount of its sign, and the minimum taken over the dampened scenarios and the basis contingency:
 *
 *   P&L = dampening (sum over expiries (disc(V') - V) + (perp price + risk-cancelling collateral) (f - 1))
 *   MM  = min(basis, P&L) mmFactor  - maintenance contingencies + mark
 *   IM  = min(basis, P&L) imFactor' - maintenance and initial contingencies - confidence + mark
 *
 * Vols rise to at least `minVolUpShock`; where the smile is turned, each expiry counts as a loss of its absolute change, and
 * neither forward nor expiries net. Source: derivexyz/v2-core 7736900d, PMRM_2.sol and PMRMLib_2.sol.
 *
 * @throws RiskError `bad-value` for an account or parameters that have no value.
 */
export function portfolioManager2Margin(
  account: PortfolioManager2Account,
  p: PortfolioManager2Parameters,
  scenarios: readonly ScenarioShock[],
): PortfolioManager2Margin {
  const { spot, stablePrice, perpetual } = account;
  requireStablePrice(stablePrice);

  const { collaterals } = account;
  const cancelling = sum(collaterals.map(({ riskCancelling, value }) => (riskCancelling ? value : 0)));
  const expiries = account.expiries.map((expiry) =>
    shockedExpiry(
      expiry,
      expiryDiscount(expiry),
      longShortDiscounts(expiry.rate, expiry.timeToExpiryYears, p),
      p,
      p.minVolUpShock,
      p,
    ),
  );
  const optionMarkToMarket = sum(expiries.map(({ markToMarket }) => markToMarket));
  const collateralMarkToMarket = sum(collaterals.map(({ value }) => value));
  const markToMarket = account.cash + optionMarkToMarket + collateralMarkToMarket + perpetual.unsettledCash;

  const delta = perpetual.notional + cancelling;
  const scenarioPnl = scenarios.map(
    (shock) =>
      shock.dampening * (sum(expiries.map((expiry) => expiryGain(expiry, shock))) + delta * (shock.spotFactor - 1)),
  );
  const basis = basisContingency(account.expiries, p, expiryDiscount);
  const { worst, worstPnl } = worstOf(scenarioPnl, basis);

  const perpetualNotional = Math.abs(perpetual.quantity) * spot;
  const nakedNotional = sum(account.expiries.map(({ options }) => sum(nakedShorts(options)))) * spot;
  const haircuts = (haircut: 'maintenanceHaircut' | 'initialHaircut') =>
    sum(collaterals.map((held) => held.value * held[haircut]));
  const maintenancePerpetual = perpetualNotional * p.MMPerpPercent;
  const initialPerpetual = perpetualNotional * p.IMPerpPercent;
  const maintenanceOption = nakedNotional * p.MMOptionPercent;
  const initialOption = nakedNotional * p.IMOptionPercent;
  const maintenanceCollateral = haircuts('maintenanceHaircut');
  const initialCollateral = haircuts('initialHaircut');
  const confidenceContingency = confidenceCharge(account, p);
  const initialFactor = p.imFactor + pegLoss(stablePrice, p.pegLossThreshold, p.pegLossFactor);

  const maintenance = maintenancePerpetual + maintenanceOption + maintenanceCollateral;
  const initial = maintenance + initialPerpetual + initialOption + initialCollateral + confidenceContingency;
  const initialMarginBalance = worstPnl * initialFactor - initial + markToMarket;
  const maintenanceMarginBalance = worstPnl * p.mmFactor - maintenance + markToMarket;
  requireFinite({ 'initial margin': initialMarginBalance, 'maintenance margin': maintenanceMarginBalance });
  return {
    initialMarginBalance,
    maintenanceMarginBalance,
    markToMarket,
    optionMarkToMarket,
    collateralMarkToMarket,
    scenarioPnl,
    basisContingency: basis,
    worst,
    maintenancePerpetual,
    initialPerpetual,
    maintenanceOption,
    initialOption,
    maintenanceCollateral,
    initialCollateral,
    confidenceContingency,
    maintenanceFactor: p.mmFactor,
    initialFactor,
    expiries,
  };
}

function expiryDiscount({ rate, timeToExpiryYears }: PortfolioExpiry): number {
  return rateDiscount(rate, timeToExpiryYears);
}

/** The perpetual, each expiry's options on either side, and each collateral; a collateral does not hear of the perpetual. */
function confidenceCharge(account: PortfolioManager2Account, p: PortfolioManager2Parameters): Usd {
  const { spot, spotConfidence, perpetual } = account;
  const confidence = spotAndPerpetualConfidence(spotConfidence, perpetual);
  const charge = (least: number, notional: Usd) => lowConfidenceCharge(least, notional, p.confThreshold, p.confMargin);
  const options = account.expiries.map((expiry) =>
    charge(expiryConfidence(confidence, expiry), sum(expiry.options.map(({ quantity }) => Math.abs(quantity))) * spot),
  );
  const collaterals = account.collaterals.map(({ value, confidence: own }) =>
    charge(Math.min(own, spotConfidence), value),
  );
  return charge(confidence, Math.abs(perpetual.quantity) * spot) + sum(options) + sum(collaterals);
}
