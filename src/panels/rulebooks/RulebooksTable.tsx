import type { ReactNode } from 'react';
import type { SizingReport } from '../../engine/domain/rulebookReport.ts';
import type { MarginFigure } from '../../state/AppState.ts';
import type { DisplayUnit } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { FigureButton } from '../../ui/FigureButton.tsx';
import { amount, signedAmount } from '../../ui/format.ts';
import { Term } from '../../ui/Term.tsx';
import styles from './RulebooksPanel.module.css';
import type { RulebookRow, Sort, SortKey } from './rulebookRows.ts';
import { fitSentence, fitText } from './sizeCurveView.ts';
import type { TradeSize } from './tradeSizes.ts';

export interface RulebooksTableProps {
  readonly rows: readonly RulebookRow[];
  readonly unit: DisplayUnit;
  readonly sort: Sort;
  readonly onSort: (key: SortKey) => void;
  /** The rulebook whose detail is on show. */
  readonly shown: string;
  readonly onShow: (id: string) => void;
  readonly onChoose: (id: string) => void;
  readonly onNotes: (id: string) => void;
  readonly drawn: readonly string[];
  readonly onDraw: (id: string) => void;
  /** The trade that sizes are told for; null where there is none. */
  readonly size: TradeSize | null;
  readonly sizing: SizingReport | null;
  /** Sizes answer an earlier question: they are shown, and cannot be proposed. */
  readonly sizingStale: boolean;
  /** A phone: the columns that a rulebook is chosen by. */
  readonly narrow: boolean;
}

