import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addedBook } from './addedBook.ts';
import { RiskError } from './domain/failure.ts';
import type { MarginExplanation, MarginStep } from './domain/marginExplanation.ts';
import type { Portfolio } from './domain/portfolio.ts';
import { afterTrades } from './domain/trade.ts';
import { dailyHistory, randomMoves, withHistory } from './fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from './fixtures/smallMarket.ts';
import { marginBook } from './margin/marginBook.ts';
import type { MarginModel } from './margin/MarginModel.ts';
import { marginModels } from './margin/marginModels.ts';
import { resolvedParameters } from './margin/resolvedParameters.ts';
import { marginExplanation } from './marginExplanation.ts';
import { bookPositions } from './scenario/bookPositions.ts';
import { prepareMarket } from './scenario/preparedMarket.ts';

const PUT = `BTC-${CODES.month}-80000-P`;
const LOWER_PUT = `BTC-${CODES.month}-70000-P`;
const CALL = `BTC-${CODES.month}-100000-C`;
const NAMES = [PUT, LOWER_PUT, CALL, `BTC-${CODES.week}-90000-C`, `ETH-${CODES.month}-3000-P`, 'BTC-PERPETUAL'];

const moves = randomMoves(300);
const market = prepareMarket(
  withHistory(smallSnapshot(), {
    BTC: dailyHistory(AS_OF, moves.btc, moves.btcVol),
    ETH: dailyHistory(AS_OF, moves.eth, moves.ethVol),
  }),
);

function explained(
  model: string,
  book: Portfolio,
  proposed: Portfolio | null,
  library: readonly MarginModel[] = marginModels,
): MarginExplanation {
  return marginExplanation(market, { marketId: market.snapshot.id, book, proposed, model, parameters: {} }, library);
}

function requirementOf(model: MarginModel, book: Portfolio) {
  const priced = marginBook(bookPositions(market, book), market.snapshot);
  return model.requirement(priced, resolvedParameters(model));
}

const total = (steps: readonly MarginStep[]) => steps.reduce((sum, { usd }) => sum + usd, 0);
const usdOf = ({ steps }: MarginExplanation, kind: MarginStep['kind'], component?: string) =>
  total(steps.filter((step) => step.kind === kind && (component === undefined || step.component === component)));

const anyTrade = fc.record({
  instrument: fc.constantFrom(...NAMES),
  quantity: fc.integer({ min: -20, max: 20 }).filter((quantity) => quantity !== 0),
  price: fc.constant(null),
});
const sized = ({ instrument, quantity, price }: { instrument: string; quantity: number; price: null }) =>
  instrument.endsWith('PERPETUAL')
    ? { instrument, quantity: quantity * 5_000, price }
    : { instrument, quantity, price };
const EMPTY: Portfolio = { name: 'empty', legs: [], collateral: [{ asset: 'USDC', quantity: 500_000 }] };

