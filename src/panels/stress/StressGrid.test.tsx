import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { columnNear, StressGrid } from './StressGrid.tsx';
import type { StressCellView, StressView } from './stressView.ts';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const MOVES = [-0.08, 0, 0.08];
const SHOCKS = [0.5, 0, -0.25];

function viewOf(): StressView {
  return {
    columns: MOVES.map((move) => ({ move, text: String(move * 100) })),
    rows: SHOCKS.map((shock, row) => ({
      shock,
      text: `×${1 + shock}`,
      cells: MOVES.map(
        (spotMove, column): StressCellView => ({
          row,
          column,
          spotMove,
          volShock: shock,
          value: 0,
          before: null,
          text: `${row}${column}`,
          name: `cell ${row} ${column}`,
          tone: 'zero',
          strength: 0,
          negative: false,
          binding: row === 0 && column === 2,
          pinned: row === 2 && column === 0,
        }),
      ),
    })),
    unit: 'k USD',
    scale: '',
    binding: null,
    numbers: () => ({ columns: [], rows: [] }),
  };
}

let root: Root;
let box: HTMLElement;
const onPin = vi.fn();
const onHover = vi.fn();
const onToggleTable = vi.fn();
const outside = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  box = document.body.appendChild(document.createElement('div'));
  window.addEventListener('keydown', outside);
  root = createRoot(box);
  act(() =>
    root.render(<StressGrid view={viewOf()} label="P&L" hoveredColumn={1} {...{ onPin, onHover, onToggleTable }} />),
  );
});

afterEach(() => {
  act(() => root.unmount());
  window.removeEventListener('keydown', outside);
  box.remove();
});

const cell = (row: number, column: number) => box.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`)!;
const focused = () => (document.activeElement as HTMLElement).dataset.cell;
const press = (key: string, modifiers: KeyboardEventInit = {}) =>
  act(() => {
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers }),
    );
  });

describe('StressGrid', () => {
  it('is a grid with named cells, of which one is in the tab order', () => {
    const grid = box.querySelector('[role="grid"]')!;
    expect(grid.getAttribute('aria-label')).toBe('P&L');
    expect(grid.querySelectorAll('[role="row"]')).toHaveLength(4);
    expect(grid.querySelectorAll('[role="rowheader"]')).toHaveLength(3);
    expect(grid.querySelectorAll('[role="columnheader"]')).toHaveLength(4);
    expect(cell(0, 2).getAttribute('aria-label')).toBe('cell 0 2');
    expect([...grid.querySelectorAll<HTMLElement>('[tabindex="0"]')].map((each) => each.dataset.cell)).toEqual(['1:1']);
    expect(cell(2, 0).getAttribute('aria-selected')).toBe('true');
  });

  it('moves by arrows and stops at the edges', () => {
    act(() => cell(1, 1).focus());
    press('ArrowRight');
    expect(focused()).toBe('1:2');
    press('ArrowRight');
    expect(focused()).toBe('1:2');
    press('ArrowUp');
    press('ArrowUp');
    expect(focused()).toBe('0:2');
    press('Home');
    expect(focused()).toBe('0:0');
    press('End', { ctrlKey: true });
    expect(focused()).toBe('2:2');
    expect(box.querySelectorAll('[role="gridcell"][tabindex="0"]')).toHaveLength(1);
    expect(cell(2, 2).tabIndex).toBe(0);
  });

  it('goes to the binding cell, pins and shows the table by key, and keeps those keys to itself', () => {
    act(() => cell(1, 1).focus());
    press('b');
    expect(focused()).toBe('0:2');
    press('Enter');
    expect(onPin.mock.lastCall?.[0]).toMatchObject({ row: 0, column: 2 });
    press('t');
    expect(onToggleTable).toHaveBeenCalledOnce();
    expect(outside).not.toHaveBeenCalled();
    press('m');
    press('Escape');
    expect(outside).toHaveBeenCalledTimes(2);
  });

  it('pins by click and reports what is pointed at or focused', () => {
    act(() => cell(2, 1).click());
    expect(onPin.mock.lastCall?.[0]).toMatchObject({ row: 2, column: 1 });
    act(() => cell(0, 0).focus());
    expect(onHover.mock.lastCall?.[0]).toMatchObject({ row: 0, column: 0 });
  });

  it('lights the head under the crosshair', () => {
    expect(box.querySelectorAll('[data-hovered]')).toHaveLength(1);
    expect(columnNear(viewOf(), 0.05)).toBe(2);
    expect(columnNear(viewOf(), -0.03)).toBe(1);
    expect(columnNear(viewOf(), 0.3)).toBe(-1);
    expect(columnNear(viewOf(), null)).toBe(-1);
  });
});
