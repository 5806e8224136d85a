import type { SimulatedCoin } from './simulatedHistory.ts';
import type { SimulatedSmile } from './simulatedSmile.ts';

/** What a simulation knows of a coin. */
export interface Coin extends SimulatedCoin {
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

/** The coins of the demo market. */
export const COINS: readonly Coin[] = [
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
