import { type Instrument, type OptionType, parseInstrument } from '../../engine/domain/instrument.ts';
import type { UnderlyingSummary } from '../../engine/domain/marketSummary.ts';
import type { CommandContext } from './command.ts';
import { coinNamed, type Day, MONTHS } from './commandListings.ts';

export function takenWord<T>(words: string[], meaning: (word: string) => T | null): T | null {
  for (const [at, word] of words.entries()) {
    const value = meaning(word);
    if (value !== null) {
      words.splice(at, 1);
      return value;
    }
  }
  return null;
}

export function takenInstrument(words: string[]): Instrument | null {
  return takenWord(words, (word) => {
    if (!/^[a-z]/.test(word) || !word.includes('-')) return null;
    const parsed = parseInstrument(word);
    return parsed.ok ? parsed.value : null;
  });
}

export function takenCoin(words: string[], context: CommandContext): UnderlyingSummary | null {
  return takenWord(words, (word) => coinNamed(context, word) ?? null);
}

/**
 * `27jun`, `27 jun`, `jun`, `27jun25`, `27 jun 2025`. A number apart before the month is its day, unless it is the line's only
 * candidate for the quantity and no such day is listed (`5 dec` as five of December).
 */
export function takenExpiry(words: string[], coin: UnderlyingSummary | undefined): Day | null {
  const at = words.findIndex((word) =>
    /^(\d{1,2})?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(\d{2}|\d{4})?$/.test(word),
  );
  if (at < 0) return null;
  const [, day, month, year] = /^(\d{1,2})?([a-z]{3})[a-z]*(\d{2}|\d{4})?$/.exec(words[at]!) ?? [];
  const number = day === undefined && /^\d{1,2}$/.test(words[at - 1] ?? '') ? words[at - 1] : undefined;
  const isSizedElsewhere = words.some((word, i) => /^[+-]/.test(word) || (i < at - 1 && /^\d/.test(word)));
  const isListed = (coin?.expiries ?? []).some(({ expiry }) => {
    const date = new Date(expiry);
    return date.getUTCDate() === Number(number) && date.getUTCMonth() === MONTHS.indexOf(month!);
  });
  const before = isSizedElsewhere || isListed ? number : undefined;
  const after = year === undefined && /^20\d{2}$/.test(words[at + 1] ?? '') ? words[at + 1] : undefined;
  const from = before === undefined ? at : at - 1;
  const taken = words.splice(from, 1 + (before === undefined ? 0 : 1) + (after === undefined ? 0 : 1));
  const dayText = day ?? before;
  const yearText = year ?? after;
  return {
    day: dayText === undefined ? null : Number(dayText),
    month: MONTHS.indexOf(month!),
    year: yearText === undefined ? null : Number(yearText) % 100,
    text: taken.join(' ').toUpperCase(),
  };
}

/** The strike and type of an option: `100k p`, `100kp`, `3200 call`. A lone plain number is left to be the quantity. */
export function takenOption(
  words: string[],
  isOther: boolean,
): { strike: number | null; type: OptionType | null } | null {
  if (isOther) return null;
  let type = takenWord(words, (word): OptionType | null =>
    /^(c|calls?)$/.test(word) ? 'C' : /^(p|puts?)$/.test(word) ? 'P' : null,
  );
  const numbers = words.flatMap((word, at) => (/^\d/.test(word) ? [at] : []));
  const isSized = words.some((word) => /^[+-]/.test(word));
  const attached = words.findIndex((word) => /^\d[\d.,d]*k?[cp]$/.test(word));
  // The strike is written last; without a sign the first of two numbers is the quantity.
  const at = attached >= 0 ? attached : isSized || numbers.length > 1 || type !== null ? (numbers.at(-1) ?? -1) : -1;
  if (at < 0) return type === null ? null : { strike: null, type };
  const [word] = words.splice(at, 1);
  const ending = word!.at(-1);
  if (attached >= 0) type = ending === 'c' ? 'C' : 'P';
  const text = attached >= 0 ? word!.slice(0, -1) : word!;
  return { strike: parsedAmount(text.replace(/(\d)d(\d)/, '$1.$2')), type };
}

export interface Size {
  readonly value: number;
  readonly isSigned: boolean;
}

export function takenQuantity(words: string[], allowUnsigned: boolean): Size | null {
  const at = words.findIndex((word) => /^[+-]\.?\d/.test(word));
  const from = at >= 0 || !allowUnsigned ? at : words.findIndex((word) => /^\.?\d/.test(word));
  if (from < 0) return null;
  const value = parsedAmount(words[from]!);
  if (value === null) return null;
  words.splice(from, 1);
  return { value, isSigned: at >= 0 };
}

export function signedSize({ value }: Size, side: -1 | 1 | null): number {
  return side === null ? value : side * Math.abs(value);
}

/** `12`, `-0.8`, `30k`, `1,000`, `1.5m`. */
export function parsedAmount(text: string): number | null {
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d+)?([km])?$/.exec(text);
  if (match === null || ((match[2] ?? '') === '' && match[3] === undefined)) return null;
  const [, sign, whole = '', fraction = '', suffix] = match;
  const value =
    Number(`${whole.replaceAll(',', '') || '0'}${fraction}`) * (suffix === 'k' ? 1e3 : suffix === 'm' ? 1e6 : 1);
  const clean = Number(value.toPrecision(12));
  return sign === '-' ? -clean : clean;
}
