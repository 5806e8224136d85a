import type { Timestamp } from '../engine/domain/units.ts';

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?Z$/;

/** Completes "must be ..." where a time is refused. */
export const TIME_DEMAND = 'a UTC time like "2024-11-22T08:00:00Z"';

/** Milliseconds of an ISO-8601 time with `Z`, or null when the text is not one or names no real instant. */
export function parseIsoTime(text: string): Timestamp | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = ''] = match;
  const canonical = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const time = Date.parse(canonical);
  // Some engines roll 30 February over to March: what does not come back as written is not a date.
  return Number.isFinite(time) && new Date(time).toISOString() === canonical ? time : null;
}

/** `2024-11-22T08:00:00Z`, with milliseconds only when there are some. */
export function isoTime(time: Timestamp): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
