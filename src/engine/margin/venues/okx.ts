import type { OptionType } from '../../domain/instrument.ts';
import { sum } from '../../numerics/sum.ts';
import { outOfTheMoneyAmount } from '../optionMoneyness.ts';
import { finiteInput, nonNegativeInput, positiveInput } from '../ruleInput.ts';
import type { VenueParameters } from '../venueParameters.ts';

/**
 * OKX portfolio margin, as far as it is public. A risk unit is all derivatives on one underlying; its components MR1 .. MR9 are USD.
 * Sources: OKX API v5, position-builder example; help page "further adjust portfolio margin parameters" (2 January 2025). Not read, and
 * so not here: MR3, MR5 and MR9.
 */

/** The components of a risk unit that its requirement is made of, USD. */
export interface OkxComponents {
  /** Spot shock. */
  readonly mr1: number;
  /** Time decay. */
  readonly mr2: number;
  /** Vega across expiries. */
  readonly mr3: number;
  /** Basis. */
  readonly mr4: number;
  /** Interest rate. */
  readonly mr5: number;
  /** Extreme move. */
  readonly mr6: number;
  /** Minimum charge. */
  readonly mr7: number;
}

export interface OkxRequirement {
  readonly maintenance: number;
  readonly initial: number;
}

export const OKX_INITIAL_OVER_MAINTENANCE = 1.3;

/**
 * Requirement of a risk unit: MMR = max(MR1 + MR2 + MR3 + MR4 + MR5, MR6, MR7), IMR = 1.3 MMR. Both documented units agree; in both MR6
 * and MR7 are the smaller, so that they do not tell this from max(max(MR1, MR6) + MR2 + .. + MR5, MR7).
 */
export function okxUnitRequirement({ mr1, mr2, mr3, mr4, mr5, mr6, mr7 }: OkxComponents): OkxRequirement {
  const maintenance = Math.max(finiteInput('The sum of MR1 to MR5', mr1 + mr2 + mr3 + mr4 + mr5), mr6, mr7);
  return { maintenance, initial: OKX_INITIAL_OVER_MAINTENANCE * maintenance };
}

/**
 * Maintenance margin of a risk unit from what it adds up, as OKX's help centre has it ("Multi-currency margin mode vs. Portfolio margin
 * mode", updated 9 July 2025): max( max(MR1, MR2, MR6) + basis + .., MR7 ), where `stress` is the first maximum. It gives the published
 * example to the digit, as `okxUnitRequirement` does: there MR1 and MR6 are equal.
 */
export function okxUnitMaintenance(unit: {
  readonly stress: number;
  readonly basis: number;
  readonly minimumCharge: number;
}): number {
  return Math.max(unit.stress + unit.basis, unit.minimumCharge);
}

/** Multipliers of the seven tiers of MR7 for BTC and ETH. */
export const OKX_MINIMUM_CHARGE_MULTIPLIERS: readonly number[] = [1, 2, 4, 6, 8, 10, 12];

/**
 * MR7 from its raw charge: what falls into each tier times the tier's multiplier, as OKX's example has it (raw 30,000 with tiers to 10,000
 * and 70,000: 10,000 + 2 x 20,000). Source: OKX support, "adjusts scaling-factor logic in Portfolio Margin mode".
 * @param limits upper ends of the tiers but the last, ascending.
 */
export function okxTieredCharge(raw: number, limits: readonly number[]): number {
  let charge = 0;
  let from = 0;
  for (let tier = 0; tier <= limits.length; tier += 1) {
    const to = Math.max(limits[tier] ?? Infinity, from);
    charge += OKX_MINIMUM_CHARGE_MULTIPLIERS[tier]! * Math.max(Math.min(raw, to) - from, 0);
    from = to;
  }
  return charge;
}

export interface OkxAccountTotals {
  /** Of the risk units alone. */
  readonly derivativesMaintenance: number;
  readonly maintenance: number;
  readonly initial: number;
}

