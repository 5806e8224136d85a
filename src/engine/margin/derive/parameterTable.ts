import type { ParameterSpec } from '../../domain/riskParameters.ts';

/** Specs whose keys are known to the compiler, so that a rule cannot ask for a parameter that its table does not declare. */
export type ParameterTable<Key extends string = string> = readonly (ParameterSpec & { readonly key: Key })[];

/** One number for each key of a table. */
export type TableValues<Table extends ParameterTable> = Readonly<Record<Table[number]['key'], number>>;

/** One row of a table; `initial` is the published production value. */
export function row<Key extends string>(
  key: Key,
  label: string,
  unit: string,
  initial: number,
  min: number,
  max: number,
  description: string,
): ParameterSpec & { readonly key: Key } {
  return { key, label, unit, initial, min, max, description };
}

/** The published values of a table. */
export function publishedValues<Table extends ParameterTable>(table: Table): TableValues<Table> {
  return Object.fromEntries(table.map(({ key, initial }) => [key, initial])) as TableValues<Table>;
}
