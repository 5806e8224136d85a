import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryCode } from '../../engine/domain/instrument.ts';
import { listedExpiries } from './listedExpiries.ts';

describe('listedExpiries', () => {
  it('lists days, Fridays, ends of months and of quarters', () => {
    const listed = listedExpiries(Date.UTC(2026, 10, 20, 8));
    expect(listed.map(({ expiry, kind }) => `${expiryCode(expiry)} ${kind}`)).toEqual([
      '21NOV26 daily',
      '22NOV26 daily',
      '23NOV26 daily',
      '27NOV26 weekly',
      '4DEC26 weekly',
      '11DEC26 weekly',
      '25DEC26 monthly',
      '29JAN27 monthly',
      '26MAR27 quarterly',
      '25JUN27 quarterly',
      '24SEP27 quarterly',
      '31DEC27 quarterly',
    ]);
  });

  it('lists twelve different future expiries at 08:00 UTC at any time', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2060, 0) }), (asOf) => {
        const times = listedExpiries(asOf).map(({ expiry }) => expiry);
        expect(new Set(times).size).toBe(12);
        expect(times).toEqual(times.toSorted((one, two) => one - two));
        expect(times[0]).toBeGreaterThan(asOf);
        for (const time of times) expect(new Date(time).toISOString()).toMatch(/T08:00:00\.000Z$/);
      }),
    );
  });

  it('lists today until it has expired', () => {
    expect(listedExpiries(Date.UTC(2026, 10, 20, 7, 59))[0]!.expiry).toBe(Date.UTC(2026, 10, 20, 8));
    expect(listedExpiries(Date.UTC(2026, 10, 20, 8))[0]!.expiry).toBe(Date.UTC(2026, 10, 21, 8));
  });
});
