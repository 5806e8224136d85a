import { describe, expect, it } from 'vitest';
import { calendarExpiry, rowAtTheMoney, strategies, strategyProposal, type StrategyId } from './strategyTemplates.ts';
import { bitcoin, chainAt, december, june } from './testMarket.ts';

const chain = chainAt(june);
const laterChain = chainAt(december);

function legs(id: StrategyId, size = 5, input = { chain, laterChain, size }) {
  const result = strategyProposal(id, input);
  return result.ok
    ? result.value.trades.map((trade) => `${trade.quantity} ${trade.instrument}`)
    : result.failure.message;
}

describe('strategyProposal', () => {
  it('chooses strikes by delta', () => {
    // Call delta is 0.5 - (strike - 104,400) / 50,000; 0.2 lies at 119,400, nearest listed 122,000 (0.148).
    expect(legs('strangle')).toEqual(['-5 BTC-27JUN25-88000-P', '-5 BTC-27JUN25-122000-C']);
    expect(legs('bull-put')).toEqual(['-5 BTC-27JUN25-96000-P', '5 BTC-27JUN25-88000-P']);
    expect(legs('collar')).toEqual(['5 BTC-27JUN25-92000-P', '-5 BTC-27JUN25-114000-C']);
    expect(legs('straddle', 2)).toEqual(['-2 BTC-27JUN25-104000-P', '-2 BTC-27JUN25-104000-C']);
    expect(legs('calendar')).toEqual(['-5 BTC-27JUN25-104000-C', '5 BTC-26DEC25-104000-C']);
    expect(legs('condor')).toEqual([
      '-5 BTC-27JUN25-88000-P',
      '5 BTC-27JUN25-80000-P',
      '-5 BTC-27JUN25-122000-C',
      '5 BTC-27JUN25-130000-C',
    ]);
  });

  it('sells at the bid and buys at the ask', () => {
    const result = strategyProposal('bull-put', { chain, laterChain, size: 1 });
    const [sold, bought] = result.ok ? result.value.trades : [];
    const put = (strike: number) => chain.rows.find((row) => row.strike === strike)!.put;
    expect(sold?.price).toBe(put(96_000).bid);
    expect(bought?.price).toBe(put(88_000).ask);
  });

  it('says when legs are taken at mark', () => {
    const halfQuoted = chainAt(june, (side) => (side.type === 'P' ? { bid: null } : {}));
    const result = strategyProposal('strangle', { chain: halfQuoted, laterChain, size: 1 });
    expect(result.ok && result.value.label).toBe('Strangle, 1 of 2 legs at mark');
    expect(result.ok && result.value.trades[0]?.price).toBe(
      halfQuoted.rows.find((row) => row.strike === 88_000)!.put.mark,
    );
  });

  it('names what is missing when a leg cannot be formed', () => {
    const unquoted = chainAt(june, () => ({ bid: null, ask: null, mark: null }));
    expect(legs('strangle', 1, { chain: unquoted, laterChain, size: 1 })).toMatch(
      /Strangle 27JUN25 not formed. BTC-27JUN25-88000-P has no bid and no mark/,
    );
    const flat = chainAt(june, (side) => ({ delta: side.type === 'C' ? 0.99 : -0.01 }));
    expect(legs('collar', 1, { chain: flat, laterChain, size: 1 })).toMatch(/No listed put has a delta near 0.25/);
    expect(legs('calendar', 1, { chain, laterChain: null as never, size: 1 })).toMatch(
      /No later expiry lists strike 104000/,
    );
    expect(legs('strangle', 0)).toMatch(/above zero/);
  });

  it('every structure has distinct instruments', () => {
    for (const { id } of strategies) {
      const result = strategyProposal(id, { chain, laterChain, size: 1 });
      const names = result.ok ? result.value.trades.map((trade) => trade.instrument) : [];
      expect(names.length).toBeGreaterThan(1);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

it('a calendar goes to the first later expiry that lists its strike', () => {
  expect(rowAtTheMoney(chain)?.strike).toBe(104_000);
  expect(calendarExpiry(bitcoin.expiries, june, 104_000)).toBe(december);
  expect(calendarExpiry(bitcoin.expiries, june, 98_000)).toBeNull();
  expect(calendarExpiry(bitcoin.expiries, december, 104_000)).toBeNull();
});
