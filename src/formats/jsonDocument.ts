import { failed, type Result, success } from '../engine/domain/failure.ts';

/** Longest text that is looked at, in characters: 10 MB of ASCII. */
export const MAX_TEXT_LENGTH = 10_000_000;
/** Deepest nesting of lists and objects that is accepted. */
const MAX_DEPTH = 32;

export interface JsonDocument {
  readonly value: unknown;
  /** The text of the document's own `schema` field, null when it has none. */
  readonly schema: string | null;
}

/**
 * The value a JSON text denotes. Size, nesting, grammar, repeated keys and numbers beyond a double are judged by one linear
 * pass before anything is built; a byte order mark is tolerated; fields under an `x-` prefix are dropped.
 */
export function parseJsonDocument(text: string): Result<JsonDocument> {
  const scan = jsonScan(text);
  if (!scan.ok) return scan;
  try {
    const value: unknown = JSON.parse(withoutByteOrderMark(text));
    if (text.includes('"x-')) dropExtensions(value);
    return success({ value, schema: scan.value.schema });
  } catch (error) {
    return failed('bad-json', `The text is not JSON: ${error instanceof Error ? error.message : String(error)}`, '');
  }
}

/** JSON pointer (RFC 6901) of a path. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A text shortened for a message, control characters made visible. */
export function excerpt(text: string): string {
  const shown = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return shown.length > 40 ? `${shown.slice(0, 37)}...` : shown;
}

export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** `x-` fields belong to whoever wrote them; they are removed so that every other unknown field can be an error. */
function dropExtensions(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) dropExtensions(item);
    return;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    if (key.startsWith('x-')) delete record[key];
    else dropExtensions(record[key]);
  }
}

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

const WANTED: Record<Expected, string> = {
  value: 'a value',
  'value-or-end': 'a value or "]"',
  key: 'a field name in double quotes',
  'key-or-end': 'a field name in double quotes or "}"',
  colon: '":"',
  'comma-or-end': '"," or the closing bracket',
  nothing: 'the end of the text',
};

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/** One linear pass over a JSON text: its `schema` field, or the first thing that is wrong and where. */
export function jsonScan(text: string): Result<{ readonly schema: string | null }> {
  if (text.length > MAX_TEXT_LENGTH) {
    return failed(
      'too-large',
      `The text has ${text.length} characters; at most ${MAX_TEXT_LENGTH} (10 MB) are read. Split it or leave parts out`,
      '',
    );
  }
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // One frame a container, from the outside in: the field or position that is being read, and the fields seen.
  const keys: (string | number | null)[] = [];
  const isObject: boolean[] = [];
  const seen: Set<string>[] = [];
  let depth = 0;
  let schema: string | null = null;
  let expected: Expected = 'value';
  let at = start;

  const path = (): string => jsonPointer(keys.slice(0, depth).filter((key) => key !== null));
  const wrong = (position: number, message: string): ReturnType<typeof failed> => {
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    const column = position - before.lastIndexOf('\n');
    return failed('bad-json', `Line ${line}, column ${column}: ${message}`, path());
  };

  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
    if (at >= text.length) {
      if (expected === 'nothing') return success({ schema });
      if (at === start || text.trim() === '') return failed('bad-json', 'The text is empty; choose another file', '');
      return wrong(text.length, `the text ends where ${WANTED[expected]} should follow; it is probably cut off`);
    }
    const character = text[at]!;
    const inObject = depth > 0 && isObject[depth - 1]!;

    if (expected === 'colon') {
      if (character !== ':') return wrong(at, unexpected(character, expected));
      expected = 'value';
      at += 1;
    } else if (expected === 'comma-or-end' && character === ',') {
      if (!inObject) keys[depth - 1] = (keys[depth - 1] as number) + 1;
      expected = inObject ? 'key' : 'value';
      at += 1;
    } else if (
      (character === '}' && inObject && (expected === 'comma-or-end' || expected === 'key-or-end')) ||
      (character === ']' && !inObject && depth > 0 && (expected === 'comma-or-end' || expected === 'value-or-end'))
    ) {
      depth -= 1;
      expected = depth === 0 ? 'nothing' : 'comma-or-end';
      at += 1;
    } else if (expected === 'key' || expected === 'key-or-end') {
      if (character !== '"') return wrong(at, unexpected(character, expected));
      const end = stringEnd(text, at);
      if (end < 0) return wrong(-end - 1, stringFault(text, -end - 1));
      const raw = text.slice(at + 1, end - 1);
      const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
      const fields = seen[depth - 1]!;
      keys[depth - 1] = key;
      if (fields.has(key)) {
        return failed(
          'bad-format',
          `The field "${excerpt(key)}" appears twice in one object; keep one of them`,
          path(),
        );
      }
      fields.add(key);
      expected = 'colon';
      at = end;
    } else if (expected === 'value' || expected === 'value-or-end') {
      if (character === '{' || character === '[') {
        if (depth === MAX_DEPTH) {
          return failed('too-large', `Lists and objects are nested more than ${MAX_DEPTH} deep; flatten them`, path());
        }
        const opensObject = character === '{';
        keys[depth] = opensObject ? null : 0;
        isObject[depth] = opensObject;
        if (opensObject) {
          seen[depth] ??= new Set();
          seen[depth]!.clear();
        }
        depth += 1;
        expected = opensObject ? 'key-or-end' : 'value-or-end';
        at += 1;
        continue;
      }
      if (character === '"') {
        const end = stringEnd(text, at);
        if (end < 0) return wrong(-end - 1, stringFault(text, -end - 1));
        if (depth === 1 && keys[0] === 'schema') schema = JSON.parse(text.slice(at, end)) as string;
        at = end;
      } else {
        NUMBER.lastIndex = at;
        LITERAL.lastIndex = at;
        const number = NUMBER.exec(text)?.[0];
        const token = number ?? LITERAL.exec(text)?.[0];
        if (token === undefined) return wrong(at, unexpected(character, expected));
        if (number !== undefined && !Number.isFinite(Number(number))) {
          return failed(
            'bad-value',
            `${excerpt(number)} is larger than any number that can be held; correct it`,
            path(),
          );
        }
        at += token.length;
      }
      expected = depth === 0 ? 'nothing' : 'comma-or-end';
    } else {
      return wrong(at, unexpected(character, expected));
    }
  }
}

function unexpected(character: string, expected: Expected): string {
  return `"${excerpt(character)}" stands where ${WANTED[expected]} should`;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** The index after the closing quote of the string that opens at `open`; when it is faulty, -(index of the fault) - 1. */
function stringEnd(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -at - 1;
    if (code === 0x5c) {
      const escaped = text[at + 1];
      if (escaped === undefined) break;
      if (escaped === 'u') {
        if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) return -at - 1;
        at += 5;
      } else if ('"\\/bfnrt'.includes(escaped)) at += 1;
      else return -at - 1;
    }
  }
  return -text.length - 1;
}

function stringFault(text: string, position: number): string {
  if (position >= text.length) return 'a text in quotes is never closed; the file is probably cut off';
  return text[position] === '\\'
    ? 'a backslash in a text is not followed by a JSON escape'
    : 'a text in quotes holds a line break or another control character; write it as an escape';
}
