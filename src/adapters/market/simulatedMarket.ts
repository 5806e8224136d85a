import type { OptionType } from '../../engine/domain/instrument.ts';
import type {
  ExpiryMarket,
  MarketSnapshot,
  OptionQuote,
  UnderlyingMarket,
} from '../../engine/domain/marketSnapshot.ts';
import { MILLISECONDS_PER_DAY, type Timestamp, type Usd, yearFraction } from '../../engine/domain/units.ts';
import { black76Price } from '../../engine/pricing/black76.ts';
import { identified } from '../../formats/marketFile.ts';
import { type ListedExpiry, type ListingKind, listedExpiries } from './listedExpiries.ts';
import { normalDraw, uniformDraw } from './simulatedDraws.ts';
import { type SimulatedCoin, simulatedHistories } from './simulatedHistory.ts';
import { type SimulatedSmile, simulatedVol } from './simulatedSmile.ts';

interface Coin extends SimulatedCoin {
  readonly symbol: string;
  readonly smile: SimulatedSmile;
  /** Annual rate by which forwards exceed the index, at no time and in the long run. */
  readonly carry: readonly [number, number];
  readonly perpetual: { readonly premium: number; readonly fundingRate8h: number };
  /** Distances between strikes that the exchange knows, finest first. */
  readonly strikeSteps: readonly number[];
  /** Half a bid-ask spread in vol, at the money at 30 days. */
  readonly halfSpread: number;
  /** Least price: in coin for inverse options, in USDC for linear ones. */
  readonly tick: { readonly size: number; readonly in: 'coin' | 'usdc' };
  /** Open interest of a busy option, and the size that it comes in, in coin. */
  readonly openInterest: { readonly typical: number; readonly lot: number };
}

const COINS: readonly Coin[] = [
  {
    symbol: 'BTC',
    index: 92_140.25,
    vol: 0.45,
    loading: [1],
    impliedVol: 0.492,
    smile: {
      shortVol: 0.455,
      longVol: 0.57,
      volYears: 0.4,
      shortSkew: -0.22,
      longSkew: -0.1,
      skewYears: 0.35,
      curvature: 0.62,
    },
    carry: [0.035, 0.055],
    perpetual: { premium: 0.0003, fundingRate8h: 0.0001 },
    strikeSteps: [500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
    halfSpread: 0.004,
    tick: { size: 0.0001, in: 'coin' },
    openInterest: { typical: 400, lot: 0.1 },
  },
  {
    symbol: 'ETH',
    index: 3_118.4,
    vol: 0.62,
    loading: [0.82, Math.sqrt(1 - 0.82 ** 2)],
    impliedVol: 0.663,
    smile: {
      shortVol: 0.62,
      longVol: 0.7,
      volYears: 0.4,
      shortSkew: -0.18,
      longSkew: -0.05,
      skewYears: 0.35,
      curvature: 0.62,
    },
    carry: [0.03, 0.05],
    perpetual: { premium: 0.0002, fundingRate8h: 0.00008 },
    strikeSteps: [20, 50, 100, 200, 500, 1_000],
    halfSpread: 0.005,
    tick: { size: 0.0001, in: 'coin' },
    openInterest: { typical: 4_000, lot: 1 },
  },
  {
    symbol: 'SOL',
    index: 141.62,
    vol: 0.76,
    loading: [0.76, 0.25, Math.sqrt(1 - 0.76 ** 2 - 0.25 ** 2)],
    impliedVol: null,
    smile: {
      shortVol: 0.77,
      longVol: 0.86,
      volYears: 0.4,
      shortSkew: -0.12,
      longSkew: 0.02,
      skewYears: 0.35,
      curvature: 0.6,
    },
    carry: [0.025, 0.045],
    perpetual: { premium: 0.0004, fundingRate8h: 0.00012 },
    strikeSteps: [1, 2, 5, 10, 20, 50, 100],
    halfSpread: 0.009,
    tick: { size: 0.01, in: 'usdc' },
    openInterest: { typical: 30_000, lot: 10 },
  },
];

/** The carry's way from its short to its long level. */
const CARRY_YEARS = 0.25;
const HISTORY_DAYS = 731;

/** By kind of listing: its furthest strikes in standard deviations, how many strikes it has at most, and its open interest. */
const LISTINGS: Record<ListingKind, { readonly reach: number; readonly strikes: number; readonly interest: number }> = {
  daily: { reach: 2.8, strikes: 20, interest: 0.15 },
  weekly: { reach: 3.2, strikes: 22, interest: 0.4 },
  monthly: { reach: 3.6, strikes: 31, interest: 1 },
  quarterly: { reach: 3.6, strikes: 32, interest: 1.6 },
};
/** No strike is beyond this multiple of the forward, nor below its inverse. */
const FURTHEST_STRIKE = 3.2;
/** Fine strikes up to one, middling up to two and a bit, coarse beyond, in standard deviations. */
const FINE_REACH = 1;
const MIDDLE_REACH = 2.2;
/** In-the-money options this far in, in standard deviations, show neither side. */
const DEEP_IN_THE_MONEY = 1.6;

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
      const bid = rounded(vol - half);
      const isHidden = moneyness < -DEEP_IN_THE_MONEY;
      const hasBid = !isHidden && bid > 0 && timeValue(coin, type, forward, strike, years, bid) >= coin.tick.size;
      const interest =
        LISTINGS[kind].interest * coin.openInterest.typical * relativeInterest(moneyness, strike % coarse === 0);
      const lots = Math.round(
        (interest * Math.exp(0.7 * normalDraw(seed, 'open-interest', draw))) / coin.openInterest.lot,
      );
      return {
        strike,
        type,
        markIv: vol,
        ...(hasBid ? { bidIv: bid } : {}),
        ...(isHidden ? {} : { askIv: rounded(vol + half) }),
        openInterest: Math.round(lots * coin.openInterest.lot * 10) / 10,
      };
    });
  });
  return { expiry, forward, discount: 1, quotes };
}

