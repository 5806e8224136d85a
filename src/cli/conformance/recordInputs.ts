import { RiskError } from '../../engine/domain/failure.ts';
import type { CaseInputs } from './ConformanceAdapter.ts';

function isRecord(value: unknown): value is CaseInputs {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object within the inputs of a case. */
export function recordInput(inputs: CaseInputs, name: string): CaseInputs {
  const value = inputs[name];
  if (isRecord(value)) return value;
  throw new RiskError('bad-value', `The case has no object "${name}" in its inputs`);
}

/** A list of objects within the inputs of a case. */
export function recordsInput(inputs: CaseInputs, name: string): CaseInputs[] {
  const value = inputs[name];
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw new RiskError('bad-value', `The case has no list of objects "${name}" in its inputs`);
}
