import { instrumentName, type OptionType } from '../engine/domain/instrument.ts';
import type { MarketSummary, UnderlyingSummary } from '../engine/domain/marketSummary.ts';
import type { Leg, Portfolio } from '../engine/domain/portfolio.ts';
import { MILLISECONDS_PER_DAY } from '../engine/domain/units.ts';

/** Collateral in stablecoin, and the worth of what is held in coin. */
const USDC = 100_000;
const COIN_USD = 60_000;
/** USD notional of ten lots; every quantity follows from it, so that the book fits its collateral at any price of the coin. */
const TEN_LOTS_USD = 1_000_000;

/**
 * The book of a first visit: a short strangle with one protective wing and a perpetual hedge on the first coin, a call spread
 * on the second, so that offsets show between strikes, products and coins. Strikes are the listed ones nearest to round
 * moneyness, about thirty days out. No entry prices: the book starts at its marks.
 */
export function sampleBook(market: MarketSummary): Portfolio {
  const main = market.underlyings.find((coin) => coin.symbol === 'BTC') ?? market.underlyings[0];
  const other =
    market.underlyings.find((coin) => coin.symbol === 'ETH' && coin !== main) ??
    market.underlyings.find((coin) => coin !== main);
  if (main === undefined) return { name: 'Sample book', legs: [], collateral: [{ asset: 'USDC', quantity: USDC }] };

  const lots = (coin: UnderlyingSummary, tenths: number) => significant(((TEN_LOTS_USD / 10) * tenths) / coin.index, 1);
  const legs = [
    option(market, main, 'P', 0.88, -lots(main, 10)),
    option(market, main, 'C', 1.17, -lots(main, 6)),
    option(market, main, 'P', 0.8, lots(main, 10)),
    perpetual(main, -80_000),
    ...(other === undefined
      ? []
      : [option(market, other, 'C', 1.1, -lots(other, 2)), option(market, other, 'C', 1.25, lots(other, 2))]),
  ].filter((leg) => leg !== null);
  return {
    name: 'Sample book',
    legs: legs.map((leg, index) => ({ id: `l${index + 1}`, ...leg })),
    collateral: [
      { asset: 'USDC', quantity: USDC },
      { asset: main.symbol, quantity: significant(COIN_USD / main.index, 1) },
    ],
  };
}

type UnnamedLeg = Omit<Leg, 'id'>;

function option(
  market: MarketSummary,
  coin: UnderlyingSummary,
  optionType: OptionType,
  moneyness: number,
  quantity: number,
): UnnamedLeg | null {
  const target = market.asOf + 30 * MILLISECONDS_PER_DAY;
  const listed = coin.expiries.filter((expiry) => expiry.strikes.length > 0 && expiry.expiry > market.asOf);
  const month = nearest(listed, (expiry) => Math.abs(expiry.expiry - target));
  if (month === null) return null;
  const strike = nearest(month.strikes, (candidate) => Math.abs(candidate - moneyness * coin.index));
  if (strike === null) return null;
  const contract = { underlying: coin.symbol, settlement: coin.settlement, expiry: month.expiry, strike, optionType };
  return { instrument: instrumentName({ product: 'option', ...contract }), quantity };
}

function perpetual(coin: UnderlyingSummary, usd: number): UnnamedLeg | null {
  if (coin.perpetualMark === null) return null;
  const contract = { product: 'perpetual' as const, underlying: coin.symbol, settlement: coin.settlement };
  // Coin-settled perpetuals count in USD, linear ones in coin.
  const quantity = coin.settlement === 'coin' ? usd : significant(usd / coin.index, 1);
  return { instrument: instrumentName(contract), quantity };
}

function nearest<T>(candidates: readonly T[], distance: (candidate: T) => number): T | null {
  return candidates.reduce<T | null>(
    (best, candidate) => (best === null || distance(candidate) < distance(best) ? candidate : best),
    null,
  );
}

/** Rounded to a number of significant digits: 9.6 to 10, 0.577 to 0.6. */
function significant(x: number, digits: number): number {
  return Number(x.toPrecision(digits));
}
