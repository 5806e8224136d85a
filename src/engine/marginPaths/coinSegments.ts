import type { Timestamp } from '../domain/units.ts';
import type { BookAlong } from './BookAlong.ts';
import { SAME_MOMENT_DAYS } from './pathSteps.ts';

/** A stretch of time in which no leg of a coin, or of any, expires. */
export interface Segment {
  readonly settledUntil: Timestamp;
  /** From now; `toDays` is a minute short of an expiry that ends it. */
  readonly fromDays: number;
  readonly toDays: number;
  readonly endsInExpiry: boolean;
}

/** @param coin null for all of them. */
export function coinSegments(book: BookAlong, coin: number | null, days: number): readonly Segment[] {
  const { asOf } = book.market.snapshot;
  const cuts = book
    .expiries(coin ?? undefined)
    .map((expiry) => ({ expiry, days: book.daysTo(expiry) }))
    .filter((cut) => cut.days > 0 && cut.days <= days + SAME_MOMENT_DAYS);
  const starts = [{ expiry: asOf, days: 0 }, ...cuts];
  return starts.map(({ expiry, days: fromDays }, i): Segment => {
    const next = starts[i + 1];
    const toDays = next === undefined ? Math.max(days, fromDays) : Math.max(next.days - SAME_MOMENT_DAYS, fromDays);
    return { settledUntil: expiry, fromDays, toDays, endsInExpiry: next !== undefined };
  });
}

/** The segment in force once everything up to `settledUntil` is settled. */
export function segmentAt<T extends Segment>(segments: readonly T[], settledUntil: Timestamp): T {
  let found = segments[0]!;
  for (const segment of segments) if (segment.settledUntil <= settledUntil) found = segment;
  return found;
}

/** Tables at neighbouring times blended to one between them, added to `out`. */
export function addBlended(
  slices: readonly { readonly days: number }[],
  tables: readonly Float64Array[],
  days: number,
  out: Float64Array,
): Float64Array {
  const { before, share } = sliceShare(slices, days);
  const [low, high] = [tables[before]!, tables[Math.min(before + 1, tables.length - 1)]!];
  for (let i = 0; i < out.length; i += 1) out[i] = out[i]! + low[i]! + share * (high[i]! - low[i]!);
  return out;
}

export function sliceShare(
  slices: readonly { readonly days: number }[],
  days: number,
): { readonly before: number; readonly share: number } {
  let before = 0;
  while (before + 2 < slices.length && slices[before + 1]!.days <= days) before += 1;
  const [low, high] = [slices[before]!, slices[before + 1]];
  if (high === undefined || !(high.days > low.days)) return { before, share: 0 };
  return { before, share: Math.min(Math.max((days - low.days) / (high.days - low.days), 0), 1) };
}
