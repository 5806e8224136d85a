import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryCode, instrumentName, parseInstrument } from './instrument.ts';

const parsed = (text: string) => {
  const result = parseInstrument(text);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

describe('parseInstrument', () => {
  it.each([
    [
      'BTC-27DEC24-100000-C',
      {
        product: 'option',
        underlying: 'BTC',
        settlement: 'coin',
        strike: 100_000,
        optionType: 'C',
        expiry: Date.UTC(2024, 11, 27, 8),
      },
    ],
    [
      'SOL_USDC-27DEC24-200-P',
      { product: 'option', underlying: 'SOL', settlement: 'usdc', strike: 200, optionType: 'P' },
    ],
    ['XRP_USDC-30JUN23-0d625-C', { strike: 0.625, name: 'XRP_USDC-30JUN23-0d625-C' }],
    ['btc-3jan25-98000-p', { name: 'BTC-3JAN25-98000-P', expiry: Date.UTC(2025, 0, 3, 8) }],
    ['BTC-03JAN25-98000-P', { name: 'BTC-3JAN25-98000-P' }],
    ['BTC-27DEC24', { product: 'future', settlement: 'coin' }],
    ['BTC-PERPETUAL', { product: 'perpetual', settlement: 'coin' }],
    ['SOL_USDC-PERPETUAL', { product: 'perpetual', settlement: 'usdc', underlying: 'SOL' }],
  ])('reads %s', (text, expected) => {
    expect(parsed(text)).toMatchObject(expected);
  });

  it.each([
    '',
    'BTC',
    'BTC-27DEC24-100000',
    'BTC-27DEC24-100000-X',
    'BTC-27DEC24--5-C',
    'BTC-27DEC24-0-C',
    'BTC-31FEB25',
    'BTC-0JAN25',
    'BTC-27DEK24',
    'BTC_USDT-PERPETUAL',
    '-PERPETUAL',
    '../BTC-PERPETUAL',
    `BTC-27DEC24-${'9'.repeat(60)}-C`,
    'ВTC-PERPETUAL',
  ])('refuses %j with a sentence', (text) => {
    const result = parseInstrument(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.failure.message).toMatch(/\w{3,}/);
  });

  it('names what it reads, and reads what it names', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('BTC', 'ETH', 'SOL', '1INCH'.slice(1)),
        fc.constantFrom('coin' as const, 'usdc' as const),
        fc.integer({ min: Date.UTC(2000, 0, 1) / 86_400_000, max: Date.UTC(2099, 11, 31) / 86_400_000 }),
        fc.oneof(
          fc.integer({ min: 1, max: 10_000_000 }),
          fc.integer({ min: 1, max: 99_999 }).map((n) => n / 10_000),
        ),
        fc.constantFrom('C' as const, 'P' as const),
        (underlying, settlement, day, strike, optionType) => {
          const contract = {
            product: 'option' as const,
            underlying,
            settlement,
            expiry: day * 86_400_000 + 8 * 3_600_000,
            strike,
            optionType,
          };
          const name = instrumentName(contract);
          expect(parsed(name)).toEqual({ ...contract, name });
          expect(parsed(name.toLowerCase()).name).toBe(name);
        },
      ),
    );
  });

  it('writes the day of an expiry without a leading zero', () => {
    expect(expiryCode(Date.UTC(2027, 0, 9, 8))).toBe('9JAN27');
  });
});
