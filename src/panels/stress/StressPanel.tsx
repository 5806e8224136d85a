import { useEffect, useMemo, useRef, useState } from 'react';
import {
  bookRiskBefore,
  currentMargin,
  currentUnderlying,
  isExploreStale,
  isSupported,
  marginBefore,
} from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { signedPercent, volFactor } from '../../ui/format.ts';
import { NumbersTable } from '../../ui/NumbersTable.tsx';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { EventMenu, EventReadout, pinnedEvent } from './EventMenu.tsx';
import { columnNear, StressGrid } from './StressGrid.tsx';
import styles from './StressPanel.module.css';
import { cellChange, litCells, type StressCellView, type StressView, stressView } from './stressView.ts';

const TITLE = 'Stress grid';
const METRIC_NAMES = { pnl: 'P&L', margin: 'Initial margin', free: 'Free margin' } as const;

/** The book over spot and vol, each cell with its P&L and its own requirement. */
export function StressPanel() {
  const explore = useStore((state) => state.explore);
  const coin = useStore(currentUnderlying);
  const metric = useStore((state) => state.stressMetric);
  const unit = useStore((state) => state.unit);
  const pin = useStore((state) => state.pin);
  const movers = useStore((state) => state.movers);
  const wide = useStore((state) => state.stressWide);
  const stale = useStore(isExploreStale);
  const answeredAt = useStore((state) => state.answeredAt.explore);
  const problem = useStore((state) => state.problems.explore);
  const recompute = useStore((state) => state.recompute);
  const outcome = useStore(currentMargin);
  const outcomeBefore = useStore(marginBefore);
  const narrowScreen = useNarrow();
  const [fullGrid, setFullGrid] = useState(false);
  const [showTable, setShowTable] = useState(false);
  const [hovered, setHovered] = useState<StressCellView | null>(null);
  const narrow = narrowScreen && !fullGrid;
  const content = useRef<HTMLDivElement>(null);
  const byKey = useRef(false);
  // The key that changes the view takes the focus along, so that it can change it back.
  useEffect(() => {
    if (!byKey.current) return;
    byKey.current = false;
    content.current?.querySelector<HTMLElement>(showTable ? 'section' : '[role="gridcell"][tabindex="0"]')?.focus();
  }, [showTable]);
  const toggleByKey = () => {
    byKey.current = true;
    setShowTable(!showTable);
  };

  const index = coin?.index ?? 0;
  const symbol = coin?.symbol ?? '';
  const worst = isSupported(outcome) ? outcome.worstScenario : null;
  const bookEquityUsd = useStore((state) => bookRiskBefore(state)?.equityUsd ?? 0);
  const scaleUsd = isSupported(outcomeBefore) ? outcomeBefore.equityUsd : bookEquityUsd;
  const view = useMemo(() => {
    if (explore === null || index === 0) return null;
    const { stress, curves } = explore;
    return stressView({
      ...stress,
      legsValueUsd: {
        before: curves.before.legsValueUsd,
        after: (curves.after ?? curves.before).legsValueUsd,
      },
      metric,
      unit,
      index,
      symbol,
      movers,
      scaleUsd,
      worst,
      // An event moves each coin by its own share, which no cell does.
      pin: pin?.spotMoves === undefined ? pin : null,
      narrow,
    });
  }, [explore, metric, unit, index, symbol, movers, scaleUsd, worst, pin, narrow]);

  const event = pinnedEvent(pin);
  const pinnedCell = stale ? null : (explore?.pinned?.after ?? explore?.pinned?.before ?? null);

  const hover = (cell: StressCellView | null) => {
    setHovered(cell);
    useStore.getState().setHoverSpotMove(cell?.spotMove ?? null);
  };
  const pinCell = ({ spotMove, volShock, pinned }: StressCellView) => {
    const { setPin, smile } = useStore.getState();
    setPin(pinned ? null : { spotMove, volShock, volUnit: 'relative', days: 0, smile, movers });
  };
  const grid = explore?.stress.after ?? explore?.stress.before;
  const refusal = metric === 'pnl' ? null : (grid?.unsupported ?? null);
  const isRefused = grid?.initialMarginUsd.every((row) => row.every((usd) => usd === null)) ?? false;
  // The cell under the pointer as it is now, not as it was when the pointer came.
  const read = hovered && view?.rows.flatMap((row) => row.cells).find(isSameCell(hovered));

  return (
    <PanelFrame
      title={TITLE}
      testId="stress-panel"
      stale={stale && explore !== null}
      answeredAt={answeredAt}
      problem={
        problem
          ? { message: `Stress grid not updated. ${problem.message}`, onRetry: recompute }
          : refusal && { message: isRefused ? refusal.message : `No margin in some cells. ${refusal.message}` }
      }
      subtitle={view?.unit}
      control={
        <>
          <SegmentedControl
            label="Figure in the cells"
            value={metric}
            options={[
              { value: 'pnl', label: 'P&L' },
              { value: 'margin', label: 'Margin', title: 'Initial margin, computed anew in each cell' },
              { value: 'free', label: 'Free', title: 'Equity minus initial margin in each cell' },
            ]}
            onChange={(next) => useStore.getState().setStressMetric(next)}
          />
          {view && <ViewMenu title={TITLE} numbers={view.numbers} showTable={showTable} onShowTable={setShowTable} />}
        </>
      }
    >
      {view && showTable && (
        <div
          ref={content}
          className={styles.table}
          onKeyDown={(event) => {
            if (event.key !== 't') return;
            event.stopPropagation();
            toggleByKey();
          }}
        >
          <NumbersTable
            caption={`${METRIC_NAMES.pnl}, margin and free margin by spot and IV`}
            numbers={view.numbers()}
          />
        </div>
      )}
      {view && !showTable && (
        <div ref={content} className={styles.scroll} data-full={(narrowScreen && fullGrid) || undefined}>
          <LitGrid
            view={view}
            label={`${METRIC_NAMES[metric]} in ${view.unit}, spot move across, IV down`}
            onHover={hover}
            onPin={pinCell}
            onToggleTable={toggleByKey}
          />
        </div>
      )}
      {view && !showTable && (
        <footer className={styles.legend}>
          {read ? (
            <span className={styles.readout} data-testid="stress-readout">
              {read.spotMove === 0 ? 'Spot' : signedPercent(read.spotMove, 0)}, {volFactor(read.volShock)}{' '}
              <b>{cellChange(read, unit)}</b>
            </span>
          ) : event !== null ? (
            <>
              <EventReadout event={event} cell={pinnedCell} />
              <span className={styles.space} />
            </>
          ) : (
            <>
              {view.binding?.place !== 'off' && (
                <span className={styles.scale} role="img" aria-label={view.scale} title={view.scale}>
                  {metric === 'margin' ? '0' : '−100 %'}
                  <i className={styles.ramp} data-metric={metric} />
                  {metric === 'margin' ? '100 %' : '+100 %'}
                </span>
              )}
              <span className={styles.space} />
              {view.binding && (
                <span
                  className={`${styles.key} ${styles.binding}`}
                  title={bindingTitle(view.binding)}
                  data-testid="stress-binding"
                >
                  <i data-key="binding" data-off={view.binding.place === 'off' || undefined} />
                  <span>
                    {view.binding.place === 'off' && 'off the grid: '}
                    {view.binding.label}
                  </span>
                </span>
              )}
              {metric !== 'margin' && (
                <span className={styles.key}>
                  <i data-key="negative" data-metric={metric} />
                  {metric === 'free' ? 'short' : 'loss'}
                </span>
              )}
            </>
          )}
          <EventMenu className={styles.range ?? ''} />
          <Button
            kind="quiet"
            className={styles.range ?? ''}
            aria-pressed={wide}
            title={wide ? 'Back to ±16 % of spot' : 'Reach ±60 % of spot'}
            onClick={() => useStore.getState().setStressWide(!wide)}
          >
            {wide ? '±16 %' : '±60 %'}
          </Button>
          {narrowScreen && (
            <Button kind="quiet" aria-pressed={fullGrid} onClick={() => setFullGrid(!fullGrid)}>
              {fullGrid ? 'Short grid' : 'Full grid'}
            </Button>
          )}
        </footer>
      )}
    </PanelFrame>
  );
}

/** Follows the crosshair, which moves more often than the figures change. */
function LitGrid(props: Omit<Parameters<typeof StressGrid>[0], 'hoveredColumn'>) {
  const hoveredColumn = useStore((state) => columnNear(props.view, state.hoverSpotMove));
  const pointed = useStore((state) => state.lit);
  const lit = useMemo(() => litCells(props.view, pointed?.cells ?? []), [props.view, pointed]);
  return <StressGrid {...props} hoveredColumn={hoveredColumn} lit={lit} />;
}

const BINDING_PLACES = {
  cell: 'It is the outlined cell.',
  near: 'It lies between cells; the nearest is outlined.',
  off: 'It lies beyond this grid.',
} as const;

function bindingTitle({ label, place }: NonNullable<StressView['binding']>): string {
  return `The rulebook’s binding scenario: ${label}. ${BINDING_PLACES[place]}`;
}

function isSameCell(cell: StressCellView) {
  return (other: StressCellView) => other.spotMove === cell.spotMove && other.volShock === cell.volShock;
}
