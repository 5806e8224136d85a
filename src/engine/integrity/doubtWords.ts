import { expiryCode } from '../domain/instrument.ts';
import type { Timestamp } from '../domain/units.ts';

/** How doubts write amounts: for the screen, with its minus sign. */

const PRICE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 7 });

/** USD, `63,853.73`; what is no number is said in words. */
export function priceText(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value)
    ? `${PRICE.format(value).replace('-', '\u2212')} USD`
    : notANumber(value);
}

/** A share or a vol, `12.5 %`. */
export function percentText(share: unknown): string {
  return typeof share === 'number' && Number.isFinite(share * 100)
    ? `${String(Number((share * 100).toPrecision(3))).replace('-', '\u2212')} %`
    : notANumber(share);
}

/** `41 s`, `3 min`, `2 h`, `4 days`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.abs(milliseconds) / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `BTC 27MAR27`. */
export function expiryText(symbol: string, expiry: Timestamp): string {
  return `${symbol} ${expiryCode(expiry)}`;
}

function notANumber(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : 'no number';
}
