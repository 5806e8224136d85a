import * as z from 'zod/mini';
import type { Failure } from '../engine/domain/failure.ts';
import { excerpt, jsonPointer } from './jsonDocument.ts';

// Without this zod compiles its schemas with `new Function`, which a content security policy forbids.
z.config({ jitless: true });

/** At most this many problems are counted; nobody reads more. */
export const MAX_PROBLEMS = 100;

const TYPE_NAMES: Record<string, string> = {
  number: 'a finite number',
  string: 'text in quotes',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

/** A number that passes `test`; `demand` completes "must be ...". */
export function numberThat(demand: string, test: (value: number) => boolean) {
  return z.number().check(z.refine(test, { error: demand }));
}

/** A text that passes `test`; `demand` completes "must be ...". */
export function textThat(demand: string, test: (value: string) => boolean) {
  return z.string().check(z.refine(test, { error: demand }));
}

/** What is wrong with `value` under `schema`, in the schema's order; `root` is the path of `value` in its document. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  root: readonly PropertyKey[] = [],
): Failure[] {
  return issues.slice(0, MAX_PROBLEMS + 1).flatMap((issue): Failure[] => {
    const path = [...root, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        code: 'bad-format',
        message: `${fieldName([...path, key])} is not a field of this format; remove it, or rename it "x-${excerpt(key)}" to keep it`,
        path: jsonPointer([...path, key]),
      }));
    }
    const found = valueAt(value, issue.path);
    const demand = demandOf(issue);
    const message =
      found === undefined
        ? `${fieldName(path)} is missing; it must be ${demand}`
        : `${fieldName(path)} is ${described(found)}; it must be ${demand}`;
    return [{ code: issue.code === 'custom' ? 'bad-value' : 'bad-format', message, path: jsonPointer(path) }];
  });
}

/** The first problem, saying how many more there are. */
export function firstOf(problems: readonly Failure[]): { ok: false; failure: Failure } {
  const [first, ...others] = problems as [Failure, ...Failure[]];
  const count = others.length >= MAX_PROBLEMS ? `more than ${MAX_PROBLEMS - 1}` : String(others.length);
  const further = others.length === 0 ? '' : ` (and ${count} further ${others.length === 1 ? 'problem' : 'problems'})`;
  return { ok: false, failure: { ...first, message: first.message + further } };
}

/** `positions[0].quantity`, as a person would name it. */
export function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${excerpt(String(key))}`)).join('');
  return name === '' ? 'The document' : name.replace(/^\./, '');
}

/** A JSON value in a few characters, for a message. */
export function described(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'empty';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `"${excerpt(value)}"` : String(value);
}

function demandOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_type') return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`;
  // The only size that a schema here fixes is that of a pair.
  return 'a pair: a time and a number';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}
