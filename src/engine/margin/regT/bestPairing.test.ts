import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { bestPairing } from './bestPairing.ts';
import type { RegTLeg } from './limitedRisk.ts';
import { recognisedStrategies } from './recognisedStrategies.ts';
import type { RegTUnderlying } from './shortOption.ts';

const equity: RegTUnderlying = { price: 100, underlyingClass: 'equity', leverage: 1 };
const leg = (type: 'C' | 'P', strike: number, premium: number, quantity: number, expiry = 1): RegTLeg => ({
  type,
  strike,
  premium,
  quantity,
  expiry,
});

const kinds = (book: readonly RegTLeg[]) =>
  bestPairing(book, equity).strategies.map(({ strategy, units }) => `${units} ${strategy.kind}`);

describe('the best pairing of a book', () => {
  it('recognises what a trader would call it', () => {
    expect(kinds([leg('C', 110, 2, -3), leg('P', 90, 2, -3)])).toEqual(['3 short strangle']);
    expect(kinds([leg('C', 100, 4, -1), leg('P', 100, 4, -1)])).toEqual(['1 short straddle']);
    expect(kinds([leg('C', 100, 4, -2), leg('C', 100, 6, 2, 2)])).toEqual(['2 calendar']);
    expect(kinds([leg('C', 95, 7, 1), leg('C', 100, 4, -2), leg('C', 105, 2, 1)])).toEqual(['1 butterfly']);
    const condor = [leg('P', 90, 1, 1), leg('P', 95, 2, -1), leg('C', 105, 2, -1), leg('C', 110, 1, 1)];
    expect(kinds(condor)).toEqual(['1 iron condor']);
    expect(bestPairing(condor, equity)).toMatchObject({ requirement: 7, proceeds: 4, netCall: 3 });
  });

  it('takes nothing beyond its price for a box bought', () => {
    const box = [leg('C', 90, 11, 1), leg('C', 100, 4, -1), leg('P', 100, 4, 1), leg('P', 90, 1.2, -1)];
    expect(bestPairing(box, equity).netCall).toBeCloseTo(9.8, 12);
  });

  it('leaves a short alone that the bought option does not outlive', () => {
    expect(kinds([leg('C', 100, 6, -1, 2), leg('C', 100, 4, 1, 1)])).toEqual(['1 short option', '1 long option']);
  });

  it('puts the cover where it saves most', () => {
    const { strategies } = bestPairing([leg('C', 130, 0.5, 1), leg('C', 125, 1, -1), leg('C', 90, 12, -1)], equity);
    const spread = strategies.find(({ strategy }) => strategy.kind === 'vertical')!;
    // The 90 call asks for 20 alone, its spread of 40 points no less; the 125 call asks for 10, in a spread for 5.
    expect(spread.strategy.legs).toEqual([0, 1]);
  });

  const drawnLeg = fc.record({
    type: fc.constantFrom('C' as const, 'P' as const),
    strike: fc.constantFrom(80, 90, 95, 100, 105, 110, 120),
    premium: fc.integer({ min: 1, max: 12 }),
    quantity: fc.constantFrom(-2, -1, 1, 2),
    expiry: fc.constantFrom(1, 2),
  });
  property.prop([fc.array(drawnLeg, { minLength: 1, maxLength: 5 })])(
    'is never above any pairing of whole contracts',
    (book) => {
      const known = recognisedStrategies(book, equity);
      const search = (left: readonly number[]): number => {
        const first = left.findIndex((quantity) => quantity > 0);
        if (first < 0) return 0;
        let best = Infinity;
        for (const { legs, amounts, netCall } of known) {
          if (!legs.includes(first) || legs.some((index, k) => left[index]! < amounts[k]!)) continue;
          const rest = [...left];
          legs.forEach((index, k) => {
            rest[index]! -= amounts[k]!;
          });
          best = Math.min(best, netCall + search(rest));
        }
        return best;
      };
      const whole = search(book.map(({ quantity }) => Math.abs(quantity)));
      const { netCall, requirement, proceeds } = bestPairing(book, equity);
      expect(netCall).toBeLessThanOrEqual(whole + 1e-9);
      expect(requirement - proceeds).toBeCloseTo(netCall, 12);
    },
  );

  it('pairs forty legs', () => {
    const book = Array.from({ length: 40 }, (_, i) =>
      leg(i % 2 === 0 ? 'C' : 'P', 60 + 2 * i, 1 + (i % 7), i % 4 < 2 ? -1 - (i % 3) : 1 + (i % 5)),
    );
    const { strategies, netCall } = bestPairing(book, equity);
    const used = book.map(() => 0);
    for (const { strategy, units } of strategies)
      strategy.legs.forEach((index, k) => {
        used[index]! += units * strategy.amounts[k]!;
      });
    used.forEach((amount, i) => expect(amount).toBeCloseTo(Math.abs(book[i]!.quantity), 9));
    expect(Number.isFinite(netCall)).toBe(true);
  });
});
