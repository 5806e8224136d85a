import { RiskError } from '../../engine/domain/failure.ts';
import { parseJsonDocument } from '../../formats/jsonDocument.ts';
import type { CaseData, CaseInputs } from './ConformanceAdapter.ts';

const NAMED_SAMPLES = 'data/quantile_samples.json';
const SERIES_FILES: Readonly<Record<string, string>> = { edhec: 'data/edhec_monthly_returns.csv' };

/** Numbers given in the case itself. */
export function numbersInput(inputs: CaseInputs, name: string): number[] {
  const value = inputs[name];
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
  throw new RiskError('bad-value', `The case has no list of numbers "${name}" in its inputs`);
}

/** Rows of numbers given in the case itself. */
export function matrixInput(inputs: CaseInputs, name: string): number[][] {
  const value = inputs[name];
  if (Array.isArray(value)) return value.map((row, i) => numbersInput({ [`${name}[${i}]`]: row }, `${name}[${i}]`));
  throw new RiskError('bad-value', `The case has no matrix "${name}" in its inputs`);
}

/** The sample of a case: its own numbers, the first column of a CSV file, or one of the named samples. */
export async function sampleInput(inputs: CaseInputs, data: CaseData, name = 'sample'): Promise<number[]> {
  const value = inputs[name];
  if (Array.isArray(value)) return numbersInput(inputs, name);
  const reference = String(value);
  if (reference.endsWith('.csv')) {
    const { rows } = csvColumns(await data(reference));
    return rows.map((row) => Number(row.at(-1)));
  }
  const samples = parseJsonDocument(await data(NAMED_SAMPLES));
  const sample = samples.ok ? (samples.value.value as Record<string, unknown>)[reference] : undefined;
  if (Array.isArray(sample)) return sample as number[];
  throw new RiskError('missing-data', `${NAMED_SAMPLES} has no sample "${reference}"`);
}

const SERIES = /^(?<source>\w+):(?<column>.+?)(?: first (?<rows>\d+) rows)?$/;

/** A series named `source:column`, all of it or its first rows (`edhec:CTA Global first 100 rows`). */
export async function seriesInput(series: unknown, data: CaseData, first?: number): Promise<number[]> {
  if (Array.isArray(series)) return series as number[];
  const { source = '', column = '', rows } = SERIES.exec(String(series))?.groups ?? {};
  const file = Object.hasOwn(SERIES_FILES, source) ? SERIES_FILES[source] : undefined;
  if (file === undefined)
    throw new RiskError('bad-value', `The case names the series "${String(series)}", of no known source`);
  const table = csvColumns(await data(file));
  const index = table.names.indexOf(column);
  if (index < 0) throw new RiskError('missing-data', `${file} has no column "${column}"`);
  const count = first ?? (rows === undefined ? table.rows.length : Number(rows));
  return table.rows.slice(0, count).map((row) => Number(row[index]));
}

/** A comma-separated table of plain names and numbers; lines that start with # are remarks. */
function csvColumns(text: string): { names: string[]; rows: string[][] } {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [names = [], ...rows] = lines.map((line) => line.split(',').map((cell) => cell.trim().replaceAll('"', '')));
  return { names, rows };
}
