import { useMemo, useState } from 'react';
import { useRulebooks } from '../../compute/tasks/useRulebooks.ts';
import { useSizing } from '../../compute/tasks/useSizing.ts';
import type { RulebooksRequest, SizingReport, SizingRequest } from '../../engine/domain/rulebookReport.ts';
import type { AppState } from '../../state/AppState.ts';
import { displayUnit, proposedBook } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { LateLine } from '../../ui/LateLine.tsx';
import type { Numbers } from '../../ui/numbers.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { RulebookNotes } from './RulebookNotes.tsx';
import { RulebookParts } from './RulebookParts.tsx';
import { FIRST_SORT, nextSort, type RulebookRow, rulebookRows } from './rulebookRows.ts';
import styles from './RulebooksPanel.module.css';
import { RulebooksTable } from './RulebooksTable.tsx';
import { SizeCurve } from './SizeCurve.tsx';
import { fitText, type SizeMetric } from './sizeCurveView.ts';
import { type TradeSize, tradeSizes } from './tradeSizes.ts';
import { useRested } from './useRested.ts';
import { useTall } from './useTall.ts';

/** From this height on components and sizes stand one above the other. */
const TALL_FROM_PX = 420;
/** Curves beside the chosen rulebook's: more could not be told apart. */
const MOST_DRAWN = 3;

/** The book under every rulebook, side by side; a tab of the dock, which carries the title. */
export function RulebooksPanel() {
  const market = useStore((state) => state.market);
  const models = useStore((state) => state.models);
  const chosen = useStore((state) => state.model);
  const unit = useStore(displayUnit);
  const setModel = useStore((state) => state.setModel);
  const version = useStore((state) => state.inputVersion);
  const hasProposal = useStore((state) => state.proposal !== null);
  const narrow = useNarrow();
  const [frame, tall] = useTall(TALL_FROM_PX);
  const [sort, setSort] = useState(FIRST_SORT);
  const [shown, setShown] = useState<string | null>(null);
  const [side, setSide] = useState<'size' | 'parts'>('size');
  const [noted, setNoted] = useState<string | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const [beside, setBeside] = useState<readonly string[]>([]);
  const [metric, setMetric] = useState<SizeMetric>('free');
  const [showTable, setShowTable] = useState(false);

  const key = market === null ? null : `${market.id} ${version}`;
  const request = useMemo(() => (key === null ? null : rulebooksRequest(useStore.getState())), [key]);
  const answer = useRulebooks(key, request);

  // The proposal itself, not its figures, says which sizes there are; a leg's price is the one of the last report.
  const isReported = useStore((state) => state.report !== null);
  const sizes = useMemo(() => (key === null || !isReported ? [] : tradeSizes(useStore.getState())), [key, isReported]);
  const size = sizes.find((each) => each.key === wanted) ?? sizes[0] ?? null;
  const drawn = [chosen, ...beside.filter((id) => id !== chosen)];
  const sizing = useSize(size, key, drawn);

  const value = answer.value;
  const rows = useMemo(
    () =>
      value === null
        ? []
        : rulebookRows({
            // A proposal that has gone takes its figures with it, whatever is still being asked.
            report: hasProposal ? value : { ...value, after: null },
            models,
            chosen,
            fits: sizing.value?.fits ?? [],
            sort,
          }),
    [value, hasProposal, models, chosen, sizing.value, sort],
  );
  const shownRow = rows.find(({ id }) => id === shown) ?? rows.find(({ id }) => id === chosen) ?? null;
  const notedRow = rows.find(({ id }) => id === noted) ?? null;

  if (answer.failure !== null && value === null)
    return (
      <p className={styles.note} role="status">
        Rulebooks not compared. {answer.failure.message} <Button onClick={answer.retry}>Retry</Button>
      </p>
    );
  return (
    <div
      ref={frame}
      className={styles.panel}
      data-testid="rulebooks-panel"
      data-stale={(answer.stale && value !== null) || undefined}
    >
      {answer.stale && value !== null && <LateLine />}
      <DockTools>
        {!tall && (
          <SegmentedControl
            label="Beside the table"
            value={side}
            options={[
              { value: 'size', label: 'Size', title: 'Margin by the size of a trade' },
              { value: 'parts', label: 'Components', title: 'What the initial margin is made of' },
            ]}
            onChange={setSide}
          />
        )}
        <ViewMenu title="Rulebooks" numbers={() => rulebookNumbers(rows, sizing.value)} />
      </DockTools>
      {answer.failure !== null && (
        <p className={styles.note} role="status">
          Rulebooks not updated. {answer.failure.message} <Button onClick={answer.retry}>Retry</Button>
        </p>
      )}
      {value === null ? (
        <p className={styles.note}>The venues’ rulebooks are loading.</p>
      ) : (
        <div className={styles.body}>
          <div className={styles.scroll}>
            <RulebooksTable
              rows={rows}
              unit={unit}
              sort={sort}
              onSort={(next) => setSort((now) => nextSort(now, next))}
              shown={shownRow?.id ?? ''}
              onShow={setShown}
              onChoose={(id) => {
                setShown(id);
                setModel(id);
              }}
              onNotes={setNoted}
              drawn={drawn}
              onDraw={(id) =>
                setBeside((now) =>
                  now.includes(id) ? now.filter((each) => each !== id) : [...now, id].slice(-MOST_DRAWN),
                )
              }
              size={size}
              sizing={sizing.value}
              sizingStale={sizing.stale}
              narrow={narrow}
            />
          </div>
          <section className={styles.side} aria-label="Beside the table" data-tall={tall || undefined}>
            {(tall || side === 'parts') && shownRow !== null && (
              <>
                <h3 className={styles.heading}>{shownRow.title}</h3>
                <RulebookParts row={shownRow} unit={unit} asOf={market?.asOf ?? 0} />
              </>
            )}
            {(tall || side === 'size') &&
              (size === null ? (
                <p className={styles.note}>No legs yet. A size can be found for the first one.</p>
              ) : (
                <SizeCurve
                  {...{ sizes, size, models, metric, showTable, tall }}
                  onSize={setWanted}
                  report={sizing.value}
                  failure={sizing.failure?.message ?? null}
                  onRetry={sizing.retry}
                  stale={sizing.stale}
                  onMetric={setMetric}
                  onShowTable={setShowTable}
                />
              ))}
          </section>
        </div>
      )}
      {notedRow !== null && (
        <RulebookNotes
          row={notedRow}
          model={models.find(({ id }) => id === notedRow.id) ?? null}
          onClose={() => setNoted(null)}
        />
      )}
    </div>
  );
}

