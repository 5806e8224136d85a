import { MILLISECONDS_PER_DAY, type Timestamp } from '../domain/units.ts';

/** One moment of a path at which it is looked at. */
export interface PathStep {
  /** From now. */
  readonly days: number;
  /** Number of the even step that it is, or that it lies within, from 1. */
  readonly interval: number;
  /** False of an expiry between two even steps. */
  readonly isEven: boolean;
  /** What settles then; null for nothing. */
  readonly expiry: Timestamp | null;
}

/** An expiry this near to an even step is on it. */
export const SAME_MOMENT_DAYS = 1 / 1440;

/** Even steps, and a step at each expiry before the horizon's end, ascending. */
export function pathSteps(
  asOf: Timestamp,
  days: number,
  stepsPerDay: number,
  expiries: readonly Timestamp[],
): readonly PathStep[] {
  const steps: PathStep[] = [];
  const waiting = [...new Set(expiries)]
    .map((expiry) => ({ expiry, days: (expiry - asOf) / MILLISECONDS_PER_DAY }))
    .filter((event) => event.days > 0 && event.days <= days + SAME_MOMENT_DAYS)
    .sort((a, b) => a.days - b.days);
  for (let interval = 1; interval <= days * stepsPerDay; interval += 1) {
    const end = interval / stepsPerDay;
    while (waiting.length > 0 && waiting[0]!.days < end - SAME_MOMENT_DAYS) {
      const event = waiting.shift()!;
      steps.push({ days: event.days, interval, isEven: false, expiry: event.expiry });
    }
    const here = waiting[0] !== undefined && waiting[0].days <= end + SAME_MOMENT_DAYS ? waiting.shift()! : null;
    steps.push({ days: end, interval, isEven: true, expiry: here?.expiry ?? null });
  }
  return steps;
}
