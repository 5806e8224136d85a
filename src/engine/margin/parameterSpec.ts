import type { ParameterSpec } from '../domain/riskParameters.ts';

/**
 * One row of a model's parameters; the key stays known to the compiler, so that a rule cannot ask for one that is not declared.
 * @param origin where and of what day it was read, where that is not the model's own source.
 */
export function spec<Key extends string>(
  key: Key,
  label: string,
  unit: string,
  initial: number,
  min: number,
  max: number,
  description: string,
  origin: Pick<ParameterSpec, 'source' | 'date'> = {},
): ParameterSpec & { readonly key: Key } {
  return { key, label, unit, initial, min, max, description, ...origin };
}
