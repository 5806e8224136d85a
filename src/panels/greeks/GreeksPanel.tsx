import { useMemo, useState } from 'react';
import { bookRiskAfter, bookRiskBefore, displayUnit, isStale } from '../../state/selectors.ts';
import { useStore } from '../../state/store.ts';
import { type DataColumn, DataTable, tableNumbers } from '../../ui/DataTable.tsx';
import { DockTools } from '../../ui/DockTools.tsx';
import { signed } from '../../ui/format.ts';
import { SegmentedControl } from '../../ui/SegmentedControl.tsx';
import { ViewMenu } from '../../ui/ViewMenu.tsx';
import styles from './GreeksPanel.module.css';
import { type GreeksRow, greeksSections, type ShownGreeks } from './greeksRows.ts';

/** Sensitivities by coin and expiry, or by leg; a tab of the dock, which carries the title. */
export function GreeksPanel() {
  const before = useStore(bookRiskBefore);
  const after = useStore(bookRiskAfter);
  const market = useStore((state) => state.market);
  const stale = useStore(isStale);
  const unit = useStore(displayUnit);
  const problem = useStore((state) => state.problems.evaluate);
  const [by, setBy] = useState<'expiry' | 'leg'>('expiry');

  const sections = useMemo(() => {
    if (before === null || market === null) return [];
    const indices = new Map(market.underlyings.map(({ symbol, index }) => [symbol, index]));
    return greeksSections(before, after, by, indices, market.asOf);
  }, [before, after, by, market]);
  const columns = useMemo(() => greeksColumns(by, unit.kind === 'usd' ? 'USD' : unit.symbol, unit.perUsd), [by, unit]);
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

function greeksColumns(by: 'expiry' | 'leg', money: string, perUsd: number): DataColumn<GreeksRow>[] {
  const moneyDigits = money === 'USD' ? 0 : 4;
  const inMoney = (row: GreeksRow, key: keyof ShownGreeks) => (row.figures === null ? null : row.figures[key] * perUsd);
  const coin = (
    id: keyof ShownGreeks & ('delta' | 'gamma' | 'vanna'),
    header: string,
    name: string,
    digits: number,
    per = '',
  ): DataColumn<GreeksRow> => ({
    id,
    header: heading(header, `coin${per}`),
    name,
    unit: `coin${per}`,
    width: 104,
    value: (row) => row.figures?.[id] ?? null,
    cell: (row) =>
      row.figures === null ? (
        ''
      ) : (
        <Figure text={signed(row.figures[id], digits)} bar={id === 'delta' ? row.bars.delta : null} />
      ),
  });
  const cash = (
    id: keyof ShownGreeks & ('valueUsd' | 'vega' | 'theta' | 'rho' | 'volga'),
    header: string,
    name: string,
    per: string,
    extraDigits = 0,
  ): DataColumn<GreeksRow> => ({
    id,
    header: heading(header, `${money}${per}`),
    name,
    unit: `${money}${per}`,
    width: 104,
    value: (row) => inMoney(row, id),
    cell: (row) => {
      const figure = inMoney(row, id);
      if (figure === null) return '';
      const bar = id === 'vega' || id === 'theta' ? row.bars[id] : null;
      return <Figure text={signed(figure, moneyDigits + extraDigits)} bar={bar} />;
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
    cash('valueUsd', 'Value', 'Value', ''),
    coin('delta', 'Δ', 'Delta', 2),
    coin('gamma', 'Γ', 'Gamma', 2, ' per 1 %'),
    cash('vega', 'Vega', 'Vega', ' per pt'),
    cash('theta', 'Θ', 'Theta', ' per day'),
    cash('rho', 'Rho', 'Rho', ' per 1 %'),
    coin('vanna', 'Vanna', 'Vanna', 3, ' per pt'),
    cash('volga', 'Volga', 'Volga', ' per pt²', 1),
  ];
}

function heading(name: string, unit: string) {
  return (
    <>
      {name} <span className={styles.unit}>{unit}</span>
    </>
  );
}

/** A figure over its share of the coin's largest: right of the middle is positive. */
function Figure({ text, bar }: { text: string; bar: number | null }) {
  return (
    <span className={styles.figure} data-zero={text === '0' || undefined}>
      {text}
      {bar !== null && bar !== 0 && (
        <i
          className={styles.bar}
          style={bar < 0 ? { right: '50%', width: `${-bar * 50}%` } : { left: '50%', width: `${bar * 50}%` }}
        />
      )}
    </span>
  );
}
