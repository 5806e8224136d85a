import { useMemo, useState } from 'react';
import type { VarReport } from '../../engine/domain/riskReport.ts';
import { currentBook } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart } from '../../ui/Chart.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { instrumentLabel, money, signed } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { NumbersTable } from '../../ui/NumbersTable.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import type { ShownMethod } from './coverageView.ts';
import styles from './TailDialog.module.css';
import { cornishFisherSentence, positionNumbers, tailView } from './tailView.ts';

const METHOD_OPTIONS: readonly { value: ShownMethod; label: string }[] = [
  { value: 'historical', label: 'Historical' },
  { value: 'parametric', label: 'Parametric' },
  { value: 'monte-carlo', label: 'Monte Carlo' },
  { value: 'evt', label: 'EVT' },
  { value: 'cornish-fisher', label: 'Cornish-Fisher' },
];

/** What a threshold set by hand begins at. */
const FIRST_THRESHOLD = 0.9;

/** The tail behind the figures: fit and threshold of the extreme value method, the expansion's moments, and each position's share. */
export function TailDialog({ onClose }: { onClose: () => void }) {
  const answer = useStore((state) => state.varReports.evt);
  const expansion = useStore((state) => state.varReports['cornish-fisher']?.report ?? null);
  const report = answer?.report ?? null;
  const tail = report?.extremeValue;
  const view = useMemo(() => (report && tail ? tailView(report, tail) : null), [report, tail]);
  const failure = answer?.failure?.message ?? null;
  const moments = expansion === null ? null : cornishFisherSentence(expansion);
  return (
    <Dialog title="Tail of the losses" open onClose={onClose}>
      <ThresholdChoice />
      {failure !== null && (
        <p className={styles.text} role="status">
          {failure}
        </p>
      )}
      {view !== null && failure === null && (
        <>
          {view.sentences.map((sentence) => (
            <p key={sentence} className={styles.text}>
              {sentence}
            </p>
          ))}
          <div className={styles.chart}>
            <Chart
              testId="tail-chart"
              title="Tail of the losses"
              unit="USD"
              footnote=""
              description={view.description}
              plot={view.plot}
              version={report?.inputVersion ?? 'none'}
              numbers={view.losses}
            />
          </div>
          <p className={styles.axes}>Loss in USD against the share of outcomes at least as bad, both logarithmic</p>
          <h3 className={styles.heading}>Other thresholds</h3>
          <div className={styles.table}>
            <NumbersTable
              caption="The tail at other thresholds. Where ξ and the figures hold still, the choice does not matter."
              numbers={view.thresholds()}
            />
          </div>
        </>
      )}
      {moments !== null && <p className={styles.text}>{moments}</p>}
      <PositionShares />
    </Dialog>
  );
}

function ThresholdChoice() {
  const { tailOf, thresholdQuantile } = useStore((state) => state.varSettings);
  const change = useStore((state) => state.setVarSettings);
  return (
    <div className={styles.controls}>
      <SegmentedControl<'historical' | 'monte-carlo'>
        label="Losses that the tail is fitted to"
        value={tailOf}
        options={[
          { value: 'historical', label: 'Historical' },
          { value: 'monte-carlo', label: 'Monte Carlo' },
        ]}
        onChange={(source) => change({ tailOf: source })}
      />
      <SegmentedControl<'rule' | 'own'>
        label="Threshold"
        value={thresholdQuantile === null ? 'rule' : 'own'}
        options={[
          { value: 'rule', label: 'Threshold by rule' },
          { value: 'own', label: 'Set it' },
        ]}
        onChange={(by) => change({ thresholdQuantile: by === 'rule' ? null : FIRST_THRESHOLD })}
      />
      {thresholdQuantile !== null && (
        <NumberField
          variant="form"
          label="Share of outcomes below the threshold"
          unit="%"
          value={Number((thresholdQuantile * 100).toFixed(6))}
          min={50}
          max={99.5}
          step={1}
          onCommit={(value) => change({ thresholdQuantile: value / 100 })}
        />
      )}
    </div>
  );
}

function PositionShares() {
  const [method, setMethod] = useState<ShownMethod>('historical');
  const report = useStore((state) => state.varReports[method]?.report ?? null);
  const asOf = useStore((state) => state.market?.asOf);
  const book = useStore(currentBook);
  const names = useMemo(
    () => new Map(book.legs.map(({ id, instrument }) => [id, instrumentLabel(instrument, asOf)])),
    [book, asOf],
  );
  return (
    <>
      <h3 className={styles.heading}>VaR by position</h3>
      <div className={styles.controls}>
        <SegmentedControl<ShownMethod>
          label="Method of VaR by position"
          value={method}
          options={METHOD_OPTIONS}
          onChange={setMethod}
        />
      </div>
      {report === null ? (
        <p className={styles.text}>This method has no answer.</p>
      ) : (
        <div className={styles.table}>
          <NumbersTable
            caption={sharesCaption(report)}
            numbers={positionNumbers(report, (id) => names.get(id) ?? id.replace('collateral:', 'Collateral '))}
          />
        </div>
      )}
    </>
  );
}

function sharesCaption({ valueAtRiskUsd, incremental }: VarReport): string {
  const shares = `Components add up to ${money(valueAtRiskUsd)} USD. Marginal is what one unit more would add; incremental, what VaR would lack without the position.`;
  if (incremental === undefined) return shares;
  return `${shares} The proposal changes VaR by ${signed(incremental.valueAtRiskUsd, 0)} USD and ES by ${signed(incremental.expectedShortfallUsd, 0)} USD.`;
}
