import type { DisplayUnit } from '../../state/selectors.ts';
import type { DataColumn } from '../../ui/DataTable.tsx';
import { Term } from '../../ui/Term.tsx';
import { money } from '../../ui/format.ts';
import { Headed, Figure, LegName, QuantityCell } from './bookCells.tsx';
import { type BookRow, type Figures, GREEK_DIGITS, moneyDigits } from './bookRows.ts';
import styles from './BookPanel.module.css';

type GreekColumn = 'delta' | 'gamma' | 'vega' | 'theta';

export function bookColumns(
  unit: DisplayUnit,
  underlying: string,
  hasSeveralCoins: boolean,
  isNarrow: boolean,
  total: number | null,
): readonly DataColumn<BookRow>[] {
  const digits = moneyDigits(unit);
  const coin = hasSeveralCoins ? 'coin' : underlying;
  // Coin has four decimals in the columns where USD has none.
  const isCoin = unit.kind === 'coin';
  const greek = (id: GreekColumn, name: string, per: string, width: number): DataColumn<BookRow> => ({
    id,
    name: `${name}, ${per}`,
    header: <Headed name={name} per={per} />,
    width,
    cell: (row) => (
      <Figure value={row.figures?.[id]} digits={id === 'delta' || id === 'gamma' ? GREEK_DIGITS : digits} />
    ),
  });
  const margin: DataColumn<BookRow> = {
    id: 'margin',
    name: `Part of initial margin, ${unit.symbol}`,
    header: (
      <Headed
        name={
          <Term
            term="ΔIM"
            definition="a leg's part of the requirement under the chosen rulebook: what it loses in the binding cell plus its own add-ons. The split changes when the binding cell does."
            example={
              total === null ? undefined : (
                <>
                  Rows add up to <b>{digits === 0 ? money(total) : total.toFixed(digits)}</b>.
                </>
              )
            }
          >
            ΔIM
          </Term>
        }
        per={unit.symbol}
      />
    ),
    width: isNarrow ? 68 : isCoin ? 50 : 55,
    cell: (row) => (
      <Figure value={row.figures?.margin} digits={digits} was={row.kind === 'leg' ? row.marginBefore : null} />
    ),
    className: () => styles.margin,
  };
  const leg: DataColumn<BookRow> = {
    id: 'leg',
    name: 'Leg',
    header: 'Leg',
    align: 'left',
    isRowHeader: true,
    className: () => styles.leg,
    cell: (row) => <LegName row={row} withCoin={hasSeveralCoins} />,
  };
  const size: DataColumn<BookRow> = {
    id: 'quantity',
    name: 'Quantity',
    header: 'Qty',
    width: isNarrow ? 148 : isCoin ? 45 : 51,
    cell: (row) => <QuantityCell row={row} isNarrow={isNarrow} />,
    className: () => styles.quantity,
  };
  if (isNarrow) return [leg, size, margin];
  const worth: DataColumn<BookRow> = {
    ...greek('delta', 'Delta', coin, isCoin ? 38 : 39),
    span: (row) => (row.kind === 'collateral' ? 4 : 1),
    cell: (row) =>
      row.kind === 'collateral' ? (
        <span className={styles.worth}>{worthText(row.value, digits, unit)}</span>
      ) : (
        <Figure value={row.figures?.delta} digits={GREEK_DIGITS} />
      ),
  };
  return [
    leg,
    size,
    worth,
    greek('gamma', 'Gamma', 'per 1 %', isCoin ? 40 : 43),
    greek('vega', 'Vega', 'per pt', isCoin ? 50 : 43),
    greek('theta', 'Theta', 'per day', isCoin ? 50 : 43),
    margin,
  ];
}

function worthText(value: number | null, digits: number, unit: DisplayUnit): string {
  if (value === null) return 'no price in this market';
  return `worth ${digits === 0 ? money(value) : value.toFixed(digits)} ${unit.symbol}`;
}

/** For CSV: every figure of a row in a column of its own. */
export function exportColumns(unit: DisplayUnit, underlying: string): readonly DataColumn<BookRow>[] {
  const column = (id: string, name: string, unitName: string, value: (row: BookRow) => number | string | null) => ({
    id,
    name,
    unit: unitName,
    header: name,
    cell: () => null,
    value,
  });
  const figure = (id: keyof Figures, name: string, unitName: string) =>
    column(id, name, unitName, (row) => row.figures?.[id] ?? null);
  return [
    column('kind', 'Kind', '', (row) => (row.kind === 'ghost' ? 'proposed' : row.kind)),
    column('instrument', 'Instrument', '', (row) => (row.kind === 'collateral' ? row.asset : row.instrument)),
    column('quantity', 'Quantity', '', (row) => row.quantity),
    figure('delta', 'Delta', underlying),
    figure('gamma', 'Gamma per 1 %', underlying),
    figure('vega', 'Vega per point', unit.symbol),
    figure('theta', 'Theta per day', unit.symbol),
    figure('margin', 'Part of initial margin', unit.symbol),
    column('marginBefore', 'Part of initial margin before the trade', unit.symbol, (row) =>
      row.kind === 'leg' ? row.marginBefore : null,
    ),
  ];
}
