import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type BestPairing, bestPairing, type PairingOption } from './bestPairing.ts';
import { limitedRiskRequirement } from './limitedRisk.ts';
import { REG_T_RATES } from './regTRates.ts';
import { type RegTUnderlying, shortOptionPerUnit, shortStranglePerUnit } from './shortOption.ts';
import { strategyTitle } from './strategyTitle.ts';

const equity: RegTUnderlying = { price: 100, underlyingClass: 'equity', leverage: 1 };
const leg = (type: 'C' | 'P', strike: number, premium: number, quantity: number, expiry = 1): PairingOption => ({
  type,
  strike,
  premium,
  quantity,
  expiry,
});

const titles = (book: readonly PairingOption[], coins = 0) =>
  bestPairing(book, coins, equity).strategies.map((paired) => `${paired.units} ${strategyTitle(paired, book)}`);

/** What must be in the account beside the proceeds of what is sold. */
const netCall = (book: readonly PairingOption[], { initial, uncounted }: BestPairing) =>
  initial + uncounted - book.reduce((total, { premium, quantity }) => total + premium * Math.max(-quantity, 0), 0);

describe('the best pairing of a book', () => {
  it('recognises what a trader would call it', () => {
    expect(titles([leg('C', 110, 2, -3), leg('P', 90, 2, -3)])).toEqual(['3 Short strangle']);
    expect(titles([leg('C', 100, 4, -1), leg('P', 100, 4, -1)])).toEqual(['1 Short straddle']);
    expect(titles([leg('C', 100, 4, -2), leg('C', 100, 6, 2, 2)])).toEqual(['2 Call calendar']);
    expect(titles([leg('C', 95, 7, 1), leg('C', 100, 4, -2), leg('C', 105, 2, 1)])).toEqual(['1 Long call butterfly']);
    expect(titles([leg('P', 95, 2, 1), leg('P', 100, 4, -1)])).toEqual(['1 Put credit spread']);
    expect(titles([leg('C', 95, 7, 1), leg('C', 100, 4, -1)])).toEqual(['1 Call debit spread']);
    const condor = [leg('P', 90, 1, 1), leg('P', 95, 2, -1), leg('C', 105, 2, -1), leg('C', 110, 1, 1)];
    expect(titles(condor)).toEqual(['1 Iron condor']);
    expect(bestPairing(condor, 0, equity)).toMatchObject({ initial: 7, maintenance: 7 });
  });

  it('recognises what the underlying makes of options', () => {
    const [call, put, sameCall] = [leg('C', 110, 2, -1), leg('P', 95, 2, 1), leg('C', 95, 7, -1)];
    expect(titles([call], 1)).toEqual(['1 Covered call']);
    expect(titles([put], 1)).toEqual(['1 Protective put']);
    expect(titles([call, put], 1)).toEqual(['1 Collar']);
    expect(titles([sameCall, put], 1)).toEqual(['1 Conversion']);
    expect(titles([leg('P', 95, 2, -1)], -1)).toEqual(['1 Covered put']);
    expect(titles([leg('P', 95, 2, -1), leg('C', 95, 7, 1)], -1)).toEqual(['1 Reverse conversion']);
    expect(titles([call], 2.5)).toEqual(['1.5 Long coins', '1 Covered call']);
  });

  // Cboe Margin Manual, Nov 2021, pp. 42, 47, 52, 58, 59 and 61.
  it("gives the manual's figures", () => {
    const at = (price: number) => ({ ...equity, price });
    const spread = [leg('C', 125, 3.8, 1), leg('C', 120, 8.4, -1)];
    expect(bestPairing(spread, 0, at(128.5)).initial).toBeCloseTo(8.8, 12);
    expect(netCall(spread, bestPairing(spread, 0, at(128.5)))).toBeCloseTo(0.4, 12);
    const butterfly = [leg('P', 540, 5.6, 1), leg('P', 550, 7.2, -2), leg('P', 555, 9.8, 1)];
    expect(bestPairing(butterfly, 0, at(550)).initial).toBeCloseTo(20.4, 12);
    const written = bestPairing([leg('C', 90, 7.5, -1)], 1, at(92.38));
    expect(written.initial).toBeCloseTo(46.19, 12);
    expect(written.uncounted).toBeCloseTo(2.38, 12);
    expect(bestPairing([leg('P', 95, 2, 1)], 1, at(103.5)).maintenance).toBeCloseTo(18 + 2, 12);
    const conversion = bestPairing([leg('P', 110, 3, 1), leg('C', 110, 1, -1)], 1, at(108));
    expect(conversion.maintenance).toBeCloseTo(11 + 3, 12);
    const reverse = bestPairing([leg('P', 75, 4, -1), leg('C', 75, 1, 1)], -1, at(71.9));
    expect(reverse.maintenance).toBeCloseTo(85.6 + 1, 12);
  });

  it('lends against a box bought, and against an option of more than nine months', () => {
    const box = [leg('C', 90, 11, 1), leg('C', 100, 4, -1), leg('P', 100, 4, 1), leg('P', 90, 1.2, -1)];
    expect(titles(box)).toEqual(['1 Long box']);
    expect(netCall(box, bestPairing(box, 0, equity))).toBeCloseTo(5, 12);
    const long = (monthsToExpiry: number) => [{ ...leg('C', 100, 16.8, 1), monthsToExpiry }];
    expect(bestPairing(long(20), 0, equity).initial).toBeCloseTo(12.6, 12);
    expect(bestPairing(long(3), 0, equity).initial).toBe(16.8);
  });

  it('asks for the width of a box sold, less its credit', () => {
    const box = [leg('C', 90, 11, -1), leg('C', 100, 4, 1), leg('P', 100, 4, -1), leg('P', 90, 1.2, 1)];
    expect(titles(box)).toEqual(['1 Short box']);
    expect(netCall(box, bestPairing(box, 0, equity))).toBeCloseTo(10 - 9.8, 12);
  });

  it('leaves a short alone that the bought option does not outlive', () => {
    expect(titles([leg('C', 100, 6, -1, 2), leg('C', 100, 4, 1, 1)])).toEqual(['1 Long call', '1 Short call']);
  });

  it('puts the cover where it saves most', () => {
    const { strategies } = bestPairing([leg('C', 130, 0.5, 1), leg('C', 125, 1, -1), leg('C', 90, 12, -1)], 0, equity);
    // The 90 call asks for 20 alone, its spread of 40 points no less; the 125 call asks for 10, in a spread for 5.
    expect(strategies.find(({ kind }) => kind === 'vertical')!.legs).toEqual([0, 1]);
  });

  it('splits contracts where that saves', () => {
    // Two butterflies want the same call bought; half of each is the best that both can have.
    const book = [
      leg('C', 90, 11, 1),
      leg('C', 100, 4, -2),
      leg('C', 110, 1, 2),
      leg('C', 105, 2, -1),
      leg('P', 100, 4, -1),
    ];
    const { strategies } = bestPairing(book, 0.5, equity);
    expect(strategies.some(({ units }) => !Number.isInteger(units))).toBe(true);
  });

  const drawnLeg = fc.record({
    type: fc.constantFrom('C' as const, 'P' as const),
    strike: fc.constantFrom(80, 90, 95, 100, 105, 110, 120),
    premium: fc.integer({ min: 1, max: 12 }),
    quantity: fc.constantFrom(-2, -1, 1, 2),
    expiry: fc.constantFrom(1, 2),
  });
  const books = fc.array(drawnLeg, { minLength: 1, maxLength: 5 });
  const coins = fc.constantFrom(-2, -1, 0, 0, 0, 1, 2);

  property.prop([books, coins], { numRuns: 300 })('is never above any pairing of whole contracts', (book, held) => {
    const found = bestPairing(book, held, equity);
    const whole = leastOfWholePairings(book, held);
    expect(netCall(book, found)).toBeLessThanOrEqual(whole + 1e-9);
    // And it is one of them wherever it splits no contract.
    if (found.strategies.every(({ units }) => Number.isInteger(units)))
      expect(netCall(book, found)).toBeCloseTo(whole, 9);
  });

  property.prop([books, coins])('uses every contract once, and its shares add up', (book, held) => {
    const { strategies, initial } = bestPairing(book, held, equity);
    const used = [...book.map(() => 0), 0];
    for (const { legs, amounts, units, shares, initial: own } of strategies) {
      legs.forEach((index, k) => {
        used[index]! += units * amounts[k]!;
      });
      expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(own, 9);
    }
    [...book.map(({ quantity }) => quantity), held].forEach((quantity, i) =>
      expect(used[i]).toBeCloseTo(Math.abs(quantity), 9),
    );
    expect(strategies.reduce((total, own) => total + own.initial, 0)).toBeCloseTo(initial, 9);
  });

  property.prop([books, coins, drawnLeg.map((one) => ({ ...one, quantity: Math.abs(one.quantity) }))])(
    'asks no more than its price for an option bought beside the book',
    (book, held, bought) => {
      const before = bestPairing(book, held, equity);
      const after = bestPairing([...book, bought], held, equity);
      expect(after.initial + after.uncounted).toBeLessThanOrEqual(
        before.initial + before.uncounted + bought.premium * bought.quantity + 1e-9,
      );
    },
  );

  property.prop([books, coins, fc.integer({ min: 2, max: 7 })])(
    'scales with the book, and does not depend on its order or on what was asked before',
    (book, held, factor) => {
      const { initial, maintenance, strategies } = bestPairing(book, held, equity);
      const scaled = book.map((one) => ({ ...one, quantity: factor * one.quantity }));
      bestPairing(book, held, { ...equity, price: 140 });
      expect(bestPairing(scaled, factor * held, equity).initial).toBeCloseTo(factor * initial, 8);
      const backwards = bestPairing([...book].reverse(), held, equity);
      expect(backwards.initial).toBeCloseTo(initial, 9);
      expect(backwards.maintenance).toBeCloseTo(maintenance, 9);
      expect(bestPairing(book, held, equity).strategies).toEqual(strategies);
    },
  );

  it('pairs forty legs of one expiry', () => {
    const book = Array.from({ length: 40 }, (_, i) =>
      leg(i % 2 === 0 ? 'C' : 'P', 60 + 2 * i, 1 + (i % 7), i % 4 < 2 ? -1 - (i % 3) : 1 + (i % 5)),
    );
    const { strategies, initial } = bestPairing(book, 3, equity);
    const used = [...book.map(() => 0), 0];
    for (const { legs, amounts, units } of strategies)
      legs.forEach((index, k) => {
        used[index]! += units * amounts[k]!;
      });
    [...book.map(({ quantity }) => quantity), 3].forEach((quantity, i) =>
      expect(used[i]).toBeCloseTo(Math.abs(quantity), 9),
    );
    expect(Number.isFinite(initial)).toBe(true);
  });
});

