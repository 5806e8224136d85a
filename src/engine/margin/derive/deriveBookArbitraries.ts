import fc from 'fast-check';
import { CODES, smallBook, smallMarket } from '../../fixtures/smallMarket.ts';

/** Random books in the small market, for tests of Derive's rules: none owes coins, which Derive does not lend. */
export const OPTION_NAMES = [CODES.week, CODES.month, CODES.year].flatMap((code) => [
  `BTC-${code}-75000-P`,
  `BTC-${code}-90000-C`,
  `BTC-${code}-90000-P`,
  `BTC-${code}-110000-C`,
  `ETH_USDC-${code}-3400-C`,
]);

const FUTURE_NAMES = ['BTC-PERPETUAL', `BTC-${CODES.month}`, 'ETH_USDC-PERPETUAL'];

const leg = fc
  .tuple(fc.constantFrom(...OPTION_NAMES, ...FUTURE_NAMES), fc.double({ min: -20, max: 20, noNaN: true }))
  .map(([name, size]): [string, number] => {
    const inverseFuture = !name.includes('_USDC') && !/-[CP]$/.test(name);
    return [name, inverseFuture ? Math.round(size * 10_000) : size];
  });

export const books = fc
  .tuple(fc.array(leg, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 5, noNaN: true }))
  .map(([legs, coins]) =>
    smallBook(legs, [
      { asset: 'USDC', quantity: 250_000 },
      { asset: 'BTC', quantity: coins },
    ]),
  );

/** The small market with USDC at its peg and below it. */
export const markets = fc.constantFrom(smallMarket(), smallMarket({ usdcPrice: 0.95 }));

/** Rounding of a figure in USD. */
export function slack(usd: number): number {
  return 1e-9 * (1e6 + Math.abs(usd));
}
