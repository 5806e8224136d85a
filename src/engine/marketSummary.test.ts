import { describe, expect, it } from 'vitest';
import type { MarketSnapshot } from './domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY } from './domain/units.ts';
import { AS_OF, EXPIRIES, smallSnapshot } from './fixtures/smallMarket.ts';
import { marketSummary } from './marketSummary.ts';
import { prepareMarket } from './scenario/preparedMarket.ts';

const summaryOf = (snapshot: MarketSnapshot) => marketSummary(prepareMarket(snapshot));
const closesEnding = (daysBefore: number, skipped: readonly number[] = []) =>
  Array.from({ length: 30 }, (_, day): [number, number] => [
    AS_OF - (29 - day + daysBefore) * MILLISECONDS_PER_DAY,
    90_000,
  ]).filter((_, day) => !skipped.includes(day));

function withHistory(closes: readonly (readonly [number, number])[]): MarketSnapshot {
  const snapshot = smallSnapshot();
  return {
    ...snapshot,
    underlyings: [{ ...snapshot.underlyings[0]!, history: { intervalDays: 1, closes, volatilityIndex: [] } }],
  };
}

describe('marketSummary', () => {
  it('tells coins apart by how they settle, and reads 30-day vol between expiries', () => {
    const { underlyings } = summaryOf(smallSnapshot());
    expect(underlyings.map(({ symbol, settlement }) => [symbol, settlement])).toEqual([
      ['BTC', 'coin'],
      ['ETH', 'coin'],
    ]);
    expect(underlyings[0]!.atmVol30d).toBeCloseTo(0.55, 2);
    expect(underlyings[0]!.expiries.map(({ expiry }) => expiry)).toEqual(Object.values(EXPIRIES));
    expect(underlyings[0]!.expiries[0]!.strikes).toHaveLength(13);
  });

  it('counts the quotes left out in one line a coin, without those that the other option of their strike speaks for', () => {
    const lines = summaryOf(smallSnapshot()).notices.filter(({ message }) =>
      message.includes('left out of the fitted'),
    );
    expect(lines.map(({ underlying }) => underlying)).toEqual(['BTC', 'ETH']);
    // Thirteen strikes on three expiries have an option in the money each; only silent wings of the week are meant.
    expect(lines[0]!.message).toMatch(
      /^BTC: [1-9] quotes are left out of the fitted smiles, first 60000 P: Too far from the money/,
    );
  });

  it('says that history is missing, has a gap, or is old', () => {
    const messages = (snapshot: MarketSnapshot) =>
      summaryOf(snapshot)
        .notices.map(({ message }) => message)
        .filter((message) => message.includes('history'));
    expect(messages(smallSnapshot())).toContainEqual(expect.stringMatching(/BTC has no price history/));
    expect(messages(withHistory(closesEnding(1)))).toEqual([]);
    expect(messages(withHistory(closesEnding(1, [5, 6, 20])))).toEqual([
      expect.stringMatching(/2 gaps, first after 2026-10-25/),
    ]);
    expect(messages(withHistory(closesEnding(40)))).toEqual([expect.stringMatching(/40 days before this market/)]);
  });

  it('leaves out expiries that have passed', () => {
    const snapshot = smallSnapshot();
    const later = { ...snapshot, asOf: EXPIRIES.week };
    expect(summaryOf(later).underlyings[0]!.expiries.map(({ expiry }) => expiry)).toEqual([
      EXPIRIES.month,
      EXPIRIES.year,
    ]);
  });
});
