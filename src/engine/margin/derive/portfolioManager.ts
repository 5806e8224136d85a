import { RiskError } from '../../domain/failure.ts';
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
import type { PortfolioManagerParameters } from './portfolioManagerParameters.ts';
import type { ScenarioShock } from './ScenarioShock.ts';
import { expiryGain, type ShockedExpiry, shockedExpiry } from './shockedExpiry.ts';
import { staticDiscount } from './staticDiscount.ts';
import { worstOf } from './worstOf.ts';

/** An account under the first portfolio manager: one underlying, its options, perpetual and wrapped coins. USD. */
export interface PortfolioManagerAccount {
  readonly spot: Usd;
  readonly spotConfidence: number;
  /** USD of one stablecoin. */
  readonly stablePrice: Usd;
  readonly cash: Usd;
  /** Wrapped coins of the underlying. */
  readonly base: number;
  /** What they are worth in units of cash. */
  readonly baseValue: Usd;
  readonly perpetual: HeldPerpetual;
  readonly expiries: readonly PortfolioExpiry[];
}

/** Margins are balances, what is left after the requirement; contingencies are deductions, at least zero. USD. */
export interface PortfolioManagerMargin {
  readonly initialMarginBalance: Usd;
  readonly maintenanceMarginBalance: Usd;
  /** Cash and everything held, marked. */
  readonly markToMarket: Usd;
  /** In the order of the scenarios. */
  readonly scenarioPnl: readonly Usd[];
  readonly worstScenarioPnl: Usd;
  /** At most zero; it competes with the scenarios. */
  readonly basisContingency: Usd;
  /** Index of the scenario that binds, or `basis`. */
  readonly worst: number | 'basis';
  readonly perpetualContingency: Usd;
  readonly baseContingency: Usd;
  readonly optionContingency: Usd;
  readonly confidenceContingency: Usd;
  /** With the loss of the peg in it. */
  readonly initialFactor: number;
  readonly expiries: readonly ShockedExpiry[];
}

/**
 * Derive's portfolio margin, first version (PMRM). With S spot, V an expiry's value (Black-76, undiscounted), d its static
 * discount and the minimum taken over the scenarios and the basis contingency:
 *
 *   P&L   = sum over expiries (V' d if V' > 0, else V', less V) + base S (f - 1) / stable + perp price (f - 1)
 *   MM    = min(basis, P&L) - static + mark
 *   IM    = (min(basis, P&L) - static) imFactor' - confidence + mark,   imFactor' = imFactor + peg loss
 *   static = |perp| perp% S + base base% S + naked shorts option% S
 *
 * The discount falls on the total of an expiry, also where nothing moves, so it is a haircut on what is held net. Source:
 * derivexyz/v2-core 7736900d, PMRM.sol and PMRMLib.sol.
 *
 * @throws RiskError `unsupported` for a skew scenario, which this version does not know; `bad-value` for an account that has
 * no value.
 */
export function portfolioManagerMargin(
  account: PortfolioManagerAccount,
  p: PortfolioManagerParameters,
  scenarios: readonly ScenarioShock[],
): PortfolioManagerMargin {
  const { spot, stablePrice, base, baseValue, perpetual } = account;
  requireStablePrice(stablePrice);
  if (scenarios.some(({ volMove }) => volMove === 'linear' || volMove === 'abs')) {
    throw new RiskError('unsupported', "Derive's first portfolio manager has no skew scenarios; leave them out");
  }

  const expiries = account.expiries.map((expiry) => {
    const { rate, timeToExpiryYears } = expiry;
    const long = staticDiscount(p.baseStaticDiscount, p.rateMultScale, p.rateAddScale, rate, timeToExpiryYears);
    return shockedExpiry(expiry, 1, { long, short: 1 }, p, 0);
  });
  const markToMarket =
    account.cash + sum(expiries.map((expiry) => expiry.markToMarket)) + baseValue + perpetual.unsettledCash;

  const delta = baseValue + perpetual.notional;
  const scenarioPnl = scenarios.map(
    (shock) =>
      shock.dampening * (sum(expiries.map((expiry) => expiryGain(expiry, shock))) + delta * (shock.spotFactor - 1)),
  );
  const basis = basisContingency(account.expiries, p);
  const { worst, worstPnl, scenarioMinimum } = worstOf(scenarioPnl, basis);

  const perpetualContingency = Math.abs(perpetual.quantity) * p.perpPercent * spot;
  const baseContingency = base * p.basePercent * spot;
  const optionContingency =
    sum(account.expiries.map(({ options }) => sum(nakedShorts(options)))) * p.optionPercent * spot;
  const loss = worstPnl - perpetualContingency - baseContingency - optionContingency;
  const confidenceContingency = confidenceCharge(account, p);
  const initialFactor = p.imFactor + pegLoss(stablePrice, p.pegLossThreshold, p.pegLossFactor);

  const initialMarginBalance = loss * initialFactor - confidenceContingency + markToMarket;
  const maintenanceMarginBalance = loss + markToMarket;
  requireFinite({ 'initial margin': initialMarginBalance, 'maintenance margin': maintenanceMarginBalance });
  return {
    initialMarginBalance,
    maintenanceMarginBalance,
    markToMarket,
    scenarioPnl,
    worstScenarioPnl: scenarioMinimum,
    basisContingency: basis,
    worst,
    perpetualContingency,
    baseContingency,
    optionContingency,
    confidenceContingency,
    initialFactor,
    expiries,
  };
}

/** Perpetual and base together, then each expiry's options on either side, each with the least confidence that bears on it. */
function confidenceCharge(account: PortfolioManagerAccount, p: PortfolioManagerParameters): Usd {
  const { spot, perpetual } = account;
  const confidence = spotAndPerpetualConfidence(account.spotConfidence, perpetual);
  const charge = (least: number, amount: number) =>
    lowConfidenceCharge(least, amount * spot, p.confThreshold, p.confMargin);
  const options = account.expiries.map((expiry) =>
    charge(expiryConfidence(confidence, expiry), sum(expiry.options.map(({ quantity }) => Math.abs(quantity)))),
  );
  return charge(confidence, Math.abs(perpetual.quantity) + account.base) + sum(options);
}
