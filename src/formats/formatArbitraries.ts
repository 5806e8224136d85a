import * as fc from 'fast-check';
import { type Instrument, instrumentName } from '../engine/domain/instrument.ts';
import type {
  ExpiryMarket,
  MarketSnapshot,
  OptionQuote,
  SviParameters,
  UnderlyingMarket,
} from '../engine/domain/marketSnapshot.ts';
import type { CollateralHolding, Leg, Portfolio } from '../engine/domain/portfolio.ts';
import { MILLISECONDS_PER_DAY, type Timestamp } from '../engine/domain/units.ts';
import { identified } from './marketFile.ts';

/** Random domain values for tests: everything that the formats promise to carry. */

function decimal(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true }).map((value) => value + 0);
}

const symbol = fc.constantFrom('BTC', 'ETH', 'SOL', 'XRP', 'PEPE1000');
const day = fc.integer({ min: 11_000, max: 40_000 });
const expiry = day.map((days): Timestamp => days * MILLISECONDS_PER_DAY + 8 * 3_600_000);
const strike = fc.oneof(
  fc.integer({ min: 1, max: 400_000 }),
  fc.integer({ min: 1, max: 99_999_999 }).map((units) => units / 1e8),
);

const instrumentNameArbitrary: fc.Arbitrary<string> = fc
  .record({
    underlying: symbol,
    settlement: fc.constantFrom('coin' as const, 'usdc' as const),
    product: fc.constantFrom('option' as const, 'future' as const, 'perpetual' as const),
    expiry,
    strike,
    optionType: fc.constantFrom('C' as const, 'P' as const),
  })
  .map((contract) => instrumentName(contract as Exclude<Instrument, 'name'>));

const leg = fc.record(
  {
    instrument: instrumentNameArbitrary,
    quantity: decimal(-1e9, 1e9),
    entryPrice: decimal(Number.MIN_VALUE, 1e12),
  },
  { requiredKeys: ['instrument', 'quantity'] },
);

const holding = fc.record({ asset: fc.constantFrom('USDC', 'BTC', 'ETH', 'USDT'), quantity: decimal(-1e9, 1e9) });

export const portfolioArbitrary: fc.Arbitrary<Portfolio> = fc.record({
  name: fc.string({ unit: 'binary', maxLength: 60 }),
  legs: fc
    .array(fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), leg), { maxLength: 12 })
    .map((rows) => rows.map(([id, row], index): Leg => ({ id: `${id.trim()}#${index}`, ...row }))),
  collateral: fc.uniqueArray(holding, { selector: (row: CollateralHolding) => row.asset, maxLength: 4 }),
});

const vol = decimal(1e-4, 20);
const price = decimal(1e-9, 1e12);

const time = fc.integer({ min: 0, max: 4e12 });

const quote: fc.Arbitrary<OptionQuote> = fc.record(
  {
    strike,
    type: fc.constantFrom('C' as const, 'P' as const),
    markIv: vol,
    bidIv: vol,
    askIv: vol,
    openInterest: decimal(0, 1e9),
    timestamp: time,
  },
  { requiredKeys: ['strike', 'type'] },
);

const svi: fc.Arbitrary<SviParameters> = fc.record({
  a: decimal(0, 1),
  b: decimal(0, 3),
  rho: decimal(-0.99, 0.99),
  m: decimal(-2, 2),
  sigma: decimal(1e-6, 3),
});

const expiryMarket: fc.Arbitrary<ExpiryMarket> = fc.record(
  {
    expiry,
    forward: price,
    timestamp: time,
    confidence: fc.record({ forward: decimal(0, 1), vol: decimal(0, 1) }),
    discount: decimal(0.1, 2),
    quotes: fc
      .uniqueArray(quote, { selector: (row) => `${row.strike} ${row.type}`, maxLength: 8 })
      .map((rows) => rows.sort((one, other) => one.strike - other.strike || (one.type < other.type ? -1 : 1))),
    svi,
  },
  { requiredKeys: ['expiry', 'forward', 'discount', 'quotes'] },
);

function series(value: fc.Arbitrary<number>) {
  return fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 4e12 }), value), { selector: ([at]) => at, maxLength: 10 })
    .map((points) => points.sort(([one], [other]) => one - other));
}

const underlying: fc.Arbitrary<UnderlyingMarket> = fc.record(
  {
    symbol,
    index: price,
    indexTimestamp: time,
    perpetual: fc.record({ mark: price, fundingRate8h: decimal(-1, 1), timestamp: time }, { requiredKeys: ['mark'] }),
    confidence: fc.record({ index: decimal(0, 1), perpetual: decimal(0, 1) }),
    expiries: fc
      .uniqueArray(expiryMarket, { selector: (row) => row.expiry, maxLength: 4 })
      .map((rows) => rows.sort((one, other) => one.expiry - other.expiry)),
    history: fc.record({ intervalDays: decimal(0.01, 30), closes: series(price), volatilityIndex: series(vol) }),
  },
  { requiredKeys: ['symbol', 'index', 'expiries'] },
);

export const marketArbitrary: fc.Arbitrary<MarketSnapshot> = fc
  .record({
    asOf: fc.integer({ min: 0, max: 4e12 }),
    source: fc.record({
      kind: fc.constantFrom('live' as const, 'recorded' as const, 'simulated' as const),
      name: fc.string({ unit: 'binary', maxLength: 40 }),
    }),
    underlyings: fc.uniqueArray(underlying, { selector: (row) => row.symbol, maxLength: 3 }),
    stablecoins: fc.uniqueArray(
      fc.record({ asset: fc.constantFrom('USDC', 'USDT', 'DAI'), priceUsd: decimal(0.01, 2) }),
      { selector: (row) => row.asset },
    ),
  })
  .map((market) => identified(market));
