import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { marketArbitrary, portfolioArbitrary } from './formatArbitraries.ts';
import { marketFileText } from './marketFile.ts';
import { parseAnyFile } from './parseAnyFile.ts';
import { portfolioCsvText } from './portfolioCsv.ts';
import { portfolioFileText } from './portfolioFile.ts';

/**
 * Good files, damaged in every place in many ways. Whatever happens: no exception, no value that is not finite, no part of a
 * file taken for the whole, and every refusal says where and what.
 */

const [market] = fc
  .sample(
    marketArbitrary.filter(({ underlyings }) =>
      underlyings.some(({ history, perpetual, expiries }) => {
        const parts = history && history.closes.length > 1 && history.volatilityIndex.length > 0 && perpetual;
        return parts && expiries.some(({ quotes, svi }) => svi && quotes.length > 2) && expiries.length > 1;
      }),
    ),
    { seed: 71, numRuns: 40 },
  )
  .map(marketFileText)
  .sort((one, other) => one.length - other.length) as [string];
const [portfolio] = fc.sample(
  portfolioArbitrary.filter(({ legs, collateral }) => legs.length > 4 && collateral.length > 1),
  { seed: 72, numRuns: 1 },
);
const FILES = { market, portfolio: portfolioFileText(portfolio!), csv: portfolioCsvText(portfolio!) };
const JSON_FILES = [FILES.market, FILES.portfolio] as const;

/** Values for every place, as JSON text, since some cannot be had from JSON.stringify. */
const REPLACEMENTS = [
  'null',
  'true',
  '[]',
  '{}',
  '0',
  '-0',
  '-1',
  '1',
  '1e308',
  '-1e308',
  '1e400',
  '-1e400',
  '5e-324',
  '9007199254740993',
  'NaN',
  'Infinity',
  '""',
  '" "',
  '"0x10"',
  '"1_000"',
  '"1,5"',
  '"１２"',
  '"1"',
  '"__proto__"',
  '"constructor"',
  '"<script>alert(1)</script>"',
  '"javascript:alert(1)"',
  '"=cmd|calc"',
  '"\\u202eC-00001"',
  '"\\u0000"',
  '"2024-02-30T08:00:00Z"',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  `${'['.repeat(40)}${']'.repeat(40)}`,
  `"${'A'.repeat(5000)}"`,
];

interface Verdict {
  readonly accepted: boolean;
  /** What is wrong with the way in which the text was accepted or refused; null when nothing is. */
  readonly fault: string | null;
}

function verdict(text: string): Verdict {
  const result = parseAnyFile('file', text);
  const accepted = result.ok;
  if ('polluted' in {} || Object.keys(Object.prototype).length > 0) return { accepted, fault: `polluted by ${text}` };
  if (result.ok) {
    // Whatever was accepted is written, and reads back as the same: nothing half-read, nothing that is not finite.
    const written =
      result.value.kind === 'market' ? marketFileText(result.value.market) : portfolioFileText(result.value.portfolio);
    const isSame = JSON.stringify(parseAnyFile('file', written)) === JSON.stringify(result);
    return { accepted, fault: isSame ? null : `half-read: ${text}` };
  }
  const { code, message, path } = result.failure;
  // What stands in quotes is the file's own.
  const words = message.replace(/"[^"]*"/g, '');
  const isClear =
    code !== 'internal' &&
    path !== undefined &&
    /^(\/[^/]*)*$/.test(path) &&
    message.length > 10 &&
    message.length < 600 &&
    !/undefined|\[object|\bNaN\b|\bInfinity\b/.test(words);
  return { accepted, fault: isClear ? null : `${code} ${path} ${message}` };
}

function faults(texts: Iterable<string>): string[] {
  return [...texts].flatMap((text) => verdict(text).fault ?? []);
}

/** Those of the texts that are not refused, and refused well. */
function unrefused(texts: Iterable<string>): string[] {
  return [...texts].flatMap((text) => {
    const { accepted, fault } = verdict(text);
    return accepted ? [text] : (fault ?? []);
  });
}

/** The text with every value, one at a time, replaced by what `edit` makes of its text. */
function* replaced(text: string, replacement: string): Generator<string> {
  const value = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.eE+-]*/g;
  for (const match of text.matchAll(value)) {
    yield text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
  }
}

