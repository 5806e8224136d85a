import { RiskError } from '../engine/domain/failure.ts';
import { excerpt } from '../formats/jsonDocument.ts';

/** Options of one call, read as what they must be. Every failure names the option, and its `path` is `/option`. */
export interface CommandOptions {
  /** Files named without an option. */
  readonly files: readonly string[];
  text(name: string): string | undefined;
  requiredText(name: string): string;
  /** All values of an option that may be repeated. */
  texts(name: string): readonly string[];
  /** Whether an option without a value is given. */
  flag(name: string): boolean;
  number(name: string, initial: number): number;
  optionalNumber(name: string): number | undefined;
  /** Numbers separated by commas. */
  numbers(name: string, initial: readonly number[]): readonly number[];
  choice<T extends string>(name: string, choices: readonly T[], initial: T): T;
}

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function commandOptions(values: Values, files: readonly string[]): CommandOptions {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const optionalNumber = (name: string): number | undefined => {
    const value = text(name);
    return value === undefined ? undefined : decimal(name, value);
  };
  return {
    files,
    text,
    requiredText(name) {
      return text(name) ?? refuse(name, 'is missing; give it');
    },
    texts(name) {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
    },
    flag: (name) => values[name] === true,
    number: (name, initial) => optionalNumber(name) ?? initial,
    optionalNumber,
    numbers(name, initial) {
      const value = text(name);
      return value === undefined ? initial : value.split(',').map((part) => decimal(name, part.trim()));
    },
    choice(name, choices, initial) {
      const value = text(name);
      if (value === undefined) return initial;
      return (
        choices.find((choice) => choice === value) ??
        refuse(name, `is "${excerpt(value)}"; it must be one of ${choices.join(', ')}`)
      );
    },
  };
}

/** @throws RiskError `bad-value` about an option. */
export function refuse(name: string, message: string): never {
  throw new RiskError('bad-value', `--${name} ${message}`, `/${name}`);
}

function decimal(name: string, text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  return refuse(name, `has "${excerpt(text)}" where a number should stand, like 0.1 or -2`);
}