/** A way to use whole contracts of the book: which, how many of each, and what it takes beside the proceeds. */
type Way = readonly [legs: readonly number[], amounts: readonly number[], net: number];

/** Every pairing of whole contracts, tried in turn; each way is priced anew, nothing is left out for being dear. */
function leastOfWholePairings(book: readonly PairingOption[], coins: number): number {
  const ways = waysAlone(book, coins);
  const signed = (legs: readonly number[], amounts: readonly number[]) =>
    legs.map((index, k) => ({ ...book[index]!, quantity: Math.sign(book[index]!.quantity) * amounts[k]! }));
  const options = book.map((_, i) => i);
  for (const legs of combinations(options, 4)) {
    for (const amounts of legs.length === 3
      ? [
          [1, 2, 1],
          [2, 1, 1],
          [1, 1, 2],
        ]
      : [legs.map(() => 1)]) {
      const members = signed(legs, amounts);
      if (!isLimited(members)) continue;
      ways.push([legs, amounts, limitedRiskRequirement(members, equity).netCall]);
    }
  }
  const memory = new Map<string, number>();
  const search = (left: readonly number[]): number => {
    const first = left.findIndex((quantity) => quantity > 0);
    if (first < 0) return 0;
    const key = left.join();
    const known = memory.get(key);
    if (known !== undefined) return known;
    let best = Infinity;
    for (const [legs, amounts, net] of ways) {
      if (!legs.includes(first) || legs.some((index, k) => left[index]! < amounts[k]!)) continue;
      const rest = [...left];
      legs.forEach((index, k) => {
        rest[index]! -= amounts[k]!;
      });
      best = Math.min(best, net + search(rest));
    }
    memory.set(key, best);
    return best;
  };
  return search([...book.map(({ quantity }) => Math.abs(quantity)), Math.abs(coins)]);
}