/** Sizes take many books: they are asked for once the edits pause. */
const SIZING_REST_MS = 120;

/** Sizes of one trade under every rulebook. */
function useSize(size: TradeSize | null, inputs: string | null, drawn: readonly string[]) {
  const key = size === null || inputs === null ? null : [inputs, size.key, ...drawn].join(' ');
  const rested = useRested(key, SIZING_REST_MS);
  const isResting = rested === key;
  const request = useMemo(
    () => (key === null || size === null || !isResting ? null : sizingRequest(useStore.getState(), size, drawn)),
    // The key names all that the request is made of.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [key, isResting],
  );
  const task = useSizing(isResting ? key : null, request);
  return { ...task, stale: task.stale || !isResting };
}

function rulebooksRequest(state: AppState): RulebooksRequest | null {
  return state.market === null ? null : { ...question(state), book: state.book, proposed: proposedBook(state) };
}

function sizingRequest(state: AppState, size: TradeSize, curves: readonly string[]): SizingRequest | null {
  return state.market === null ? null : { ...question(state), ...size.question, curves };
}

function question(state: AppState): Pick<RulebooksRequest, 'inputVersion' | 'marketId' | 'smileEdits' | 'parameters'> {
  const smileEdits = smileEditsInForce(state);
  return {
    inputVersion: state.inputVersion,
    marketId: state.market!.id,
    parameters: state.parameters,
    ...(smileEdits.length === 0 ? {} : { smileEdits }),
  };
}

function rulebookNumbers(rows: readonly RulebookRow[], sizing: SizingReport | null): Numbers {
  const money = (name: string) => ({ name, unit: 'USD', digits: 2 });
  const plain = (name: string) => ({ name, unit: '', digits: 0 });
  return {
    columns: [
      plain('Rulebook'),
      plain('Venue'),
      money('Initial margin before'),
      money('Initial margin'),
      money('Maintenance margin'),
      money('Equity'),
      money('Free margin'),
      plain('Binding scenario'),
      plain('Largest size'),
      plain('Not supported'),
    ],
    rows: rows.map(({ title, venue, before, after, current, fit, refusal }) => [
      title,
      venue,
      after === null ? null : (before?.initialMarginUsd ?? null),
      current?.initialMarginUsd ?? null,
      current?.maintenanceMarginUsd ?? null,
      current?.equityUsd ?? null,
      current?.availableUsd ?? null,
      current?.worstScenario?.label ?? null,
      fit === null || sizing === null ? null : fit.kind === 'largest' ? fit.largest : fitText(fit, sizing.searchedTo),
      refusal,
    ]),
  };
}
