import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScenarioSet } from '../domain/scenario.ts';
import { CODES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { exposures, totalPnl } from '../var/exposures.ts';
import { bookPositions } from './bookPositions.ts';
import type { ContractState } from './contractState.ts';
import { scenarioCube } from './scenarioCube.ts';
import { computedRows, rememberedRows } from './unitPnlCache.ts';

const market = smallMarket();
const COUNT = 2_500;
const set: ScenarioSet = {
  id: 'moves',
  count: COUNT,
  underlyings: ['BTC', 'ETH'],
  spotMove: Float64Array.from({ length: 2 * COUNT }, (_, i) => 0.2 * Math.sin(1.3 * i)),
  volShock: Float64Array.from({ length: 2 * COUNT }, (_, i) => 0.3 * Math.cos(0.7 * i)),
  volUnit: 'relative',
  volTermPower: { short: 0.3, long: 0.13 },
  horizonDays: 0,
  smile: 'sticky-strike',
};
const NAMES = [
  ...[70_000, 80_000, 90_000, 100_000, 110_000].flatMap((strike) => [
    `BTC-${CODES.month}-${strike}-C`,
    `BTC-${CODES.week}-${strike}-P`,
  ]),
  ...[2_600, 3_000, 3_400].map((strike) => `ETH-${CODES.year}-${strike}-C`),
  'BTC-PERPETUAL',
  `ETH-${CODES.month}`,
];
const COLLATERAL = [
  { asset: 'USDC', quantity: 1_000 },
  { asset: 'BTC', quantity: 0.7 },
];

function book(quantities: readonly number[]) {
  const legs = quantities.map((quantity, i) => [NAMES[i]!, quantity, 88_000] as const);
  return bookPositions(market, smallBook(legs, COLLATERAL));
}

/** Rows that count what they price. */
function countedRows() {
  const priced: string[] = [];
  const together = (states: readonly ContractState[], scenarios: ScenarioSet) => {
    priced.push(...states.map(({ instrument }) => instrument.name));
    return computedRows.together(states, scenarios);
  };
  const one = (state: ContractState, scenarios: ScenarioSet) => together([state], scenarios)[0]!;
  return { priced, rows: rememberedRows(undefined, Object.assign(one, { together })) };
}

describe('the cube', () => {
  it('is the P&L of the positions added up', () => {
    const positions = book(NAMES.map((_, i) => (i % 2 === 0 ? 1 : -1.5) * (1 + i)));
    const expected = totalPnl(exposures(positions), set);
    const found = scenarioCube(set, computedRows).pnl(positions);
    const size = Math.max(...expected.map(Math.abs));
    found.forEach((value, s) => expect(Math.abs(value - expected[s]!)).toBeLessThan(1e-12 * size));
  });

  it('after any edits has the bits of a cube that is new', () => {
    const change = fc.tuple(fc.nat(NAMES.length - 1), fc.constantFrom(0, -3, 0.1, 0.2, 0.3, 7.7));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), fc.nat(NAMES.length), (edits, legs) => {
        const cube = scenarioCube(set, rememberedRows());
        const quantities = NAMES.map((_, i) => 1 + i);
        for (const [at, quantity] of edits) {
          quantities[at] = quantity;
          cube.pnl(book(quantities));
        }
        const last = book(quantities.slice(0, legs));
        expect(cube.pnl(last)).toEqual(scenarioCube(set, computedRows).pnl(last));
      }),
      { numRuns: 25 },
    );
  });

  it('adds up more rows than a group of groups holds', () => {
    const quantities = Array.from({ length: 80 }, (_, i) => 1 - 0.1 * i);
    const held = (changed: readonly number[]) =>
      bookPositions(
        market,
        smallBook(
          changed.map((quantity, i) => [NAMES[i % NAMES.length]!, quantity, 88_000] as const),
          COLLATERAL,
        ),
      );
    const cube = scenarioCube(set, rememberedRows());
    cube.pnl(held(quantities));
    const edited = held(quantities.with(71, 0.3));
    const found = cube.pnl(edited).slice();
    expect(found).toEqual(scenarioCube(set, computedRows).pnl(edited));
    const expected = totalPnl(exposures(edited), set);
    const size = Math.max(...expected.map(Math.abs));
    found.forEach((value, s) => expect(Math.abs(value - expected[s]!)).toBeLessThan(1e-12 * size));
  });

  it('prices nothing for an edited quantity, and one row for a new leg', () => {
    const { priced, rows } = countedRows();
    const cube = scenarioCube(set, rows);
    const quantities = NAMES.slice(0, -1).map(() => 1);
    cube.pnl(book(quantities));
    expect(priced).toHaveLength(NAMES.length - 1);
    cube.pnl(book(quantities.with(3, -8)));
    expect(priced).toHaveLength(NAMES.length - 1);
    cube.pnl(book([...quantities, 2]));
    expect(priced).toEqual(NAMES.slice(0, -1).concat(NAMES.at(-1)!));
  });

  it('of a book that holds nothing is zero', () => {
    const empty = bookPositions(market, smallBook([]));
    expect(scenarioCube(set, computedRows).pnl(empty)).toEqual(new Float64Array(COUNT));
  });
});

describe('mean P&L over some scenarios', () => {
  it('is that of each position revalued in them', () => {
    const positions = book(NAMES.map((_, i) => 1 - i));
    const cube = scenarioCube(set, rememberedRows());
    const found = cube.meanPnl(positions, Int32Array.of(3, 70, 2_499));
    const expected = exposures(positions).map((position) => {
      const pnl = position.pnl(set);
      return (pnl[3]! + pnl[70]! + pnl[2_499]!) / 3;
    });
    expect(found).toHaveLength(expected.length);
    found.forEach((mean, i) => expect(mean).toBeCloseTo(expected[i]!, 8));
  });
});
