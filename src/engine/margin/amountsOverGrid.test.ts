import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Movers } from '../domain/scenario.ts';
import { requirementOf } from '../explore.ts';
import { CODES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { legsOverGrid } from '../scenario/bookOverGrid.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { contractColumns } from '../scenario/contractColumns.ts';
import { moveGrid } from '../scenario/moveGrid.ts';
import { legsValueUsd, shiftedBook } from '../scenario/shiftedBook.ts';
import { rowsBy } from '../scenario/unitPnlCache.ts';
import { amountsOverGrid } from './amountsOverGrid.ts';
import { headroomModels } from './headroomModels.ts';
import { marginModels } from './marginModels.ts';
import { marketRule } from './marketRule.ts';

const market = smallMarket({ usdcPrice: 0.998 });
const rows = rowsBy(market.kernels);
const NAMES = [
  `BTC-${CODES.week}-80000-C`,
  `BTC-${CODES.week}-100000-P`,
  `BTC-${CODES.month}-75000-P`,
  `BTC_USDC-${CODES.week}-90000-C`,
  `BTC_USDC-${CODES.year}-80000-P`,
  `ETH-${CODES.month}-3400-C`,
  `ETH-${CODES.week}-3000-P`,
  `BTC-${CODES.month}`,
  'BTC-PERPETUAL',
  'ETH_USDC-PERPETUAL',
  `ETH_USDC-${CODES.week}`,
];

const quantity = fc.constantFrom(-12_000, -7, -0.3, 0, 0.1, 2, 30_000);
const leg: fc.Arbitrary<readonly [string, number, number?]> = fc.oneof(
  fc.tuple(fc.constantFrom(...NAMES), quantity),
  fc.tuple(fc.constantFrom(...NAMES), quantity, fc.constantFrom(2_500, 88_000)),
);
const collateral = fc.subarray([
  { asset: 'USDC', quantity: 120_000 },
  { asset: 'BTC', quantity: -0.5 },
  { asset: 'ETH', quantity: 40 },
]);
const axes = fc.record({
  spot: fc.constantFrom([-0.5, 0, 0.16], [0.02]),
  vol: fc.constantFrom([0.5, 0, -0.25], [0]),
  volUnit: fc.constantFrom('relative' as const, 'points' as const),
  days: fc.constantFrom(0, 3, 7, 40),
  smile: fc.constantFrom('sticky-strike' as const, 'sticky-delta' as const),
});
const movers = fc.constantFrom<Movers>('all', 'BTC', 'ETH');

describe.each(headroomModels.map((model) => model.id))('amounts of %s over a grid', (id) => {
  const rule = marketRule(market, { model: id, parameters: {} }, headroomModels, rows);

  it('have the bits that the rulebook gives the book moved to each cell, whatever was asked before', () => {
    const columns = contractColumns(market.kernels);
    fc.assert(
      fc.property(fc.array(leg, { maxLength: 8 }), collateral, axes, movers, (legs, held, over, moving) => {
        columns.startRequest();
        const book = bookPositions(market, smallBook(legs, held));
        const grid = moveGrid(over);
        const found = amountsOverGrid(book, grid, moving, rule, columns)!;
        grid.cells.forEach((cell, c) => {
          const shifted = shiftedBook(book, cell, moving);
          expect(found.legsUsd[c]! + 0).toBe(legsValueUsd(shifted) + 0);
          expect({
            equityUsd: found.equityUsd[c],
            initialMarginUsd: found.initialMarginUsd[c]! + 0,
            maintenanceMarginUsd: found.maintenanceMarginUsd[c]! + 0,
            unsupported: null,
          }).toEqual(requirementOf(shifted, rule));
        });
      }),
      { numRuns: 150 },
    );
  });
});

describe('a rulebook that is not ours', () => {
  it('is left to the book moved to each cell', () => {
    const other = marginModels.find(({ venue }) => venue !== 'Headroom')!;
    const rule = marketRule(market, { model: other.id, parameters: {} }, marginModels, rows);
    const book = bookPositions(market, smallBook([[NAMES[0]!, 1]]));
    const grid = moveGrid({ spot: [0], vol: [0], volUnit: 'relative', days: 0, smile: 'sticky-strike' });
    expect(amountsOverGrid(book, grid, 'all', rule, contractColumns(market.kernels))).toBe(null);
  });
});

describe('a curve', () => {
  it('is what the legs of the moved book are worth at each point', () => {
    fc.assert(
      fc.property(fc.array(leg, { maxLength: 8 }), axes, movers, (legs, over, moving) => {
        const book = bookPositions(market, smallBook(legs));
        const grid = moveGrid(over);
        const found = legsOverGrid(book, grid, moving, contractColumns(market.kernels));
        expect(Array.from(found, (usd) => usd + 0)).toEqual(
          grid.cells.map((cell) => legsValueUsd(shiftedBook(book, cell, moving)) + 0),
        );
      }),
      { numRuns: 100 },
    );
  });
});
