import { describe, expect, it } from 'vitest';
import { smallSnapshot } from '../fixtures/smallMarket.ts';
import { smileOutliers } from './smileOutliers.ts';

describe('marks that contradict their neighbours', () => {
  const expiries = smallSnapshot().underlyings[0]!.expiries;

  it('are none on a smooth smile', () => {
    for (const { quotes, forward } of expiries) expect(smileOutliers(quotes, forward).size).toBe(0);
  });

  it('are found at every strike, and only there', () => {
    for (const { quotes, forward } of expiries)
      for (const wrong of quotes) {
        const bent = quotes.map((quote) => (quote === wrong ? { ...quote, markIv: quote.markIv! * 2 } : quote));
        const found = [...smileOutliers(bent, forward)].map(([{ strike, type }, off]) => ({ strike, type, off }));
        expect(found).toEqual([{ strike: wrong.strike, type: wrong.type, off: expect.closeTo(wrong.markIv!, 1) }]);
      }
  });

  it('are not blamed where their own bid and ask hold both the mark and the neighbours', () => {
    const { quotes, forward } = expiries[0]!;
    const wide = quotes.map((quote) =>
      quote.strike === 80_000 ? { ...quote, markIv: quote.markIv! * 1.3, bidIv: 0.3, askIv: 1.2 } : quote,
    );
    expect(smileOutliers(wide, forward).size).toBe(0);
  });
});