describe('marginExplanation', () => {
  for (const model of marginModels) {
    it(`adds up under ${model.id}: a trade from the margin before to that after, a book from nothing`, () => {
      let answered = 0;
      fc.assert(
        fc.property(
          fc.array(anyTrade, { maxLength: 5 }),
          fc.array(anyTrade, { minLength: 1, maxLength: 3 }),
          fc.constantFrom(0, 2),
          (held, traded, coins) => {
            const collateral = [...EMPTY.collateral, ...(coins === 0 ? [] : [{ asset: 'BTC', quantity: coins }])];
            const book = afterTrades({ ...EMPTY, collateral }, held.map(sized));
            const proposed = afterTrades(book, traded.map(sized));
            let trade: MarginExplanation;
            let whole: MarginExplanation;
            try {
              trade = explained(model.id, book, proposed);
              whole = explained(model.id, proposed, null);
            } catch (error) {
              // A rule may refuse a book, in words.
              expect(error).toBeInstanceOf(RiskError);
              return;
            }
            answered += 1;
            const [before, after] = [requirementOf(model, book), requirementOf(model, proposed)];
            expect(trade.fromUsd).toBe(before.initialMarginUsd);
            expect(trade.toUsd).toBe(after.initialMarginUsd);
            const scale = 1 + before.initialMarginUsd + after.initialMarginUsd;
            expect(Math.abs(total(trade.steps) - (trade.toUsd - trade.fromUsd))).toBeLessThan(1e-9 * scale + 1e-5);
            expect(whole.fromUsd).toBe(0);
            expect(Math.abs(total(whole.steps) - whole.toUsd)).toBeLessThan(1e-9 * scale + 1e-5);
            for (const { kind, usd, parts } of [...trade.steps, ...whole.steps]) {
              expect(Math.abs(usd)).toBeGreaterThan(0);
              if (kind === 'alone' && parts.length > 0)
                expect(parts.reduce((sum, part) => sum + part.usd, 0)).toBeCloseTo(usd, 6);
            }
          },
        ),
        { numRuns: 12 },
      );
      expect(answered).toBeGreaterThan(0);
    });
  }

  it('takes a component apart by its scan: the trade alone, the offset in the former cell, the move of the cell', () => {
    // Losses of a unit of each contract in three scenarios; the component is the worst of their sum.
    const losses = new Map([
      [PUT, [10, 4, -3]],
      [CALL, [-8, 1, 12]],
    ]);
    const table: MarginModel = {
      id: 'table',
      title: 'Table',
      venue: 'test',
      source: 'test',
      parametersDate: '2026-01-01',
      parameters: [],
      requirement: ({ positions }) => {
        const amountUsd = [0, 1, 2].map((s) =>
          positions.reduce(
            (sum, { contract, quantity }) => sum + quantity * losses.get(contract!.instrument.name)![s]!,
            0,
          ),
        );
        const usd = Math.max(...amountUsd);
        const binding = amountUsd.indexOf(usd);
        const charge = 2 * positions.length;
        const label = (scenario: number) => ['down', 'still', 'up'][scenario]!;
        return {
          initialMarginUsd: usd + charge,
          maintenanceMarginUsd: 0,
          worstScenario: {
            label: label(binding),
            spotMove: 0.1 * (binding - 1),
            volShock: 0,
            lossUsd: usd,
            byUnderlying: [],
          },
          components: [
            { name: 'Scan', usd, scan: { amountUsd, binding, label } },
            { name: 'Ticket', usd: charge },
          ],
          positions: [],
          approximations: [],
        };
      },
    };
    const book = smallBook([[PUT, 1]], []);
    const after = smallBook(
      [
        [PUT, 1],
        [CALL, 2],
      ],
      [],
    );
    // Before: 10 at "down". After: -6, 6, 21, so 21 at "up". The calls alone: 24 at "up"; in the former cell the book has -6.
    const trade = explained('table', book, after, [table]);
    expect(trade.steps.map(({ kind, component, usd }) => [kind, component, usd])).toEqual([
      ['alone', 'Scan', 24],
      ['offset', 'Scan', -40],
      ['cell', 'Scan', 27],
      ['charge', 'Ticket', 2],
    ]);
    expect(trade.steps[2]).toMatchObject({
      from: { label: 'down', at: { spotMove: -0.1, volShock: 0 } },
      to: { label: 'up', at: { spotMove: 0.1, volShock: 0 } },
      legs: ['b'],
    });
    expect([trade.fromUsd, trade.toUsd]).toEqual([12, 25]);
    // From nothing: 10 + 24 alone, 13 of it offset.
    const whole = explained('table', after, null, [table]);
    expect(whole.steps.map(({ kind, usd }) => [kind, usd])).toEqual([
      ['alone', 34],
      ['offset', -13],
      ['charge', 4],
    ]);
    expect(whole.steps[0]!.parts).toEqual([
      { id: 'a', usd: 10 },
      { id: 'b', usd: 24 },
    ]);
  });

  it('under portfolio margin an offset never costs and a cell never moves to a smaller loss', () => {
    const wrong: MarginStep[] = [];
    fc.assert(
      fc.property(fc.array(anyTrade, { minLength: 1, maxLength: 5 }), anyTrade, (held, traded) => {
        const book = afterTrades(EMPTY, held.map(sized));
        const { steps } = explained('portfolio', book, afterTrades(book, [sized(traded)]));
        wrong.push(...steps.filter(({ kind, usd }) => (kind === 'offset' ? usd > 1e-6 : kind !== 'charge' && usd < 0)));
      }),
      { numRuns: 40 },
    );
    expect(wrong).toEqual([]);
  });

  it('says what a bought wing takes off a sold put, and that the first trade of a book offsets nothing', () => {
    const sold = smallBook([[PUT, -10]]);
    const winged = smallBook([
      [PUT, -10],
      [LOWER_PUT, 10],
    ]);
    const trade = explained('portfolio', sold, winged);
    expect(usdOf(trade, 'offset')).toBeLessThan(-usdOf(trade, 'alone'));
    expect(trade.toUsd).toBeLessThan(trade.fromUsd);
    const first = explained('portfolio', smallBook([]), sold);
    expect(new Set(first.steps.map(({ kind }) => kind))).toEqual(new Set(['alone', 'charge']));
    expect(explained('cross', winged, null).steps.every(({ kind }) => kind === 'charge')).toBe(true);
  });

  it('sets what strategies need beside what their legs need alone', () => {
    const { steps } = explained(
      'reg-t',
      smallBook([
        [PUT, -10],
        [LOWER_PUT, 10],
      ]),
      null,
    );
    expect(steps.map(({ kind }) => kind)).toEqual(['alone', 'offset']);
    expect(steps[0]!.component).toBe(steps[1]!.component);
    expect(steps[0]!.parts.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('a perpetual against the coins that are held is worth what each needs alone', () => {
    const hedged = smallBook([['BTC-PERPETUAL', -90_036]], [{ asset: 'BTC', quantity: 1 }]);
    const { steps, toUsd } = explained('portfolio', hedged, null);
    const scan = steps.filter(({ component }) => component.startsWith('Worst loss'));
    expect(scan.map(({ kind }) => kind)).toEqual(['alone', 'offset']);
    expect(scan[0]!.parts.map(({ id }) => id)).toEqual(['a', 'collateral:BTC']);
    // 16 % and, counted at 35 %, 32 % of one coin each way: the larger is the grid's.
    expect(scan[0]!.parts[1]!.usd).toBeCloseTo(0.16 * 90_000, 6);
    expect(toUsd).toBeLessThan(1_000);
  });

  it('changes nothing for a book without a trade against itself', () => {
    const book = smallBook([[PUT, -10]]);
    expect(explained('portfolio', book, book).steps).toEqual([]);
  });

  it('passes on why a rule does not take the book, and names what does not exist', () => {
    expect(() => explained('nobody', EMPTY, null)).toThrow('There is no margin model "nobody"');
  });
});

describe('addedBook', () => {
  it('is the book after less the book before, in value and in every position', () => {
    fc.assert(
      fc.property(
        fc.array(anyTrade, { maxLength: 5 }),
        fc.uniqueArray(anyTrade, { minLength: 1, maxLength: 4, selector: ({ instrument }) => instrument }),
        fc.double({ min: 0.9, max: 1.1, noNaN: true }),
        (held, traded, factor) => {
          const priced = (trade: ReturnType<typeof sized>, by: number) => ({
            ...trade,
            price: trade.instrument.endsWith('PERPETUAL') ? 90_000 * by : 0.02 * by,
          });
          const book = afterTrades(
            EMPTY,
            held.map((trade) => priced(sized(trade), 1)),
          );
          const after = afterTrades(
            book,
            traded.map((trade) => priced(sized(trade), factor)),
          );
          const value = (portfolio: Portfolio) => bookPositions(market, portfolio).equityUsd;
          expect(value(addedBook(book, after))).toBeCloseTo(value(after) - value(book), 5);
        },
      ),
    );
  });
});
