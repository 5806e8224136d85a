import { describe, expect, it } from 'vitest';
import { marketFileText, parseMarketFile } from '../../formats/marketFile.ts';
import { importChain, importChains, type NamedText } from './importChain.ts';

function chain(currency: string, capturedAt = '2026-02-05T09:36:47Z'): NamedText {
  return {
    name: `${currency.toLowerCase()}.json`,
    text: JSON.stringify({
      currency,
      capturedAt,
      indexPrice: 2_000,
      expiries: [{ time: '2026-02-27T08:00Z', underlying: 2_010 }],
      fields: ['expiry', 'strike', 'type', 'bid', 'ask', 'markIv', 'underlying'],
      rows: [
        [0, 2_000, 'C', 0.05, 0.06, 60.01, 2_010],
        [0, 2_000, 'P', null, null, null, 2_010],
      ],
    }),
  };
}

const HISTORY = {
  symbol: 'ETH',
  name: 'eth.csv',
  text: 'date,close\n2026-02-03,2100\n2026-02-04,2050\n2026-02-05,1990',
};

describe('importChain', () => {
  it('makes one market of several coins, as of the latest capture', () => {
    const market = importChain({ chains: [chain('ETH'), chain('BTC', '2026-02-05T09:40:00Z')] });
    if (!market.ok) throw new Error(market.failure.message);
    expect(market.value.asOf).toBe(Date.UTC(2026, 1, 5, 9, 40));
    expect(market.value.source).toEqual({ kind: 'recorded', name: 'Deribit' });
    expect(market.value.underlyings.map(({ symbol }) => symbol)).toEqual(['ETH', 'BTC']);
    expect(market.value.stablecoins).toEqual([{ asset: 'USDC', priceUsd: 1 }]);
    expect(market.value.underlyings[0]!.history).toBeUndefined();
    expect(market.value.underlyings[0]!.perpetual).toBeUndefined();
  });

  it('makes a market that its own file gives back', () => {
    const market = importChain({ chains: [chain('ETH'), chain('BTC')], histories: [HISTORY] });
    if (!market.ok) throw new Error(market.failure.message);
    expect(parseMarketFile(marketFileText(market.value))).toEqual(market);
    expect(market.value.underlyings[0]!.expiries[0]!.quotes[1]).toEqual({ strike: 2_000, type: 'P' });
  });

  it('takes from a history the days that had ended', () => {
    const market = importChain({
      chains: [chain('ETH')],
      histories: [HISTORY],
      volatilityIndices: [{ symbol: 'ETH', name: 'v.csv', text: 'date,close\n2026-02-04,88.5\n2026-02-05,99' }],
    });
    if (!market.ok) throw new Error(market.failure.message);
    expect(market.value.underlyings[0]!.history).toEqual({
      intervalDays: 1,
      closes: [
        [Date.UTC(2026, 1, 3), 2_100],
        [Date.UTC(2026, 1, 4), 2_050],
      ],
      volatilityIndex: [[Date.UTC(2026, 1, 4), 0.885]],
    });
  });

  it.each([
    ['No chain is given', {}],
    ['eth.json: a chain of ETH is given already', { chains: [chain('ETH'), chain('ETH')] }],
    [
      'captured at 2026-02-05T09:36:47Z and 2026-02-05T21:29:37Z',
      { chains: [chain('ETH'), chain('BTC', '2026-02-05T21:29:37Z')] },
    ],
    ['bad.json: ', { chains: [{ name: 'bad.json', text: '{' }] }],
    [
      'btc.csv: no chain of BTC is given',
      { chains: [chain('ETH')], histories: [{ ...HISTORY, symbol: 'BTC', name: 'btc.csv' }] },
    ],
    ['eth.csv: a history of ETH is given already', { chains: [chain('ETH')], histories: [HISTORY, HISTORY] }],
    ['eth.csv: Row 2', { chains: [chain('ETH')], histories: [{ ...HISTORY, text: 'date,close\nx,1' }] }],
  ])('refuses with "%s"', (message, input) => {
    const market = importChain({ chains: [], ...input });
    expect(market.ok).toBe(false);
    expect(!market.ok && market.failure.message).toContain(message);
  });
});

describe('importChains', () => {
  it('makes a market of each capture, the earliest first, with the history that had ended by then', () => {
    const markets = importChains({
      chains: [
        chain('BTC', '2026-02-05T15:51:00Z'),
        chain('ETH', '2026-02-05T09:36:00Z'),
        chain('BTC', '2026-02-05T09:40:00Z'),
        chain('ETH', '2026-02-06T04:30:00Z'),
        chain('ETH', '2026-02-05T15:52:00Z'),
      ],
      histories: [HISTORY],
    });
    if (!markets.ok) throw new Error(markets.failure.message);
    expect(markets.value.map(({ asOf }) => new Date(asOf).toISOString().slice(0, 16))).toEqual([
      '2026-02-05T09:40',
      '2026-02-05T15:52',
      '2026-02-06T04:30',
    ]);
    expect(markets.value.map(({ underlyings }) => underlyings.map(({ symbol }) => symbol))).toEqual([
      ['ETH', 'BTC'],
      ['BTC', 'ETH'],
      ['ETH'],
    ]);
    const days = markets.value.map((market) => {
      const eth = market.underlyings.find(({ symbol }) => symbol === 'ETH');
      return eth?.history?.closes.length;
    });
    expect(days).toEqual([2, 2, 3]);
  });

  it('refuses a coin that is given twice within one capture', () => {
    const markets = importChains({ chains: [chain('ETH'), chain('ETH', '2026-02-05T10:00:00Z')] });
    expect(markets.ok ? '' : markets.failure.message).toContain('a chain of ETH is given already');
  });
});
