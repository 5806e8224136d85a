import { describe, expect, it } from 'vitest';
import { bookRisk } from './bookRisk.ts';
import type { Portfolio } from './domain/portfolio.ts';
import type { SizingRequest } from './domain/rulebookReport.ts';
import { afterTrades } from './domain/trade.ts';
import { CODES, smallBook, smallMarket } from './fixtures/smallMarket.ts';
import { headroomModels } from './margin/headroomModels.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { rulebooks } from './rulebooks.ts';
import { computedRows } from './scenario/unitPnlCache.ts';
import { tradeSizing } from './tradeSizing.ts';

const market = smallMarket();
const PUT = `BTC-${CODES.month}-75000-P`;

const request = (part: Partial<SizingRequest>): SizingRequest => ({
  inputVersion: 3,
  marketId: market.snapshot.id,
  parameters: {},
  book: smallBook([]),
  heldSize: 0,
  unit: [{ instrument: PUT, quantity: -1, price: null }],
  presentSize: 2,
  step: 0.1,
  curves: ['portfolio'],
  ...part,
});

async function sizing(part: Partial<SizingRequest>, library: readonly MarginModel[] = headroomModels) {
  return (await tradeSizing(market, request(part), computedRows, library))!;
}

/** Free margin by the code of the verdict. */
function free(book: Portfolio, model: string): number {
  const [outcome] = bookRisk(market, book, { models: [model] }).margins;
  if (outcome === undefined || 'unsupported' in outcome) throw new Error('unsupported');
  return outcome.availableUsd;
}

/** A rule with a requirement of our own making, by the book's net quantity. */
const ruleOf = (id: string, requirementUsd: (quantity: number) => number): MarginModel => ({
  ...headroomModels[0]!,
  id,
  parameters: [],
  requirement: (book) => {
    const usd = requirementUsd(book.positions.reduce((total, { quantity }) => total + quantity, 0));
    return {
      initialMarginUsd: usd,
      maintenanceMarginUsd: usd,
      worstScenario: null,
      components: [],
      positions: [],
      approximations: [],
      backing: { equityUsd: 100, basis: 'a hundred dollars' },
    };
  },
});

describe('the size of a trade', () => {
  it('is the largest whole step whose margin is within equity, under each rulebook', async () => {
    const { fits } = await sizing({});
    for (const fit of fits) {
      if (fit.kind !== 'largest') throw new Error(`${fit.id} is ${fit.kind}`);
      const at = (size: number) => free(smallBook([[PUT, -size]]), fit.id);
      expect(at(fit.largest)).toBeGreaterThanOrEqual(0);
      expect(at(fit.largest + 0.1)).toBeLessThan(0);
      expect(fit.largest).toBe(Number(fit.largest.toFixed(1)));
      expect(fit).toMatchObject({ least: 0, hasGaps: false });
    }
  });

  it('draws the margins of the verdict from nothing to beyond the largest', async () => {
    const { sizes, curves, fits } = await sizing({});
    const fit = fits.find(({ id }) => id === 'portfolio')!;
    expect(curves.map(({ id }) => id)).toEqual(['portfolio']);
    expect(sizes[0]).toBe(0);
    expect(sizes.at(-1)).toBeGreaterThan(fit.kind === 'largest' ? fit.largest : Number.POSITIVE_INFINITY);
    sizes.forEach((size, i) => {
      const book = size === 0 ? smallBook([]) : smallBook([[PUT, -size]]);
      expect(curves[0]!.availableUsd[i]).toBeCloseTo(free(book, 'portfolio'), 6);
    });
  });

  it('of a leg that the book holds starts from what is held, its cash at its mark', async () => {
    const book = smallBook([[PUT, -2]]);
    const unit = [{ instrument: PUT, quantity: -1, price: 0.01 }];
    const { fits } = await sizing({ book, heldSize: 2, unit });
    const fit = fits.find(({ id }) => id === 'portfolio')!;
    if (fit.kind !== 'largest') throw new Error(fit.kind);
    const at = (size: number) =>
      free(afterTrades(book, [{ instrument: PUT, quantity: 2 - size, price: 0.01 }]), 'portfolio');
    expect(at(fit.largest)).toBeGreaterThanOrEqual(0);
    expect(at(fit.largest + 0.1)).toBeLessThan(0);
  });

  it('is not fooled by a requirement that rises and falls again', async () => {
    // Fits below 1, not from 1 to 4, again up to 13.7.
    const hump = ruleOf('hump', (q) =>
      Math.abs(q) > 0.95 && Math.abs(q) < 4.05 ? 200 : Math.abs(q) > 13.75 ? 200 : 50,
    );
    const unit = [{ instrument: PUT, quantity: -1, price: null }];
    const { fits } = await sizing({ unit, curves: [] }, [hump]);
    expect(fits).toEqual([{ id: 'hump', kind: 'largest', least: 0, largest: 13.7, hasGaps: true }]);
  });

  it('says from which size on a book that is short fits, and when none or any does', async () => {
    const rules = [ruleOf('hedge', (q) => 150 - 20 * Math.abs(q)), ruleOf('none', () => 101), ruleOf('any', () => 100)];
    const { fits, searchedTo } = await sizing({ book: smallBook([], []), curves: [] }, rules);
    expect(searchedTo).toBe(2000);
    expect(fits).toEqual([
      { id: 'hedge', kind: 'unbounded', least: 2.5, hasGaps: false },
      { id: 'none', kind: 'none' },
      { id: 'any', kind: 'unbounded', least: 0, hasGaps: false },
    ]);
  });

  it('answers null once it is overtaken', async () => {
    let asked = 0;
    const answer = await tradeSizing(market, request({}), computedRows, headroomModels, {
      cancelled: () => {
        asked += 1;
        return asked > 3;
      },
    });
    expect(answer).toBeNull();
    expect(asked).toBe(4);
  });
});

describe('rulebooks', () => {
  it('answer as the verdict does, before and after', () => {
    const book = smallBook([[PUT, -2]]);
    const proposed = smallBook([
      [PUT, -2],
      [`BTC-${CODES.month}-105000-C`, -1],
    ]);
    const ask = { inputVersion: 5, marketId: market.snapshot.id, parameters: {}, book, proposed };
    const { before, after, inputVersion } = rulebooks(market, ask, computedRows, () => 0, headroomModels);
    const models = headroomModels.map(({ id }) => id);
    expect(inputVersion).toBe(5);
    expect(before).toEqual(bookRisk(market, book, { models }).margins);
    expect(after).toEqual(bookRisk(market, proposed, { models }).margins);
    expect(rulebooks(market, { ...ask, proposed: null }, computedRows, () => 0, headroomModels).after).toBeNull();
  });
});
