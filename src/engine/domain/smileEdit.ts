import type { Timestamp, Vol } from './units.ts';

/**
 * How a person has bent a smile, in decimals of vol (0.01 = one vol point), measured against the market's own fit and at
 * Black forward deltas. All zero is the fit itself.
 */
export interface SmileShift {
  /** Change of the vol at K = F. */
  readonly level: Vol;
  /** Change of the 25-delta risk reversal: vol of the 25-delta call minus vol of the 25-delta put. */
  readonly skew: Vol;
  /** Change of the 25-delta butterfly: mean vol of the 25-delta call and put, minus the vol at K = F. */
  readonly wings: Vol;
}

/** The edit of one expiry's smile. */
export interface SmileEdit extends SmileShift {
  readonly underlying: string;
  readonly expiry: Timestamp;
}

/** Why an edit went no further: what would be wrong beyond, where, and in a sentence. */
export interface SmileStop {
  readonly kind: 'butterfly' | 'calendar' | 'wing' | 'shape';
  /** The edited expiry that it concerns. */
  readonly expiry: Timestamp;
  /** The other expiry of a calendar arbitrage. */
  readonly other: Timestamp | null;
  /** USD; null where it is nowhere in particular. */
  readonly strike: number | null;
  readonly message: string;
}

export const NO_SHIFT: SmileShift = { level: 0, skew: 0, wings: 0 };

export function isNoShift({ level, skew, wings }: SmileShift): boolean {
  return level === 0 && skew === 0 && wings === 0;
}

/** The edits with those of `changed` in place of what their expiries had; an edit that changes nothing is dropped. */
export function withSmileEdits(edits: readonly SmileEdit[], changed: readonly SmileEdit[]): readonly SmileEdit[] {
  const isChanged = (edit: SmileEdit) =>
    changed.some(({ underlying, expiry }) => underlying === edit.underlying && expiry === edit.expiry);
  return [...edits.filter((edit) => !isChanged(edit)), ...changed.filter((edit) => !isNoShift(edit))].sort(
    (one, two) => one.underlying.localeCompare(two.underlying) || one.expiry - two.expiry,
  );
}
