import { expect, it } from 'vitest';
import { priceSeriesName } from './priceSeriesName.ts';

it.each([
  ['btc-usd-daily.csv', 'BTC', 'closes'],
  ['data/eth_usd.csv', 'ETH', 'closes'],
  ['C:\\data\\btc-dvol-daily.csv', 'BTC', 'volatility-index'],
  ['SOL.csv', 'SOL', 'closes'],
])('%s is of %s: %s', (name, symbol, kind) => {
  expect(priceSeriesName(name)).toEqual({ symbol, kind });
});

it('asks where a name begins with no coin', () => {
  expect(priceSeriesName('2026-daily.csv')).toBeNull();
});
