import { describe, expect, it } from 'vitest';
import type { MarketQuality, ValueDoubt } from '../engine/domain/marketQuality.ts';
import { createStandingDoubts } from './standingDoubts.ts';

function quality(...underlyings: string[]): MarketQuality {
  return {
    checkedAt: 0,
    confidence: [],
    ages: [],
    doubts: underlyings.map(
      (underlying): ValueDoubt => ({
        kind: 'index',
        reason: 'jump',
        underlying,
        message: 'm',
        confidence: 0.4,
        treatment: 'held',
      }),
    ),
  };
}
const coins = (judged: MarketQuality | null) => judged?.doubts.map(({ underlying }) => underlying) ?? null;

describe('standing doubts', () => {
  it('come at once, and go with the figures that are free of them', () => {
    const standing = createStandingDoubts();
    expect(coins(standing.judged(quality('BTC')))).toEqual(['BTC']);
    standing.moved(1);
    expect(standing.painted(1)).toBeNull();
    // The price is trusted again, and figures of an older market are still to come.
    standing.moved(2);
    expect(coins(standing.judged(quality()))).toEqual(['BTC']);
    standing.moved(3);
    expect(standing.painted(2)).toBeNull();
    expect(coins(standing.judged(quality()))).toEqual(['BTC']);
    expect(coins(standing.painted(3))).toEqual([]);
    expect(coins(standing.judged(quality()))).toEqual([]);
  });

  it('are told once where they come again before the figures have followed', () => {
    const standing = createStandingDoubts();
    standing.judged(quality('BTC', 'ETH'));
    standing.moved(1);
    expect(coins(standing.judged(quality('ETH')))).toEqual(['ETH', 'BTC']);
    standing.moved(2);
    expect(coins(standing.judged(quality('BTC', 'ETH')))).toEqual(['BTC', 'ETH']);
    standing.moved(3);
    expect(standing.painted(3)).toBeNull();
  });

  it('wait for no move where none came of the judgement', () => {
    const standing = createStandingDoubts();
    standing.judged(quality('BTC'));
    standing.moved(1);
    standing.painted(1);
    expect(coins(standing.judged(quality()))).toEqual(['BTC']);
    expect(coins(standing.judged(quality()))).toEqual([]);
  });
});
