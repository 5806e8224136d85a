import { RiskError } from '../domain/failure.ts';

/** Checks of what a venue's rule is given; `what` begins the sentence that the failure carries. */

/** @throws RiskError `bad-value` unless the number is finite. */
export function finiteInput(what: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RiskError('bad-value', `${what} must be a finite number, not ${value}`);
}

/** @throws RiskError `bad-value` unless the number is finite and above zero. */
export function positiveInput(what: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RiskError('bad-value', `${what} must be a number above 0, not ${value}`);
}

/** @throws RiskError `bad-value` unless the number is finite and not below zero. */
export function nonNegativeInput(what: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new RiskError('bad-value', `${what} must be a number of at least 0, not ${value}`);
}
