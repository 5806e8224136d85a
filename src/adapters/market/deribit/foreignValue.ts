import type { Timestamp } from '../../../engine/domain/units.ts';

/** What a foreign message holds, read a field at a time: nothing of it is trusted to be there or to be of its kind. */
export type Fields = Readonly<Record<string, unknown>>;

const FIRST_INSTANT = Date.UTC(2000, 0);
const LAST_INSTANT = Date.UTC(2100, 0);
/** The largest price that a market holds. */
const MAX_PRICE = 1e12;

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** A price above zero; undefined for null, zero (how exchanges write "none") and all that is no price. */
export function priceIn(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && value <= MAX_PRICE ? value : undefined;
}

/** A finite number; undefined for everything else. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Whole milliseconds since 1970, of this century; undefined for everything else. */
export function instantIn(value: unknown): Timestamp | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= FIRST_INSTANT && value < LAST_INSTANT
    ? value
    : undefined;
}
