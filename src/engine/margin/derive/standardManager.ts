import type { Usd } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { firstLargest } from '../firstLargest.ts';
import { requireFinite, requireStablePrice } from './accountChecks.ts';
import { lowConfidenceCharge, pegLoss } from './contingencies.ts';
import {
  type HeldOption,
  type HeldPerpetual,
  type OptionExpiry,
  optionValue,
  spotAndPerpetualConfidence,
} from './optionExpiry.ts';
import type { StandardManagerParameters } from './standardManagerParameters.ts';

export interface StandardExpiry extends OptionExpiry {
  readonly forward: Usd;
}

/** What is held of one underlying. */
export interface StandardMarket {
  readonly name: string;
  readonly spot: Usd;
  readonly spotConfidence: number;
  readonly perpetual: HeldPerpetual;
  /** Wrapped coins of the underlying. */
  readonly base: number;
  readonly expiries: readonly StandardExpiry[];
}

/** An account under the standard manager: cash and any number of underlyings. USD. */
export interface StandardManagerAccount {
  readonly cash: Usd;
  /** USD of one stablecoin. */
  readonly stablePrice: Usd;
  readonly markets: readonly StandardMarket[];
}

/** A figure in initial and in maintenance margin, USD. */
export interface BothMargins {
  readonly initial: Usd;
  readonly maintenance: Usd;
}

/** One underlying's part: margins are balances, penalties deductions of initial margin, at least zero. USD. */
export interface StandardMarketMargin {
  readonly name: string;
  readonly markToMarket: Usd;
  readonly perpetual: BothMargins;
  readonly options: BothMargins;
  /** Credit for wrapped coins. */
  readonly base: BothMargins;
  readonly confidencePenalty: Usd;
  readonly depegPenalty: Usd;
  /** The options apart by expiry, in the account's order. */
  readonly expiries: readonly ExpiryMargin[];
}

/** Margin of one expiry's options, at most zero. */
export interface ExpiryMargin extends BothMargins {
  /** The settlement that costs most, where initial margin is the largest loss; null where options sold count each alone. */
  readonly worstSettlement: Usd | null;
  /** What each option is charged in initial margin, positive; an option held takes off what it saves. */
  readonly charges: readonly Usd[];
}

export interface StandardManagerMargin {
  readonly initialMarginBalance: Usd;
  readonly maintenanceMarginBalance: Usd;
  /** Cash and everything held, marked. */
  readonly markToMarket: Usd;
  readonly confidencePenalty: Usd;
  readonly depegPenalty: Usd;
  /** Credit for wrapped coins in all markets. */
  readonly base: BothMargins;
  readonly markets: readonly StandardMarketMargin[];
}

/**
 * Derive's standard manager: cash plus, for each underlying apart, perpetual, options and wrapped coins; nothing nets across
 * underlyings. With q signed, S spot and F forward:
 *
 *   perpetual = -|q| price requirement + unsettled cash
 *   options   = for each expiry the milder of the sum of options sold alone and the largest loss at expiry (`expiryMargin`)
 *   base      = q S marginFactor, in initial margin x IMScale
 *   IM also - confidence penalties - max(0, threshold - stable) factor S (|perp| + options sold)
 *
 * Source: derivexyz/v2-core 7736900d, StandardManager.sol.
 *
 * @param parametersOf the parameters of an underlying, by the market's name.
 * @throws RiskError `bad-value` for an account that has no value.
 */
export function standardManagerMargin(
  account: StandardManagerAccount,
  parametersOf: (market: string) => StandardManagerParameters,
): StandardManagerMargin {
  requireStablePrice(account.stablePrice);
  const markets = account.markets.map((market) => marketMargin(market, account.stablePrice, parametersOf(market.name)));
  const total = (figure: (market: StandardMarketMargin) => Usd) => sum(markets.map(figure));
  const balance = (side: keyof BothMargins) =>
    account.cash + total(({ perpetual, options, base }) => perpetual[side] + options[side] + base[side]);

  const confidencePenalty = total((market) => market.confidencePenalty);
  const depegPenalty = total((market) => market.depegPenalty);
  const initialMarginBalance = balance('initial') - confidencePenalty - depegPenalty;
  const maintenanceMarginBalance = balance('maintenance');
  requireFinite({ 'initial margin': initialMarginBalance, 'maintenance margin': maintenanceMarginBalance });
  return {
    initialMarginBalance,
    maintenanceMarginBalance,
    markToMarket: account.cash + total((market) => market.markToMarket),
    confidencePenalty,
    depegPenalty,
    base: { initial: total(({ base }) => base.initial), maintenance: total(({ base }) => base.maintenance) },
    markets,
  };
}

