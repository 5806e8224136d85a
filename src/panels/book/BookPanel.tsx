import { Menu } from '@base-ui/react/menu';
import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { AppState } from '../../state/AppState.ts';
import {
  bookRiskAfter,
  bookRiskBefore,
  displayUnit,
  isStale,
  proposedBook,
  type DisplayUnit,
} from '../../state/selectors.ts';
import { useStore, useVerdictStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { type DataColumn, type DataSection, DataTable, tableNumbers } from '../../ui/DataTable.tsx';
import { money, quantity, signed } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './BookPanel.module.css';
import { BookName } from './BookName.tsx';
import {
  type BookRow,
  type BookTotals,
  bookView,
  type Figures,
  GREEK_DIGITS,
  isSameRow,
  moneyDigits,
} from './bookRows.ts';
import { EmptyBook } from './EmptyBook.tsx';
import { GhostActions } from './GhostActions.tsx';

/** A longer name is set smaller, so that its strike stays in sight. */
const FULL_SIZE_CHARACTERS = 16;
/** Beyond this a quantity is a slip of the finger. */
const MAX_QUANTITY = 1e9;

/** The legs, what is proposed beside them, and the collateral: each row's sensitivities and its part of the requirement. */
export function BookPanel() {
  const book = useStore((state) => state.book);
  const proposal = useStore((state) => state.proposal);
  const proposed = useStore(proposedBook);
  const before = useStore(bookRiskBefore);
  const after = useStore(bookRiskAfter);
  const model = useStore((state) => state.model);
  const unit = useStore(displayUnit);
  const underlying = useStore((state) => state.underlying);
  const market = useStore((state) => state.market);
  const stale = useStore(isStale);
  const answeredAt = useStore((state) => state.answeredAt.evaluate);
  const problem = useStore((state) => state.problems.evaluate);
  const recompute = useStore((state) => state.recompute);
  const clearBook = useStore((state) => state.clearBook);
  const isNarrow = useNarrow();

  const view = useMemo(
    () => bookView({ book, proposal, proposed, before, after, model, unit, underlying, market }),
    [book, proposal, proposed, before, after, model, unit, underlying, market],
  );
  const columns = useMemo(
    () => bookColumns(unit, underlying, view.hasSeveralCoins, isNarrow, view.totals?.margin ?? null),
    [unit, underlying, view.hasSeveralCoins, isNarrow, view.totals?.margin],
  );
  const sections = useMemo((): readonly DataSection<BookRow>[] => {
    const ghosts =
      view.ghosts.length === 0
        ? []
        : [
            {
              key: 'ghosts',
              rows: view.ghosts,
              className: styles.ghosts,
              // On the phone they are in the bar at the bottom, always in reach.
              end: isNarrow ? null : (
                <tr>
                  <td colSpan={columns.length} className={styles.actionsCell}>
                    <GhostActions />
                  </td>
                </tr>
              ),
            },
          ];
    return [
      { key: 'legs', rows: view.legs },
      ...ghosts,
      {
        key: 'collateral',
        rows: view.collateral,
        className: styles.collateral,
        end: (
          <tr>
            <td colSpan={columns.length}>
              <AddCollateral />
            </td>
          </tr>
        ),
      },
    ];
  }, [view, columns.length, isNarrow]);

  // What is proposed comes into sight, however long the book.
  const scroll = useRef<HTMLDivElement>(null);
  const ghosts = view.ghosts.map(({ key }) => key).join();
  useEffect(() => {
    if (ghosts !== '') scroll.current?.querySelector('[data-row^="ghost-"]')?.scrollIntoView({ block: 'nearest' });
  }, [ghosts]);

  const isEmpty = view.legs.length === 0 && view.ghosts.length === 0;
  const held = `${book.legs.length}${proposal === null ? '' : ` + ${proposal.trades.length}`}`;
  const count = `${held} ${held === '1' ? 'leg' : 'legs'}`;
  const allRows: readonly BookRow[] = [...view.legs, ...view.ghosts, ...view.collateral];

  return (
    <PanelFrame
      title="Book"
      subtitle={
        <span className={styles.subtitle}>
          <BookName />
          <span className={styles.count}>{count}</span>
        </span>
      }
      control={
        <>
          <Button kind="quiet" className={styles.clear} disabled={book.legs.length === 0} onClick={clearBook}>
            Clear
          </Button>
          <ViewMenu title="Book" numbers={() => tableNumbers(exportColumns(unit, underlying), allRows)} />
        </>
      }
      stale={stale}
      answeredAt={answeredAt}
      problem={problem === undefined ? null : { message: problem.message, onRetry: recompute }}
      testId="book"
    >
      <div ref={scroll} className={styles.scroll} data-unit={unit.kind}>
        <DataTable
          caption="Legs of the book, what is proposed, and collateral"
          className={isNarrow ? styles.narrow : styles.table}
          columns={columns}
          sections={sections}
          rowKey={(row) => row.key}
          rowClass={(row) => rowClass(row)}
          detail={(row) => rowDetail(row, unit, isNarrow)}
          foot={
            <Totals
              totals={view.totals}
              before={view.before}
              unit={unit}
              coin={view.hasSeveralCoins ? underlying : null}
              isNarrow={isNarrow}
            />
          }
        />
        {isEmpty && <EmptyBook />}
        {(view.unsupported !== null || view.notices.length > 0) && (
          <ul className={styles.notices}>
            {view.unsupported !== null && <li>{view.unsupported}</li>}
            {view.notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        )}
      </div>
    </PanelFrame>
  );
}

function rowClass(row: BookRow): string {
  const isBad = 'failure' in row && row.failure !== null;
  return `${styles.row} ${isBad ? styles.bad : ''}`;
}

function rowDetail(row: BookRow, unit: DisplayUnit, isNarrow: boolean): ReactNode {
  if ('failure' in row && row.failure !== null) {
    const notes = row.kind === 'leg' ? row.notes : [];
    return <span className={styles.reason}>{notes.length > 0 ? notes.join('. ') : row.failure.message}</span>;
  }
  if (!isNarrow || row.figures === null || row.kind === 'collateral') return null;
  const digits = moneyDigits(unit);
  return (
    <span className={styles.greeks}>
      <span>Delta {signed(row.figures.delta, GREEK_DIGITS)}</span>
      <span>Gamma {signed(row.figures.gamma, GREEK_DIGITS)}</span>
      <span>Vega {signed(row.figures.vega, digits)}</span>
      <span>Theta {signed(row.figures.theta, digits)}</span>
    </span>
  );
}

// ---- columns -----------------------------------------------------------------------------------------------------------

type GreekColumn = 'delta' | 'gamma' | 'vega' | 'theta';

function bookColumns(
  unit: DisplayUnit,
  underlying: string,
  hasSeveralCoins: boolean,
  isNarrow: boolean,
  total: number | null,
): readonly DataColumn<BookRow>[] {
  const digits = moneyDigits(unit);
  const coin = hasSeveralCoins ? 'coin' : underlying;
  // Coin has four decimals in the columns where USD has none.
  const isCoin = unit.kind === 'coin';
  const greek = (id: GreekColumn, name: string, per: string, width: number): DataColumn<BookRow> => ({
    id,
    name: `${name}, ${per}`,
    header: <Headed name={name} per={per} />,
    width,
    cell: (row) => (
      <Figure value={row.figures?.[id]} digits={id === 'delta' || id === 'gamma' ? GREEK_DIGITS : digits} />
    ),
  });
  const margin: DataColumn<BookRow> = {
    id: 'margin',
    name: `Part of initial margin, ${unit.symbol}`,
    header: (
      <Headed
        name={
          <Term
            term="ΔIM"
            definition="a leg's part of the requirement: its loss in the binding cell plus its own add-ons. The split changes when the binding cell does."
            example={
              total === null ? undefined : (
                <>
                  Rows add up to <b>{digits === 0 ? money(total) : total.toFixed(digits)}</b>.
                </>
              )
            }
          >
            ΔIM
          </Term>
        }
        per={unit.symbol}
      />
    ),
    width: isNarrow ? 68 : isCoin ? 50 : 55,
    cell: (row) => <Figure value={row.figures?.margin} digits={digits} />,
    className: () => styles.margin,
  };
  const leg: DataColumn<BookRow> = {
    id: 'leg',
    name: 'Leg',
    header: 'Leg',
    align: 'left',
    isRowHeader: true,
    className: () => styles.leg,
    cell: (row) => <LegName row={row} withCoin={hasSeveralCoins} />,
  };
  const size: DataColumn<BookRow> = {
    id: 'quantity',
    name: 'Quantity',
    header: 'Qty',
    width: isNarrow ? 148 : isCoin ? 45 : 51,
    cell: (row) => <QuantityCell row={row} isNarrow={isNarrow} />,
    className: () => styles.quantity,
  };
  if (isNarrow) return [leg, size, margin];
  const worth: DataColumn<BookRow> = {
    ...greek('delta', 'Delta', coin, isCoin ? 38 : 39),
    span: (row) => (row.kind === 'collateral' ? 4 : 1),
    cell: (row) =>
      row.kind === 'collateral' ? (
        <span className={styles.worth}>{worthText(row.value, digits, unit)}</span>
      ) : (
        <Figure value={row.figures?.delta} digits={GREEK_DIGITS} />
      ),
  };
  return [
    leg,
    size,
    worth,
    greek('gamma', 'Gamma', 'per 1 %', isCoin ? 40 : 43),
    greek('vega', 'Vega', 'per pt', isCoin ? 50 : 43),
    greek('theta', 'Theta', 'per day', isCoin ? 50 : 43),
    margin,
  ];
}

function worthText(value: number | null, digits: number, unit: DisplayUnit): string {
  if (value === null) return 'no price in this market';
  return `worth ${digits === 0 ? money(value) : value.toFixed(digits)} ${unit.symbol}`;
}

/** For CSV: every figure of a row in a column of its own. */
function exportColumns(unit: DisplayUnit, underlying: string): readonly DataColumn<BookRow>[] {
  const column = (id: string, name: string, unitName: string, value: (row: BookRow) => number | string | null) => ({
    id,
    name,
    unit: unitName,
    header: name,
    cell: () => null,
    value,
  });
  const figure = (id: keyof Figures, name: string, unitName: string) =>
    column(id, name, unitName, (row) => row.figures?.[id] ?? null);
  return [
    column('kind', 'Kind', '', (row) => (row.kind === 'ghost' ? 'proposed' : row.kind)),
    column('instrument', 'Instrument', '', (row) => (row.kind === 'collateral' ? row.asset : row.instrument)),
    column('quantity', 'Quantity', '', (row) => row.quantity),
    figure('delta', 'Delta', underlying),
    figure('gamma', 'Gamma per 1 %', underlying),
    figure('vega', 'Vega per point', unit.symbol),
    figure('theta', 'Theta per day', unit.symbol),
    figure('margin', 'Part of initial margin', unit.symbol),
  ];
}

// ---- cells -------------------------------------------------------------------------------------------------------------

function Headed({ name, per }: { name: ReactNode; per: string }) {
  return (
    <span className={styles.headed}>
      {name}
      <span className={styles.per}>{per}</span>
    </span>
  );
}

function Figure({ value, digits }: { value: number | null | undefined; digits: number }) {
  if (value === null || value === undefined) return null;
  const text = signed(value, digits);
  return <span className={text === '0' ? styles.zero : styles.figure}>{text}</span>;
}

const LegName = memo(function LegName({ row, withCoin }: { row: BookRow; withCoin: boolean }) {
  const removeLeg = useStore((state) => state.removeLeg);
  const setCollateral = useStore((state) => state.setCollateral);
  const showToast = useStore((state) => state.showToast);
  const undo = useStore((state) => state.undo);
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
const QuantityCell = memo(function QuantityCell({ row, isNarrow }: { row: BookRow; isNarrow: boolean }) {
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

interface TotalsProps {
  readonly totals: BookTotals | null;
  readonly before: BookTotals | null;
  readonly unit: DisplayUnit;
  /** The coin that delta and gamma are totalled for, when there are several. */
  readonly coin: string | null;
  readonly isNarrow: boolean;
}

function Totals({ totals, before, unit, coin, isNarrow }: TotalsProps) {
  if (totals === null) return null;
  const digits = moneyDigits(unit);
  const row = (name: string, figures: BookTotals, className: string | undefined) => (
    <tr className={className}>
      <th scope="row" className={styles.total} colSpan={2}>
        {name}
        {coin !== null && !isNarrow && <span className={styles.muted}> {coin} delta and gamma</span>}
      </th>
      {!isNarrow && (
        <>
          <td>{signed(figures.delta, GREEK_DIGITS)}</td>
          <td>{signed(figures.gamma, GREEK_DIGITS)}</td>
          <td>{signed(figures.vega, digits)}</td>
          <td>{signed(figures.theta, digits)}</td>
        </>
      )}
      <td data-testid={className === styles.beforeRow ? 'book-total-before' : 'book-total'}>
        {figures.margin === null ? 'none' : digits === 0 ? money(figures.margin) : figures.margin.toFixed(digits)}
      </td>
    </tr>
  );
  return (
    <>
      {row(before === null ? 'Total' : 'After', totals, styles.afterRow)}
      {before !== null && row('Before', before, styles.beforeRow)}
    </>
  );
}

/** Adds an asset that the book does not hold yet. */
function AddCollateral() {
  const market = useStore((state) => state.market);
  const held = useStore((state) => state.book.collateral);
  const setCollateral = useStore((state) => state.setCollateral);
  const [isOpen, setIsOpen] = useState(false);
  const assets = [
    ...(market?.stablecoins.map(({ asset }) => ({ asset, quantity: 10_000 })) ?? []),
    ...(market?.underlyings.map(({ symbol }) => ({ asset: symbol, quantity: 1 })) ?? []),
  ].filter(({ asset }) => !held.some((holding) => holding.asset === asset));
  if (assets.length === 0) return null;
  return (
    <Menu.Root open={isOpen} onOpenChange={setIsOpen}>
      <Menu.Trigger
        render={
          <button type="button" className={styles.addCollateral}>
            Add collateral
          </button>
        }
      />
      <Menu.Portal>
        <Menu.Positioner className={styles.menuPositioner} side="bottom" align="end" sideOffset={4}>
          <Menu.Popup className={styles.menu}>
            {assets.map(({ asset, quantity: initial }) => (
              <Menu.Item key={asset} className={styles.menuItem} onClick={() => setCollateral(asset, initial)}>
                {quantity(initial)} {asset}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
