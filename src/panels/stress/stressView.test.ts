import { describe, expect, it } from 'vitest';
import type { StressGrid, WorstScenario } from '../../engine/domain/riskReport.ts';
import { cellChange, type StressInput, litCells, stressView } from './stressView.ts';

const SPOT = [-0.16, -0.12, -0.08, -0.04, 0, 0.04, 0.08, 0.12, 0.16];
const VOL = [0.75, 0.5, 0.25, 0, -0.125, -0.25, -0.375];

function gridOf(
  pnl: (spot: number, vol: number) => number,
  margin = (_spot: number) => 47_900,
  equity = 150_000,
): StressGrid {
  const matrix = (value: (spot: number, vol: number) => number) =>
    VOL.map((vol) => SPOT.map((spot) => value(spot, vol)));
  return {
    spot: SPOT,
    vol: VOL,
    pnlUsd: matrix(pnl),
    initialMarginUsd: matrix(margin),
    maintenanceMarginUsd: matrix((spot) => 0.8 * margin(spot)),
    equityUsd: matrix((spot, vol) => equity + pnl(spot, vol)),
    unsupported: null,
  };
}

const worst: WorstScenario = {
  label: '−16 %, vol ×1.75',
  spotMove: -0.16,
  volShock: 0.75,
  lossUsd: 71_200,
  byUnderlying: [],
};
const input: StressInput = {
  before: gridOf((spot, vol) => (spot === 0 && vol === 0 ? 0 : 157_500 * spot - 20_000 * vol)),
  after: null,
  legsValueUsd: { before: 0, after: 0 },
  metric: 'pnl',
  unit: 'usd',
  index: 100_000,
  symbol: 'BTC',
  movers: 'all',
  scaleUsd: 150_000,
  worst,
  pin: null,
};

const cellAt = (view: ReturnType<typeof stressView>, spot: number, vol: number) =>
  view.rows.flatMap((row) => row.cells).find((cell) => cell.spotMove === spot && cell.volShock === vol)!;

