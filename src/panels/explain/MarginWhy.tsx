import { type KeyboardEvent, useMemo, useState } from 'react';
import { useMarginExplanation } from '../../compute/tasks/useMarginExplanation.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../../engine/domain/marginExplanation.ts';
import type { AppState } from '../../state/AppState.ts';
import { displayUnit, proposedBook } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { DockTools } from '../../ui/DockTools.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './MarginWhy.module.css';
import { type WhyRow, type WhyView, whyView } from './whyView.ts';

const TITLE = 'Margin explain';

/** The question in force: its name, which changes with all that it depends on, and its request. */
function question(state: AppState): { readonly key: string; readonly request: MarginExplanationRequest } | null {
  const { market, book, model, inputVersion } = state;
  if (market === null) return null;
  const smileEdits = smileEditsInForce(state);
  return {
    key: [market.id, inputVersion, model].join(' '),
    request: {
      marketId: market.id,
      book,
      proposed: proposedBook(state),
      model,
      parameters: state.parameters[model] ?? {},
      ...(smileEdits.length === 0 ? {} : { smileEdits }),
    },
  };
}

/** Why the chosen rulebook's margin moves with the proposed trade; without one, what it consists of. */
export function MarginWhy() {
  const key = useStore((state) => question(state)?.key ?? null);
  const asked = useMemo(() => {
    const state = useStore.getState();
    const found = key === null ? null : question(state);
    return found === null ? null : { request: found.request, book: state.book, proposed: found.request.proposed };
  }, [key]);
  const { value, failure, stale, retry } = useMarginExplanation(key, asked?.request ?? null);
  if (failure !== null && !stale)
    return (
      <p className={styles.note} role="status">
        Margin not explained. {failure.message}{' '}
        <button type="button" className={styles.retry} onClick={retry}>
          Retry
        </button>
      </p>
    );
  if (value === null || asked === null) return null;
  return <Waterfall explanation={value} stale={stale} />;
}

/** The books are those of the moment; while a newer explanation is awaited the names of legs that have gone stay readable. */
function Waterfall({ explanation, stale }: { explanation: MarginExplanation; stale: boolean }) {
  const unit = useStore(displayUnit);
  const book = useStore((state) => state.book);
  const proposed = useStore(proposedBook);
  const asOf = useStore((state) => state.market?.asOf ?? 0);
  const view = useMemo(
    () => whyView({ explanation, book, proposed, unit, asOf }),
    [explanation, book, proposed, unit, asOf],
  );
  const [shown, setShown] = useState<string | null>(null);
  const row = view.rows.find(({ key }) => key === shown);
  const show = (next: WhyRow | null) => {
    setShown(next?.key ?? null);
    useStore.getState().setLit(next?.lit ?? null);
  };
  return (
    <div className={styles.body} data-stale={stale || undefined} data-testid="margin-why">
      <DockTools>
        <ViewMenu title={TITLE} numbers={view.numbers} />
      </DockTools>
      <ol
        className={styles.rows}
        aria-label={`Initial margin in ${view.unit}, ${explanation.title} rulebook`}
        onPointerLeave={() => show(null)}
        onKeyDown={onArrows}
      >
        {view.rows.map((each) => (
          <li key={each.key}>
            <Line row={each} view={view} onShow={show} />
          </li>
        ))}
      </ol>
      <p className={styles.detail} data-testid="margin-why-detail" aria-live="polite">
        {row === undefined ? (
          <>
            {view.sentence}
            <span className={styles.hint}>
              {explanation.kind === 'trade'
                ? 'Point at a step to see its scenario in the grid and its legs in the book.'
                : 'Propose a trade to see why it moves the margin.'}
            </span>
          </>
        ) : (
          <>
            <b>{row.label}</b> {row.detail}
          </>
        )}
      </p>
    </div>
  );
}

function Line({ row, view, onShow }: { row: WhyRow; view: WhyView; onShow: (row: WhyRow | null) => void }) {
  const at = (value: number) => ((Math.max(value, view.low) - view.low) / (view.high - view.low)) * 100;
  const [left, right] = [Math.min(at(row.from), at(row.to)), Math.max(at(row.from), at(row.to))];
  const isUp = row.value > 0;
  return (
    <button
      type="button"
      className={styles.row}
      data-kind={row.kind}
      data-up={row.kind === 'total' ? undefined : isUp}
      aria-label={`${row.label} ${row.text} ${view.unit}. ${row.detail}`}
      onPointerEnter={() => onShow(row)}
      onFocus={() => onShow(row)}
      onBlur={() => onShow(null)}
    >
      <span className={styles.label}>{row.label}</span>
      <span className={styles.track} aria-hidden="true">
        <i
          className={styles.bar}
          data-broken={(row.kind === 'total' && view.isBroken) || undefined}
          style={{ left: `${left}%`, width: `${Math.max(right - left, 0.2)}%` }}
        />
        {row.kind !== 'total' && (
          <i className={styles.level} style={{ left: `${at(row.to)}%` }} data-testid="margin-why-level" />
        )}
      </span>
      <span className={styles.mark} aria-hidden="true">
        {row.kind !== 'total' && (
          <svg viewBox="0 0 8 8" width="8" height="8">
            <path d={isUp ? 'M0 7h8L4 .5z' : 'M0 1h8L4 7.5z'} fill="currentColor" />
          </svg>
        )}
      </span>
      <span className={styles.figure}>{row.text}</span>
    </button>
  );
}

/** Up and down go from step to step, Home and End to the totals. */
function onArrows(event: KeyboardEvent<HTMLOListElement>) {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}
