import { describe, expect, it } from 'vitest';
import { CODES, smallBook, smallMarket } from '../fixtures/smallMarket.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { scanScenarios } from '../margin/scan.ts';
import { portfolioMargin } from '../margin/models/portfolioMargin.ts';
import { resolvedParameters } from '../margin/resolvedParameters.ts';
import { bookPositions } from './bookPositions.ts';
import { columnsBeside, contractColumns, movedStates } from './contractColumns.ts';
import { unitValueUsd } from './contractState.ts';
import { moveGrid } from './moveGrid.ts';
import { unitPnlRow } from './unitPnl.ts';

const market = smallMarket();
const [state, other] = bookPositions(
  market,
  smallBook([
    [`BTC-${CODES.month}-90000-C`, 1],
    [`BTC-${CODES.month}-70000-P`, 1],
  ]),
).legs.map((leg) => leg.state);
const axes = { spot: [-0.2, 0, 0.2], vol: [0.5, 0], volUnit: 'relative', days: 0, smile: 'sticky-strike' } as const;
const grid = moveGrid(axes);
const set = scanScenarios(resolvedParameters(portfolioMargin), ['BTC', 'ETH']);

describe('columns of a contract', () => {
  it('are its value and its scan in each cell, row by row', () => {
    const columns = contractColumns(market.kernels);
    const moved = movedStates(state!, grid);
    expect(moved.map(({ index }) => index)).toEqual([72_000, 90_000, 108_000, 72_000, 90_000, 108_000]);
    expect(Array.from(columns.over(grid).valuesUsd(state!))).toEqual(moved.map(unitValueUsd));
    expect(Array.from(columns.over(grid).scansUsd(state!, set))).toEqual(
      moved.flatMap((cell) => Array.from(unitPnlRow(cell, set, market.kernels))),
    );
  });

  it('are computed once, and anew for another grid or another contract', () => {
    const columns = contractColumns(market.kernels);
    const first = columns.over(grid).valuesUsd(state!);
    expect(columns.over(moveGrid(axes)).valuesUsd(state!)).toBe(first);
    expect(columns.over(grid).deltas(state!)).not.toEqual(first);
    expect(columns.over(grid).valuesUsd(other!)).not.toEqual(first);
    expect(columns.over(moveGrid({ ...axes, days: 1 })).valuesUsd(state!)).not.toEqual(first);
  });

  it('leave their room to newer ones, those unused for longest first', () => {
    const columns = contractColumns(market.kernels, 2 * (grid.cells.length * 8 + 400));
    const first = columns.over(grid).valuesUsd(state!);
    columns.startRequest();
    columns.over(grid).valuesUsd(other!);
    columns.startRequest();
    expect(columns.over(grid).valuesUsd(state!)).toBe(first);
    columns.over(grid).deltas(state!);
    columns.startRequest();
    expect(columns.over(grid).valuesUsd(state!)).toBe(first);
  });

  it('belong to a memory of the market and to its kernels', () => {
    const owner = {};
    const columns = columnsBeside(owner, market.kernels);
    expect(columnsBeside(owner, market.kernels)).toBe(columns);
    expect(columnsBeside({}, market.kernels)).not.toBe(columns);
    expect(columnsBeside(owner, { ...referenceKernels })).not.toBe(columns);
  });
});
