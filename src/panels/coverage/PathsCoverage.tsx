import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useMarginPaths } from '../../compute/tasks/useMarginPaths.ts';
import type { MarginPathsProgress, MarginPathsRequest } from '../../engine/domain/marginPaths.ts';
import type { AppState } from '../../state/AppState.ts';
import { chosenModel, currentBook, displayUnit } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { dateTime, money } from '../../ui/format.ts';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './CoveragePanel.module.css';
import { distributionName } from './coverageView.ts';
import { pathsView } from './pathsView.ts';

const HORIZONS = ['1', '7', '14', '30', '60', '90'] as const;
type Horizon = (typeof HORIZONS)[number];
const LOOKS = [
  { value: '24', label: 'each hour' },
  { value: '4', label: 'each 6 h' },
  { value: '1', label: 'each day' },
] as const;
type Looks = (typeof LOOKS)[number]['value'];
const PATHS = 10_000;

interface PathsCoverageProps {
  /** Switches between outcomes and paths. */
  readonly modes: ReactNode;
}

/** Equity and maintenance margin along paths of the market, and the chance that they meet. */
export function PathsCoverage({ modes }: PathsCoverageProps) {
  const [horizon, setHorizon] = useState<Horizon>('30');
  const [looks, setLooks] = useState<Looks>('24');
  const market = useStore((state) => state.market);
  const model = useStore(chosenModel);
  const unit = useStore(displayUnit);
  const settings = useStore((state) => state.varSettings);
  const hasLegs = useStore((state) => currentBook(state).legs.length > 0);
  const about = useStore(inputsKey);
  const key = hasLegs && about !== null ? `${about}|${horizon}|${looks}` : null;
  const request = useMemo(
    () => (key === null ? null : pathsRequest(useStore.getState(), Number(horizon), Number(looks))),
    [key, horizon, looks],
  );
  const { value, failure, progress, stale, retry } = useMarginPaths(request === null ? null : key, request);
  const report = key === null ? null : value;
  const view = useMemo(() => report && pathsView(report, unit), [report, unit]);
  const narrow = useNarrow();
  const [showTable, setShowTable] = useState(false);
  const chart = useRef<ChartHandle>(null);
  const title = 'Coverage';
  const moves = moveDistribution(settings);
  const footnote = market
    ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${model?.title ?? ''} rulebook, ${distributionName(moves.distribution, moves.degreesOfFreedom)} days, seed ${settings.seed}`
    : '';
  const version = report === null ? 'none' : `${key} ${report.paths} ${unit.symbol}`;
  return (
    <PanelFrame
      title={title}
      testId="coverage-panel"
      stale={stale && report !== null}
      problem={
        failure === null || progress !== null ? null : { message: `No paths. ${failure.message}.`, onRetry: retry }
      }
      subtitle={narrow ? unit.symbol : `paths, ${unit.symbol}`}
      control={
        <>
          {modes}
          {view !== null && (
            <ViewMenu
              title="Margin along paths"
              numbers={view.fanNumbers}
              showTable={showTable}
              onShowTable={setShowTable}
              onSavePicture={() => chart.current?.savePicture()}
            />
          )}
        </>
      }
    >
      <div className={styles.content} data-testid="paths-view">
        <div className={styles.pathSettings}>
          <SelectField
            label="Length of the paths"
            value={horizon}
            groups={[
              {
                label: null,
                options: HORIZONS.map((days) => ({ value: days, label: days === '1' ? '1 day' : `${days} days` })),
              },
            ]}
            onChange={setHorizon}
          />
          <SelectField
            label="How often equity is looked at"
            value={looks}
            groups={[{ label: null, options: LOOKS }]}
            onChange={setLooks}
          />
          <PathsProgress progress={progress} />
        </div>
        {view === null ? (
          <p className={styles.pathNote}>{emptyText(key !== null, failure !== null)}</p>
        ) : (
          <>
            <p className={styles.headline} role="status" data-testid="paths-headline">
              {view.headline}
            </p>
            <div className={styles.fan} data-stale={stale || undefined} data-table={showTable || undefined}>
              <Chart
                ref={chart}
                testId="paths-chart"
                title="Margin along paths"
                unit={unit.symbol}
                footnote={footnote}
                description={view.fanDescription}
                plot={view.fan}
                version={version}
                numbers={view.fanNumbers}
                showTable={showTable}
              />
            </div>
            {!showTable && (
              <>
                <div className={styles.touch} data-stale={stale || undefined}>
                  <Chart
                    testId="touch-chart"
                    title="Chance of a touch by day"
                    unit="share of paths"
                    footnote={footnote}
                    description={view.touchDescription}
                    plot={view.touch}
                    version={version}
                    numbers={view.touchNumbers}
                  />
                </div>
                <p className={styles.pathNote} data-testid="paths-details">
                  {view.details.join(' ')}
                  {moves.instead !== null && ` ${moves.instead}`}
                </p>
              </>
            )}
          </>
        )}
      </div>
    </PanelFrame>
  );
}

function PathsProgress({ progress }: { readonly progress: MarginPathsProgress | null }) {
  if (progress === null) return null;
  const { stage, pathsDone, pathsAsked } = progress;
  return (
    <span className={styles.pathProgress}>
      {stage === 'margins' ? 'asking the rulebook along the way' : `${money(pathsDone)} of ${money(pathsAsked)} paths`}
      <progress {...(stage === 'margins' ? {} : { value: pathsDone, max: pathsAsked })} aria-label="Paths done" />
    </span>
  );
}

function emptyText(isAsked: boolean, hasFailed: boolean): string {
  if (!isAsked)
    return 'The book has no legs: add one, and this shows what becomes of equity and margin if nobody acts.';
  return hasFailed ? 'Nothing to draw.' : 'Following the book along paths of the market.';
}

/** Everything that the answer depends on. */
function inputsKey(state: AppState): string | null {
  if (state.market === null || state.models.length === 0) return null;
  const { inputVersion, model, smile, market, varSettings } = state;
  const { distribution, degreesOfFreedom, seed } = varSettings;
  return [market.id, inputVersion, model, smile, distribution, degreesOfFreedom, seed].join('|');
}

/** Of one day's moves. Distributions that are fitted to a horizon as a whole have no steps: Student-t stands in, and says so. */
function moveDistribution({ distribution, degreesOfFreedom }: AppState['varSettings']) {
  if (distribution === 'normal' || distribution === 'student-t')
    return { distribution, degreesOfFreedom, instead: null };
  return {
    distribution: 'student-t' as const,
    degreesOfFreedom,
    instead: `Days are ${distributionName('student-t', degreesOfFreedom)}: ${distributionName(distribution, degreesOfFreedom)} is for outcomes alone.`,
  };
}

function pathsRequest(state: AppState, days: number, stepsPerDay: number): MarginPathsRequest {
  const { varSettings, smile, model, parameters, market } = state;
  const { distribution, degreesOfFreedom } = moveDistribution(varSettings);
  return {
    marketId: market!.id,
    smileEdits: smileEditsInForce(state),
    book: currentBook(state),
    model,
    parameters: parameters[model] ?? {},
    days,
    stepsPerDay,
    paths: PATHS,
    seed: varSettings.seed,
    distribution,
    degreesOfFreedom,
    // Paths move vol themselves: the smile goes along with spot, and a beta would count vol's moves twice.
    smile: smile === 'spot-vol-beta' ? 'sticky-delta' : smile,
  };
}
