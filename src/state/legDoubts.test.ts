import { describe, expect, it } from 'vitest';
import type { MarketQuality, ValueDoubt } from '../engine/domain/marketQuality.ts';
import { currentLegDoubts, doubtSentence, legDoubts } from './legDoubts.ts';

const JUNE = Date.UTC(2026, 5, 26, 8);

const legs = [
  'BTC-26JUN26-90000-C',
  'BTC_USDC-26JUN26-90000-P',
  'BTC-31JUL26',
  'BTC-PERPETUAL',
  'ETH-26JUN26-4000-C',
  'junk',
].map((instrument, row) => ({ id: `${row}`, instrument, quantity: 1 }));

function quality(...doubts: Partial<ValueDoubt>[]): MarketQuality {
  return {
    checkedAt: JUNE,
    confidence: [],
    ages: [],
    doubts: doubts.map((doubt) => ({
      kind: 'index',
      reason: 'stale',
      underlying: 'BTC',
      message: 'm',
      confidence: 0.4,
      treatment: 'kept',
      ...doubt,
    })),
  };
}

const touched = (...doubts: Partial<ValueDoubt>[]) => [...legDoubts(quality(...doubts), legs).keys()];

describe('doubts of legs', () => {
  it('are those of what each leg rests on', () => {
    expect(touched({ kind: 'index' })).toEqual(['0', '1', '2', '3']);
    expect(touched({ kind: 'perpetual' })).toEqual(['3']);
    expect(touched({ kind: 'forward', expiry: JUNE })).toEqual(['0', '1']);
    expect(touched({ kind: 'quote', expiry: JUNE })).toEqual(['0', '1']);
    expect(touched({ kind: 'quote', expiry: JUNE, instrument: 'BTC-26JUN26-90000-P' })).toEqual(['1']);
    expect(touched({ kind: 'stablecoin', underlying: 'USDC' })).toEqual(['1']);
    expect(touched({ kind: 'history' })).toEqual([]);
    expect(touched({ kind: 'index', underlying: 'ETH' })).toEqual(['4']);
  });

  it('leave out what is little doubted, and are none of a market that nobody checks', () => {
    expect(touched({ confidence: 0.8 })).toEqual([]);
    expect(legDoubts(null, legs).size).toBe(0);
  });

  it('are counted in a sentence that says stale only of what is', () => {
    const sentence = (...doubts: Partial<ValueDoubt>[]) => doubtSentence(legDoubts(quality(...doubts), legs));
    expect(sentence({ kind: 'quote', reason: 'missing', expiry: JUNE })).toBe('2 legs rest on stale prices');
    expect(sentence({ kind: 'perpetual' })).toBe('1 leg rests on stale prices');
    expect(sentence({ kind: 'index' }, { kind: 'perpetual', reason: 'jump' })).toBe('4 legs rest on doubtful prices');
    expect(sentence()).toBeNull();
  });

  it('are reckoned once for all who ask', () => {
    const now = quality({});
    expect(currentLegDoubts(now, legs)).toBe(currentLegDoubts(now, legs));
    expect(currentLegDoubts(quality({ kind: 'perpetual' }), legs).size).toBe(1);
    // Whatever was asked in between: the verdict and a panel may stand at different moments.
    const first = currentLegDoubts(now, legs);
    currentLegDoubts(now, legs.slice(1));
    expect(currentLegDoubts(now, legs)).toBe(first);
  });
});
