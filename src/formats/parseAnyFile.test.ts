import { describe, expect, test } from 'vitest';
import { fileKind } from './fileKind.ts';
import { parseAnyFile } from './parseAnyFile.ts';

const MARKET =
  '{"schema":"headroom/market@1","asOf":"2024-11-22T08:00:00Z","source":{"kind":"live","name":"x"},"underlyings":{}}';
const PORTFOLIO = '{"name":"b","positions":[],"schema":"headroom/portfolio@1"}';
const CSV = 'instrument,quantity,entryPrice\nUSDC,5,\n';

test('the content tells, not the name', () => {
  expect(parseAnyFile('a.csv', MARKET)).toMatchObject({
    ok: true,
    value: { kind: 'market', market: { asOf: expect.anything() } },
  });
  expect(parseAnyFile('market.json', PORTFOLIO)).toMatchObject({
    ok: true,
    value: { kind: 'portfolio', portfolio: { name: 'b' } },
  });
  expect(parseAnyFile('C:\\books\\wings.CSV', CSV)).toMatchObject({
    value: { kind: 'portfolio', portfolio: { name: 'wings' } },
  });
  expect(parseAnyFile('', CSV)).toMatchObject({ value: { portfolio: { name: 'Untitled portfolio' } } });
});

test('a CSV under another separator is still a CSV, so that its own message says what to do', () => {
  expect(fileKind('b.csv', '\uFEFF"Instrument";"quantity"')).toEqual({ ok: true, value: 'portfolio-csv' });
  expect(parseAnyFile('b.csv', 'instrument;quantity')).toMatchObject({
    failure: { message: expect.stringContaining('semicolons') },
  });
});

describe('anything else is told the three kinds', () => {
  test.each([
    ['', ''],
    ['no schema', '{"a": 1}'],
    ['another schema', '{"schema": "geo/1"}'],
    ['a list', '[]'],
    ['HTML', '<!doctype html><html>'],
    ['an image', '\u0089PNG\r\n\u001a\n'],
    ['another CSV', 'date,open,close\n'],
    ['a zip', 'PK\u0003\u0004'],
  ])('%s', (_what, text) => {
    const result = fileKind('thing.bin', text);
    if (result.ok) throw new Error('was accepted');
    for (const kind of ['headroom/market@1', 'headroom/portfolio@1', 'instrument,quantity,entryPrice']) {
      expect(result.failure.message).toContain(kind);
    }
    expect(result.failure.message).toContain('thing.bin');
    expect(result.failure.path).toBeDefined();
  });

  test('a newer version of a known kind goes to its parser, which names the version', () => {
    expect(parseAnyFile('p.json', PORTFOLIO.replace('@1', '@9'))).toMatchObject({
      failure: { path: '/schema', message: expect.stringContaining('portfolio@9') },
    });
  });

  test('broken JSON says where', () => {
    expect(parseAnyFile('p.json', PORTFOLIO.slice(0, -3))).toMatchObject({ failure: { code: 'bad-json' } });
  });
});
