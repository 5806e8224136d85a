import { failed, type Result, success } from '../../engine/domain/failure.ts';
import type { ParameterSpec } from '../../engine/domain/riskParameters.ts';
import { MINUS } from '../../ui/format.ts';

/** A parameter as it is shown and typed: all its digits, a true minus sign. */
export function parameterText(value: number): string {
  return String(value).replace('-', MINUS);
}

/** The number in a typed text, within the parameter's bounds, or what to type instead. */
export function parseParameter(text: string, spec: ParameterSpec): Result<number> {
  const plain = text.trim().replace(MINUS, '-');
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(plain))
    return failed('bad-value', `Type a number from ${parameterText(spec.min)} to ${parameterText(spec.max)}`);
  const value = Number(plain) + 0;
  if (!(value >= spec.min && value <= spec.max))
    return failed(
      'bad-value',
      `${spec.label} is from ${parameterText(spec.min)} to ${parameterText(spec.max)} ${spec.unit}`.trimEnd(),
    );
  return success(value);
}
