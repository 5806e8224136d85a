import { decimal } from './format.ts';
import type { Numbers } from './numbers.ts';
import styles from './NumbersTable.module.css';

interface NumbersTableProps {
  readonly id?: string;
  /** Title and what is held fixed; read out first. */
  readonly caption: string;
  readonly numbers: Numbers;
}

/** The figures behind a picture, as a plain table that scrolls inside its panel. */
export function NumbersTable({ id, caption, numbers }: NumbersTableProps) {
  return (
    // A box that scrolls must be reachable by keyboard.
    <section className={styles.box} tabIndex={0} aria-label={caption} id={id}>
      <table className={styles.table}>
        <caption className={styles.caption}>{caption}</caption>
        <thead>
          <tr>
            {numbers.columns.map((column) => (
              <th key={column.name} scope="col">
                {column.name}
                {column.unit !== '' && <span className={styles.unit}> {column.unit}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbers.rows.map((row, index) => (
            // Rows have no identity of their own; they are replaced together.
            <tr key={index}>
              {row.map((value, column) => {
                const text =
                  value === null
                    ? 'none'
                    : typeof value === 'string'
                      ? value
                      : decimal(value, numbers.columns[column]!.digits);
                const key = numbers.columns[column]!.name;
                return column === 0 ? (
                  <th key={key} scope="row">
                    {text}
                  </th>
                ) : (
                  <td key={key}>{text}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
