import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookRisk } from '../bookRisk.ts';
import { parseInstrument } from '../domain/instrument.ts';
import type { Portfolio } from '../domain/portfolio.ts';
import type { MarginOutcome, MarginResult } from '../domain/riskReport.ts';
import { CODES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { contractState, unitValueUsd } from '../scenario/contractState.ts';
import { shiftedState } from '../scenario/shiftedState.ts';
import { headroomModels } from './headroomModels.ts';

const market = smallMarket();
const MODELS = ['isolated', 'cross', 'portfolio'];

function margins(
  book: Portfolio,
  parameters: Record<string, Record<string, number>> = {},
): Record<string, MarginResult> {
  const risk = bookRisk(market, book, { models: MODELS, parameters });
  return Object.fromEntries(risk.margins.map((outcome) => [outcome.id, figures(outcome)]));
}

function figures(outcome: MarginOutcome): MarginResult {
  if ('unsupported' in outcome) throw new Error(outcome.unsupported.message);
  return outcome;
}

const NAMES = [
  ...[CODES.week, CODES.month, CODES.year].flatMap((code) => [
    `BTC-${code}-75000-P`,
    `BTC-${code}-90000-C`,
    `BTC-${code}-110000-C`,
    `ETH-${code}-2600-P`,
    `ETH_USDC-${code}-3400-C`,
  ]),
  'BTC-PERPETUAL',
  `BTC-${CODES.month}`,
  'ETH_USDC-PERPETUAL',
];

/** Sensible sizes: inverse futures count in dollars, the rest in coin. */
const legArbitrary = fc
  .tuple(fc.constantFrom(...NAMES), fc.double({ min: -20, max: 20, noNaN: true }))
  .map(([name, size]): [string, number] => {
    const inverseFuture = !name.includes('_USDC') && !/-[CP]$/.test(name);
    return [name, inverseFuture ? Math.round(size * 10_000) : size];
  });
const bookArbitrary = fc
  .tuple(fc.array(legArbitrary, { minLength: 1, maxLength: 8 }), fc.double({ min: -2, max: 5, noNaN: true }))
  .map(([legs, coins]) =>
    smallBook(legs, [
      { asset: 'USDC', quantity: 250_000 },
      { asset: 'BTC', quantity: coins },
    ]),
  );

const scale = (book: Portfolio) => 1 + Math.max(margins(book).isolated!.initialMarginUsd, 0);

describe("Headroom's rulebooks", () => {
  it('never charge a portfolio more than its legs in a pool, nor a pool more than isolated legs', () => {
    fc.assert(
      fc.property(bookArbitrary, (book) => {
        const { isolated, cross, portfolio } = margins(book);
        const slack = 1e-9 * scale(book);
        expect(portfolio!.initialMarginUsd).toBeLessThanOrEqual(cross!.initialMarginUsd + slack);
        expect(cross!.initialMarginUsd).toBeLessThanOrEqual(isolated!.initialMarginUsd + slack);
      }),
    );
  });

  it('split into components and positions that add up, with maintenance below initial', () => {
    fc.assert(
      fc.property(bookArbitrary, (book) => {
        for (const result of Object.values(margins(book))) {
          const slack = 1e-9 * scale(book);
          const components = result.components.reduce((total, { usd }) => total + usd, 0);
          const positions = result.positions.reduce((total, row) => total + row.initialMarginUsd, 0);
          expect(Math.abs(components - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
          expect(Math.abs(positions - result.initialMarginUsd)).toBeLessThanOrEqual(slack);
          expect(result.initialMarginUsd).toBeGreaterThanOrEqual(0);
          expect(result.maintenanceMarginUsd).toBeCloseTo(0.8 * result.initialMarginUsd, 6);
          expect(result.availableUsd).toBe(result.equityUsd - result.initialMarginUsd);
        }
      }),
    );
  });

  it('scale with the book', () => {
    fc.assert(
      fc.property(bookArbitrary, fc.double({ min: 0.1, max: 10, noNaN: true }), (book, factor) => {
        const scaled = {
          ...book,
          legs: book.legs.map((leg) => ({ ...leg, quantity: leg.quantity * factor })),
          collateral: book.collateral.map((holding) => ({ ...holding, quantity: holding.quantity * factor })),
        };
        const [before, after] = [margins(book), margins(scaled)];
        for (const id of MODELS)
          expect(Math.abs(after[id]!.initialMarginUsd - factor * before[id]!.initialMarginUsd)).toBeLessThanOrEqual(
            1e-9 * factor * scale(book),
          );
      }),
    );
  });

  it('charge a merged book at most what its parts are charged, the basis charge aside', () => {
    fc.assert(
      fc.property(bookArbitrary, bookArbitrary, (one, other) => {
        const merged = {
          ...one,
          legs: [...one.legs, ...other.legs.map((leg) => ({ ...leg, id: `o${leg.id}` }))],
          collateral: one.collateral.map((holding, row) => ({
            ...holding,
            quantity: holding.quantity + other.collateral[row]!.quantity,
          })),
        };
        const charged = (book: Portfolio) => {
          const { portfolio } = margins(book);
          return portfolio!.initialMarginUsd - portfolio!.components.find(({ name }) => name === 'Basis charge')!.usd;
        };
        expect(charged(merged)).toBeLessThanOrEqual(charged(one) + charged(other) + 1e-9 * (scale(one) + scale(other)));
      }),
    );
  });

  it('do not depend on the order of legs or on splitting a leg in two', () => {
    const legs = smallBook([
      [NAMES[0]!, -3],
      [NAMES[1]!, -2],
      ['BTC-PERPETUAL', 40_000],
    ]).legs;
    const whole = { ...smallBook([]), legs };
    const split = {
      ...whole,
      legs: [legs[2]!, { ...legs[0]!, quantity: -1 }, legs[1]!, { ...legs[0]!, id: 'z', quantity: -2 }],
    };
    for (const id of MODELS)
      expect(margins(split)[id]!.initialMarginUsd).toBeCloseTo(margins(whole)[id]!.initialMarginUsd, 6);
  });

  it('cancel opposite legs of one contract to exactly nothing in the portfolio, and not when legs stand alone', () => {
    const { portfolio, cross } = margins(
      smallBook([
        [NAMES[1]!, 4],
        [NAMES[1]!, -4],
        ['BTC-PERPETUAL', 50_000],
        ['BTC-PERPETUAL', -50_000],
      ]),
    );
    expect(portfolio!.initialMarginUsd).toBe(0);
    expect(portfolio!.worstScenario).toBeNull();
    expect(cross!.initialMarginUsd).toBeGreaterThan(0);
  });

  it('never need more than its value for an option bought', () => {
    for (const name of NAMES.filter((each) => /-[CP]$/.test(each))) {
      const book = smallBook([[name, 3]]);
      const value = bookRisk(market, book).equityUsd - 100_000;
      for (const id of MODELS) expect(margins(book)[id]!.initialMarginUsd).toBeLessThanOrEqual(value * (1 + 1e-12));
      expect(margins(book).isolated!.initialMarginUsd).toBeCloseTo(value, 8);
    }
  });

  it('charge one short put its worst repricing over the scan, plus the declared charges', () => {
    const name = `BTC-${CODES.month}-75000-P`;
    const instrument = parseInstrument(name);
    if (!instrument.ok) throw new Error('bad name');
    const state = contractState(market, instrument.value);
    if (!state.ok) throw new Error('no state');
    const factor = (30 / 35) ** 0.13;
    const loss = (spotMove: number, volShock: number) =>
      2 *
      (unitValueUsd(
        shiftedState(state.value, {
          spotMove,
          volShock: volShock * factor,
          volUnit: 'relative',
          days: 0,
          smile: 'sticky-strike',
        }),
      ) -
        unitValueUsd(state.value));
    const worst = Math.max(loss(-0.16, 0.5), 0.35 * loss(-0.32, 0.5), loss(0, 0.5));
    const { portfolio } = margins(smallBook([[name, -2]]));
    const charge = (component: string) => portfolio!.components.find((row) => row.name === component)!.usd;
    expect(charge('Worst loss, BTC')).toBeCloseTo(worst, 6);
    expect(charge('Short option charge')).toBeCloseTo(2 * 0.005 * 90_000, 9);
    expect(portfolio!.worstScenario!.label).toBe('−16 %, IV ×1.50');
  });

  it('charge a call sold far out of the money by the far tail, and its floor of vol where vol is quiet', () => {
    const name = `BTC-${CODES.month}-110000-C`;
    const instrument = parseInstrument(name);
    if (!instrument.ok) throw new Error('bad name');
    const state = contractState(market, instrument.value);
    if (!state.ok) throw new Error('no state');
    const worstAt = (spotMove: number, volatility: number, share: number) => {
      const moved = shiftedState(state.value, {
        spotMove,
        volShock: 0,
        volUnit: 'relative',
        days: 0,
        smile: 'sticky-strike',
      });
      const option = { ...moved.option!, volatility };
      return share * (unitValueUsd({ ...moved, option }) - unitValueUsd(state.value));
    };
    const raised = state.value.option!.volatility * (1 + 0.5 * (30 / 35) ** 0.13);
    const charged = (edits: Record<string, number>) => {
      const { portfolio } = margins(smallBook([[name, -1]]), { portfolio: edits });
      return portfolio!.components.find((row) => row.name === 'Worst loss, BTC')!.usd;
    };
    const tail = worstAt(30 * 0.16, raised, 0.5 / 30);
    const edge = worstAt(0.16, raised, 1);
    expect(charged({})).toBeCloseTo(Math.max(tail, edge), 6);
    expect(charged({ tailCover: 2 })).toBeCloseTo(worstAt(30 * 0.16, raised, 2 / 30), 6);
    // A floor of 200 vols stands above every raised vol, a floor of nothing below.
    expect(charged({ tailCover: 0, leastVolUp: 2 })).toBeCloseTo(
      Math.max(worstAt(0.16, 2, 1), worstAt(0.32, 2, 0.35)),
      6,
    );
    expect(charged({ tailCover: 0, leastVolUp: 0 })).toBeCloseTo(Math.max(edge, worstAt(0.32, raised, 0.35)), 6);
  });

  it('offset coins only as far as declared', () => {
    const spread = smallBook([
      ['BTC-PERPETUAL', 90_000],
      ['ETH_USDC-PERPETUAL', -30],
    ]);
    const apart = margins(spread, { portfolio: { underlyingOffset: 0 } }).portfolio!;
    const together = margins(spread, { portfolio: { underlyingOffset: 1 } }).portfolio!;
    const half = margins(spread, { portfolio: { underlyingOffset: 0.5 } }).portfolio!;
    expect(together.initialMarginUsd).toBeLessThan(0.2 * apart.initialMarginUsd);
    expect(half.initialMarginUsd).toBeCloseTo((apart.initialMarginUsd + together.initialMarginUsd) / 2, 6);
    expect(apart.components.find(({ name }) => name === 'Offset between coins')!.usd).toBeCloseTo(0, 12);
    const directional = smallBook([
      ['BTC-PERPETUAL', 90_000],
      ['ETH_USDC-PERPETUAL', 30],
    ]);
    expect(margins(directional).portfolio!.initialMarginUsd).toBeCloseTo(
      margins(directional, { portfolio: { underlyingOffset: 0 } }).portfolio!.initialMarginUsd,
      6,
    );
  });

  it('let coin collateral cover a call sold against it', () => {
    const naked = smallBook([[`BTC-${CODES.month}-110000-C`, -1]], [{ asset: 'USDC', quantity: 90_000 }]);
    const covered = smallBook([[`BTC-${CODES.month}-110000-C`, -1]], [{ asset: 'BTC', quantity: 1 }]);
    expect(margins(naked).portfolio!.worstScenario!.spotMove).toBeGreaterThan(0);
    expect(margins(covered).portfolio!.worstScenario!.spotMove).toBeLessThan(0);
    expect(margins(covered).portfolio!.positions.map(({ id }) => id)).toEqual(['a', 'collateral:BTC']);
  });

  it('name coins that cost most by what is held or owed', () => {
    for (const [quantity, name] of [
      [2, 'BTC held'],
      [-2, 'BTC owed'],
    ] as const) {
      const { isolated, cross } = margins(smallBook([], [{ asset: 'BTC', quantity }]));
      for (const margin of [isolated, cross])
        expect(margin?.worstScenario?.label).toMatch(new RegExp(`^each leg its own; largest ${name} at `));
    }
  });

  it('declare every parameter within its bounds, and refuse what is not one of them', () => {
    for (const model of headroomModels) {
      for (const { key, initial, min, max } of model.parameters) {
        expect(initial, `${model.id}.${key}`).toBeGreaterThanOrEqual(min);
        expect(initial, `${model.id}.${key}`).toBeLessThanOrEqual(max);
      }
    }
    expect(() => margins(smallBook([]), { cross: { priceRange: 2 } })).toThrow(
      /Price range, BTC and ETH of Cross must be between 0.02 and 0.5/,
    );
    expect(() => margins(smallBook([]), { cross: { wings: 1 } })).toThrow(/no parameter "wings"/);
  });

  it('leave out a leg that cannot be priced, and say so, while the rest stands', () => {
    const risk = bookRisk(
      market,
      smallBook([
        ['BTC-6NOV26-90000-C', -5],
        [NAMES[1]!, -1],
      ]),
      { models: MODELS },
    );
    expect(risk.positions[0]).toMatchObject({ id: 'a', failure: { code: 'expired' } });
    expect(risk.notices.find(({ legId }) => legId === 'a')!.message).toMatch(/left out of every figure/);
    expect(figures(risk.margins[2]!).initialMarginUsd).toBeCloseTo(
      margins(smallBook([[NAMES[1]!, -1]])).portfolio!.initialMarginUsd,
      8,
    );
  });
});
