import { describe, expect, it } from 'vitest';
import { parsePriceHistoryCsv, parseVolatilityIndexCsv } from './parsePriceHistoryCsv.ts';

const JULY = Date.UTC(2024, 6, 24);

describe('parsePriceHistoryCsv', () => {
  it('reads day and close, whatever else and in whatever order', () => {
    const text =
      'date,open,high,low,close,src\r\n2024-07-24,1,2,0.5,65376,yahoo\r\n2024-07-25,1,2,0.5,65799.95,yahoo\r\n';
    const closes = [
      [JULY, 65_376],
      [JULY + 86_400_000, 65_799.95],
    ];
    expect(parsePriceHistoryCsv(text)).toEqual({ ok: true, value: closes });
    expect(parsePriceHistoryCsv('\uFEFFClose, Date\n65376,2024-07-24\n65799.95,2024-07-25')).toEqual({
      ok: true,
      value: closes,
    });
  });

  it('keeps a gap as it is', () => {
    const parsed = parsePriceHistoryCsv('date,close\n2024-07-01,1\n2024-07-24,2');
    expect(parsed.ok && parsed.value).toHaveLength(2);
  });

  it.each([
    ['/1', ''],
    ['/1', 'day,price\n2024-07-24,1'],
    ['/2/date', 'date,close\n24.07.2024,1'],
    ['/2/date', 'date,close\n2024-02-30,1'],
    ['/3/date', 'date,close\n2024-07-24,1\n2024-07-24,2'],
    ['/3/date', 'date,close\n2024-07-24,1\n2024-07-23,2'],
    ['/3/close', 'date,close\n2024-07-24,1\n2024-07-25'],
    ['/2/close', 'date,close\n2024-07-24,-1'],
    ['/2/close', 'date,close\n2024-07-24,0'],
    ['/2/close', 'date,close\n2024-07-24,1e400'],
    ['/2/close', 'date,close\n2024-07-24,NaN'],
  ])('refuses what is wrong at %s', (path, text) => {
    const parsed = parsePriceHistoryCsv(text);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.failure.path).toBe(path);
  });
});

describe('parseVolatilityIndexCsv', () => {
  it('turns percent into decimals', () => {
    expect(parseVolatilityIndexCsv('date,open,close,hours\n2024-07-24,84.80,95.04,24')).toEqual({
      ok: true,
      value: [[JULY, 0.9504]],
    });
  });

  it('refuses what is no volatility', () => {
    expect(parseVolatilityIndexCsv('date,close\n2024-07-24,0').ok).toBe(false);
    expect(parseVolatilityIndexCsv('date,close\n2024-07-24,50000').ok).toBe(false);
  });
});
