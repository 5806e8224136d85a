import { describe, expect, it } from 'vitest';
import { parseInstrument } from '../engine/domain/instrument.ts';
import { TEST_MARKET } from '../state/testState.ts';
import { sampleBook } from './sampleBook.ts';

describe('sampleBook', () => {
  const book = sampleBook(TEST_MARKET);

  it('holds a short strangle, a wing, a perpetual and a spread on another coin', () => {
    expect(book.legs.map((leg) => [leg.instrument, leg.quantity])).toEqual([
      ['BTC-26JUN26-88000-P', -10],
      ['BTC-26JUN26-117000-C', -6],
      ['BTC-26JUN26-80000-P', 10],
      ['BTC-PERPETUAL', -80_000],
      ['ETH-26JUN26-4400-C', -50],
      ['ETH-26JUN26-5000-C', 50],
    ]);
  });

  it('holds only what the market lists, entered at no price', () => {
    for (const leg of book.legs) {
      expect(leg.entryPrice).toBeUndefined();
      const parsed = parseInstrument(leg.instrument);
      if (!parsed.ok) throw new Error(leg.instrument);
      const contract = parsed.value;
      if (contract.product !== 'option') continue;
      const coin = TEST_MARKET.underlyings.find((each) => each.symbol === contract.underlying)!;
      const expiry = coin.expiries.find((each) => each.expiry === contract.expiry)!;
      expect(expiry.strikes).toContain(contract.strike);
    }
    expect(new Set(book.legs.map((leg) => leg.id)).size).toBe(book.legs.length);
  });

  it('has collateral in stablecoin and in coin', () => {
    expect(book.collateral).toEqual([
      { asset: 'USDC', quantity: 100_000 },
      { asset: 'BTC', quantity: 0.6 },
    ]);
  });

  it('makes do with one coin, and with none', () => {
    const alone = { ...TEST_MARKET, underlyings: [TEST_MARKET.underlyings[1]!] };
    expect(sampleBook(alone).legs.every((leg) => leg.instrument.startsWith('ETH'))).toBe(true);
    expect(sampleBook({ ...TEST_MARKET, underlyings: [] }).legs).toEqual([]);
  });

  it('names linear contracts as the coin settles, the perpetual in coin', () => {
    const sol = { ...TEST_MARKET.underlyings[1]!, symbol: 'SOL', settlement: 'usdc' as const };
    const legs = sampleBook({ ...TEST_MARKET, underlyings: [sol] }).legs;
    expect(legs.map((leg) => leg.instrument)).toContain('SOL_USDC-PERPETUAL');
    expect(legs.find((leg) => leg.instrument === 'SOL_USDC-PERPETUAL')?.quantity).toBe(-20);
  });
});
