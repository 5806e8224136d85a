import { memo, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { VarProgress } from '../../engine/domain/riskReport.ts';
import { chosenModel, currentMargin, displayUnit, isSupported, isVarStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { amount, dateTime, money, percent } from '../../ui/format.ts';
import { PanelFrame } from '../../ui/PanelFrame.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './CoveragePanel.module.css';
import {
  type CoverageInput,
  type CoverageRow,
  type CoverageView,
  coverageView,
  coveredPercent,
  distributionName,
  METHODS,
  progressOf,
  shownReport,
  steadyAnswers,
} from './coverageView.ts';
import { PathsCoverage } from './PathsCoverage.tsx';
import { Refinement } from './Refinement.tsx';
import { expectedPaths } from './refinementView.ts';
import { TailDialog } from './TailDialog.tsx';
import { useVarMark } from './useVarMark.ts';
import { VarSettingsButton } from './VarSettingsButton.tsx';

const TITLE = 'Coverage';

type Mode = 'outcomes' | 'paths';

/** Is the requirement enough: against the distribution of outcomes at a horizon, or along paths to it. */
export function CoveragePanel() {
  const [mode, setMode] = useState<Mode>('outcomes');
  const modes = useMemo(
    () => (
      <SegmentedControl<Mode>
        label="Coverage of"
        value={mode}
        options={[
          { value: 'outcomes', label: 'P&L', title: 'P&L at a horizon against the margin of now' },
          { value: 'paths', label: 'Paths', title: 'Equity and margin day by day if nobody acts' },
        ]}
        onChange={setMode}
      />
    ),
    [mode],
  );
  return mode === 'paths' ? <PathsCoverage modes={modes} /> : <OutcomesCoverage modes={modes} />;
}

/** The distribution of outcomes against the margin, by three ways of asking. */
function OutcomesCoverage({ modes }: { readonly modes: ReactNode }) {
  const answers = useStore((state) => state.varReports);
  const settings = useStore((state) => state.varSettings);
  const outcome = useStore(currentMargin);
  const unit = useStore(displayUnit);
  const market = useStore((state) => state.market);
  const model = useStore(chosenModel);
  const version = useStore((state) => state.varVersion);
  const stale = useStore((state) =>
    METHODS.some((method) => isVarStale(state, method) && !state.varReports[method]?.failure),
  );
  const recompute = useStore((state) => state.recompute);
  const narrow = useNarrow();
  const [showTable, setShowTable] = useState(false);
  const [showTail, setShowTail] = useState(false);
  const chart = useRef<ChartHandle>(null);

  const margins = useMemo(
    () =>
      isSupported(outcome)
        ? { initialUsd: outcome.initialMarginUsd, maintenanceUsd: outcome.maintenanceMarginUsd }
        : null,
    [outcome],
  );
  const drawn = useRef(answers);
  drawn.current = steadyAnswers(drawn.current, answers);
  const figures = drawn.current;
  useVarMark(shownReport(figures['monte-carlo']));
  const view = useMemo(
    () => coverageView({ answers: figures, settings, margins, unit }),
    [figures, settings, margins, unit],
  );
  const control = useMemo(
    () => (
      <>
        {modes}
        <VarSettingsButton />
        <ViewMenu
          title={TITLE}
          numbers={view.numbers}
          showTable={showTable}
          onShowTable={setShowTable}
          onSavePicture={() => chart.current?.savePicture()}
        />
      </>
    ),
    [modes, view, showTable],
  );
  const horizon = settings.horizonDays === 1 ? '1-day' : `${settings.horizonDays}-day`;
  const any = view.rows.some((row) => row.valueAtRiskUsd !== null);
  const failed = view.rows.every((row) => row.failure !== null);

  return (
    <PanelFrame
      title={TITLE}
      testId="coverage-panel"
      stale={stale && any}
      problem={failed ? { message: `No method has an answer. ${view.rows[0]?.failure}`, onRetry: recompute } : null}
      subtitle={narrow ? `${horizon}, ${unit.symbol}` : `${horizon} P&L, ${unit.symbol}`}
      control={control}
    >
      <div className={styles.content}>
        <div className={styles.chart} data-stale={stale || undefined} data-table={showTable || undefined}>
          <Chart
            ref={chart}
            testId="coverage-chart"
            title={TITLE}
            unit={`${horizon} P&L, ${unit.symbol}`}
            footnote={
              market
                ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${model?.title ?? ''} rulebook, ${distributionName(settings.distribution, settings.degreesOfFreedom)}, seed ${settings.seed}`
                : ''
            }
            description={view.description}
            plot={view.plot}
            version={any ? version : 'none'}
            numbers={view.numbers}
            showTable={showTable}
          />
        </div>
        {!showTable && (
          <>
            <MethodTable {...{ view, answers, unit, setShowTail }} brief={failed} />
            <p className={styles.sentence} data-testid="coverage-sentence">
              {view.sentence}
              {view.sentence !== null && <span className={styles.by}> {view.sentenceBy}</span>}
            </p>
            <Refinement answer={figures['monte-carlo']} unit={unit} />
          </>
        )}
      </div>
      {showTail && <TailDialog onClose={() => setShowTail(false)} />}
    </PanelFrame>
  );
}

interface MethodTableProps {
  readonly view: CoverageView;
  /** With the progress of those that refine. */
  readonly answers: CoverageInput['answers'];
  readonly unit: Parameters<typeof amount>[1];
  /** The reason stands above already. */
  readonly brief: boolean;
  readonly setShowTail: (show: true) => void;
}

function MethodTable({ view, answers, unit, brief, setShowTail }: MethodTableProps) {
  const onShowTail = useCallback(() => setShowTail(true), [setShowTail]);
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Value at risk and expected shortfall by method</caption>
      <MethodHead />
      <tbody>
        {view.rows.map((row) => (
          <MethodRow
            key={row.method}
            row={row}
            progress={progressOf(answers[row.method])}
            unit={unit}
            swatch={swatchOf(row, view)}
            brief={brief}
            onShowTail={row.method === 'evt' || row.method === 'cornish-fisher' ? onShowTail : null}
          />
        ))}
      </tbody>
    </table>
  );
}

const MethodHead = memo(function MethodHead() {
  const { confidence, expectedShortfallConfidence } = useStore((state) => state.varSettings);
  return (
    <thead>
      <tr>
        <th scope="col">Method</th>
        <th scope="col">
          <svg viewBox="0 0 8 8" width="7" height="7" aria-hidden="true">
            <circle cx="4" cy="4" r="3.5" fill="var(--ink)" />
          </svg>
          <Term
            term="VaR"
            definition={`the loss that ${percent(confidence, 1)} of outcomes stay within. One in ${money(1 / (1 - confidence))} is worse.`}
          >
            {`VaR ${plainPercent(confidence)}`}
          </Term>
        </th>
        <th scope="col">
          <svg viewBox="0 0 8 8" width="7" height="7" aria-hidden="true">
            <circle cx="4" cy="4" r="3" fill="none" stroke="var(--ink2)" strokeWidth="1.6" />
          </svg>
          <Term
            term="Expected shortfall"
            definition={`the mean loss of the worst ${percent(1 - expectedShortfallConfidence, 1)} of outcomes.`}
          >
            {`ES ${plainPercent(expectedShortfallConfidence)}`}
          </Term>
        </th>
        <th scope="col">
          <Term term="Covered" definition="the share of outcomes whose loss is at most the initial margin.">
            Covered
          </Term>
        </th>
      </tr>
    </thead>
  );
});

type Swatch = 'bars' | 'outline' | 'none';

function swatchOf(row: CoverageRow, { drawn }: CoverageView): Swatch {
  return row.method === drawn.bars ? 'bars' : row.method === drawn.outline ? 'outline' : 'none';
}

interface MethodRowProps {
  readonly row: CoverageRow;
  readonly progress: VarProgress | null;
  readonly unit: Parameters<typeof amount>[1];
  /** How the picture draws this method's distribution. */
  readonly swatch: Swatch;
  readonly brief: boolean;
  /** Opens what stands behind the figure; null where the row is all there is. */
  readonly onShowTail: (() => void) | null;
}

const MethodRow = memo(function MethodRow({ row, progress, unit, swatch, brief, onShowTail }: MethodRowProps) {
  const error = row.standardError;
  const target = useStore((state) => state.varSettings);
  const figure = (usd: number | null, errorUsd: number | undefined) => (
    <td>
      {usd === null ? '' : amount(usd, unit)}
      {errorUsd !== undefined && <span className={styles.error}> ±{amount(errorUsd, unit)}</span>}
    </td>
  );
  return (
    <tr data-method={row.method}>
      <th scope="row">
        <i className={styles.swatch} data-swatch={swatch} aria-hidden="true" />
        {onShowTail !== null ? (
          <button type="button" className={styles.detail} onClick={onShowTail} aria-haspopup="dialog">
            {row.name}
          </button>
        ) : (
          row.name
        )}
        {progress && (
          <progress
            className={styles.progress}
            value={progress.soFar === null ? 0 : progress.pathsDone}
            max={expectedPaths(progress.soFar, target, progress.pathsAsked)}
            aria-label={`${row.name}: paths done`}
          />
        )}
      </th>
      {row.failure !== null ? (
        <td colSpan={3} className={styles.failure} title={row.failure}>
          {brief ? 'no answer' : row.failure}
        </td>
      ) : (
        <>
          {figure(row.valueAtRiskUsd, error?.valueAtRiskUsd)}
          {figure(row.expectedShortfallUsd, error?.expectedShortfallUsd)}
          <td>{row.covered === null ? '' : coveredPercent(row.covered)}</td>
        </>
      )}
    </tr>
  );
});

/** `99`, `97.5`: as the column heads of every desk write it. */
function plainPercent(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}
