import type { DisplayUnit } from '../../state/selectors.ts';
import { money, signed } from '../../ui/format.ts';
import { type BookTotals, GREEK_DIGITS, moneyDigits } from './bookRows.ts';
import styles from './BookPanel.module.css';

interface TotalsProps {
  readonly totals: BookTotals | null;
  readonly before: BookTotals | null;
  readonly unit: DisplayUnit;
  /** The coin that delta and gamma are totalled for, when there are several. */
  readonly coin: string | null;
  readonly isNarrow: boolean;
}

export function Totals({ totals, before, unit, coin, isNarrow }: TotalsProps) {
  if (totals === null) return null;
  const digits = moneyDigits(unit);
  const row = (name: string, figures: BookTotals, className: string | undefined) => (
    <tr className={className}>
      <th scope="row" className={styles.total} colSpan={2}>
        {name}
        {coin !== null && !isNarrow && <span className={styles.muted}> {coin} delta and gamma</span>}
      </th>
      {!isNarrow && (
        <>
          <td>{signed(figures.delta, GREEK_DIGITS)}</td>
          <td>{signed(figures.gamma, GREEK_DIGITS)}</td>
          <td>{signed(figures.vega, digits)}</td>
          <td>{signed(figures.theta, digits)}</td>
        </>
      )}
      <td data-testid={className === styles.beforeRow ? 'book-total-before' : 'book-total'}>
        {figures.margin === null ? 'none' : digits === 0 ? money(figures.margin) : figures.margin.toFixed(digits)}
      </td>
    </tr>
  );
  return (
    <>
      {row(before === null ? 'Total' : 'After', totals, styles.afterRow)}
      {before !== null && row('Before', before, styles.beforeRow)}
    </>
  );
}
