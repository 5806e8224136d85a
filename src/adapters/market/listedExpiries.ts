import { MILLISECONDS_PER_DAY, type Timestamp } from '../../engine/domain/units.ts';

export type ListingKind = 'daily' | 'weekly' | 'monthly' | 'quarterly';

export interface ListedExpiry {
  readonly expiry: Timestamp;
  readonly kind: ListingKind;
}

/** How many of each kind a coin exchange lists at a time. */
const LISTED: readonly (readonly [ListingKind, number])[] = [
  ['daily', 3],
  ['weekly', 3],
  ['monthly', 2],
  ['quarterly', 4],
];

const EXPIRY_HOUR = 8;
const FRIDAY = 5;

/**
 * The twelve expiries that a coin exchange lists at an instant, earliest first: the next three days, then the next three
 * Fridays, two last Fridays of a month and four of a quarter, each the first of its kind that is not listed yet. All at
 * 08:00 UTC.
 */
export function listedExpiries(asOf: Timestamp): readonly ListedExpiry[] {
  const dayStart = Math.floor(asOf / MILLISECONDS_PER_DAY) * MILLISECONDS_PER_DAY;
  const listed: ListedExpiry[] = [];
  for (const [kind, count] of LISTED) {
    let missing = count;
    for (let day = 0; missing > 0; day++) {
      const expiry = dayStart + day * MILLISECONDS_PER_DAY + EXPIRY_HOUR * 3_600_000;
      if (expiry <= asOf || !isOfKind(kind, new Date(expiry))) continue;
      if (listed.some((other) => other.expiry === expiry)) continue;
      listed.push({ expiry, kind });
      missing -= 1;
    }
  }
  return listed.sort((one, two) => one.expiry - two.expiry);
}

function isOfKind(kind: ListingKind, date: Date): boolean {
  if (kind === 'daily') return true;
  if (date.getUTCDay() !== FRIDAY) return false;
  if (kind === 'weekly') return true;
  const isLastOfMonth = new Date(date.getTime() + 7 * MILLISECONDS_PER_DAY).getUTCMonth() !== date.getUTCMonth();
  return isLastOfMonth && (kind === 'monthly' || date.getUTCMonth() % 3 === 2);
}
