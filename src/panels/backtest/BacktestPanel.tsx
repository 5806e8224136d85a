import { useMemo, useRef, useState } from 'react';
import type { TrafficLightZone } from '../../engine/domain/backtestReport.ts';
import { currentBook, displayUnit } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { Chart, type ChartHandle } from '../../ui/Chart.tsx';
import { Crosshair } from '../../ui/Crosshair.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { amount, dateCode, dateTime, signedAmount } from '../../ui/format.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { Term } from '../../ui/Term.tsx';
import { useNarrow } from '../../ui/useNarrow.ts';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './BacktestPanel.module.css';
import {
  type BacktestRow,
  type BacktestView,
  backtestView,
  dayAt,
  level,
  METHOD_NAMES,
  type TestCell,
} from './backtestView.ts';
import { useBacktest } from './useBacktest.ts';

const TITLE = 'Backtest';
const CONFIDENCES = [0.95, 0.975, 0.99] as const;

/** Would VaR have held? P&L of today's book on each day of the history against the VaR forecast the day before. */
export function BacktestPanel() {
  const { value: report, failure, pending, retry } = useBacktest();
  const settings = useStore((state) => state.backtestSettings);
  const change = useStore((state) => state.setBacktestSettings);
  const unit = useStore(displayUnit);
  const market = useStore((state) => state.market);
  const hasLegs = useStore((state) => currentBook(state).legs.length > 0);
  const narrow = useNarrow();
  const [showTable, setShowTable] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const chart = useRef<ChartHandle>(null);

  const { method } = settings;
  const isShown = report !== null && failure === null && hasLegs;
  const view = useMemo(
    () => (isShown && report !== null ? backtestView({ report, method, unit, narrow }) : null),
    [isShown, report, method, unit, narrow],
  );
  const tools = (
    <>
      {pending && hasLegs && (
        <span className={styles.computing} role="status">
          computing
        </span>
      )}
      <SegmentedControl
        label="Confidence of the backtest"
        value={String(settings.confidence)}
        options={CONFIDENCES.map((confidence) => ({ value: String(confidence), label: level(confidence) }))}
        onChange={(value) => change({ confidence: Number(value) })}
      />
      <NumberField
        variant="form"
        label="Window of the backtest"
        caption="Window"
        unit="days"
        value={settings.window}
        min={30}
        max={5000}
        step={10}
        digits={0}
        onCommit={(value) => change({ window: Math.round(value) })}
      />
      {view && (
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
    <section
      className={styles.panel}
      aria-label={TITLE}
      data-testid="backtest-panel"
      data-stale={(pending && hasLegs) || undefined}
    >
      {narrow ? <div className={styles.tools}>{tools}</div> : <DockTools>{tools}</DockTools>}
      {market && !hasLegs && <p className={styles.note}>No legs yet. The backtest appears with the first one.</p>}
      {hasLegs && failure && (
        <p className={styles.note} role="status">
          No backtest. {failure.message}.
          {failure.code === 'internal' && (
            <button type="button" className={styles.retry} onClick={retry}>
              Retry
            </button>
          )}
        </p>
      )}
      {pending && hasLegs && !view && !failure && (
        <p className={styles.note}>
          Valuing today’s book under the moves of every day of the history, by four methods.
        </p>
      )}
      {view && report && market && (
        <div className={styles.body}>
          <div className={styles.chart}>
            <Chart
              ref={chart}
              testId="backtest-chart"
              title={TITLE}
              unit={`P&L a day, ${unit.symbol}`}
              footnote={`${market.source.kind.toUpperCase()} ${market.source.name}, ${dateTime(market.asOf)}, ${METHOD_NAMES[method]} VaR ${level(report.confidence)}, window ${report.window}`}
              description={view.description}
              plot={view.plot}
              version={`${method} ${report.confidence} ${report.window} ${view.days.length} ${view.days.at(-1)!.valueAtRiskUsd}`}
              numbers={view.numbers}
              showTable={showTable}
              onHover={setHovered}
              crosshair={() => hovered}
              step={report.stepDays * 86_400_000}
            >
              {hovered !== null && <DayReadout view={view} at={hovered} unit={unit} />}
            </Chart>
          </div>
          <div className={styles.side}>
            <MethodTable view={view} chosen={method} onChoose={(chosen) => change({ method: chosen })} />
            <ul className={styles.verdicts} aria-label={`Tests of ${METHOD_NAMES[method]}`}>
              {view.verdicts.map(({ test, sentence, isRejected }) => (
                <li key={test} data-rejected={isRejected || undefined}>
                  <span className={styles.test}>{test}</span> {sentence}
                </li>
              ))}
            </ul>
            <p className={styles.footnote}>
              <Term
                term="Hypothetical P&L"
                definition="what today’s book would have made under each day’s joint move of spot and vol: no trading, no time passing. A right model is thereby told from a wrong one, whatever was held then."
                side="top"
              >
                Hypothetical P&L
              </Term>
              , forecasts from the {report.window} moves before each day.
              {report.notices
                .filter(({ severity }) => severity === 'warning')
                .map(({ message }) => ` ${message}.`)
                .join('')}
            </p>
          </div>
        </div>
      )}
    </section>
  );
}

interface DayReadoutProps {
  readonly view: BacktestView;
  readonly at: number;
  readonly unit: Parameters<typeof amount>[1];
}

function DayReadout({ view, at, unit }: DayReadoutProps) {
  const day = dayAt(view.days, at);
  if (day === null) return null;
  return (
    <Crosshair plot={view.plot} x={day.date} rings={[{ y: -day.valueAtRiskUsd * unit.perUsd, colour: 'ink' }]}>
      <span>
        <b>{dateCode(day.date, 0)}</b>
      </span>
      <span>
        P&L <b>{signedAmount(day.pnlUsd, unit)}</b>
      </span>
      <span>VaR {amount(day.valueAtRiskUsd, unit)}</span>
      <span>ES {amount(day.expectedShortfallUsd, unit)}</span>
      {day.isException && <b>exception</b>}
    </Crosshair>
  );
}

interface MethodTableProps {
  readonly view: BacktestView;
  readonly chosen: BacktestRow['method'];
  readonly onChoose: (method: BacktestRow['method']) => void;
}

function MethodTable({ view, chosen, onChoose }: MethodTableProps) {
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Backtest by method</caption>
      <thead>
        <tr>
          <th scope="col">Method</th>
          <th scope="col">
            <Term
              term="Exceptions"
              definition="days whose loss was larger than the VaR forecast for them, of as many as the confidence promises."
            >
              Exceptions
            </Term>
          </th>
          <th scope="col">
            <Term
              term="Traffic light"
              definition="the supervisors’ zones: green while a right model stays below so many exceptions with 95 % probability, red from 99.99 %."
            >
              Zone
            </Term>
          </th>
          <th scope="col">
            <Term
              term="Kupiec"
              definition="the p-value of as many exceptions as promised. Below 0.05 there are too many, or too few."
            >
              Kupiec
            </Term>
          </th>
          <th scope="col">
            <Term
              term="Christoffersen"
              definition="the p-value of independence. Below 0.05 an exception makes another on the next day likelier, so VaR reacts too late."
            >
              Christoff.
            </Term>
          </th>
          <th scope="col">
            <Term
              term="Z2"
              definition="Acerbi and Szekely’s test of expected shortfall: frequency and size of exceptions together. Zero for a right model in the mean; far below zero, losses beyond VaR are more or larger than ES says."
            >
              Z2
            </Term>
          </th>
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => (
          <tr key={row.method} data-chosen={row.method === chosen || undefined}>
            <th scope="row">
              <label className={styles.choice}>
                <input
                  type="radio"
                  name="backtest-method"
                  checked={row.method === chosen}
                  onChange={() => onChoose(row.method)}
                />
                {row.name}
              </label>
            </th>
            <td>{row.exceptions}</td>
            <td className={styles.zone}>
              <ZoneMark zone={row.zone} />
              {row.zone}
            </td>
            <TestFigure cell={row.kupiec} />
            <TestFigure cell={row.christoffersen} />
            <TestFigure cell={row.shortfall} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A rejected test is heavier and marked, so that it is seen without colour. */
function TestFigure({ cell }: { cell: TestCell }) {
  return (
    <td data-rejected={cell.isRejected || undefined}>
      <span>{cell.text}</span>
      {cell.isRejected && <span className="visually-hidden">, rejected</span>}
    </td>
  );
}

/** Three shapes, so that the light reads without colour: disc, triangle, square. */
function ZoneMark({ zone }: { zone: TrafficLightZone }) {
  return (
    <svg viewBox="0 0 10 10" width="9" height="9" aria-hidden="true" className={styles[zone]}>
      {zone === 'green' && <circle cx="5" cy="5" r="4.5" fill="currentColor" />}
      {zone === 'yellow' && <path d="M5 .5 9.8 9.5H.2Z" fill="currentColor" />}
      {zone === 'red' && <path d="M.5.5h9v9h-9Z" fill="currentColor" />}
    </svg>
  );
}