function marketMargin(market: StandardMarket, stablePrice: Usd, p: StandardManagerParameters): StandardMarketMargin {
  const { name, spot, spotConfidence, perpetual, base } = market;
  const size = Math.abs(perpetual.quantity);
  const expiries = market.expiries.map((expiry) => ({ expiry, sold: soldQuantity(expiry.options) }));

  const options = market.expiries.map((expiry) => expiryMargin(expiry, spot, p));
  const marks = market.expiries.map(({ options: held, forward, timeToExpiryYears }) =>
    sum(held.map((option) => optionValue(option, forward, timeToExpiryYears))),
  );
  const credit = base * spot * p.baseMarginFactor;
  const confidencePenalty =
    lowConfidenceCharge(
      spotAndPerpetualConfidence(spotConfidence, perpetual),
      size * spot,
      p.perpThreshold,
      p.OCFactor,
    ) +
    sum(
      expiries.map(({ expiry: { forwardConfidence, volConfidence }, sold }) =>
        lowConfidenceCharge(
          Math.min(spotConfidence, forwardConfidence, volConfidence),
          sold * spot,
          p.optionThreshold,
          p.OCFactor,
        ),
      ),
    ) +
    lowConfidenceCharge(spotConfidence, base * spot, p.baseThreshold, p.OCFactor);
  const exposed = size + sum(expiries.map(({ sold }) => sold));

  const perpetualMargin = (requirement: number) => perpetual.unsettledCash - Math.abs(perpetual.notional) * requirement;
  return {
    name,
    markToMarket: sum(marks) + (base * spot) / stablePrice + perpetual.unsettledCash,
    perpetual: { initial: perpetualMargin(p.perpIM), maintenance: perpetualMargin(p.perpMM) },
    options: {
      initial: sum(options.map(({ initial }) => initial)),
      maintenance: sum(options.map(({ maintenance }) => maintenance)),
    },
    base: { initial: credit * p.baseIMScale, maintenance: credit },
    confidencePenalty,
    depegPenalty: pegLoss(stablePrice, p.depegThreshold, p.depegFactor) * spot * exposed,
    expiries: options,
  };
}

function soldQuantity(options: readonly HeldOption[]): number {
  return sum(options.map(({ quantity }) => Math.max(0, -quantity)));
}

/**
 * Margin of one expiry's options, at most zero: the milder of its options sold each alone and the largest loss the expiry can
 * settle at.
 */
export function expiryMargin(expiry: StandardExpiry, spot: Usd, p: StandardManagerParameters): ExpiryMargin {
  const { options, forward } = expiry;
  const alone = options.map((option) => soldOptionMargin(option, expiry, spot, p));
  const { settlement, loss } = largestLoss(options, forward);
  const calls = sum(options.map(({ type, quantity }) => (type === 'C' ? quantity : 0)));
  const unpaired = Math.min(calls, 0) * forward;
  const aloneInitial = sum(alone.map(({ initial }) => initial));
  const lossInitial = loss + p.unpairedIMScale * unpaired;
  const maintenance = Math.max(sum(alone.map((option) => option.maintenance)), loss + p.unpairedMMScale * unpaired);
  if (aloneInitial >= lossInitial) {
    const charges = alone.map(({ initial }) => -initial);
    return { initial: aloneInitial, maintenance, worstSettlement: null, charges };
  }
  const charges = options.map((option) => {
    const lost = loss < 0 ? -payoff(option, settlement) : 0;
    return option.type === 'C' && calls < 0 ? lost - p.unpairedIMScale * forward * option.quantity : lost;
  });
  return { initial: lossInitial, maintenance, worstSettlement: settlement, charges };
}

/**
 * An option sold, alone, with mark = q Black-76 (negative) and out = how far it is out of the money:
 *
 *   call: MM = mark + mmCall S q,                       IM = mark + max(min, max - out / S) S q
 *   put:  MM = mark + min(mmPut S q, MMPutMtM mark),    IM = min(the same as a call's, MM offset)
 *
 * An option held counts nothing.
 */
function soldOptionMargin(
  option: HeldOption,
  { forward, timeToExpiryYears }: StandardExpiry,
  spot: Usd,
  p: StandardManagerParameters,
): BothMargins {
  const { type, strike, quantity } = option;
  if (quantity >= 0) return { initial: 0, maintenance: 0 };
  const mark = optionValue(option, forward, timeToExpiryYears);
  const out = Math.max(0, type === 'C' ? strike - spot : spot - strike);
  // The share of spot times spot, written without the quotient.
  const initial = mark + Math.max(p.minSpotReq * spot, p.maxSpotReq * spot - out) * quantity;
  if (type === 'C') return { initial, maintenance: mark + p.mmCallSpotReq * spot * quantity };
  const maintenance = mark + Math.min(p.mmPutSpotReq * spot * quantity, p.MMPutMtMReq * mark);
  return { initial: Math.min(initial, maintenance * p.mmOffsetScale), maintenance };
}

/**
 * The settlement, zero or a strike, at which the options together pay least, and what they pay there, at most zero. Of several
 * the one nearest to the forward is named.
 */
function largestLoss(options: readonly HeldOption[], forward: Usd): { readonly settlement: Usd; readonly loss: Usd } {
  const settlements = [0, ...options.map(({ strike }) => strike)].sort(
    (one, other) => Math.abs(one - forward) - Math.abs(other - forward),
  );
  const losses = settlements.map((settlement) => -sum(options.map((option) => payoff(option, settlement))));
  return { settlement: settlements[firstLargest(losses)]!, loss: -Math.max(0, ...losses) };
}

function payoff({ type, strike, quantity }: HeldOption, settlement: Usd): Usd {
  return quantity * Math.max(0, type === 'C' ? settlement - strike : strike - settlement);
}
