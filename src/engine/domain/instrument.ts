import { failed, type Result, success } from './failure.ts';
import type { Timestamp } from './units.ts';

export type OptionType = 'C' | 'P';

/**
 * What a contract pays in. `coin`: an inverse contract of the underlying, paid in the underlying coin. `usdc`: a linear
 * contract, quoted and paid in USDC.
 */
export type Settlement = 'coin' | 'usdc';

interface Contract {
  /** Canonical name in upper case, as in FORMATS: `BTC-27DEC24-100000-C`, `SOL_USDC-PERPETUAL`. */
  readonly name: string;
  /** Coin symbol, `BTC`. */
  readonly underlying: string;
  readonly settlement: Settlement;
}

/** European, cash-settled, expires 08:00 UTC. Quantity in coin. Strike in USD (coin-settled) or USDC (linear). */
export interface OptionContract extends Contract {
  readonly product: 'option';
  readonly expiry: Timestamp;
  readonly strike: number;
  readonly optionType: OptionType;
}

/** Quantity in USD notional (coin-settled) or coin (linear). */
export interface FutureContract extends Contract {
  readonly product: 'future';
  readonly expiry: Timestamp;
}

/** Quantity in USD notional (coin-settled) or coin (linear). */
export interface PerpetualContract extends Contract {
  readonly product: 'perpetual';
}

export type Instrument = OptionContract | FutureContract | PerpetualContract;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

/** Longest accepted name; anything longer is refused before it is looked at. */
const MAX_NAME_LENGTH = 64;

const GRAMMAR =
  /^([A-Z][A-Z0-9]{0,15})(_USDC)?-(?:(PERPETUAL)|(\d{1,2})([A-Z]{3})(\d{2})(?:-(\d{1,12}(?:D\d{1,8})?)-([CP]))?)$/;

/**
 * The instrument that a Deribit name denotes, case-insensitively (`d` in a strike is a decimal point: `0d75`).
 * Only the grammar is judged: whether a market lists the instrument is the market's affair.
 */
export function parseInstrument(text: string): Result<Instrument> {
  const known = parsedBefore.get(text);
  if (known !== undefined) return known;
  const parsed = parsedName(text);
  if (parsed.ok) {
    if (parsedBefore.size >= MOST_REMEMBERED) parsedBefore.clear();
    parsedBefore.set(text, parsed);
  }
  return parsed;
}

/** Names that denote an instrument, which books name again and again: at each edit, and in thousands of accounts. */
const parsedBefore = new Map<string, Result<Instrument>>();
const MOST_REMEMBERED = 10_000;

function parsedName(text: string): Result<Instrument> {
  if (text.length > MAX_NAME_LENGTH)
    return failed('bad-value', `An instrument name has at most ${MAX_NAME_LENGTH} characters`);
  const match = GRAMMAR.exec(text.trim().toUpperCase());
  if (!match) {
    return failed(
      'bad-value',
      `"${text}" is not an instrument. Write it like BTC-27DEC24-100000-C, SOL_USDC-27DEC24-0d75-P, BTC-27DEC24 or BTC-PERPETUAL`,
    );
  }
  const [, underlying, usdc, perpetual, day, month, year, strikeText, optionType] = match as unknown as string[];
  const base = { underlying: underlying!, settlement: usdc ? ('usdc' as const) : ('coin' as const) };
  if (perpetual)
    return success({ ...base, product: 'perpetual', name: instrumentName({ ...base, product: 'perpetual' }) });
  const expiry = expiryTimestamp(Number(day), month!, Number(year));
  if (expiry === null)
    return failed(
      'bad-value',
      `"${day}${month}${year}" in "${text}" is not a date; write the day, the English month and two digits of the year, like 27DEC24`,
    );
  if (strikeText === undefined) {
    const contract = { ...base, product: 'future' as const, expiry };
    return success({ ...contract, name: instrumentName(contract) });
  }
  const strike = Number(strikeText.replace('D', '.'));
  if (!(strike > 0)) return failed('bad-value', `The strike of "${text}" must be above zero`);
  const contract = { ...base, product: 'option' as const, expiry, strike, optionType: optionType as OptionType };
  return success({ ...contract, name: instrumentName(contract) });
}

type Unnamed<T> = T extends Instrument ? Omit<T, 'name'> : never;

/** Deribit settles BTC and ETH options in coin; every other coin it lists has linear contracts only. */
export function usualSettlement(symbol: string): Settlement {
  return symbol === 'BTC' || symbol === 'ETH' ? 'coin' : 'usdc';
}

/** The option that a venue lists at a strike, in the settlement usual for its coin. */
export function listedOption(
  { underlying, expiry }: Pick<OptionContract, 'underlying' | 'expiry'>,
  strike: number,
  optionType: OptionType,
): OptionContract {
  const settlement = usualSettlement(underlying);
  const contract = { product: 'option', underlying, expiry, strike, optionType, settlement } as const;
  return { ...contract, name: instrumentName(contract) };
}

/** The canonical Deribit name of a contract. */
export function instrumentName(contract: Unnamed<Instrument>): string {
  const root = contract.settlement === 'usdc' ? `${contract.underlying}_USDC` : contract.underlying;
  if (contract.product === 'perpetual') return `${root}-PERPETUAL`;
  const future = `${root}-${expiryCode(contract.expiry)}`;
  if (contract.product === 'future') return future;
  // The lower-case `d` is the only lower-case letter of a canonical name; it stands for the decimal point.
  return `${future}-${strikeCode(contract.strike)}-${contract.optionType}`;
}

/** A strike with at most eight decimals, which `String` would write with an exponent below 1e-6. */
function strikeCode(strike: number): string {
  const text = strike < 1e-6 ? strike.toFixed(8).replace(/0+$/, '') : String(strike);
  return text.replace('.', 'd');
}

/** Deribit's date code of an expiry, `27DEC24`: the day has no leading zero. */
export function expiryCode(expiry: Timestamp): string {
  const date = new Date(expiry);
  const year = String(date.getUTCFullYear() % 100).padStart(2, '0');
  return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${year}`;
}

/** 08:00 UTC of a calendar day, or null when there is no such day. Years are 2000 to 2099. */
function expiryTimestamp(day: number, month: string, year: number): Timestamp | null {
  const monthIndex = MONTHS.indexOf(month as (typeof MONTHS)[number]);
  if (monthIndex < 0) return null;
  const time = Date.UTC(2000 + year, monthIndex, day, 8);
  return new Date(time).getUTCDate() === day ? time : null;
}