/** The paths of every field of every object, and of every item of every list. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...path, key], ...places(item, [...path, key])]);
}

function withPlace(
  text: string,
  path: readonly string[],
  edit: (parent: Record<string, unknown>, key: string) => void,
) {
  const file = JSON.parse(text) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, file);
  edit(parent, path.at(-1)!);
  return JSON.stringify(file);
}

test('the undamaged files are accepted', () => {
  expect(Object.values(FILES).map(verdict)).toEqual(Object.values(FILES).map(() => ({ accepted: true, fault: null })));
});

test('cut at every fiftieth, a JSON file is refused and a CSV is whole rows or refused', () => {
  const cuts = (text: string) =>
    Array.from({ length: 50 }, (_, part) => text.slice(0, Math.floor(((text.trimEnd().length - 1) * part) / 50)));
  expect(JSON_FILES.flatMap((text) => unrefused(cuts(text)))).toEqual([]);
  expect(faults(cuts(FILES.csv))).toEqual([]);
});

test.each(REPLACEMENTS.map((text) => [text.slice(0, 40), text] as const))(
  '%s in the place of every value',
  (_title, replacement) => {
    expect(JSON_FILES.flatMap((text) => faults(replaced(text, replacement)))).toEqual([]);
    const rows = FILES.csv.split('\r\n').map((row) => row.split(','));
    const damaged = rows.flatMap((cells, row) =>
      cells.map((_, index) =>
        rows.map((other, at) => (at === row ? other.with(index, replacement) : other).join(',')).join('\r\n'),
      ),
    );
    expect(faults(damaged)).toEqual([]);
  },
);

test.each(JSON_FILES.map((text) => [text.slice(4, 33), text] as const))(
  'every field of %s dropped, wrapped, renamed or joined by another',
  (_title, text) => {
    const all = places(JSON.parse(text));
    const fields = all.filter((path) => !/^\d+$/.test(path.at(-1)!));
    const changed = (edit: (parent: Record<string, unknown>, key: string) => void, paths = all) =>
      paths.map((path) => withPlace(text, path, edit));
    expect(faults(changed((parent, key) => delete parent[key]))).toEqual([]);
    expect(faults(changed((parent, key) => (parent[key] = [parent[key]])))).toEqual([]);
    expect(faults(changed((parent, key) => (parent[key] = { [key]: parent[key] })))).toEqual([]);
    const renamed = changed((parent, key) => {
      parent[`${key}_`] = parent[key];
      delete parent[key];
    }, fields);
    expect(unrefused(renamed)).toEqual([]);
    for (const name of ['unknown', 'toString', 'hasOwnProperty', '']) {
      expect(unrefused(changed((parent) => (parent[name] = 1), fields))).toEqual([]);
    }
    const noted = changed((parent) => (parent['x-note'] = 1), fields);
    expect(noted.filter((damaged) => !verdict(damaged).accepted)).toEqual([]);
  },
);

test('a proto key in every object is refused by name', () => {
  const damaged = JSON_FILES.flatMap((text) =>
    [...text.matchAll(/\{(?=\s*")/g)].map(
      ({ index }) => `${text.slice(0, index + 1)}"__proto__":{"polluted":1},${text.slice(index + 1)}`,
    ),
  );
  expect(unrefused(damaged)).toEqual([]);
  for (const text of damaged) {
    expect(parseAnyFile('file', text)).toMatchObject({ failure: { path: expect.stringMatching(/__proto__$/) } });
  }
});

test('random damage to characters, in 3,000 files', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.string({ unit: 'binary', maxLength: 8 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(FILES)), edits, (text, changes) => {
      const damaged = changes.reduce((current, [place, length, inserted]) => {
        const at = place % (current.length + 1);
        return current.slice(0, at) + inserted + current.slice(at + length);
      }, text);
      expect(verdict(damaged).fault).toBeNull();
    }),
    { seed: 73, numRuns: 3_000 },
  );
});
