import { RiskError } from '../../domain/failure.ts';
import type { OptionType } from '../../domain/instrument.ts';
import type { ParameterSpec } from '../../domain/riskParameters.ts';
import type { Vol, YearFraction } from '../../domain/units.ts';
import { black76Price } from '../../pricing/black76.ts';
import { positiveInput } from '../ruleInput.ts';
import { spec } from '../parameterSpec.ts';

/** A series of the class, or the underlying itself (quantity in units of the underlying). */
export type TimsLeg =
  | {
      readonly kind: 'option';
      readonly type: OptionType;
      readonly strike: number;
      readonly timeToExpiryYears: YearFraction;
      readonly volatility: Vol;
      /** Contracts, signed. */
      readonly quantity: number;
    }
  | { readonly kind: 'underlying'; readonly quantity: number };

/** How far the underlying is moved, both positive fractions. */
export interface TimsBand {
  readonly down: number;
  readonly up: number;
}

export interface TimsClass {
  readonly spot: number;
  readonly legs: readonly TimsLeg[];
  readonly band: TimsBand;
  /** Units of the underlying in one option contract. */
  readonly multiplier: number;
  /** Money per unit of multiplier, charged on every option contract, long or short. */
  readonly minimumPerContract: number;
}

export interface TimsRequirement {
  /** Profit and loss at the ten prices, lowest first. */
  readonly points: readonly number[];
  readonly scenarioLoss: number;
  readonly minimum: number;
  readonly requirement: number;
}

const UNVERIFIED = 'From memory, unverified';

/**
 * Ranges and charges of customer portfolio margin. Ten points and a least charge are in OCC's data description; the figures are
 * from memory of the rule (Cboe 10.4, FINRA 4210(g)) and are not confirmed.
 */
export const TIMS_PARAMETERS: readonly ParameterSpec[] = [
  spec(
    'moveDown',
    'Fall of the underlying',
    'fraction',
    0.15,
    0.01,
    0.99,
    `Lowest of the ten points, for every coin: 15 %, the range of an equity or a narrow index, which a coin is taken for; a broad index has 8 or 10 %. ${UNVERIFIED}.`,
  ),
  spec(
    'moveUp',
    'Rise of the underlying',
    'fraction',
    0.15,
    0.01,
    5,
    `Highest of the ten points, for every coin: 15 % of an equity; a broad index has 6 or 10 %. ${UNVERIFIED}.`,
  ),
  spec(
    'minimumRate',
    'Least charge',
    'fraction of index',
    0.00375,
    0,
    0.1,
    `Charged at least on every option, bought or sold, net within one contract. OCC has 37.5 USD a contract of 100 shares (${UNVERIFIED.toLowerCase()}); of a share of 100 USD that is 0.375 %, which is Headroom's choice for a coin, as its contracts have no such lot.`,
  ),
  spec(
    'groupOffset',
    'Offset between coins',
    'fraction',
    0.5,
    0,
    1,
    `Share of one coin's gain that counts against another's loss at the same point. OCC gives 90 % in a product group and less between some (${UNVERIFIED.toLowerCase()}); half is Headroom's choice, as no two coins are in one group.`,
  ),
];

const STEPS_PER_SIDE = 5;

/** The ten moves as fractions: five equal steps down, lowest first, then five up. The present price is not among them. */
export function timsMoves({ down, up }: TimsBand): number[] {
  const steps = Array.from({ length: STEPS_PER_SIDE }, (_, i) => (i + 1) / STEPS_PER_SIDE);
  return [...steps.map((step) => -down * step).reverse(), ...steps.map((step) => up * step)];
}

/**
 * Requirement of one class: the worst of ten revaluations with the vol of each series held, at least a charge for every option
 * contract. Options are valued by Black-Scholes without carry, which is Black-76 on the spot.
 *
 *   requirement = max( -min_i P&L(S (1 + m_i)), 0, minimum x multiplier x sum |contracts| )
 *
 * OCC portfolio margin (TIMS), optionsclearing.com data description.
 * @throws RiskError `bad-value` for a price not above 0, or a band that reaches below it.
 */
export function timsRequirement(timsClass: TimsClass): TimsRequirement {
  const { spot, legs, band, multiplier, minimumPerContract } = timsClass;
  positiveInput('The price of the underlying', spot);
  if (!(band.down >= 0 && band.down < 1 && band.up >= 0))
    throw new RiskError('bad-value', 'The band of a portfolio margin class must be at least 0 and its fall below 1');
  const points = timsMoves(band).map((move) =>
    legs.reduce((total, leg) => total + pnl(leg, spot, spot * (1 + move), multiplier), 0),
  );
  const contracts = legs.reduce((total, leg) => total + (leg.kind === 'option' ? Math.abs(leg.quantity) : 0), 0);
  return timsClassRequirement(points, contracts * multiplier * minimumPerContract);
}

/** The same of a class whose P&L at the ten points and whose charges are known. */
export function timsClassRequirement(points: readonly number[], minimum: number): TimsRequirement {
  const scenarioLoss = Math.max(-Math.min(...points), 0);
  return { points, scenarioLoss, minimum, requirement: Math.max(scenarioLoss, minimum) };
}

function pnl(leg: TimsLeg, spot: number, moved: number, multiplier: number): number {
  if (leg.kind === 'underlying') return leg.quantity * (moved - spot);
  const { type, strike, timeToExpiryYears, volatility, quantity } = leg;
  const value = (price: number) => black76Price(type, price, strike, timeToExpiryYears, volatility);
  return quantity * multiplier * (value(moved) - value(spot));
}

/**
 * Requirement of a product group of classes with like underlyings: at each of the ten points losses count in full and gains by
 * `offset`; the worst point counts, and never less than the minimum charges of the classes together.
 */
export function timsGroupRequirement(classes: readonly TimsRequirement[], offset: number): number {
  const points = classes[0]?.points.map((_, i) =>
    classes.reduce((total, { points: own }) => total + (own[i]! > 0 ? offset * own[i]! : own[i]!), 0),
  );
  const minimum = classes.reduce((total, one) => total + one.minimum, 0);
  return Math.max(-Math.min(...(points ?? [0])), minimum, 0);
}