describe('stressView', () => {
  it('speaks a cell as one sentence', () => {
    const grid = gridOf(
      (spot, vol) => (spot === -0.12 && vol === 0.5 ? -18_900 : 0),
      () => 47_900,
      69_900,
    );
    const view = stressView({ ...input, before: grid });
    expect(cellAt(view, -0.12, 0.5).name.replaceAll('\u00a0', ' ')).toBe(
      'spot −12 %, vol ×1.50: P&L −18.9k, margin 47.9k, free 3.1k',
    );
  });

  it('says short when a cell has less equity than it needs', () => {
    const view = stressView({ ...input, before: gridOf(() => -120_000) });
    expect(cellAt(view, 0, 0).name).toContain('free −17.9k, short');
  });

  it('colours on a scale that a trade does not move', () => {
    const doubled = gridOf((spot, vol) => 2 * (157_500 * spot - 20_000 * vol));
    const alone = cellAt(stressView(input), -0.08, 0.25);
    const proposed = cellAt(stressView({ ...input, after: doubled }), -0.08, 0.25);
    expect(alone.strength).toBeCloseTo(Math.sqrt(17_600 / 150_000), 12);
    expect(proposed.strength).toBeCloseTo(alone.strength * Math.SQRT2, 12);
    expect(proposed.before).toBeCloseTo(-17_600, 9);
    expect(cellChange(proposed, 'usd')).toBe('−35.2k, was −17.6k, change −17.6k');
  });

  it('is full and no more at the equity before the trade', () => {
    const view = stressView({ ...input, before: gridOf(() => -400_000) });
    expect(cellAt(view, 0, 0).strength).toBe(1);
  });

  it('repeats the sign of a loss by hatch and text, and leaves zero neutral', () => {
    const view = stressView(input);
    expect(cellAt(view, -0.16, 0)).toMatchObject({ tone: 'loss', negative: true, text: '−25.2' });
    expect(cellAt(view, 0.16, 0)).toMatchObject({ tone: 'gain', negative: false, text: '+25.2' });
    expect(cellAt(view, 0, 0)).toMatchObject({ tone: 'zero', negative: false, text: '0', strength: 0 });
  });

  it('keeps figures within a cell, and says their unit', () => {
    const most = (size: number, unit: 'usd' | 'coin' = 'usd') => {
      const view = stressView({ ...input, unit, before: gridOf(() => -size) });
      return [view.unit, cellAt(view, 0, 0).text];
    };
    expect(most(420)).toEqual(['USD', '−420']);
    expect(most(17_512)).toEqual(['k USD', '−17.5']);
    expect(most(171_512)).toEqual(['k USD', '−172']);
    expect(most(999_499)).toEqual(['k USD', '−999']);
    expect(most(1_715_120)).toEqual(['M USD', '−1.72']);
    expect(most(43_000_000)).toEqual(['M USD', '−43.0']);
    expect(most(41_234, 'coin')).toEqual(['mBTC', '−412']);
    expect(most(412_340, 'coin')).toEqual(['BTC', '−4.12']);
  });

  it('outlines the cell nearest to the scenario that sets the margin', () => {
    const bound = (scenario: Partial<WorstScenario>) => {
      const view = stressView({ ...input, worst: { ...worst, ...scenario } });
      const cells = view.rows.flatMap((row) => row.cells).filter((cell) => cell.binding);
      return [cells.map(({ spotMove, volShock }) => [spotMove, volShock]), view.binding];
    };
    expect(bound({})).toEqual([[[-0.16, 0.75]], { label: '−16 %, vol ×1.75', place: 'cell' }]);
    // Between its lines, at most half a step beyond its ends, and further off, where no cell stands for it.
    expect(bound({ spotMove: 0.13, volShock: 0.09 })).toMatchObject([[[0.12, 0]], { place: 'near' }]);
    expect(bound({ spotMove: 0.18, volShock: 0 })).toMatchObject([[[0.16, 0]], { place: 'near' }]);
    expect(bound({ spotMove: 0.6, volShock: 0 })).toMatchObject([[], { place: 'off' }]);
    expect(bound({ spotMove: 0, volShock: 1.5 })).toMatchObject([[], { place: 'off' }]);
    // Coins scanned apart: this coin's own worst.
    const eth = { underlying: 'ETH', label: '+8 %, vol ×1.25', spotMove: 0.08, volShock: 0.25, lossUsd: 1 };
    const btc = { ...eth, underlying: 'BTC', label: '−4 %, vol ×1.50', spotMove: -0.04, volShock: 0.5 };
    expect(bound({ byUnderlying: [eth, btc] })).toEqual([
      [[-0.04, 0.5]],
      { label: 'BTC −4 %, vol ×1.50', place: 'cell' },
    ]);
    expect(
      stressView({ ...input, worst: null })
        .rows.flatMap((row) => row.cells)
        .some((cell) => cell.binding),
    ).toBe(false);
  });

  it('lights the cells nearest to what is pointed at', () => {
    const lit = (spotMove: number, volShock: number) => [...litCells(stressView(input), [{ spotMove, volShock }])];
    const { rows, columns } = stressView(input);
    const row = rows.findIndex(({ shock }) => shock === 0.5);
    expect(lit(-0.15, 0.45)).toEqual([`${row}:${columns.findIndex(({ move }) => move === -0.16)}`]);
    expect(lit(-0.32, 0.5)).toEqual([]);
  });

  it('outlines a pinned cell only when the pin is that cell', () => {
    const pinned = (pin: StressInput['pin']) =>
      stressView({ ...input, pin })
        .rows.flatMap((row) => row.cells)
        .filter((cell) => cell.pinned).length;
    expect(pinned({ spotMove: -0.08, volShock: 0, days: 0 })).toBe(1);
    expect(pinned({ spotMove: -0.083, volShock: 0, days: 0 })).toBe(0);
    expect(pinned({ spotMove: -0.08, volShock: 0, days: 7 })).toBe(0);
  });

  it('measures coin at the spot of the cell', () => {
    const coin = { ...input, unit: 'coin' as const, legsValueUsd: { before: -10_000, after: 0 } };
    const view = stressView({
      ...coin,
      before: gridOf(
        () => -5_000,
        () => 42_000,
      ),
    });
    expect(cellAt(view, -0.16, 0).value).toBeCloseTo(-15_000 / 84_000 + 0.1, 12);
    const margin = stressView({
      ...coin,
      metric: 'margin',
      before: gridOf(
        () => 0,
        () => 42_000,
      ),
    });
    expect(cellAt(margin, -0.16, 0).value).toBeCloseTo(0.5, 12);
    // Another coin moves alone: this coin's price does not.
    const other = stressView({
      ...coin,
      movers: 'ETH',
      metric: 'margin',
      before: gridOf(
        () => 0,
        () => 42_000,
      ),
    });
    expect(cellAt(other, -0.16, 0).value).toBeCloseTo(0.42, 12);
  });

  it('has seven columns and five rows on the phone, with the unshocked middle', () => {
    const view = stressView({ ...input, narrow: true });
    expect(view.columns.map((column) => column.text)).toEqual(['−16', '−8', '−4', '0', '+4', '+8', '+16']);
    expect(view.rows.map((row) => row.text)).toEqual(['×1.75', '×1.25', '×1.00', '×0.75', '×0.63']);
  });

  it('shows the binding cell on the phone as well', () => {
    const view = stressView({ ...input, narrow: true, worst: { ...worst, spotMove: 0.12, volShock: 0.5 } });
    const binding = view.rows.flatMap((row) => row.cells).filter((cell) => cell.binding);
    expect(binding.map(({ spotMove, volShock }) => [spotMove, volShock])).toEqual([[0.12, 0.5]]);
    expect(view.columns).toHaveLength(7);
    expect(view.rows).toHaveLength(5);
    expect(view.rows.map((row) => row.text)).toContain('×1.00');
  });

  it('has words where the rule cannot take the book of a cell', () => {
    const grid = gridOf(() => -1_000);
    const without = (matrix: StressGrid['equityUsd']) =>
      matrix.map((row, r) => row.map((value, c) => (r === 0 && c === 0 ? null : value)));
    const before = {
      ...grid,
      equityUsd: without(grid.equityUsd),
      initialMarginUsd: without(grid.initialMarginUsd),
      maintenanceMarginUsd: without(grid.maintenanceMarginUsd),
    };
    const view = stressView({ ...input, metric: 'free', before });
    expect(cellAt(view, -0.16, 0.75)).toMatchObject({ value: null, text: 'n/a', tone: 'zero', negative: false });
    expect(cellAt(view, -0.16, 0.75).name).toContain('P&L −1.0k, margin not available');
    expect(cellAt(view, 0, 0).value).toBe(149_000 - 47_900);
    expect(view.numbers().rows[0]).toEqual([1.75, -16, -1_000, null, null]);
  });

  it('exports every cell with all three figures', () => {
    const { columns, rows } = stressView({ ...input, after: input.before }).numbers();
    expect(rows).toHaveLength(63);
    expect(columns.map(({ name }) => name)).toEqual([
      'Vol factor',
      'Spot move',
      'P&L',
      'Initial margin',
      'Free margin',
      'P&L, before',
      'Initial margin, before',
      'Free margin, before',
    ]);
  });
});