/** Requirement of the account: the risk units' and that of what is borrowed, added. */
export function okxAccountTotals(
  units: readonly OkxRequirement[],
  borrowMaintenance: number,
  borrowInitial: number,
): OkxAccountTotals {
  const derivativesMaintenance = sum(units.map(({ maintenance }) => maintenance));
  return {
    derivativesMaintenance,
    maintenance: derivativesMaintenance + borrowMaintenance,
    initial: sum(units.map(({ initial }) => initial)) + borrowInitial,
  };
}

/** The moves of a group of coins. */
export interface OkxMoves {
  /** Largest spot move of MR1; the others are a third and two thirds of it, either way, and none. */
  readonly spotMove: number;
  /** Move of MR6. */
  readonly extremeMove: number;
  /** Annualised basis move of MR4. */
  readonly annualBasisMove: number;
}

/** The three groups of coins. Help page and example place single coins of the middle group differently for MR1 and MR6. */
export const OKX_MOVES: readonly VenueParameters<OkxMoves>[] = [
  okxMoves('BTC, ETH', 0.12, 0.24, 0.05),
  okxMoves('LTC, BCH, XRP, ADA and further large coins', 0.18, 0.36, 0.15),
  okxMoves('Other coins', 0.25, 0.5, 0.3),
];

function okxMoves(
  scope: string,
  spotMove: number,
  extremeMove: number,
  annualBasisMove: number,
): VenueParameters<OkxMoves> {
  return {
    scope,
    date: '2025-01-06',
    source: 'OKX help, "further adjust portfolio margin parameters", 2 January 2025',
    units: { spotMove: 'fraction', extremeMove: 'fraction', annualBasisMove: 'fraction per year' },
    values: { spotMove, extremeMove, annualBasisMove },
  };
}

/** Delta of a linear position in USD: contracts x contract value x mark x USD per quote coin. */
export function okxDeltaUsd(contracts: number, contractValue: number, mark: number, quoteUsd: number): number {
  return contracts * contractValue * mark * quoteUsd;
}

/** MR1 of a linear position: profit in USD at each spot move, which no vol state changes. */
export function okxLinearProfits(signedNotionalUsd: number, moves: readonly number[]): number[] {
  finiteInput('The notional in USD', signedNotionalUsd);
  return moves.map((move) => signedNotionalUsd * move);
}

export interface OkxExtremeMove {
  /** The worse profit of the two directions, USD. */
  readonly profit: number;
  readonly mr6: number;
}

/** MR6 of a linear position: the share of the loss in an extreme move, up or down, that counts (0.5). */
export function okxExtremeMove(signedNotionalUsd: number, move: number, share: number): OkxExtremeMove {
  const profit = Math.min(...okxLinearProfits(signedNotionalUsd, [nonNegativeInput('The move', move), 0 - move]));
  return { profit, mr6: 0 - share * profit };
}

/** MR4 of one expiry, USD: rate x |delta|. The example fits 0.2 % (BTC) and 0.8 % (LTC) for a perpetual alone. */
export function okxBasisCharge(deltaUsd: number, rate: number): number {
  return Math.abs(deltaUsd) * nonNegativeInput('The basis rate', rate);
}

/** MR7, USD: rate x |delta| x multiplier of the tier. The example fits 0.45 % (BTC) and 0.7 % (LTC). */
export function okxMinimumCharge(deltaUsd: number, rate: number, tierMultiplier: number): number {
  nonNegativeInput('The multiplier of the tier', tierMultiplier);
  return Math.abs(deltaUsd) * nonNegativeInput('The minimum charge rate', rate) * tierMultiplier;
}

/**
 * Initial margin in coin of one coin of a coin-margined option on a simple account; m the mark in coin, F the future of its expiry:
 * bought 0, call max(0.10, 0.15 - OTM / F) + m, put max(0.10 (1 + m), 0.15 - OTM / F) + m. Source: support.okexcn.com, options
 * margin questions; one source.
 */
export function okxSoldOptionMargin(type: OptionType, forward: number, strike: number, markCoin: number): number {
  positiveInput('The future', forward);
  const least = 0.1 * (type === 'C' ? 1 : 1 + nonNegativeInput('The mark price', markCoin));
  return Math.max(least, 0.15 - outOfTheMoneyAmount(type, forward, strike) / forward) + markCoin;
}
