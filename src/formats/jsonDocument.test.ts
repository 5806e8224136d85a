import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonScan, MAX_TEXT_LENGTH, parseJsonDocument } from './jsonDocument.ts';

function failureOf(text: string) {
  const result = parseJsonDocument(text);
  if (result.ok) throw new Error('was accepted');
  return result.failure;
}

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

describe('grammar', () => {
  test('agrees with JSON.parse on every JSON text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (compact, indent) => {
        const text = JSON.stringify(JSON.parse(compact), null, indent);
        fc.pre(!text.includes('"x-'));
        const result = parseJsonDocument(text);
        expect(result.ok && result.value.value).toEqual(JSON.parse(text));
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  test('accepts exactly what JSON.parse accepts among damaged texts', () => {
    const good = '{"a": [1.5e-3, -0, "q\\u00e9\\n\\"", true, null, {}], "b": {"c": []}}';
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...'{}[]",:0-.eE+ntf\\u \n\u0001x', ''), (at, character) => {
        const text = good.slice(0, at) + character + good.slice(at + 1);
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const scan = jsonScan(text);
        expect(scan.ok || scan.failure.code !== 'bad-json').toBe(isJson);
      }),
      { seed: 12, numRuns: 3000 },
    );
  });

  test.each([
    ['{"a": 01}', 'Line 1, column 8', '/a'],
    ['{"a": NaN}', 'Line 1, column 7: "N" stands where a value should', '/a'],
    ['{"a": [1,\n 2 3]}', 'Line 2, column 4: "3" stands where', '/a/1'],
    ['{"a": 1,}', '"}" stands where a field name in double quotes should', '/a'],
    ["{'a': 1}", 'field name in double quotes', ''],
    ['{"a": "x', 'never closed', '/a'],
    ['{"a": "x\ny"}', 'line break', '/a'],
    ['{"a": "\\x41"}', 'backslash', '/a'],
    ['{"a": {"b": [1, ', 'cut off', '/a/b/1'],
    ['{} {}', 'the end of the text', ''],
  ])('%j is refused where it breaks', (text, message, path) => {
    const failure = failureOf(text);
    expect(failure.code).toBe('bad-json');
    expect(failure.message).toContain(message);
    expect(failure.path).toBe(path);
  });

  test.each(['', ' \n', '\uFEFF'])('an empty text says so (%j)', (text) => {
    expect(failureOf(text)).toMatchObject({ code: 'bad-json', path: '', message: expect.stringContaining('empty') });
  });
});

describe('limits', () => {
  test('32 levels are read and 33 are not', () => {
    expect(parseJsonDocument(nested(32)).ok).toBe(true);
    expect(failureOf(nested(33)).code).toBe('too-large');
  });

  test('200,000 levels are refused without recursion', () => {
    expect(failureOf(nested(200_000)).code).toBe('too-large');
    expect(failureOf('{"a":'.repeat(200_000)).code).toBe('too-large');
  });

  test('more than ten million characters are not read', () => {
    const failure = failureOf(`"${'a'.repeat(MAX_TEXT_LENGTH)}"`);
    expect(failure.code).toBe('too-large');
    expect(failure.message).toContain('10 MB');
  });

  test('the largest text is judged in well under two seconds', () => {
    const text = `[${'{"a":1,"b":"c"},'.repeat(624_000)}0]`;
    // Processor time: what else the machine does must not decide.
    const started = process.cpuUsage();
    expect(jsonScan(text).ok).toBe(true);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(2_000);
  });

  test('a number beyond a double is refused where it stands', () => {
    expect(failureOf('{"a": [0, 1e400]}')).toMatchObject({ code: 'bad-value', path: '/a/1' });
    expect(failureOf(`[-${'9'.repeat(400)}]`)).toMatchObject({ code: 'bad-value', path: '/0' });
  });
});

describe('keys', () => {
  test('a repeated field is refused, however it is written', () => {
    expect(failureOf('{"q": 1, "\\u0071": 2}')).toMatchObject({ code: 'bad-format', path: '/q' });
    expect(failureOf('{"a": {"q": 1}, "b": {"q": 1}, "a": 3}')).toMatchObject({ path: '/a' });
  });

  test('the same field in neighbouring objects is not repeated', () => {
    expect(parseJsonDocument('[{"q": 1}, {"q": {"q": 2}}, {"q": 3}]').ok).toBe(true);
  });

  test('fields under x- are dropped at every depth, others stay', () => {
    const result = parseJsonDocument('{"x-a": 1, "b": [{"x-c": {"d": 1}, "e": 2}], "ax-": 3}');
    expect(result.ok && result.value.value).toEqual({ b: [{ e: 2 }], 'ax-': 3 });
  });

  test('pointers escape tilde and slash, and name empty keys', () => {
    expect(failureOf('{"a/b~": {"": }}').path).toBe('/a~1b~0/');
  });

  test('__proto__ reaches nothing', () => {
    parseJsonDocument('{"__proto__": {"polluted": 1}, "x-": {"__proto__": {"polluted": 1}}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

test("the document's own schema is found, no other", () => {
  const schemaOf = (text: string) => {
    const scan = jsonScan(text);
    return scan.ok ? scan.value.schema : 'refused';
  };
  expect(schemaOf('\uFEFF{"n": {"schema": "inner"}, "schema": "outer\\u0041"}')).toBe('outerA');
  expect(schemaOf('{"n": {"schema": "inner"}}')).toBeNull();
  expect(schemaOf('{"n": "\\"schema\\": \\"fake\\""}')).toBeNull();
  expect(schemaOf('{"schema": 1}')).toBeNull();
});
