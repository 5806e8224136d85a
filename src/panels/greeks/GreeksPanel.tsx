import { useMemo, useState } from 'react';
import { bookRiskAfter, bookRiskBefore, displayUnit, isStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { type DataColumn, DataTable, tableNumbers } from '../../ui/DataTable.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { signed } from '../../ui/format.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './GreeksPanel.module.css';
import { type GreeksDigits, type GreeksRow, greeksSections, type ShownGreeks } from './greeksRows.ts';

/** Sensitivities by coin and expiry, or by leg; a tab of the dock, which carries the title. */
export function GreeksPanel() {
  const before = useStore(bookRiskBefore);
  const after = useStore(bookRiskAfter);
  const market = useStore((state) => state.market);
  const stale = useStore(isStale);
  const unit = useStore(displayUnit);
  const problem = useStore((state) => state.problems.evaluate);
  const [by, setBy] = useState<'expiry' | 'leg'>('expiry');

  const digits = DIGITS[unit.kind];
  const sections = useMemo(() => {
    if (before === null || market === null) return [];
    const indices = new Map(market.underlyings.map(({ symbol, index }) => [symbol, index]));
    return greeksSections(before, after, by, indices, market.asOf, unit.perUsd, digits);
  }, [before, after, by, market, unit, digits]);
  const columns = useMemo(() => greeksColumns(by, unit.symbol, digits), [by, unit, digits]);
  const tableSections = useMemo(
    () => sections.map(({ underlying, rows }) => ({ key: underlying, rows, className: styles.section })),
    [sections],
  );
  const rows = tableSections.flatMap((section) => section.rows);

  return (
    <div className={styles.panel} data-testid="greeks-panel" data-stale={stale || undefined}>
      <DockTools>
        <SegmentedControl
          label="Rows"
          value={by}
          options={[
            { value: 'expiry', label: 'By expiry' },
            { value: 'leg', label: 'By leg' },
          ]}
          onChange={setBy}
        />
        <ViewMenu title={`Greeks by ${by}`} numbers={() => tableNumbers(columns, rows)} />
      </DockTools>
      {problem && <p className={styles.note}>Greeks not updated. {problem.message}</p>}
      {rows.length === 0 ? (
        <p className={styles.note}>{before === null ? '' : 'No legs yet. Greeks appear with the first one.'}</p>
      ) : (
        <section className={styles.scroll} tabIndex={0} aria-label={`Greeks by ${by}`}>
          <DataTable
            caption={`Greeks by ${by}`}
            columns={columns}
            sections={tableSections}
            rowKey={(row) => row.key}
            rowClass={(row) => styles[row.kind]}
          />
        </section>
      )}
    </div>
  );
}

/** Decimals by unit: whole USD, coin to four; what is measured in coin either way keeps its own. */
const DIGITS: Readonly<Record<'usd' | 'coin', GreeksDigits>> = {
  usd: { value: 0, delta: 2, gamma: 2, vega: 0, theta: 0, rho: 0, vanna: 3, volga: 1 },
  coin: { value: 4, delta: 2, gamma: 2, vega: 4, theta: 4, rho: 4, vanna: 3, volga: 5 },
};

function greeksColumns(by: 'expiry' | 'leg', money: string, digits: GreeksDigits): DataColumn<GreeksRow>[] {
  const figure = (id: keyof ShownGreeks, header: string, name: string, unit: string): DataColumn<GreeksRow> => ({
    id,
    header: (
      <>
        {header} <span className={styles.unit}>{unit}</span>
      </>
    ),
    name,
    unit,
    width: 104,
    value: (row) => row.figures?.[id] ?? null,
    cell: (row) => {
      if (row.rounded === null) return '';
      const bar = id === 'delta' || id === 'vega' || id === 'theta' ? row.bars[id] : 0;
      return <Figure text={signed(row.rounded[id], digits[id])} bar={bar} />;
    },
  });
  return [
    {
      id: 'label',
      header: by === 'expiry' ? 'Expiry' : 'Leg',
      name: by === 'expiry' ? 'Expiry' : 'Leg',
      width: 150,
      align: 'left',
      isRowHeader: true,
      value: (row) => row.label,
      cell: (row) => row.label,
      span: (row) => (row.failure === null ? 1 : 2),
    },
    {
      id: 'legs',
      header: by === 'expiry' ? 'Legs' : '',
      name: 'Legs',
      align: 'left',
      value: (row) => row.legs,
      cell: (row) =>
        row.failure !== null ? (
          <span className={styles.failure}>{row.failure}</span>
        ) : row.legs === null ? (
          ''
        ) : (
          String(row.legs)
        ),
    },
    figure('value', 'Value', 'Value', money),
    figure('delta', 'Δ', 'Delta', 'coin'),
    figure('gamma', 'Γ', 'Gamma', 'coin per 1 %'),
    figure('vega', 'Vega', 'Vega', `${money} per pt`),
    figure('theta', 'Θ', 'Theta', `${money} per day`),
    figure('rho', 'Rho', 'Rho', `${money} per 1 %`),
    figure('vanna', 'Vanna', 'Vanna', 'coin per pt'),
    figure('volga', 'Volga', 'Volga', `${money} per pt²`),
  ];
}

/** A figure over its share of the coin's largest: right of the middle is positive. */
function Figure({ text, bar }: { text: string; bar: number }) {
  return (
    <span className={styles.figure} data-zero={text === '0' || undefined}>
      {text}
      {bar !== 0 && (
        <i
          className={styles.bar}
          style={bar < 0 ? { right: '50%', width: `${-bar * 50}%` } : { left: '50%', width: `${bar * 50}%` }}
        />
      )}
    </span>
  );
}
