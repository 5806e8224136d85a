import { type KeyboardEvent, useRef, useState } from 'react';
import styles from './StressGrid.module.css';
import type { StressCellView, StressView } from './stressView.ts';

interface StressGridProps {
  readonly view: StressView;
  readonly label: string;
  /** The column whose head the crosshair lights; -1 for none. */
  readonly hoveredColumn: number;
  /** Cells that an explanation points at, `row:column`. */
  readonly lit?: ReadonlySet<string>;
  readonly onHover: (cell: StressCellView | null) => void;
  readonly onPin: (cell: StressCellView) => void;
  readonly onToggleTable: () => void;
}

/**
 * Spot across, vol down. One cell is in the tab order; arrows, Home and End move, Ctrl with them to the corners, Enter pins,
 * `b` goes to the binding cell, `t` shows the plain table.
 */
export function StressGrid({ view, label, hoveredColumn, lit, onHover, onPin, onToggleTable }: StressGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const start = {
    row: view.rows.findIndex((row) => row.shock === 0),
    column: view.columns.findIndex((c) => c.move === 0),
  };
  const [chosen, setChosen] = useState<{ row: number; column: number } | null>(null);
  const lastRow = view.rows.length - 1;
  const lastColumn = view.columns.length - 1;
  // The shape may have changed since the cell was chosen.
  const at = {
    row: Math.min(lastRow, Math.max(0, chosen?.row ?? start.row)),
    column: Math.min(lastColumn, Math.max(0, chosen?.column ?? start.column)),
  };

  const go = (row: number, column: number) => {
    const next = { row: Math.min(lastRow, Math.max(0, row)), column: Math.min(lastColumn, Math.max(0, column)) };
    setChosen(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.row}:${next.column}"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.metaKey) return;
    const corner = event.ctrlKey;
    const { row, column } = at;
    if (event.key === 'ArrowLeft') go(row, corner ? 0 : column - 1);
    else if (event.key === 'ArrowRight') go(row, corner ? lastColumn : column + 1);
    else if (event.key === 'ArrowUp') go(corner ? 0 : row - 1, column);
    else if (event.key === 'ArrowDown') go(corner ? lastRow : row + 1, column);
    else if (event.key === 'Home') go(corner ? 0 : row, 0);
    else if (event.key === 'End') go(corner ? lastRow : row, lastColumn);
    else if (corner) return;
    else if (event.key === 'Enter' || event.key === ' ') onPin(view.rows[row]!.cells[column]!);
    else if (event.key === 'b' || event.key === 'B') {
      const target = view.rows.findIndex((each) => each.cells.some((cell) => cell.binding));
      if (target >= 0)
        go(
          target,
          view.rows[target]!.cells.findIndex((cell) => cell.binding),
        );
    } else if (event.key === 't' || event.key === 'T') onToggleTable();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const pinned = view.rows.flatMap((row) => row.cells).find((cell) => cell.pinned);
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      aria-rowcount={view.rows.length + 1}
      aria-colcount={view.columns.length + 1}
      className={styles.grid}
      style={{ gridTemplateColumns: `38px repeat(${view.columns.length}, minmax(0, 1fr))` }}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onHover(null)}
    >
      <div role="row" className={styles.row}>
        <div role="columnheader" className={styles.corner}>
          spot %
        </div>
        {view.columns.map((column, index) => (
          <div
            key={column.move}
            role="columnheader"
            className={styles.columnHead}
            data-pinned={pinned?.spotMove === column.move || undefined}
            data-hovered={index === hoveredColumn || undefined}
          >
            {column.text}
          </div>
        ))}
      </div>
      {view.rows.map((row, rowIndex) => (
        <div key={row.shock} role="row" className={styles.row}>
          <div role="rowheader" className={styles.rowHead} data-pinned={pinned?.volShock === row.shock || undefined}>
            {row.text}
          </div>
          {row.cells.map((cell, column) => {
            const active = at.row === rowIndex && at.column === column;
            return (
              <div
                key={cell.spotMove}
                role="gridcell"
                tabIndex={active ? 0 : -1}
                aria-label={cell.name}
                aria-selected={cell.pinned}
                data-cell={`${rowIndex}:${column}`}
                data-tone={cell.tone}
                data-negative={cell.negative || undefined}
                data-binding={cell.binding || undefined}
                data-pinned={cell.pinned || undefined}
                data-lit={lit?.has(`${rowIndex}:${column}`) || undefined}
                className={styles.cell}
                style={{ '--strength': cell.strength } as React.CSSProperties}
                onPointerEnter={() => onHover(cell)}
                onFocus={() => {
                  setChosen({ row: rowIndex, column });
                  onHover(cell);
                }}
                onBlur={() => onHover(null)}
                onClick={() => onPin(cell)}
              >
                {cell.text}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** The column nearest to the crosshair, as long as that is within half a step of it; -1 when there is none. */
export function columnNear({ columns }: StressView, hovered: number | null): number {
  if (hovered === null || columns.length < 2) return -1;
  const half = Math.abs(columns[1]!.move - columns[0]!.move) / 2;
  return columns.findIndex(({ move }) => Math.abs(move - hovered) <= half + 1e-12);
}
