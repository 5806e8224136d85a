import type { Usd, Vol } from '../../domain/units.ts';
import { sum } from '../../numerics/sum.ts';
import { type BasisParameters, basisMove } from './contingencies.ts';
import { expiryValue, forwardOf, optionValues, type PortfolioExpiry } from './optionExpiry.ts';
import type { ScenarioShock, VolMove } from './ScenarioShock.ts';
import { type SkewShockParameters, skewShock } from './skewShock.ts';
import type { StaticDiscounts } from './staticDiscount.ts';
import { type VolFactors, type VolShockParameters, volShockFactors } from './volShock.ts';

type VolOf = (volatility: Vol, strike: Usd) => Vol;

/** An expiry with all that a portfolio manager needs to shock it. */
export interface ShockedExpiry {
  readonly expiry: PortfolioExpiry;
  /** Of the mark, to expiry. */
  readonly discount: number;
  readonly markToMarket: Usd;
  readonly staticDiscounts: StaticDiscounts;
  readonly volFactors: VolFactors;
  /** Undefined where vols stay. */
  volOf(move: VolMove): VolOf | undefined;
}

/** @param skew absent for a manager without skew scenarios. */
export function shockedExpiry(
  expiry: PortfolioExpiry,
  discount: number,
  staticDiscounts: StaticDiscounts,
  p: VolShockParameters,
  minVolUpShock: Vol,
  skew?: SkewShockParameters,
): ShockedExpiry {
  const volFactors = volShockFactors(expiry.timeToExpiryYears, p);
  const { up, down } = volFactors;
  const made: Partial<Record<VolMove, VolOf>> = {
    up: (volatility) => Math.max(minVolUpShock, volatility * up),
    down: (volatility) => volatility * down,
  };
  return {
    expiry,
    discount,
    markToMarket: expiryValue(expiry, 1, undefined, discount),
    staticDiscounts,
    volFactors,
    volOf: (move) => {
      if (skew && (move === 'linear' || move === 'abs'))
        made[move] ??= skewShock(move, forwardOf(expiry), expiry.timeToExpiryYears, skew);
      return made[move];
    },
  };
}

/**
 * What an expiry's options gain in a scenario, its total counted by the static discount of its sign. Where the smile is turned
 * the forward stays and the change counts as a loss either way. Dampening is the account's.
 */
export function expiryGain(terms: ShockedExpiry, { spotFactor, volMove }: ScenarioShock): Usd {
  const turned = isTurned(volMove);
  const shocked = expiryValue(terms.expiry, turned ? 1 : spotFactor, terms.volOf(volMove), terms.discount);
  const change = shocked * counted(terms, shocked) - terms.markToMarket;
  return turned ? -Math.abs(change) : change;
}

/** The same, option by option: they add up to the expiry's. */
export function optionGains(terms: ShockedExpiry, { spotFactor, volMove }: ScenarioShock): Usd[] {
  const { expiry, discount } = terms;
  const turned = isTurned(volMove);
  const marks = optionValues(expiry, 1, undefined, discount);
  const shocked = optionValues(expiry, turned ? 1 : spotFactor, terms.volOf(volMove), discount);
  const factor = counted(terms, sum(shocked));
  const changes = shocked.map((value, i) => value * factor - marks[i]!);
  return turned && sum(changes) > 0 ? changes.map((change) => -change) : changes;
}

/** Each option's share of the basis contingency: at most zero together. */
export function basisGains({ expiry, discount }: ShockedExpiry, p: BasisParameters): Usd[] {
  const { spotFactor, share } = basisMove(expiry, p, discount);
  if (spotFactor === null) return expiry.options.map(() => 0);
  const marks = optionValues(expiry, 1, undefined, discount);
  return optionValues(expiry, spotFactor, undefined, discount).map((value, i) => (value - marks[i]!) * share);
}

function counted({ staticDiscounts }: ShockedExpiry, shocked: Usd): number {
  return shocked >= 0 ? staticDiscounts.long : staticDiscounts.short;
}

function isTurned(volMove: VolMove): boolean {
  return volMove === 'linear' || volMove === 'abs';
}