interface StrikeLadder {
  readonly strikes: readonly number[];
  /** The step of the furthest strikes: what the market takes for round. */
  readonly coarse: number;
}

/** Strikes as an exchange spaces them, ascending: the finest of its steps that keeps to the listing's number. */
function strikeLadder(
  steps: readonly number[],
  forward: Usd,
  deviation: number,
  listing: { readonly reach: number; readonly strikes: number },
): StrikeLadder {
  for (let finest = 0; ; finest++) {
    const ladder = ladderFrom(steps.slice(finest, finest + 3), forward, deviation, listing.reach);
    if (ladder.strikes.length <= listing.strikes || finest === steps.length - 1) return ladder;
  }
}

function ladderFrom(steps: readonly number[], forward: Usd, deviation: number, reach: number): StrikeLadder {
  const fine = steps[0]!;
  const middle = steps[1] ?? fine;
  const coarse = steps[2] ?? middle;
  const furthest = Math.min(reach * deviation, Math.log(FURTHEST_STRIKE));
  const strikes: number[] = [];
  const last = forward * Math.exp(furthest);
  for (let strike = Math.ceil((forward * Math.exp(-furthest)) / fine) * fine; strike <= last; strike += fine) {
    const x = Math.abs(Math.log(strike / forward)) / deviation;
    const step = x <= FINE_REACH ? fine : x <= MIDDLE_REACH ? middle : coarse;
    if (strike % step === 0) strikes.push(strike);
  }
  return { strikes, coarse };
}

/** Wider for short expiries, where a tick is much vol, and in the wings. */
function halfSpread(coin: Coin, years: number, x: number): number {
  return coin.halfSpread * Math.max(0.7, (30 / 365 / years) ** 0.4) * (1 + 0.25 * x * x);
}

/** Open interest leans to round strikes and to options moderately out of the money. */
function relativeInterest(moneyness: number, isRound: boolean): number {
  return Math.exp(-((moneyness - 0.8) ** 2) / 2.5) * (isRound ? 2.5 : 1);
}

/** Price of the out-of-the-money option of a strike, in the unit of the tick. */
function timeValue(coin: Coin, type: OptionType, forward: Usd, strike: number, years: number, vol: number): number {
  const intrinsic = Math.max(0, type === 'C' ? forward - strike : strike - forward);
  const price = black76Price(type, forward, strike, years, vol) - intrinsic;
  return coin.tick.in === 'coin' ? price / forward : price;
}

function cents(price: Usd): Usd {
  return Math.round(price * 100) / 100;
}

/** Vols to a hundredth of a vol point. */
function rounded(vol: number): number {
  return Math.round(vol * 1e4) / 1e4;
}