function waysAlone(book: readonly PairingOption[], coins: number): Way[] {
  const { price } = equity;
  const coin = book.length;
  const ways: Way[] = [[[coin], [1], coins > 0 ? price / 2 : 1.5 * price]];
  book.forEach((one, i) => {
    const { type, strike, premium, quantity } = one;
    const [sold, call] = [quantity < 0, type === 'C'];
    ways.push([[i], [1], sold ? shortOptionPerUnit(one, equity) - premium : premium]);
    if (coins > 0 && sold && call) ways.push([[coin, i], [1, 1], price / 2 + Math.max(price - strike, 0) - premium]);
    if (coins > 0 && !sold && !call) ways.push([[coin, i], [1, 1], price / 2 + premium]);
    if (coins < 0 && sold && !call) ways.push([[coin, i], [1, 1], 1.5 * price + Math.max(strike - price, 0) - premium]);
    book.forEach((other, j) => {
      const same = other.strike === strike && other.expiry === one.expiry;
      if (sold && call && other.type === 'P' && other.quantity < 0)
        ways.push([[j, i], [1, 1], shortStranglePerUnit(one, other, equity) - premium - other.premium]);
      if (coins > 0 && sold && call && other.type === 'P' && other.quantity > 0 && other.expiry === one.expiry)
        if (other.strike <= strike)
          ways.push([[coin, j, i], [1, 1, 1], price / 2 + Math.max(price - strike, 0) + other.premium - premium]);
      if (coins < 0 && !sold && call && other.type === 'P' && other.quantity < 0 && same)
        ways.push([[coin, j, i], [1, 1, 1], 1.5 * price + Math.max(strike - price, 0) + premium - other.premium]);
      for (const [k, lowPut] of book.entries())
        for (const [l, highPut] of book.entries()) {
          const isBox =
            !sold &&
            call &&
            other.type === 'C' &&
            other.quantity < 0 &&
            other.strike > strike &&
            lowPut.type === 'P' &&
            lowPut.quantity < 0 &&
            lowPut.strike === strike &&
            highPut.type === 'P' &&
            highPut.quantity > 0 &&
            highPut.strike === other.strike;
          if (isBox && [other, lowPut, highPut].every(({ expiry }) => expiry === one.expiry))
            ways.push([[i, j, k, l], [1, 1, 1, 1], REG_T_RATES.longBoxRate * (other.strike - strike)]);
        }
    });
  });
  return ways;
}

/** As many bought as sold of each type, and of two legs the bought one living as long, of more all of one expiry. */
function isLimited(members: readonly PairingOption[]): boolean {
  const net = (type: 'C' | 'P') => members.reduce((total, one) => total + (one.type === type ? one.quantity : 0), 0);
  if (members.length < 2 || net('C') !== 0 || net('P') !== 0) return false;
  const [long, short] = [members.find(({ quantity }) => quantity > 0)!, members.find(({ quantity }) => quantity < 0)!];
  if (members.length === 2) return long.expiry! >= short.expiry!;
  return members.every(({ expiry }) => expiry === members[0]!.expiry);
}

function combinations(items: readonly number[], most: number): number[][] {
  const found: number[][] = [];
  const extend = (chosen: readonly number[], from: number) => {
    if (chosen.length > 1) found.push([...chosen]);
    if (chosen.length === most) return;
    for (let i = from; i < items.length; i += 1) extend([...chosen, items[i]!], i + 1);
  };
  extend([], 0);
  return found;
}
