import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { portfolioArbitrary } from './formatArbitraries.ts';
import { parsePortfolioCsv, portfolioCsvText } from './portfolioCsv.ts';

const HEADER = 'instrument,quantity,entryPrice';
const GOOD = [HEADER, 'BTC-27DEC24-100000-C,-2,0.0525', 'BTC-PERPETUAL,-30000,', 'USDC,50000,'];

function accepted(text: string) {
  const result = parsePortfolioCsv(text);
  if (!result.ok) throw new Error(`${result.failure.path}: ${result.failure.message}`);
  return result.value;
}

function refused(text: string) {
  const result = parsePortfolioCsv(text);
  if (result.ok) throw new Error('was accepted');
  return result.failure;
}

describe('reading', () => {
  const book = {
    name: 'Untitled portfolio',
    legs: [
      { id: 'l1', instrument: 'BTC-27DEC24-100000-C', quantity: -2, entryPrice: 0.0525 },
      { id: 'l2', instrument: 'BTC-PERPETUAL', quantity: -30000 },
    ],
    collateral: [{ asset: 'USDC', quantity: 50000 }],
  };

  test.each([
    ['LF', GOOD.join('\n')],
    ['CRLF with an end', `${GOOD.join('\r\n')}\r\n`],
    ['a byte order mark', `\uFEFF${GOOD.join('\n')}`],
    ['blank lines', `\n${GOOD.join('\n\n,,\n  \n')}\n\n`],
    ['quoted cells and spaces', GOOD.join('\n').replace('-2,0.0525', '" -2 ", 0.0525 ')],
    ['a header in capitals', GOOD.join('\n').replace(HEADER, 'Instrument,QUANTITY,EntryPrice')],
    ['guarded cells', GOOD.join('\n').replace(',-2,', ",'-2,")],
    ['other forms of the numbers', GOOD.join('\n').replace('50000', '+5e4').replace('0.0525', '.0525')],
  ])('%s', (_what, text) => {
    expect(accepted(text)).toEqual(book);
  });

  test('columns in another order, and no entry prices', () => {
    expect(accepted('quantity,instrument\n3,ETH-PERPETUAL\n1.5,eth').legs).toEqual([
      { id: 'l1', instrument: 'ETH-PERPETUAL', quantity: 3 },
    ]);
  });

  test('a name can be given', () => {
    const result = parsePortfolioCsv(HEADER, 'wings');
    expect(result.ok && result.value).toEqual({ name: 'wings', legs: [], collateral: [] });
  });
});

describe('refusing', () => {
  test.each([
    ['a decimal comma in quotes', 'BTC-PERPETUAL,"1,5",', '/2/quantity', 'decimal point'],
    ['a decimal comma unquoted', 'BTC-PERPETUAL,1,5,', '/2', 'Row 2 has 4 cells'],
    ['thousands marks', 'BTC-PERPETUAL,"30,000",', '/2/quantity', 'thousands'],
    ['an underscore', 'BTC-PERPETUAL,1_000,', '/2/quantity', '"1_000"'],
    ['hexadecimal', 'BTC-PERPETUAL,0x10,', '/2/quantity', '"0x10"'],
    ['an empty quantity', 'BTC-PERPETUAL,,', '/2/quantity', 'empty'],
    ['full-width digits', 'BTC-PERPETUAL,１２,', '/2/quantity', 'not a number'],
    ['NaN', 'BTC-PERPETUAL,NaN,', '/2/quantity', '"NaN"'],
    ['infinity', 'BTC-PERPETUAL,1e999,', '/2/quantity', '1e999'],
    ['a huge quantity', 'BTC-PERPETUAL,1e308,', '/2/quantity', '1e9'],
    ['a formula', 'BTC-PERPETUAL,=1+1,', '/2/quantity', '"=1+1"'],
    ['a date', 'BTC-PERPETUAL,27/12/2024,', '/2/quantity', '27/12/2024'],
    ['a negative entry price', 'BTC-PERPETUAL,1,-5', '/2/entryPrice', '-5'],
    ['an entry price of 0', 'BTC-PERPETUAL,1,0', '/2/entryPrice', 'above 0'],
    ['collateral with an entry price', 'USDC,1,1', '/2/entryPrice', 'collateral'],
    ['collateral twice', 'USDC,1,\nusdc,2,', '/3/instrument', 'twice'],
    ['an unknown instrument', 'BTC-2024-C,1,', '/2/instrument', 'BTC-2024-C'],
    ['a formula as instrument', '=cmd|calc,1,', '/2/instrument', '=cmd'],
    ['no instrument', ',1,', '/2/instrument', 'Row 2'],
    ['a short row', 'BTC-PERPETUAL,1', '/2', '2 cells under 3 columns'],
    ['an open quotation mark', 'BTC-PERPETUAL,"1,', '/2', 'not closed'],
    ['a bad row after good ones', 'ETH-PERPETUAL,1,\n\nUSDC,1,\nBTC-PERPETUAL,x,', '/5/quantity', 'Row 5'],
  ])('%s', (_what, rows, path, words) => {
    const failure = refused(`${HEADER}\n${rows}`);
    expect(failure.path).toBe(path);
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('Row');
  });

  test.each([
    ['semicolons', 'instrument;quantity;entryPrice\nBTC-PERPETUAL;1,5;', 'semicolons'],
    ['tabs', 'instrument\tquantity\tentryPrice', 'tabs'],
    ['no header', 'BTC-PERPETUAL,1,', '"BTC-PERPETUAL" is not a column'],
    ['a renamed column', 'instrument,size,entryPrice', '"size"'],
    ['a repeated column', 'instrument,quantity,quantity', 'twice'],
    ['a missing column', 'instrument,entryPrice', 'quantity is missing'],
    ['nothing', '', 'empty'],
    ['ten thousand columns', 'a,'.repeat(10_000), 'not a column'],
  ])('a header with %s', (_what, text, words) => {
    const failure = refused(text);
    expect(failure.message).toContain(words);
    expect(failure.path).toMatch(/^\/1/);
  });

  test('too many rows', () => {
    const rows = (count: number) => `${HEADER}\n${'BTC-PERPETUAL,1,\n'.repeat(count)}`;
    expect(accepted(rows(5_000)).legs).toHaveLength(5_000);
    expect(refused(rows(5_001))).toMatchObject({ code: 'too-large' });
    // Processor time: what else the machine does must not decide.
    const started = process.cpuUsage();
    expect(refused(rows(500_000))).toMatchObject({ code: 'too-large' });
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(1_000);
  });
});

test('what is written is read back: everything but ids and the name', () => {
  fc.assert(
    fc.property(portfolioArbitrary, (portfolio) => {
      const text = portfolioCsvText(portfolio);
      const read = accepted(text);
      expect(read.legs.map((leg) => ({ ...leg, id: '' }))).toEqual(portfolio.legs.map((leg) => ({ ...leg, id: '' })));
      expect(read.collateral).toEqual(portfolio.collateral);
      expect(portfolioCsvText(read)).toBe(text);
    }),
    { seed: 41, numRuns: 300 },
  );
});