/** Every rulebook in one line. Arrows go from one to the next, Enter or a click makes it the rulebook of the screen. */
export function RulebooksTable(props: RulebooksTableProps) {
  const { rows, unit, sort, onSort, narrow } = props;
  const compared = rows.some(({ after }) => after !== null);
  const head = (key: SortKey, children: ReactNode) => (
    <Head key={key} sortKey={key} sort={sort} onSort={onSort}>
      {children}
    </Head>
  );
  return (
    <table
      className={styles.table}
      aria-label="Rulebooks side by side"
      data-compared={(compared && !narrow) || undefined}
    >
      <colgroup>
        <col className={styles.wTitle} />
        {!narrow && <col className={styles.wVenue} />}
        <col className={styles.wInitial} />
        {!narrow && (
          <>
            <col className={styles.wBar} />
            <col className={styles.wMaintenance} />
          </>
        )}
        <col className={styles.wMoney} />
        {!narrow && <col className={styles.wMoney} />}
        <col className={styles.wFit} />
        {!narrow && <col />}
        <col className={styles.wNotes} />
      </colgroup>
      <thead>
        <tr>
          {head('title', 'Rulebook')}
          {!narrow && (
            <th scope="col" className={styles.text}>
              Venue
            </th>
          )}
          {head('initial', narrow ? 'Initial' : `Initial margin, ${unit.symbol}`)}
          {!narrow && (
            <>
              <th scope="col">
                <span className="visually-hidden">Initial margin as a bar</span>
              </th>
              {head('maintenance', 'Maintenance')}
            </>
          )}
          {head(
            'free',
            <Term
              term="Free margin"
              definition="what the rulebook counts as equity less its initial margin. Rulebooks count different equity, so this is what compares."
              side="top"
            >
              Free
            </Term>,
          )}
          {!narrow &&
            head(
              'against',
              <Term
                term="Against the chosen"
                definition="free margin less that of the chosen rulebook: what moving the book there would free."
                side="top"
              >
                vs chosen
              </Term>,
            )}
          {head(
            'fit',
            <Term
              term="Largest size"
              definition="the largest size of the trade in the size curve whose initial margin is within this rulebook’s equity. Press it to propose it."
              {...(props.size !== null && { example: `${props.size.label}, in ${props.size.unitName}.` })}
              side="top"
            >
              Largest
            </Term>,
          )}
          {!narrow && (
            <th scope="col" className={styles.text}>
              Binding scenario
            </th>
          )}
          <th scope="col">
            <span className="visually-hidden">Approximations and curve</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <Row key={row.id} row={row} at={at} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Head({
  sortKey,
  sort,
  onSort,
  children,
}: {
  sortKey: SortKey;
  sort: Sort;
  onSort: (key: SortKey) => void;
  children: ReactNode;
}) {
  const inForce = sort.key === sortKey;
  return (
    <th scope="col" aria-sort={inForce ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      {children}
      <button
        type="button"
        className={styles.sort}
        data-on={inForce || undefined}
        aria-label={`Sort by ${SORT_NAMES[sortKey]}`}
        onClick={() => onSort(sortKey)}
      >
        <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
          <path
            d={inForce && !sort.descending ? 'M1 5.5 4 2l3 3.5' : 'M1 2.5 4 6l3-3.5'}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.3"
          />
        </svg>
      </button>
    </th>
  );
}

const SORT_NAMES: Readonly<Record<SortKey, string>> = {
  title: 'rulebook',
  initial: 'initial margin',
  maintenance: 'maintenance',
  free: 'free margin',
  against: 'difference to the chosen rulebook',
  fit: 'largest size',
};

function Row({
  row,
  at,
  rows,
  unit,
  shown,
  onShow,
  onChoose,
  onNotes,
  drawn,
  onDraw,
  size,
  sizing,
  sizingStale,
  narrow,
}: RulebooksTableProps & { row: RulebookRow; at: number }) {
  const { current, before, after } = row;
  const isShown = row.id === shown;
  const holdsFocus = rows.some(({ id }) => id === shown) ? isShown : at === 0;
  const figure = (asked: MarginFigure, usd: number) => (
    <FigureButton
      tabIndex={holdsFocus ? 0 : -1}
      onAsk={(place) => useStore.getState().askFigure({ figure: asked, model: row.id, book: 'current', place })}
    >
      {amount(usd, unit)}
    </FigureButton>
  );
  return (
    <tr data-model={row.id} data-chosen={row.chosen || undefined} data-shown={isShown || undefined}>
      <th scope="row">
        <button
          type="button"
          className={styles.choose}
          aria-pressed={row.chosen}
          tabIndex={holdsFocus ? 0 : -1}
          title={row.chosen ? 'The rulebook of this screen' : 'Use this rulebook everywhere on the screen'}
          onClick={() => onChoose(row.id)}
          onFocus={() => onShow(row.id)}
          onKeyDown={(event) => {
            const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
            const next = to === undefined ? undefined : rows[to];
            if (next === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            event.currentTarget
              .closest('table')
              ?.querySelector<HTMLElement>(`[data-model="${CSS.escape(next.id)}"] button`)
              ?.focus();
          }}
        >
          <i className={styles.dot} aria-hidden="true" />
          <span className={styles.title}>{row.title}</span>
        </button>
      </th>
      {!narrow && <td className={styles.venue}>{row.venue}</td>}
      {current === null ? (
        <td colSpan={narrow ? 3 : 7} className={styles.refusal} title={row.refusal ?? undefined}>
          {row.refusal}
        </td>
      ) : (
        <>
          <td className={styles.initial}>
            {after !== null && before !== null && !narrow && (
              <>
                <span className={styles.old}>{amount(before.initialMarginUsd, unit)}</span>
                <Arrow />
              </>
            )}
            <b>{figure('initial', current.initialMarginUsd)}</b>
            {after !== null && before !== null && !narrow && (
              <Change usd={after.initialMarginUsd - before.initialMarginUsd} unit={unit} />
            )}
          </td>
          {!narrow && (
            <>
              <td>
                <span className={styles.meter} aria-hidden="true">
                  <i style={{ width: `${row.share * 100}%` }} />
                  {row.beforeShare !== null && <u style={{ left: `${row.beforeShare * 100}%` }} />}
                </span>
              </td>
              <td>{figure('maintenance', current.maintenanceMarginUsd)}</td>
            </>
          )}
          <td className={current.availableUsd < 0 ? styles.short : styles.free} title={current.equityBasis}>
            {figure('free', current.availableUsd)}
            {current.equityBasis !== undefined && <sup aria-hidden="true">*</sup>}
          </td>
          {!narrow && (
            <td className={styles.against}>
              {row.chosen ? 'chosen' : row.againstUsd === null ? '' : signedAmount(row.againstUsd, unit)}
            </td>
          )}
          <td>
            <Fit row={row} size={size} sizing={sizing} stale={sizingStale} />
          </td>
          {!narrow && (
            <td className={styles.text} title={current.worstScenario?.label}>
              {current.worstScenario?.label ?? (current.initialMarginUsd > 0 ? 'by formula' : 'nothing at risk')}
            </td>
          )}
        </>
      )}
      <td className={styles.tools}>
        {current !== null && (
          <button
            type="button"
            className={styles.draw}
            aria-pressed={drawn.includes(row.id)}
            aria-label={`Draw ${row.title} in the size curve`}
            title={row.chosen ? 'The chosen rulebook is always drawn' : 'Draw in the size curve'}
            disabled={row.chosen}
            onClick={() => onDraw(row.id)}
          >
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
              <path d="M1 10C4 9 6 7 7 5s2-3 4-3" fill="none" stroke="currentColor" strokeWidth="1.6" />
            </svg>
          </button>
        )}
        <button
          type="button"
          className={styles.notes}
          aria-label={`${row.title}: source and ${current?.approximations.length ?? 0} approximations`}
          aria-haspopup="dialog"
          title="Source and approximations"
          onClick={() => onNotes(row.id)}
        >
          {current === null || current.approximations.length === 0 ? 'i' : `≈${current.approximations.length}`}
        </button>
      </td>
    </tr>
  );
}

interface FitProps {
  readonly row: RulebookRow;
  readonly size: TradeSize | null;
  readonly sizing: SizingReport | null;
  readonly stale: boolean;
}

function Fit({ row, size, sizing, stale }: FitProps) {
  const { fit } = row;
  if (fit === null || size === null || sizing === null) return null;
  const sentence = fitSentence(fit, sizing, row.title, size.unitName);
  if (fit.kind !== 'largest' || fit.largest === 0)
    return (
      <span className={styles.fit} title={sentence}>
        {fitText(fit, sizing.searchedTo)}
      </span>
    );
  return (
    <button
      type="button"
      className={styles.fit}
      disabled={stale}
      title={`${sentence} Propose it.`}
      aria-label={`Propose ${fitText(fit, sizing.searchedTo)} ${size.unitName}, the largest size under ${row.title}`}
      onClick={() => size.propose(fit.largest)}
    >
      {fitText(fit, sizing.searchedTo)}
      {fit.hasGaps && <sup aria-hidden="true">*</sup>}
    </button>
  );
}

export function Change({ usd, unit }: { usd: number; unit: DisplayUnit }) {
  const text = signedAmount(usd, unit);
  return (
    <span className={styles.change}>
      {text !== '0' && (
        <svg viewBox="0 0 8 8" width="7" height="7" role="img" aria-label={usd < 0 ? 'down' : 'up'}>
          <path d={usd < 0 ? 'M0 1h8L4 7.5z' : 'M0 7h8L4 .5z'} fill="currentColor" />
        </svg>
      )}
      {text}
    </span>
  );
}

export function Arrow() {
  return (
    <svg viewBox="0 0 12 8" width="11" height="8" role="img" aria-label="to" className={styles.arrow}>
      <path d="M0 4h10M7 1l3 3-3 3" fill="none" stroke="currentColor" strokeWidth="1.2" />
    </svg>
  );
}
