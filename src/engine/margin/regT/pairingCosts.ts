import { longOptionPerUnit } from './longOption.ts';
import type { PairingLeg, RecognisedStrategy } from './recognisedStrategies.ts';
import type { RegTPhase, RegTRates } from './regTRates.ts';
import { type RegTUnderlying, shortOptionPerUnit } from './shortOption.ts';
import {
  collarPerShare,
  conversionPerShare,
  coveredCallPerShare,
  longStockPerShare,
  protectivePutPerShare,
  reverseConversionPerShare,
  shortPutShortStockPerShare,
  shortStockPerShare,
} from './stockStrategies.ts';

/** Prices of the legs of a book, in their order, USD per unit. */
export interface PairingPrices {
  readonly underlying: RegTUnderlying;
  readonly premiums: readonly number[];
  readonly monthsToExpiry: readonly number[];
  /** Requirement of each leg sold and left uncovered; 0 for what is bought. */
  readonly uncovered: readonly number[];
}

export function pairingPrices(
  book: readonly PairingLeg[],
  underlying: RegTUnderlying,
  premiums: readonly number[],
  monthsToExpiry: readonly number[],
  rates: RegTRates,
): PairingPrices {
  const uncovered = book.map(({ type, strike, long }, i) =>
    type === 'coin' || long ? 0 : shortOptionPerUnit({ type, strike, premium: premiums[i]! }, underlying, rates),
  );
  return { underlying, premiums, monthsToExpiry, uncovered };
}

/**
 * What one unit of a strategy asks for beyond the price of the options bought in it, USD. Those prices are due however a book is
 * paired, so leaving them out decides nothing; a debit option of more than nine months, which is lent against, and a long box, of
 * which half is asked for, come out below zero.
 *
 * The manual's figures for the underlying held with options count what was received for the options sold as money in the account.
 * Initially a put that is sold against coins owed is asked what it is in the money, as the manual asks it in maintenance.
 */
export function strategyRisk(
  { kind, legs, loss }: RecognisedStrategy,
  book: readonly PairingLeg[],
  { underlying, premiums, monthsToExpiry, uncovered }: PairingPrices,
  rates: RegTRates,
  phase: RegTPhase,
): number {
  const { price } = underlying;
  // The first two legs, which is all that most strategies go by; no closures, as this runs for every strategy of every cell.
  const first = legs[0]!;
  const second = legs[1] ?? first;
  const { strike } = book[second]!;
  switch (kind) {
    case 'long option':
      return longOptionPerUnit(premiums[first]!, monthsToExpiry[first]!, true, rates).margin - premiums[first]!;
    case 'short option':
      return uncovered[first]!;
    case 'short straddle':
    case 'short strangle': {
      const put = uncovered[first]!;
      const call = uncovered[second]!;
      return call >= put ? call + premiums[first]! : put + premiums[second]!;
    }
    case 'vertical':
    case 'calendar':
    case 'diagonal':
    case 'offset':
      return Math.min(loss, uncovered[second]!);
    case 'long box': {
      const bought = premiums[first]! + premiums[legs[3]!]!;
      const sold = premiums[second]! + premiums[legs[2]!]!;
      return Math.min(rates.longBoxRate * (book[first]!.strike - strike) + sold - bought, 0);
    }
    case 'long coins':
      return longStockPerShare(phase, price, rates);
    case 'short coins':
      return shortStockPerShare(phase, price, rates);
    case 'covered call':
      return coveredCallPerShare(phase, price, strike, rates);
    case 'protective put':
      return protectivePutPerShare(phase, price, strike, rates);
    case 'collar':
      return collarPerShare(phase, price, strike, book[legs[2]!]!.strike, rates);
    case 'conversion':
      return conversionPerShare(phase, price, strike, rates);
    case 'covered put':
      return shortPutShortStockPerShare(phase, price, strike, rates) + initialPutValue(phase, price, strike);
    case 'reverse conversion':
      return reverseConversionPerShare(phase, price, strike, rates) + initialPutValue(phase, price, strike);
    default:
      return loss;
  }
}

function initialPutValue(phase: RegTPhase, price: number, strike: number): number {
  return phase === 'initial' ? Math.max(strike - price, 0) : 0;
}

/** Value of the underlying that a unit may not count, USD: under a call sold it counts at most at the strike, whose buyer takes the rest. */
export function uncountedValue(
  { kind, legs }: RecognisedStrategy,
  book: readonly PairingLeg[],
  { underlying }: PairingPrices,
): number {
  if (kind !== 'covered call' && kind !== 'collar' && kind !== 'conversion') return 0;
  return Math.max(underlying.price - book[legs.at(-1)!]!.strike, 0);
}
