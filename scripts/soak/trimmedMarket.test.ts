import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseMarketFile } from '../../src/formats/marketFile.ts';
import { trimmedMarket } from './trimmedMarket.ts';

const demo = parseMarketFile(readFileSync('public/demo/market.json', 'utf8'));
if (!demo.ok) throw new Error(demo.failure.message);
const market = demo.value;
const options = ({ underlyings }: typeof market) =>
  underlyings.flatMap(({ expiries }) => expiries).reduce((sum, { quotes }) => sum + quotes.length, 0);

it('keeps the nearest expiries whole, and the fewest options that are enough', () => {
  const trimmed = trimmedMarket(market, 900);
  expect(options(trimmed)).toBeGreaterThanOrEqual(900);
  expect(options(trimmed)).toBeLessThan(1_000);
  for (const [i, { expiries, history, index }] of trimmed.underlyings.entries()) {
    const whole = market.underlyings[i]!;
    expect(expiries).toEqual(whole.expiries.slice(0, expiries.length));
    expect({ history, index }).toEqual({ history: whole.history, index: whole.index });
  }
});

it('leaves a market as it is that has no more, and one expiry of each coin whatever is asked', () => {
  expect(trimmedMarket(market, options(market))).toEqual(market);
  expect(trimmedMarket(market, 1).underlyings.map(({ expiries }) => expiries.length)).toEqual([1, 1, 1]);
});
