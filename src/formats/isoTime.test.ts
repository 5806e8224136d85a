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

test('milliseconds are written only when there are some', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00Z');
  expect(isoTime(1)).toBe('1970-01-01T00:00:00.001Z');
});
