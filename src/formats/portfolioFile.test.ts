import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstrument } from '../engine/domain/instrument.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import { portfolioArbitrary } from './formatArbitraries.ts';
import { MAX_LEGS, parsePortfolioFile, portfolioFileText } from './portfolioFile.ts';

/** The file that the format's description shows. */
const EXAMPLE = {
  schema: 'headroom/portfolio@1',
  name: 'Short strangle with a wing',
  positions: [
    { id: 'a1', instrument: 'BTC-27DEC24-100000-C', quantity: -2, entryPrice: 0.0525 },
    { id: 'a2', instrument: 'BTC-PERPETUAL', quantity: -30000, entryPrice: 98123.5 },
  ],
  collateral: [
    { asset: 'USDC', quantity: 50000 },
    { asset: 'BTC', quantity: 1.5 },
  ],
};

type Example = Record<string, unknown> & {
  positions: Record<string, unknown>[];
  collateral: Record<string, unknown>[];
};

function edited(edit: (file: Example) => void): string {
  const file = structuredClone(EXAMPLE) as unknown as Example;
  edit(file);
  return JSON.stringify(file);
}

function accepted(text: string): Portfolio {
  const result = parsePortfolioFile(text);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function refused(text: string) {
  const result = parsePortfolioFile(text);
  if (result.ok) throw new Error('was accepted');
  return result.failure;
}

describe('reading', () => {
  test('the example', () => {
    expect(accepted(JSON.stringify(EXAMPLE))).toEqual({
      name: EXAMPLE.name,
      legs: EXAMPLE.positions,
      collateral: EXAMPLE.collateral,
    });
  });

  test('a byte order mark and CRLF do no harm', () => {
    const text = `\uFEFF${JSON.stringify(EXAMPLE, null, 2).replaceAll('\n', '\r\n')}`;
    expect(accepted(text).legs).toHaveLength(2);
  });

  test('instruments and assets take their canonical names', () => {
    const book = accepted(
      edited((file) => {
        file.positions[0]!.instrument = 'sol_usdc-03jan25-0D75-p';
        file.collateral[0]!.asset = 'usdc';
      }),
    );
    expect(book.legs[0]!.instrument).toBe('SOL_USDC-3JAN25-0d75-P');
    expect(book.collateral[0]!.asset).toBe('USDC');
  });

  test('an expired option is accepted: the engine says what it is', () => {
    expect(accepted(edited((file) => (file.positions[0]!.instrument = 'BTC-1JAN10-5-C'))).legs).toHaveLength(2);
  });

  test('entry price, name and collateral may be absent', () => {
    const book = accepted(
      edited((file) => {
        delete file.positions[0]!.entryPrice;
        delete file.name;
        delete (file as Record<string, unknown>).collateral;
      }),
    );
    expect(book).toMatchObject({ name: 'Untitled portfolio', collateral: [] });
    expect('entryPrice' in book.legs[0]!).toBe(false);
  });

  test('unknown fields under x- are ignored', () => {
    const text = edited((file) => {
      file['x-note'] = { anything: [1] };
      file.positions[0]!['x-tag'] = 'hedge';
    });
    expect(accepted(text)).toEqual(accepted(JSON.stringify(EXAMPLE)));
  });

  test('0 is read for -0', () => {
    const book = accepted(JSON.stringify(EXAMPLE).replace('50000', '-0'));
    expect(Object.is(book.collateral[0]!.quantity, 0)).toBe(true);
  });
});

describe('refusing', () => {
  test.each<[string, (file: Example) => void, string, string]>([
    [
      'an unknown field',
      (file) => (file.positions[1]!.price = 1),
      '/positions/1/price',
      'positions[1].price is not a field',
    ],
    ['a misspelt list', (file) => (file.colateral = []), '/colateral', 'colateral is not a field'],
    ['a missing quantity', (file) => delete file.positions[1]!.quantity, '/positions/1/quantity', 'is missing'],
    ['a number as text', (file) => (file.positions[0]!.quantity = '0x10'), '/positions/0/quantity', '"0x10"'],
    ['null', (file) => (file.positions[0]!.quantity = null), '/positions/0/quantity', 'is empty'],
    ['a huge quantity', (file) => (file.positions[0]!.quantity = 1e308), '/positions/0/quantity', '1e+308'],
    ['a huge holding', (file) => (file.collateral[1]!.quantity = -1.1e9), '/collateral/1/quantity', 'between'],
    ['a negative entry price', (file) => (file.positions[0]!.entryPrice = -1), '/positions/0/entryPrice', 'from 0'],
    ['a future entered at 0', (file) => (file.positions[1]!.entryPrice = 0), '/positions/1/entryPrice', 'above 0'],
    ['an unknown instrument', (file) => (file.positions[0]!.instrument = 'AAPL'), '/positions/0/instrument', 'AAPL'],
    [
      'an impossible date',
      (file) => (file.positions[0]!.instrument = 'BTC-31FEB25-1-C'),
      '/positions/0/instrument',
      '31FEB25',
    ],
    [
      'a strike of 0',
      (file) => (file.positions[0]!.instrument = 'BTC-27DEC24-0-C'),
      '/positions/0/instrument',
      'strike',
    ],
    ['a look-alike ticker', (file) => (file.collateral[0]!.asset = 'ВТС'), '/collateral/0/asset', 'ВТС'],
    ['a long ticker', (file) => (file.positions[0]!.instrument = 'B'.repeat(65)), '/positions/0/instrument', '64'],
    ['a repeated id', (file) => (file.positions[1]!.id = 'a1'), '/positions/1/id', 'used twice'],
    ['a reserved id', (file) => (file.positions[1]!.id = 'collateral:BTC'), '/positions/1/id', 'collateral:'],
    ['a repeated asset', (file) => (file.collateral[1]!.asset = 'usdc'), '/collateral/1/asset', 'twice'],
    ['a list for an object', (file) => (file.positions[0] = [] as never), '/positions/0', 'an object'],
    ['an object for a list', (file) => (file.positions = {} as never), '/positions', 'a list'],
    ['no schema', (file) => delete file.schema, '/schema', 'missing'],
    ['another schema', (file) => (file.schema = 'headroom/market@1'), '/schema', 'headroom/market@1'],
    ['a newer version', (file) => (file.schema = 'headroom/portfolio@2'), '/schema', 'newer Headroom'],
    ['an older version', (file) => (file.schema = 'headroom/portfolio@0'), '/schema', 'headroom/portfolio@0'],
  ])('%s', (_what, edit, path, words) => {
    const failure = refused(edited(edit));
    expect(failure.path).toBe(path);
    expect(failure.message).toContain(words);
  });

  test('__proto__ as a field is named, and pollutes nothing', () => {
    const text = JSON.stringify(EXAMPLE).replace('"id":"a2"', '"id":"a2","__proto__":{"quantity":7}');
    expect(refused(text).path).toBe('/positions/1/__proto__');
    expect(({} as Record<string, unknown>).quantity).toBeUndefined();
  });

  test('the first problem is told, the others are counted', () => {
    const failure = refused(
      edited((file) => {
        file.positions[0]!.quantity = 'x';
        file.positions[1]!.quantity = 'y';
        file.collateral[0]!.asset = 3;
      }),
    );
    expect(failure.path).toBe('/positions/0/quantity');
    expect(failure.message).toContain('(and 2 further problems)');
  });

  test('5,000 legs are read and 5,001 are not', () => {
    const legs = (count: number) =>
      edited((file) => {
        file.positions = Array.from({ length: count }, (_, index) => ({ ...EXAMPLE.positions[0]!, id: `l${index}` }));
      });
    expect(accepted(legs(MAX_LEGS)).legs).toHaveLength(MAX_LEGS);
    expect(refused(legs(MAX_LEGS + 1))).toMatchObject({ code: 'too-large', path: '/positions' });
  });
});

describe('writing', () => {
  test('what is written is read back bit for bit, and written the same again', () => {
    fc.assert(
      fc.property(portfolioArbitrary, (portfolio) => {
        const text = portfolioFileText(portfolio);
        const read = accepted(text);
        expect(read).toEqual(portfolio);
        expect(portfolioFileText(read)).toBe(text);
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  test('every canonical instrument name parses to itself', () => {
    fc.assert(
      fc.property(portfolioArbitrary, (portfolio) => {
        for (const leg of portfolio.legs) {
          const again = parseInstrument(leg.instrument);
          expect(again.ok && again.value.name).toBe(leg.instrument);
        }
      }),
      { seed: 22, numRuns: 300 },
    );
  });
});
