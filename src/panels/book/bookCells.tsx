import { memo, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import type { AppState } from '../../state/AppState.ts';
import { useStore, useVerdictStore } from '../../state/store.ts';
import { arriving } from '../../ui/arriving.tsx';
import { Late } from '../../ui/Late.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Term } from '../../ui/Term.tsx';
import { quantity, signed } from '../../ui/format.ts';
import { type BookRow, isSameRow } from './bookRows.ts';
import styles from './BookPanel.module.css';

const LegDoubt = arriving(() => import('./LegDoubt.tsx').then((module) => module.LegDoubt));

/** A longer name is set smaller, so that its strike stays in sight. */
const FULL_SIZE_CHARACTERS = 16;
/** Beyond this a quantity is a slip of the finger. */
const MAX_QUANTITY = 1e9;

export function Headed({ name, per }: { name: ReactNode; per: string }) {
  return (
    <span className={styles.headed}>
      {name}
      <span className={styles.per}>{per}</span>
    </span>
  );
}

interface FigureProps {
  readonly value: number | null | undefined;
  readonly digits: number;
  /** What it was before the trade; told on hover where it is another. */
  readonly was?: number | null;
}

export function Figure({ value, digits, was = null }: FigureProps) {
  if (value === null || value === undefined) return null;
  const text = signed(value, digits);
  const before = was === null ? text : signed(was, digits);
  return (
    <span
      className={text === '0' ? styles.zero : styles.figure}
      title={before === text ? undefined : `was ${before}, change ${signed(value - was!, digits)}`}
    >
      {text}
    </span>
  );
}

export const LegName = memo(function LegName({ row, withCoin }: { row: BookRow; withCoin: boolean }) {
  const removeLeg = useStore((state) => state.removeLeg);
  const setCollateral = useStore((state) => state.setCollateral);
  const showToast = useStore((state) => state.showToast);
  const undo = useStore((state) => state.undo);
  const isChecked = useStore((state) => state.quality !== null);
  const remove =
    row.kind === 'leg'
      ? () => removeLeg(row.id)
      : row.kind === 'collateral' && row.isHeld
        ? () => {
            setCollateral(row.asset, 0);
            showToast({ message: `${row.asset} collateral removed.`, action: { label: 'Undo', run: undo } });
          }
        : null;
  const notes = row.kind === 'leg' && row.failure === null ? row.notes : [];
  const isOfUsd = row.kind !== 'collateral' && row.quantityUnit === 'USD';
  const extras = (withCoin ? 4 : 0) + (isOfUsd ? 4 : 0);
  const isLong = row.kind !== 'collateral' && row.label.length + extras > FULL_SIZE_CHARACTERS;
  return (
    <span
      className={`${styles.name} ${isLong ? styles.long : ''}`}
      title={row.kind === 'collateral' ? undefined : row.instrument}
    >
      {remove !== null && (
        <button
          type="button"
          className={styles.remove}
          aria-label={`Remove ${row.name}`}
          onClick={(event) => {
            const next = neighbourRow(event.currentTarget);
            flushSync(remove);
            next?.querySelector('button')?.focus();
          }}
        >
          <svg viewBox="0 0 10 10" width="8" height="8" aria-hidden="true">
            <path d="M1 1l8 8M9 1 1 9" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </button>
      )}
      {row.kind !== 'collateral' && withCoin && row.underlying !== null && (
        <span className={styles.coin}>{row.underlying}</span>
      )}
      {notes.length > 0 ? (
        <Term term={row.name} definition={notes.join('. ')} side="right" className={styles.label ?? ''}>
          {row.label}
        </Term>
      ) : (
        <span className={styles.label}>{row.label}</span>
      )}
      {isChecked && row.kind === 'leg' && (
        <Late>
          <LegDoubt id={row.id} name={row.name} />
        </Late>
      )}
      {isOfUsd && <span className={styles.muted}>USD</span>}
      {row.kind === 'collateral' && <span className={styles.muted}>{row.isHeld ? 'collateral' : 'from premium'}</span>}
    </span>
  );
}, isSameButFigures);

/** The same properties, and a row that says the same of everything but its figures. */
function isSameButFigures<Props extends { row: BookRow }>(
  { row, ...others }: Props,
  { row: nextRow, ...nextOthers }: Props,
): boolean {
  return (
    isSameRow(row, nextRow) &&
    Object.entries(nextOthers).every(([name, value]) => others[name as keyof typeof others] === value)
  );
}

/** The row that keyboard focus moves to when this one goes. */
function neighbourRow(from: Element): Element | null {
  const row = from.closest('tr[data-row]');
  let next = row?.nextElementSibling ?? null;
  while (next !== null && !next.matches('[data-row]')) next = next.nextElementSibling;
  let previous = row?.previousElementSibling ?? null;
  while (previous !== null && !previous.matches('[data-row]')) previous = previous.previousElementSibling;
  return next ?? previous;
}

/** Fields are the dearest thing in a row, and a report changes figures, not fields. */
export const QuantityCell = memo(function QuantityCell({ row, isNarrow }: { row: BookRow; isNarrow: boolean }) {
  const edit = useQuantityEdit(row);
  // What was put in stays in sight while the rest of the row waits for its answer.
  const live = useVerdictStore((state) => liveQuantity(state, row));
  if (edit === null) return <span className={styles.fixedQuantity}>{quantity(row.quantity)}</span>;
  return (
    <NumberField
      value={live ?? row.quantity}
      label={row.kind === 'collateral' ? `${row.asset} held as collateral` : `Quantity of ${row.name}`}
      unit={row.quantityUnit}
      variant={isNarrow ? 'touch' : 'inline'}
      step={row.step}
      min={row.kind === 'collateral' ? -1e12 : -MAX_QUANTITY}
      max={row.kind === 'collateral' ? 1e12 : MAX_QUANTITY}
      signed={row.kind !== 'collateral'}
      isQuiet={row.kind !== 'ghost'}
      isDrawnByOwner
      digits={row.kind === 'collateral' ? 4 : 8}
      skipsZero={row.kind !== 'collateral'}
      {...edit}
    />
  );
}, isSameButFigures);

function liveQuantity({ book, proposal }: Pick<AppState, 'book' | 'proposal'>, row: BookRow): number | undefined {
  if (row.kind === 'ghost') {
    const trade = proposal?.trades[row.index];
    return trade?.instrument === row.instrument ? trade.quantity : undefined;
  }
  if (row.kind === 'leg') return book.legs.find(({ id }) => id === row.id)?.quantity;
  return book.collateral.find(({ asset }) => asset === row.asset)?.quantity;
}

/** How a row's quantity is written back: live while it is dragged, as one undo step when it is let go. */
function useQuantityEdit(row: BookRow) {
  const { setLegQuantity, setCollateral, setProposalQuantity, keepProposal, removeLeg, beginGesture, endGesture } =
    useStore.getState();
  if (row.kind === 'ghost') {
    const start = row.quantity;
    const set = (value: number) => setProposalQuantity(row.index, value);
    return { onChange: set, onCommit: set, onCancel: () => set(start), onEnter: keepProposal };
  }
  if (row.kind === 'collateral' && !row.isHeld) return null;
  const set = (value: number) => {
    if (row.kind === 'leg') setLegQuantity(row.id, value);
    else setCollateral(row.asset, value);
  };
  const settle = (value: number) => {
    if (row.kind === 'leg' && value === 0) removeLeg(row.id);
    else set(value);
    endGesture();
  };
  return {
    onChange: (value: number) => {
      beginGesture();
      // Nothing leaves the book under the hand that drags it.
      if (value !== 0) set(value);
    },
    onCommit: settle,
    onCancel: () => {
      const { gesture } = useStore.getState();
      const leg = gesture?.legs.find(({ id }) => row.kind === 'leg' && id === row.id);
      const holding = gesture?.collateral.find(({ asset }) => row.kind === 'collateral' && asset === row.asset);
      const start = leg?.quantity ?? holding?.quantity;
      if (start !== undefined) set(start);
      endGesture();
    },
  };
}
