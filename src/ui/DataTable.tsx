import { createColumnHelper, type Row as TableRow, tableFeatures, useTable } from '@tanstack/react-table';
import { Fragment, type ReactNode, useMemo } from 'react';
import styles from './DataTable.module.css';
import type { Numbers } from './numbers.ts';

/** One column. Widths are fixed, so that a figure that changes never moves its neighbours. */
export interface DataColumn<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** Full name, for exports and for those who do not see the abbreviation. */
  readonly name: string;
  /** Pixels; the one column without a width takes what is left. */
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
  /** Names its row: a row header instead of a plain cell. */
  readonly isRowHeader?: boolean;
  readonly cell: (row: Row) => ReactNode;
  readonly className?: (row: Row) => string | undefined;
  /** How many columns the cell takes in this row; the following ones are left out. */
  readonly span?: (row: Row) => number;
  /** The figure as it is, for exports; a column without it is not exported. */
  readonly value?: (row: Row) => number | string | null;
  readonly unit?: string;
}

export interface DataSection<Row> {
  readonly key: string;
  readonly rows: readonly Row[];
  readonly className?: string | undefined;
  /** Table rows (`<tr>`) at the section's end. */
  readonly end?: ReactNode;
}

export interface DataTableProps<Row> {
  /** Read out first, not drawn. */
  readonly caption: string;
  /** Keep the array itself between renders (module scope or `useMemo`). */
  readonly columns: readonly DataColumn<Row>[];
  /** One `<tbody>` each. */
  readonly sections: readonly DataSection<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  /** A line under a row, across all columns. */
  readonly detail?: (row: Row) => ReactNode;
  /** Table rows (`<tr>`) of the foot, which stays in sight. */
  readonly foot?: ReactNode;
  readonly className?: string | undefined;
}

const features = tableFeatures({});

/** A table of figures in the house's style: fixed columns, tabular figures, head and foot that stay while rows scroll. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, columns, sections, rowKey, rowClass, detail, foot, className } = props;
  const data = useMemo(() => sections.flatMap((section) => section.rows), [sections]);
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.map(({ id }) => helper.display({ id }));
  }, [columns]);
  const table = useTable({ features, columns: definitions, data, getRowId: rowKey });
  const rows = table.getRowModel().rows;
  let from = 0;

  const body = (row: TableRow<typeof features, Row>) => {
    let skip = 0;
    const line = detail?.(row.original);
    const hasDetail = line !== undefined && line !== null && line !== false;
    return (
      <Fragment key={row.id}>
        <tr className={rowClass?.(row.original)} data-row={row.id} data-detailed={hasDetail ? '' : undefined}>
          {row.getAllCells().map((cell, at) => {
            if (skip > 0) {
              skip -= 1;
              return null;
            }
            const column = columns[at]!;
            const span = column.span?.(row.original) ?? 1;
            skip = span - 1;
            const attributes = {
              colSpan: span === 1 ? undefined : span,
              className: `${styles[column.align ?? 'right']} ${column.className?.(row.original) ?? ''}`,
              // Called, not rendered as a component: new columns would be new components, and a field being typed in would lose its focus.
              children: column.cell(row.original),
            };
            return column.isRowHeader ? (
              <th key={cell.id} scope="row" {...attributes} />
            ) : (
              <td key={cell.id} {...attributes} />
            );
          })}
        </tr>
        {hasDetail && (
          <tr className={styles.detail}>
            <td colSpan={columns.length}>{line}</td>
          </tr>
        )}
      </Fragment>
    );
  };

  return (
    <table className={`${styles.table} ${className ?? ''}`}>
      <caption className="visually-hidden">{caption}</caption>
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} style={column.width === undefined ? undefined : { width: column.width }} />
        ))}
      </colgroup>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header, at) => {
              const column = columns[at]!;
              return (
                <th
                  key={header.id}
                  scope="col"
                  className={styles[column.align ?? 'right']}
                  abbr={column.name}
                  title={typeof column.header === 'string' && column.header !== column.name ? column.name : undefined}
                >
                  {column.header}
                </th>
              );
            })}
          </tr>
        ))}
      </thead>
      {sections.map((section) => {
        const own = rows.slice(from, from + section.rows.length);
        from += section.rows.length;
        return (
          <tbody key={section.key} className={section.className}>
            {own.map(body)}
            {section.end}
          </tbody>
        );
      })}
      {foot !== undefined && <tfoot>{foot}</tfoot>}
    </table>
  );
}

/** The table's figures as they are, for CSV: columns that have a `value`. */
export function tableNumbers<Row>(columns: readonly DataColumn<Row>[], rows: readonly Row[]): Numbers {
  const exported = columns.filter((column) => column.value !== undefined);
  return {
    columns: exported.map(({ name, unit = '' }) => ({ name, unit, digits: 8 })),
    rows: rows.map((row) => exported.map((column) => column.value?.(row) ?? null)),
  };
}
