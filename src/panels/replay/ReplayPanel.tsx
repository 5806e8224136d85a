import { useMemo, useRef, useState } from 'react';
import { useReplayTimeline } from '../../compute/tasks/useReplayTimeline.ts';
import type { ReplayPoint, ReplayTimelineRequest } from '../../engine/domain/replayTimeline.ts';
import { chosenModel, currentBook, type DisplayUnit, displayUnit } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { Crosshair } from '../../ui/Crosshair.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { amount, dateTime } from '../../ui/format.ts';
import { useNarrow } from '../../ui/useNarrow.ts';
import { curveAt, type Plot } from '../../ui/plot.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './ReplayPanel.module.css';
import { distanceText, indexText, pointAt, timelineView } from './timelineView.ts';

const TITLE = 'Replay';
/** Keys walk the time in so many steps. */
const KEY_STEPS = 100;

/** Margin, equity and the way to liquidation over the time of a recording, for the book as it is now, if nobody acts. */
export function ReplayPanel() {
  const replay = useStore((state) => state.replay);
  const model = useStore(chosenModel);
  const unit = useStore(displayUnit);
  const underlying = useStore((state) => state.underlying);
  const hasLegs = useStore((state) => currentBook(state).legs.length > 0);
  const request = useTimelineRequest();
  const { points, failure, pending, retry } = useReplayTimeline(replay?.recording ?? null, request);
  const narrow = useNarrow();
  const [showTable, setShowTable] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const chart = useRef<ChartHandle>(null);
  const { from, to, marks, moments } = replay ?? NOTHING;
  const view = useMemo(
    () => (points.length === 0 ? null : timelineView({ points, from, to, marks, unit, underlying })),
    [points, from, to, marks, unit, underlying],
  );
  if (replay === null) return <p className={styles.note}>No recording is being replayed.</p>;
  const at = hovered ?? replay.at;
  const point = pointAt(points, at);
  const footnote = `${replay.name}, ${dateTime(from)} to ${dateTime(to)}, ${model?.title ?? ''} rulebook`;
  const version = `${points.length} ${points.at(-1)?.at ?? ''} ${points[0]?.figures?.equityUsd ?? ''} ${unit.symbol}`;
  const common = {
    footnote,
    version,
    onHover: setHovered,
    onPick: (time: number) => replay.controls.seek(time),
    crosshair: () => hovered ?? replay.at,
    step: Math.max(1, (to - from) / KEY_STEPS),
  };
  const tools = (
    <>
      {pending && request !== null && (
        <span className={styles.computing}>
          {points.length} of {moments.length} moments
          <progress value={points.length} max={moments.length} aria-label="Moments done" />
        </span>
      )}
      {view !== null && (
        <ViewMenu
          title={TITLE}
          numbers={view.numbers}
          showTable={showTable}
          onShowTable={setShowTable}
          onSavePicture={() => chart.current?.savePicture()}
        />
      )}
    </>
  );
  return (
    <section className={styles.panel} aria-label={TITLE} data-testid="replay-panel" data-stale={pending || undefined}>
      {narrow ? <div className={styles.tools}>{tools}</div> : <DockTools>{tools}</DockTools>}
      {!hasLegs && (
        <p className={styles.note}>No legs yet. With the first one this draws its margin over the recording.</p>
      )}
      {hasLegs && failure !== null && !pending && (
        <p className={styles.note} role="status">
          No figures over time. {failure.message}.
          <button type="button" className={styles.retry} onClick={retry}>
            Retry
          </button>
        </p>
      )}
      {hasLegs && view === null && failure === null && (
        <p className={styles.note}>Margining this book at {moments.length} moments of the recording.</p>
      )}
      {view !== null && (
        <>
          <p className={styles.headline} data-testid="replay-headline">
            {view.headline} {view.gaps.join(' ')}
          </p>
          {point !== null && <Readout point={point} unit={unit} underlying={underlying} />}
          <div className={styles.charts} data-table={showTable || undefined}>
            <div className={styles.money}>
              <Chart
                ref={chart}
                testId="replay-money"
                title="Margin over the recording"
                unit={unit.symbol}
                description={view.moneyDescription}
                plot={view.money}
                numbers={view.numbers}
                showTable={showTable}
                {...common}
              >
                <Crosshair plot={view.money} x={at} rings={moneyRings(view.money, at)} />
              </Chart>
            </div>
            {!showTable && (
              <div className={styles.distance}>
                <Chart
                  testId="replay-distance"
                  title="Liquidation distance over the recording"
                  unit="move of spot"
                  description={view.distanceDescription}
                  plot={view.distance}
                  numbers={view.numbers}
                  {...common}
                >
                  <Crosshair plot={view.distance} x={at} rings={[]} />
                </Chart>
              </div>
            )}
          </div>
        </>
      )}
    </section>
  );
}

const NOTHING = { from: 0, to: 0, marks: [], moments: [] };

function useTimelineRequest(): ReplayTimelineRequest | null {
  const moments = useStore((state) => state.replay?.moments ?? null);
  const end = useStore((state) => state.replay?.end ?? 0);
  const book = useStore(currentBook);
  const model = useStore((state) => state.model);
  const parameters = useStore((state) => state.parameters[state.model]);
  const underlying = useStore((state) => state.underlying);
  const movers = useStore((state) => state.movers);
  const smile = useStore((state) => state.smile);
  const spotVolBeta = useStore((state) => state.spotVolBeta);
  const areModelsKnown = useStore((state) => state.models.length > 0);
  return useMemo(
    () =>
      moments === null || book.legs.length === 0 || !areModelsKnown
        ? null
        : {
            moments,
            end,
            book,
            model,
            parameters: parameters ?? {},
            underlying,
            movers,
            smile,
            ...(spotVolBeta === null ? {} : { spotVolBeta }),
          },
    [moments, end, book, model, parameters, underlying, movers, smile, spotVolBeta, areModelsKnown],
  );
}

/** On the lines of equity and maintenance. */
function moneyRings({ lines }: Plot, at: number) {
  return lines.flatMap(({ id, x, y, colour }) => {
    const height = id === 'initial' ? null : curveAt(x, y, at);
    return height === null ? [] : [{ y: height, colour }];
  });
}

interface ReadoutProps {
  readonly point: ReplayPoint;
  readonly unit: DisplayUnit;
  readonly underlying: string;
}

function Readout({ point, unit, underlying }: ReadoutProps) {
  const { figures, failure } = point;
  return (
    <p className={styles.readout} data-testid="replay-readout">
      <b>{dateTime(point.at)}</b>
      <span>
        {underlying} {indexText(point, underlying)}
      </span>
      {figures === null ? (
        <span>{failure?.message}</span>
      ) : (
        <>
          <span>
            Equity <b>{amount(figures.equityUsd, unit)}</b>
          </span>
          <span>
            Initial <b data-testid="replay-initial">{amount(figures.initialMarginUsd, unit)}</b>
          </span>
          <span>
            Maintenance <b>{amount(figures.maintenanceMarginUsd, unit)}</b>
          </span>
          <span>Liquidation {distanceText(point)}</span>
        </>
      )}
    </p>
  );
}
