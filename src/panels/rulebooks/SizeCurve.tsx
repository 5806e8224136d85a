import { useMemo, useRef } from 'react';
import type { MarginModelDescription } from '../../engine/domain/riskParameters.ts';
import type { SizingReport } from '../../engine/domain/rulebookReport.ts';
import { displayUnit } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Button } from '../../ui/Button.tsx';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { dateTime } from '../../ui/format.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import { fitSentence, sizeCurveView, type SizeMetric } from './sizeCurveView.ts';
import styles from './RulebooksPanel.module.css';
import type { TradeSize } from './tradeSizes.ts';

const TITLE = 'Margin by size';

export interface SizeCurveProps {
  readonly sizes: readonly TradeSize[];
  readonly size: TradeSize;
  readonly onSize: (key: string) => void;
  readonly report: SizingReport | null;
  readonly failure: string | null;
  readonly onRetry: () => void;
  readonly stale: boolean;
  readonly models: readonly MarginModelDescription[];
  readonly metric: SizeMetric;
  readonly onMetric: (metric: SizeMetric) => void;
  readonly tall: boolean;
  readonly showTable: boolean;
  readonly onShowTable: (show: boolean) => void;
}

/** Differs where what is drawn does. */
function answerName(report: SizingReport | null): string {
  if (report === null) return 'none';
  const { inputVersion, presentSize, curves, fits } = report;
  const sizes = fits.map((fit) => (fit.kind === 'largest' ? fit.largest : fit.kind));
  return [inputVersion, presentSize, ...curves.map(({ id }) => id), ...sizes].join(' ');
}

/** Margin over the size of one trade, under the rulebooks that are drawn, and the size at which the chosen one is used up. */
export function SizeCurve(props: SizeCurveProps) {
  const { size, report, failure, models, metric, showTable, tall } = props;
  const unit = useStore(displayUnit);
  const chosen = useStore((state) => state.model);
  const market = useStore((state) => state.market);
  const chart = useRef<ChartHandle>(null);
  const titles = useMemo(() => new Map(models.map(({ id, title }) => [id, title])), [models]);
  const view = useMemo(
    () =>
      report === null
        ? null
        : sizeCurveView({ report, metric, chosen, titles, unit, sizeUnit: size.unitName, label: size.label, tall }),
    [report, metric, chosen, titles, unit, size.unitName, size.label, tall],
  );
  const fit = report?.fits.find(({ id }) => id === chosen) ?? null;
  return (
    <div className={styles.sizing} data-testid="size-curve-pane">
      <div className={styles.choices}>
        <SelectField
          label="Trade whose size varies"
          value={size.key}
          groups={[{ label: null, options: props.sizes.map(({ key, label }) => ({ value: key, label })) }]}
          onChange={props.onSize}
        />
        <SegmentedControl
          label="Curve"
          value={metric}
          options={[
            { value: 'free', label: 'Free' },
            { value: 'initial', label: 'Initial' },
          ]}
          onChange={props.onMetric}
        />
        {view !== null && (
          <ViewMenu
            title={TITLE}
            numbers={view.numbers}
            showTable={showTable}
            onShowTable={props.onShowTable}
            onSavePicture={() => chart.current?.savePicture()}
          />
        )}
      </div>
      {failure !== null && (
        <p className={styles.note} role="status">
          Sizes not updated. {failure} <Button onClick={props.onRetry}>Retry</Button>
        </p>
      )}
      <div className={styles.chart} data-stale={props.stale || undefined}>
        {view !== null && (
          <Chart
            ref={chart}
            testId="size-chart"
            title={TITLE}
            unit={`${unit.symbol}, size in ${size.unitName}`}
            footnote={
              market
                ? `${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${size.label}`
                : ''
            }
            description={view.description}
            plot={view.plot}
            version={`${answerName(report)} ${metric} ${unit.symbol} ${chosen}`}
            numbers={view.numbers}
            showTable={showTable}
          />
        )}
      </div>
      <p className={styles.sentence} data-testid="size-sentence">
        {fit !== null && report !== null && fitSentence(fit, report, titles.get(fit.id) ?? fit.id, size.unitName)}
        {fit?.kind === 'largest' && fit.largest > 0 && fit.largest !== report?.presentSize && (
          <Button disabled={props.stale} onClick={() => size.propose(fit.largest)}>
            Propose it
          </Button>
        )}
      </p>
    </div>
  );
}
