import { describe, expect, it } from 'vitest';
import type { OptionQuote } from '../domain/marketSnapshot.ts';
import { black76Price } from '../pricing/black76.ts';
import { impliedVolatility } from '../pricing/impliedVolatility.ts';
import { parityForward } from './parityForward.ts';

describe('the forward of put-call parity', () => {
  it('is read back from prices that were made with another forward than the one judged', () => {
    // True forward 100; the venue says 103 and reads vols from the true prices with it.
    const years = 0.25;
    const quotes = ([95, 100, 105] as const).flatMap((strike) =>
      (['C', 'P'] as const).map((type): OptionQuote => {
        const vol = impliedVolatility(type, 103, strike, years, black76Price(type, 100, strike, years, 0.9));
        return vol.ok ? { strike, type, markIv: vol.value } : { strike, type };
      }),
    );
    const range = parityForward(quotes, 103, years)!;
    expect(range.strike).toBe(105);
    expect(range.low).toBeCloseTo(100, 8);
    expect(range.high).toBeCloseTo(100, 8);
  });

  it('is a range between tradable prices, and nothing without a call and a put of one strike', () => {
    const sides = { markIv: 0.6, bidIv: 0.58, askIv: 0.62 };
    const pair: OptionQuote[] = [
      { strike: 100, type: 'C', ...sides },
      { strike: 100, type: 'P', ...sides },
    ];
    const range = parityForward(pair, 101, 0.25)!;
    expect(range.low).toBeLessThan(101);
    expect(range.high).toBeGreaterThan(101);
    expect(range.low + range.high).toBeCloseTo(202, 8);
    expect(parityForward(pair.slice(0, 1), 101, 0.25)).toBeNull();
    expect(parityForward([pair[0]!, { ...pair[1]!, strike: 105 }], 101, 0.25)).toBeNull();
  });
});
