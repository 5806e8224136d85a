import type { ParameterSpec } from '../../domain/riskParameters.ts';
import { spec } from '../parameterSpec.ts';

/** Specs whose keys are known to the compiler, so that a rule cannot ask for a parameter that its table does not declare. */
export type ParameterTable<Key extends string = string> = readonly (ParameterSpec & { readonly key: Key })[];

/** One number for each key of a table. */
export type TableValues<Table extends ParameterTable> = Readonly<Record<Table[number]['key'], number>>;

/** What every table of these rules was read from unless a row says otherwise, and the day of that text. */
export const PRODUCTION_SCRIPT = 'derivexyz/v2-core 7736900d, scripts/config-mainnet.sol';
export const PRODUCTION_SCRIPT_DATE = '2026-01-21';

/** Changes of parameters on Derive's chain as a third party has recorded them: one source. */
export const CHAIN_RECORD = "Parameter events of Derive's chain as a third party recorded them; one source";

/** How far the feeds are trusted at most; a market may say less of its prices. */
export const FEED_CONFIDENCE = spec(
  'feedConfidence',
  'Feed confidence',
  'fraction',
  1,
  0,
  1,
  "Confidence of every price feed, or the market's own where that is lower. At 1 nothing is charged.",
  { source: "Headroom's own choice", date: '2026-11-22' },
);

/** The published values of a table. */
export function publishedValues<Table extends ParameterTable>(table: Table): TableValues<Table> {
  return Object.fromEntries(table.map(({ key, initial }) => [key, initial])) as TableValues<Table>;
}
