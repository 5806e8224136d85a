import type {
  ExpiryMarket,
  MarketSnapshot,
  OptionQuote,
  UnderlyingMarket,
} from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp, yearFraction } from '../../engine/domain/units.ts';
import { identified } from '../../formats/marketFile.ts';
import { type ListedExpiry, listedExpiries } from './listedExpiries.ts';
import { COINS, type Coin } from './simulatedCoins.ts';
import { normalDraw, uniformDraw } from './simulatedDraws.ts';
import { simulatedHistories } from './simulatedHistory.ts';
import { cents, halfSpread, rounded, simulatedQuote } from './simulatedQuotes.ts';
import { simulatedVol } from './simulatedSmile.ts';
import { LISTINGS, strikeLadder } from './strikeLadder.ts';

/** The carry's way from its short to its long level. */
const CARRY_YEARS = 0.25;
const HISTORY_DAYS = 731;

/**
 * A whole market made from a seed: BTC, ETH and SOL with twelve expiries each, skewed smiles free of arbitrage, bid and
 * ask vols, open interest, and two years of daily closes that end at today's index, with volatility indices for BTC and
 * ETH. Nothing in it was observed. The same seed and time give the same market.
 */
export function simulatedMarket(seed: number, asOf: Timestamp): MarketSnapshot {
  const listing = listedExpiries(asOf);
  // The last day that has ended.
  const lastDay = (Math.floor(asOf / MILLISECONDS_PER_DAY) - 1) * MILLISECONDS_PER_DAY;
  const histories = simulatedHistories(COINS, lastDay, HISTORY_DAYS, seed);
  const underlyings = COINS.map((coin, place): UnderlyingMarket => {
    const { symbol, index, perpetual } = coin;
    return {
      symbol,
      index,
      perpetual: { mark: cents(index * (1 + perpetual.premium)), fundingRate8h: perpetual.fundingRate8h },
      expiries: listing.map((listed, i) => expiryMarket(coin, listed, asOf, seed, (place * 32 + i) * 1_000)),
      history: histories[place]!,
    };
  });
  return identified({
    asOf,
    source: { kind: 'simulated', name: `Headroom simulator, seed ${seed}` },
    underlyings,
    stablecoins: [{ asset: 'USDC', priceUsd: 1 }],
  });
}

function expiryMarket(
  coin: Coin,
  { expiry, kind }: ListedExpiry,
  asOf: Timestamp,
  seed: number,
  firstDraw: number,
): ExpiryMarket {
  const years = yearFraction(asOf, expiry);
  const [short, long] = coin.carry;
  const forward = cents(coin.index * Math.exp((long + (short - long) * Math.exp(-years / CARRY_YEARS)) * years));
  const deviation = simulatedVol(coin.smile, years, 0) * Math.sqrt(years);
  // Strikes were listed while a day at least was left.
  const listed = deviation * Math.sqrt(Math.max(1, 1 / 365 / years));
  const { strikes, coarse } = strikeLadder(coin.strikeSteps, forward, listed, LISTINGS[kind]);
  const quotes = strikes.flatMap((strike, i) => {
    const x = Math.log(strike / forward) / deviation;
    const vol = rounded(simulatedVol(coin.smile, years, x * deviation));
    return (['C', 'P'] as const).map((type, side): OptionQuote => {
      const draw = firstDraw + i * 2 + side;
      const moneyness = type === 'C' ? x : -x;
      const half = halfSpread(coin, years, x) * (0.8 + 0.4 * uniformDraw(seed, 'spread', draw));
      const interest =
        LISTINGS[kind].interest * coin.openInterest.typical * relativeInterest(moneyness, strike % coarse === 0);
      const lots = Math.round(
        (interest * Math.exp(0.7 * normalDraw(seed, 'open-interest', draw))) / coin.openInterest.lot,
      );
      return {
        ...simulatedQuote(coin, type, { forward, strike, years, deviations: x }, vol, half),
        openInterest: Math.round(lots * coin.openInterest.lot * 10) / 10,
      };
    });
  });
  return { expiry, forward, discount: 1, quotes };
}

/** Open interest leans to round strikes and to options moderately out of the money. */
function relativeInterest(moneyness: number, isRound: boolean): number {
  return Math.exp(-((moneyness - 0.8) ** 2) / 2.5) * (isRound ? 2.5 : 1);
}
