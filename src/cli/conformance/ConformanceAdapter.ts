import { RiskError } from '../../engine/domain/failure.ts';
import type { OptionType } from '../../engine/domain/instrument.ts';

/** The inputs of one reference case, as the file has them. */
export type CaseInputs = Readonly<Record<string, unknown>>;

/** The text of a file that cases name, like `data/sample.csv`: paths are relative to the file of cases. */
export type CaseData = (path: string) => Promise<string>;

/** The file of cases as it stands: parameter sets and scenario sets that several cases name. */
export type CaseFile = Readonly<Record<string, unknown>>;

/**
 * Computes what a case asks for, in the shape of its expectation; a promise of it where a data file is read. Throws a RiskError
 * where the input has no answer.
 */
export type ConformanceAdapter = (inputs: CaseInputs, data: CaseData, file: CaseFile) => unknown;

/** The adapters of one vector family, by `fn`. */
export type FamilyAdapters = Readonly<Record<string, ConformanceAdapter>>;

/** A number, also where the file writes it as text ("Infinity"). */
export function numberInput(inputs: CaseInputs, name: string): number {
  const value = inputs[name];
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '') return Number(value);
  throw new RiskError('bad-value', `The case has no number "${name}" in its inputs`);
}

/** A number that a case may leave out. */
export function optionalInput(inputs: CaseInputs, name: string, absent: number): number {
  return inputs[name] === undefined ? absent : numberInput(inputs, name);
}

/** `call` or `put` in any of the spellings of the reference files. */
export function optionTypeInput(inputs: CaseInputs): OptionType {
  const text = String(inputs.type).toLowerCase();
  if (text === 'call' || text === 'c') return 'C';
  if (text === 'put' || text === 'p') return 'P';
  throw new RiskError('bad-value', `The case's option type is "${String(inputs.type)}", neither call nor put`);
}

/** An object inside the inputs. */
export function recordInput(inputs: CaseInputs, name: string): CaseInputs {
  const value = inputs[name];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as CaseInputs;
  throw new RiskError('bad-value', `The case has no object "${name}" in its inputs`);
}

/** A list of objects inside the inputs. */
export function recordsInput(inputs: CaseInputs, name: string): CaseInputs[] {
  const value = inputs[name];
  if (!Array.isArray(value)) throw new RiskError('bad-value', `The case has no list "${name}" in its inputs`);
  return value.map((item: unknown) => recordInput({ [name]: item }, name));
}
