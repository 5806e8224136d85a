import { type Instrument, parseInstrument } from '../engine/domain/instrument.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { numberFormat } from './numberFormat.ts';

/** True minus sign: as wide as the plus sign in tabular figures. */
export const MINUS = '\u2212';
/** Between a figure and its unit: never breaks. */
export const NBSP = '\u00a0';
/** Stands in for a figure that does not exist. */
const ABSENT = 'not available';
/** From here on digits would not fit any column. */
const SCIENTIFIC_FROM = 1e12;

type Figure = number | null | undefined;

const formats = new Map<string, Intl.NumberFormat>();

function digitsFormat(digits: number, scientific: boolean): Intl.NumberFormat {
  const key = `${digits}${scientific}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(undefined, {
      minimumFractionDigits: scientific ? 0 : digits,
      maximumFractionDigits: scientific ? 2 : digits,
      ...(scientific ? { notation: 'scientific' as const } : {}),
    });
    formats.set(key, format);
  }
  return format;
}

function magnitude(x: number, digits: number): string {
  const size = Math.abs(x);
  return digitsFormat(digits, size >= SCIENTIFIC_FROM).format(size);
}

function roundsToZero(x: number, digits: number): boolean {
  return Math.abs(x) < 0.5 * 10 ** -digits;
}

/** A figure with a minus sign when negative: `104,250.5`, `−3.20`. */
export function decimal(x: Figure, digits: number): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  return x < 0 && !roundsToZero(x, digits) ? MINUS + magnitude(x, digits) : magnitude(x, digits);
}

/** A figure that always says its direction: `+1.05`, `−0.34`, `0`. */
export function signed(x: Figure, digits: number): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  if (roundsToZero(x, digits)) return '0';
  return (x < 0 ? MINUS : '+') + magnitude(x, digits);
}

/** A quantity as it was typed: signed, up to eight decimals, none that are zero: `−0.8`, `+10`. */
export function quantity(x: Figure): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  if (x === 0) return '0';
  const size = Math.abs(x);
  const text = size >= SCIENTIFIC_FROM ? magnitude(x, 0) : numberFormat(undefined, 8).format(size);
  return (x < 0 ? MINUS : '+') + text;
}

/** Whole USD: `68,114`, `−1,204`. */
export function money(x: Figure): string {
  return decimal(x, 0);
}

/** The unit in which money is shown; `perUsd` turns USD into it. */
interface MoneyUnit {
  readonly perUsd: number;
  readonly kind: 'usd' | 'coin';
}

/** USD in the chosen unit, unsigned: whole USD, or coin to four decimals. */
export function amount(usd: Figure, unit: MoneyUnit): string {
  return decimal(inUnit(usd, unit), unit.kind === 'usd' ? 0 : 4);
}

/** USD in the chosen unit with its sign. */
export function signedAmount(usd: Figure, unit: MoneyUnit): string {
  return signed(inUnit(usd, unit), unit.kind === 'usd' ? 0 : 4);
}

/** For grid cells: USD in thousands with one decimal, `−17.5`; coin with two. Signed. */
export function cellAmount(usd: Figure, unit: MoneyUnit): string {
  return unit.kind === 'usd' ? thousands(usd) : signed(inUnit(usd, unit), 2);
}

/** For axes: `−40k`; in coin `−0.4`. */
export function axisAmount(usd: Figure, unit: MoneyUnit): string {
  const x = inUnit(usd, unit);
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  return unit.kind === 'usd' ? axisThousands(x) : decimal(x, Math.abs(x) >= 10 ? 0 : 2);
}

function inUnit(usd: Figure, unit: MoneyUnit): Figure {
  return usd === null || usd === undefined ? usd : usd * unit.perUsd;
}

/** Thousands with one decimal and a sign, for grid cells: `−17.5`. */
export function thousands(x: Figure, digits = 1): string {
  return signed(x === null || x === undefined ? x : x / 1000, digits);
}

/** Thousands for axes: `−40k`, `0`, `+20k` without its plus: `20k`. Millions as `1.2m`. */
export function axisThousands(x: Figure): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e6) return `${decimal(x / 1e6, size % 1e6 === 0 ? 0 : 1)}m`;
  return size >= 1000 ? `${decimal(x / 1000, size % 1000 === 0 ? 0 : 1)}k` : decimal(x, size < 10 ? 1 : 0);
}

/** A fraction as percent: 0.206 is `20.6 %`. */
export function percent(x: Figure, digits = 1): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  return `${decimal(x * 100, digits)}${NBSP}%`;
}

/** A fraction as percent with its sign: `−18.1 %`. */
export function signedPercent(x: Figure, digits = 1): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  return `${signed(x * 100, digits)}${NBSP}%`;
}

/** Implied volatility: `47.2 %`. */
export function ivPercent(vol: Figure): string {
  return percent(vol, 1);
}

/** A relative vol shock as a factor: 0.25 is `×1.25`. */
export function volFactor(shock: Figure): string {
  return shock === null || shock === undefined || !Number.isFinite(shock) ? ABSENT : `×${decimal(1 + shock, 2)}`;
}

/** The price of a coin, its decimals by its size: `104,250.5`, `3,412.25`, `0.0812`. */
export function indexPrice(x: Figure): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  const size = Math.abs(x);
  return decimal(x, size >= 10_000 ? 1 : size >= 10 ? 2 : 4);
}

/** A price level in a few characters: `85.4k`, `3,412`, `187.3`. */
export function shortLevel(x: Figure): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return ABSENT;
  const size = Math.abs(x);
  if (size >= 10_000) return `${decimal(x / 1000, 1)}k`;
  return decimal(x, size >= 1000 ? 0 : size >= 10 ? 1 : 4);
}

/** A strike as traders say it: `96k`, `97.5k`, `3,400`, `0.75`. */
export function strikeLabel(strike: number): string {
  if (strike >= 10_000 && strike % 100 === 0) return `${numberFormat(undefined, 1).format(strike / 1000)}k`;
  return numberFormat(undefined, 8).format(strike);
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

/** A day in UTC: `27 JUN`; with its year when that is not the reference's: `27 MAR 2027`. Pass the market's as-of time. */
export function dateCode(time: Timestamp, reference?: Timestamp): string {
  const date = new Date(time);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const sameYear = reference === undefined || new Date(reference).getUTCFullYear() === date.getUTCFullYear();
  return sameYear ? day : `${day} ${date.getUTCFullYear()}`;
}

/** A moment in UTC: `9 JUN 08:00 UTC`, with its year when that is not the reference's. */
export function dateTime(time: Timestamp, reference?: Timestamp): string {
  return `${dateCode(time, reference)} ${clock(time)} UTC`;
}

/** Hours and minutes in UTC. */
export function clock(time: Timestamp): string {
  const date = new Date(time);
  return `${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
}

/** How long ago, in the largest unit that is at least one: `12 s`, `4 min`, `3 h`, `18 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 60) return `${Math.floor(seconds)}${NBSP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${NBSP}h`;
  return `${Math.floor(seconds / 86_400)}${NBSP}d`;
}

/** An instrument as the tables name it: `BTC 27 JUN 96k P`, `ETH perpetual`. An unreadable name is shown as it is. */
export function instrumentLabel(name: string, reference?: Timestamp, withCoin = true): string {
  const parsed = parseInstrument(name);
  if (!parsed.ok) return name;
  const words = contractWords(parsed.value, reference);
  return withCoin ? `${parsed.value.underlying} ${words}` : words.charAt(0).toUpperCase() + words.slice(1);
}

function contractWords(contract: Instrument, reference: Timestamp | undefined): string {
  const linear = contract.settlement === 'usdc' ? ' USDC' : '';
  if (contract.product === 'perpetual') return `perpetual${linear}`;
  const day = dateCode(contract.expiry, reference);
  if (contract.product === 'future') return `${day} future${linear}`;
  return `${day} ${strikeLabel(contract.strike)} ${contract.optionType}${linear}`;
}

/** A change of a requirement in words: `+14,061 (+20.6 %)`; the share is left out when there was nothing before. */
export function marginChange(before: number, after: number, unit: MoneyUnit): string {
  const change = signedAmount(after - before, unit);
  return before > 0 ? `${change} (${signedPercent(after / before - 1)})` : change;
}
