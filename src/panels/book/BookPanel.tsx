import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import {
  bookRiskAfter,
  bookRiskBefore,
  displayUnit,
  isStale,
  proposedBook,
  type DisplayUnit,
} from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { type DataSection, DataTable, tableNumbers } from '../../ui/DataTable.tsx';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { signed } from '../../ui/format.ts';
import { useNarrow } from '../../ui/useNarrow.ts';
import { AddCollateral } from './AddCollateral.tsx';
import { BookName } from './BookName.tsx';
import { EmptyBook } from './EmptyBook.tsx';
import { GhostActions } from './GhostActions.tsx';
import { LitRows } from './LitRows.tsx';
import { Totals } from './Totals.tsx';
import { bookColumns, exportColumns } from './bookColumns.tsx';
import { type BookRow, bookView, GREEK_DIGITS, moneyDigits } from './bookRows.ts';
import styles from './BookPanel.module.css';

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
        <LitRows table={scroll} />
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
