import type { Timestamp } from '../engine/domain/units.ts';

const FORM = /^((?:19|20|21)\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?Z$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Completes "must be ..." where a time is refused. */
export const TIME_DEMAND = 'a UTC time like "2024-11-22T08:00:00Z"';

/**
 * Milliseconds of an ISO-8601 time with `Z` from 1900 to 2199, or null when the text is not one or names no real instant.
 * Judged by arithmetic: a market file holds thousands of times, and Date.parse rolls 30 February over in some engines.
 */
export function parseIsoTime(text: string): Timestamp | null {
  const match = FORM.exec(text);
  if (!match) return null;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6] ?? 0);
  const isLeapDay = month === 2 && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const isDay = day >= 1 && (day <= (DAYS_IN_MONTH[month - 1] ?? 0) || isLeapDay);
  if (!isDay || hour > 23 || minute > 59 || second > 59) return null;
  const milliseconds = match[7] === undefined ? 0 : Number(match[7].padEnd(3, '0'));
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
}

/** `2024-11-22T08:00:00Z`, with milliseconds only when there are some. */
export function isoTime(time: Timestamp): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
