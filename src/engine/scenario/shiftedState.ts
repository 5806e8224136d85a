import { RiskError } from '../domain/failure.ts';
import type { Scenario, SmileRule, VolShockUnit } from '../domain/scenario.ts';
import { DAYS_PER_YEAR, type Vol } from '../domain/units.ts';
import { HIGHEST_VOL, smileVol, stickyLogMoneyness } from '../surface/smileVol.ts';
import { type ContractState, daysToExpiry, type OptionState } from './contractState.ts';

/** Length in days to which a term-scaled vol shock refers. */
const SHOCK_TENOR_DAYS = 30;

/**
 * The contract after a scenario: spot moved, vol shocked, time advanced. The carry of the forward (ln(F/I) per year) stays
 * as it is, so that the forward meets the index at expiry. A contract that expires on the way has a time to expiry of zero
 * or less and is worth its intrinsic value at the scenario's index.
 *
 * @param mark `scenarioMark(scenario)`, where many contracts are moved by the same.
 */
export function shiftedState(
  state: ContractState,
  scenario: Scenario,
  mark: string = scenarioMark(scenario),
): ContractState {
  const timeToExpiryYears = state.timeToExpiryYears - scenario.days / DAYS_PER_YEAR;
  const index = state.index * (1 + scenario.spotMove);
  const forward = state.forward * (1 + scenario.spotMove) * carryDecay(state, timeToExpiryYears);
  const discount = remainingDiscount(state, timeToExpiryYears);
  const { spotMove, smile, spotVolBeta } = scenario;
  // The mark itself where it says all: the same text need not be hashed again for every contract.
  const moved = state.moved === '' ? mark : state.moved + mark;
  const { instrument, usdcPrice } = state;
  // Whole literals: a grid moves every contract hundreds of times, and copying by spread costs more than the arithmetic.
  if (state.option === null)
    return { instrument, index, forward, usdcPrice, discount, timeToExpiryYears, option: null, moved };
  const volatility = shockedVol(
    slidVol(state, state.option, spotMove, smile, spotVolBeta),
    scenario.volShock,
    scenario.volUnit,
  );
  const { contract, volatilitySource, fit, spotVolBeta: ownBeta } = state.option;
  const option: OptionState = { contract, volatility, volatilitySource, fit, spotVolBeta: ownBeta };
  return { instrument, index, forward, usdcPrice, discount, timeToExpiryYears, option, moved };
}

/** What a contract carries of a scenario that it has been moved by: equal marks mean equal moves. */
export function scenarioMark({ spotMove, volShock, volUnit, days, smile, spotVolBeta }: Scenario): string {
  return `|${spotMove},${volShock},${volUnit},${days},${smile},${spotVolBeta ?? ''}`;
}

/** Factor on the forward, beside the spot move, when time passes to `timeToExpiryYears`: (F/I)^(T'/T) over F/I. */
export function carryDecay(state: ContractState, timeToExpiryYears: number): number {
  if (timeToExpiryYears === state.timeToExpiryYears || !Number.isFinite(state.timeToExpiryYears)) return 1;
  const remaining = Math.max(timeToExpiryYears, 0) / state.timeToExpiryYears;
  return (state.forward / state.index) ** (remaining - 1);
}

/** Discount factor over what is left of the contract's life, at the rate that its discount implies. */
export function remainingDiscount(state: ContractState, timeToExpiryYears: number): number {
  if (state.discount === 1 || timeToExpiryYears === state.timeToExpiryYears) return state.discount;
  return state.discount ** (Math.max(timeToExpiryYears, 0) / state.timeToExpiryYears);
}

/** Factor of a term-scaled shock for a contract: (30 / max(d, 1))^power. */
export function shockTermFactor(
  state: ContractState,
  power: { readonly short: number; readonly long: number },
): number {
  const days = daysToExpiry(state);
  const exponent = days < SHOCK_TENOR_DAYS ? power.short : power.long;
  return exponent === 0 ? 1 : (SHOCK_TENOR_DAYS / Math.max(days, 1)) ** exponent;
}

/** Spot-vol beta takes no vol below this, nor above HIGHEST_VOL, unless it is there already. */
const LEAST_VOL: Vol = 0.01;

/**
 * Vol of an option once spot has moved, before any shock. Sticky-strike keeps the strike's own vol. Sticky-delta slides along
 * the fitted smile to the new moneyness and keeps the strike's distance from the fit, so that a quote off the fit stays off it.
 * Spot-vol-beta does the same and adds `beta` ln(S' / S), so that the vol at the money of every expiry moves by just that.
 *
 * @param beta overrides the coin's own.
 * @throws RiskError `missing-data` under spot-vol-beta for a coin whose market cannot tell its beta, when none is given.
 */
export function slidVol(
  state: ContractState,
  option: OptionState,
  spotMove: number,
  smile: SmileRule,
  beta: number | undefined,
): Vol {
  const { volatility, fit, contract } = option;
  if (smile === 'sticky-strike' || spotMove === 0) return volatility;
  let slid = volatility;
  if (fit?.svi) {
    const read = (move: number) =>
      smileVol(fit, stickyLogMoneyness(smile, contract.strike * state.usdcPrice, state.forward, move));
    slid += read(spotMove) - read(0);
  }
  if (smile === 'sticky-delta') return slid;
  const slope = beta ?? option.spotVolBeta;
  if (slope === null) {
    throw new RiskError(
      'missing-data',
      `${contract.underlying} has no spot-vol beta: this market has no volatility index to estimate it from. Give a beta, or choose another skew rule`,
    );
  }
  const moved = slid + slope * Math.log1p(spotMove);
  return Math.min(Math.max(moved, Math.min(LEAST_VOL, slid)), Math.max(HIGHEST_VOL, slid));
}

/** A vol after a shock of the given unit; never below zero. */
export function shockedVol(volatility: Vol, shock: number, unit: VolShockUnit): Vol {
  return Math.max(unit === 'relative' ? volatility * (1 + shock) : volatility + shock, 0);
}
