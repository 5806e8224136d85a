import { RiskError } from '../engine/domain/failure.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { parseIsoTime, TIME_DEMAND } from './isoTime.ts';
import { excerpt, jsonPointer } from './jsonDocument.ts';
import { described, fieldName } from './schemaFailure.ts';

/**
 * One object of a JSON document, read field by field by hand: a recording holds many thousands of small ones, and a general schema
 * takes ten times as long. Every reading throws a RiskError that names the field; `end` refuses what nobody has asked for.
 */
export class CheckedFields {
  readonly #record: Readonly<Record<string, unknown>>;
  readonly #path: readonly PropertyKey[];
  readonly #known = new Set<string>();

  constructor(value: unknown, path: readonly PropertyKey[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(path, value, 'an object');
    this.#record = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  has(name: string): boolean {
    this.#known.add(name);
    return Object.hasOwn(this.#record, name);
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#record[name] : undefined;
  }

  path(name: string): readonly PropertyKey[] {
    return [...this.#path, name];
  }

  names(): readonly string[] {
    return Object.keys(this.#record);
  }

  /** -0 is read as 0, as everywhere in files. */
  number(name: string, demand: string, isAllowed: (value: number) => boolean): number {
    const value = this.raw(name);
    if (typeof value !== 'number') throw refused(this.path(name), value, 'a finite number');
    if (!isAllowed(value)) throw refused(this.path(name), value, demand);
    return value + 0;
  }

  text(name: string, maxLength: number): string {
    const value = this.raw(name);
    if (typeof value !== 'string' || value.length > maxLength)
      throw refused(this.path(name), value, `a text of at most ${maxLength} characters`);
    return value;
  }

  time(name: string): Timestamp {
    return checkedTime(this.raw(name), this.path(name));
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.raw(name);
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      throw refused(this.path(name), value, `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`);
    return found;
  }

  list<T>(name: string, limit: number, item: (value: unknown, path: readonly PropertyKey[]) => T): readonly T[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw refused(this.path(name), value, 'a list');
    if (value.length > limit) {
      const message = `${fieldName(this.path(name))} has ${value.length} entries; at most ${limit} are read`;
      throw new RiskError('too-large', message, jsonPointer(this.path(name)));
    }
    return value.map((each, index) => item(each, [...this.path(name), index]));
  }

  /** The result under `name` where the field is there, else nothing. */
  optional<K extends string, T>(name: K, read: (name: K) => T): { readonly [P in K]?: T } {
    return this.has(name) ? ({ [name]: read(name) } as { readonly [P in K]?: T }) : {};
  }

  /** @throws RiskError for a field that has not been asked for. */
  end(): void {
    for (const name of this.names()) {
      if (this.#known.has(name)) continue;
      const path = this.path(name);
      const message = `${fieldName(path)} is not a field of this format; remove it, or rename it "x-${excerpt(name)}" to keep it`;
      throw new RiskError('bad-format', message, jsonPointer(path));
    }
  }
}

export function checkedTime(value: unknown, path: readonly PropertyKey[]): Timestamp {
  const time = typeof value === 'string' ? parseIsoTime(value) : null;
  if (time === null) throw refused(path, value, TIME_DEMAND);
  return time;
}

/** A value that is not what it must be, as an error that names its field. */
export function refused(path: readonly PropertyKey[], value: unknown, demand: string): RiskError {
  const name = fieldName(path);
  return value === undefined
    ? new RiskError('bad-format', `${name} is missing; it must be ${demand}`, jsonPointer(path))
    : new RiskError('bad-value', `${name} is ${described(value)}; it must be ${demand}`, jsonPointer(path));
}
