import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime, parseIsoTime } from './isoTime.ts';

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['2024-11-22T08:00:00Z', 1_732_262_400_000],
  ['2024-11-22T08:00Z', 1_732_262_400_000],
  ['2024-02-29T23:59:59.5Z', 1_709_251_199_500],
])('%s', (text, time) => {
  expect(parseIsoTime(text)).toBe(time);
});

test.each([
  '',
  '2024-11-22',
  '2024-11-22T08:00:00',
  '2024-11-22T08:00:00+00:00',
  '2024-02-30T08:00:00Z',
  '2023-02-29T08:00:00Z',
  '2024-13-01T08:00:00Z',
  '2024-11-22T24:00:00Z',
  '2024-11-22T08:00:60Z',
  '22/11/2024',
  '1732262400000',
  ' 2024-11-22T08:00:00Z',
  '２０２４-11-22T08:00:00Z',
])('%j is not a time', (text) => {
  expect(parseIsoTime(text)).toBeNull();
});

test('agrees with the calendar of Date on every instant and on every day that might be one', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) - 1 }), (time) => {
      expect(parseIsoTime(new Date(time).toISOString())).toBe(time);
      expect(parseIsoTime(isoTime(time))).toBe(time);
    }),
    { seed: 81, numRuns: 2_000 },
  );
  const real: string[] = [];
  for (const year of [1900, 2000, 2023, 2024, 2100]) {
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T00:00:00Z`;
        const time = parseIsoTime(text);
        if (time !== null) real.push(new Date(time).toISOString() === text.replace('Z', '.000Z') ? 'same' : text);
      }
    }
  }
  expect(real).toEqual(Array.from({ length: 3 * 365 + 2 * 366 }, () => 'same'));
});

test('milliseconds are written only when there are some', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00Z');
  expect(isoTime(1)).toBe('1970-01-01T00:00:00.001Z');
});
