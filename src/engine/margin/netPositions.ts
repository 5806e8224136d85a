import type { FutureContract, OptionContract, PerpetualContract } from '../domain/instrument.ts';
import type { Timestamp, Usd, Vol, YearFraction } from '../domain/units.ts';
import { daysToExpiry } from '../scenario/contractState.ts';
import type { MarginBook, MarginPosition } from './MarginModel.ts';

/** The book as a venue sees it: one position a contract, whatever legs it came from, in coins. */
export interface NetPositions {
  readonly options: readonly NetOption[];
  readonly futures: readonly NetFuture[];
  readonly coins: readonly NetCoin[];
}

export interface NetPosition {
  readonly underlying: string;
  /** Spot index, USD. */
  readonly index: Usd;
  /** The legs that it nets. */
  readonly members: readonly { readonly id: string; readonly quantity: number }[];
  /** Signed, of all members together; never zero. */
  readonly quantity: number;
  /** What the members are worth now, as in the book's equity. */
  readonly valueUsd: Usd;
  readonly deltaCoins: number;
}

export interface NetOption extends NetPosition {
  readonly contract: OptionContract;
  /** USD; of a linear contract as well. */
  readonly strikeUsd: Usd;
  /** Forward of the expiry, USD. */
  readonly forward: Usd;
  readonly volatility: Vol;
  readonly timeToExpiryYears: YearFraction;
  readonly daysToExpiry: number;
  /** USD per unit at mark. */
  readonly markUsd: Usd;
  /** What a dollar of its premium at expiry is worth now: 1 of a contract settled in coin. */
  readonly discount: number;
}

export interface NetFuture extends NetPosition {
  readonly contract: FutureContract | PerpetualContract;
  /** Mark, USD. */
  readonly mark: Usd;
  /** Signed; of an inverse contract its USD notional over the mark. */
  readonly sizeCoins: number;
  /** Null for a perpetual. */
  readonly expiry: Timestamp | null;
  /** Infinite for a perpetual. */
  readonly timeToExpiryYears: YearFraction;
  /** Signed USD notional at mark. */
  readonly notionalUsd: Usd;
}

/** Coins held as collateral, or owed. */
export interface NetCoin extends NetPosition {}

/** What is left of legs that cancel, as a share of them: 0.1 + 0.2 − 0.3 is nothing. */
const ROUNDING = 1e-12;

/**
 * Legs of one contract netted, in the order in which the contracts first appear. Contracts that net to nothing and what has
 * expired are left out: they carry no risk, and their money is in the equity.
 */
export function netPositions(book: MarginBook): NetPositions {
  const groups = new Map<string, MarginPosition[]>();
  for (const position of book.positions) {
    if (position.contract !== null && position.contract.timeToExpiryYears <= 0) continue;
    const key = position.contract?.instrument.name ?? position.id;
    const group = groups.get(key);
    if (group) group.push(position);
    else groups.set(key, [position]);
  }
  const options: NetOption[] = [];
  const futures: NetFuture[] = [];
  const coins: NetCoin[] = [];
  // Whole literals: copying a common part by spread costs more than all the rest of a margin rule.
  for (const members of groups.values()) {
    const { contract, underlying, index } = members[0]!;
    let quantity = 0;
    let gross = 0;
    let valueUsd = 0;
    let deltaCoins = 0;
    for (const member of members) {
      quantity += member.quantity;
      gross += Math.abs(member.quantity);
      valueUsd += member.valueUsd;
      deltaCoins += member.deltaCoins;
    }
    if (Math.abs(quantity) <= ROUNDING * gross) continue;
    if (contract === null) {
      coins.push({ underlying, index, members, quantity, valueUsd, deltaCoins });
      continue;
    }
    const { instrument, option, forward, timeToExpiryYears, usdcPrice, discount } = contract;
    if (instrument.product === 'option') {
      options.push({
        underlying,
        index,
        members,
        quantity,
        valueUsd,
        deltaCoins,
        contract: instrument,
        strikeUsd: instrument.strike * usdcPrice,
        forward,
        volatility: option!.volatility,
        timeToExpiryYears,
        daysToExpiry: daysToExpiry(contract),
        markUsd: valueUsd / quantity,
        discount,
      });
      continue;
    }
    const sizeCoins = instrument.settlement === 'coin' ? quantity / forward : quantity;
    futures.push({
      underlying,
      index,
      members,
      quantity,
      valueUsd,
      deltaCoins,
      contract: instrument,
      mark: forward,
      sizeCoins,
      expiry: instrument.product === 'future' ? instrument.expiry : null,
      timeToExpiryYears,
      notionalUsd: sizeCoins * forward,
    });
  }
  return { options, futures, coins };
}

/**
 * Rows of the positions table from what each net position is charged: a charge is shared by its members in proportion to their
 * quantities, so that a leg bought against one sold in the same contract takes its share off. Every position of the book gets a
 * row; what no charge names has zero.
 */
export function chargedRows(
  book: MarginBook,
  charges: Iterable<readonly [NetPosition, Usd]>,
): { id: string; initialMarginUsd: Usd }[] {
  const rows = new Map(book.positions.map(({ id }) => [id, 0]));
  for (const [net, usd] of charges) {
    for (const { id, quantity } of net.members) rows.set(id, rows.get(id)! + (usd * quantity) / net.quantity);
  }
  return [...rows].map(([id, initialMarginUsd]) => ({ id, initialMarginUsd }));
}

/** The sentence of every rule that margins coin-settled contracts as if they were settled in dollars. */
export const USD_SETTLED_APPROXIMATION =
  'The venue lists contracts settled in USD: coin-settled legs are taken as contracts of the same strike, date and size that settle in USD. A coin-settled future counts as its notional over its mark in coins.';
