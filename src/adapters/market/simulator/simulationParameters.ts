import type { ExpiryMarket, MarketSnapshot, UnderlyingMarket } from '../../../engine/domain/marketSnapshot.ts';
import { type Timestamp, type Usd, type Vol, yearFraction } from '../../../engine/domain/units.ts';
import type { CoinModel } from '../../../engine/simulation/batesDynamics.ts';
import { COINS, type Coin } from '../simulatedCoins.ts';

/** How a market moves from where it stands. */
export interface SimulationParameters {
  readonly coins: readonly SimulatedCoinParameters[];
  readonly jumpsAYear: number;
  /** The random walk goes in steps of so many seconds, however the market is asked to move. */
  readonly internalStepSeconds: number;
}

export interface SimulatedCoinParameters {
  /** Strikes, spreads and the mean smile. */
  readonly traits: Coin;
  readonly model: CoinModel;
}

/** What is not read from the market, by coin: chosen to look like these markets, not estimated. */
const CHARACTERS: Readonly<Record<string, { volOfVol: number; commonShare: number; jumpDeviation: number }>> = {
  BTC: { volOfVol: 0.7, commonShare: 0.92, jumpDeviation: 0.045 },
  ETH: { volOfVol: 0.85, commonShare: 0.89, jumpDeviation: 0.055 },
};
const OTHER_COIN = { volOfVol: 1, commonShare: 0.83, jumpDeviation: 0.065 };
const LEVERAGE = -0.4;
const REALISED_SHARE = 0.75;
const JUMPS_A_YEAR = 12;
const JUMP_MEAN = -0.015;
const INTERNAL_STEP_SECONDS = 0.25;
const SKEW = { halfLifeDays: 5, deviation: 0.07, spotCorrelation: 0.5 };
const PREMIUM = { halfLifeDays: 0.05, deviation: 0.0003, spotCorrelation: 0.5 };
/** Of long-run and present vol. */
const VOL_RANGE = [0.05, 3] as const;

/**
 * Parameters that start where a market stands: variance now and in the long run by least squares on the vols at the money, at the
 * mean reversion of the coin's simulated smile; everything else is the simulator's own.
 */
export function simulationParameters({ underlyings, asOf }: MarketSnapshot): SimulationParameters {
  return {
    coins: underlyings.map((underlying) => coinParameters(underlying, asOf)),
    jumpsAYear: JUMPS_A_YEAR,
    internalStepSeconds: INTERNAL_STEP_SECONDS,
  };
}

function coinParameters(underlying: UnderlyingMarket, asOf: Timestamp): SimulatedCoinParameters {
  const { symbol, index, perpetual } = underlying;
  const traits = coinTraits(symbol, index);
  const { volOfVol, commonShare, jumpDeviation } = CHARACTERS[symbol] ?? OTHER_COIN;
  const meanReversion = 1 / traits.smile.volYears;
  const { now, longRun } = varianceNow(underlying.expiries, asOf, meanReversion) ?? {
    now: traits.smile.shortVol ** 2,
    longRun: traits.smile.longVol ** 2,
  };
  return {
    traits,
    model: {
      variance: { now, longRunVariance: longRun, meanReversion, volOfVol },
      realisedShare: REALISED_SHARE,
      leverage: LEVERAGE,
      commonShare,
      jump: { mean: JUMP_MEAN, deviation: jumpDeviation },
      skew: SKEW,
      premium: { ...PREMIUM, mean: perpetual === undefined ? 0 : perpetual.mark / index - 1 },
    },
  };
}

/** The demo market's coin, or one of no name whose strikes suit its price. */
function coinTraits(symbol: string, index: Usd): Coin {
  const known = COINS.find((coin) => coin.symbol === symbol);
  if (known !== undefined) return known;
  const unit = 10 ** (Math.floor(Math.log10(index)) - 2);
  return {
    ...COINS.at(-1)!,
    symbol,
    index,
    strikeSteps: [1, 2, 5, 10, 20, 50, 100].map((step) => step * unit),
    tick: { size: unit / 100, in: 'usdc' },
  };
}

/**
 * v and theta with theta + (v - theta) B(T) nearest to the squared vols at the money, B(T) = (1 - exp(-kappa T)) / (kappa T); null
 * without two expiries that have one.
 */
function varianceNow(
  expiries: readonly ExpiryMarket[],
  asOf: Timestamp,
  meanReversion: number,
): { now: number; longRun: number } | null {
  const points = expiries.flatMap((expiry) => {
    const vol = atTheMoneyVol(expiry);
    const x = meanReversion * yearFraction(asOf, expiry.expiry);
    return vol === null || x <= 0 ? [] : [{ loading: -Math.expm1(-x) / x, variance: vol * vol }];
  });
  if (points.length < 2) return null;
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [loading, variance] = [mean((point) => point.loading), mean((point) => point.variance)];
  const spread = mean((point) => (point.loading - loading) ** 2);
  if (!(spread > 0)) return null;
  const slope = mean((point) => (point.loading - loading) * (point.variance - variance)) / spread;
  const longRun = bounded(variance - slope * loading);
  return { now: bounded(variance + slope * (1 - loading)), longRun };
}

function bounded(variance: number): number {
  return Math.max(VOL_RANGE[0] ** 2, Math.min(VOL_RANGE[1] ** 2, variance));
}

/** Between the marks of the strikes on both sides of the forward. */
function atTheMoneyVol({ quotes, forward }: ExpiryMarket): Vol | null {
  const marked = quotes.filter(({ markIv }) => markIv !== undefined);
  const below = marked.findLast(({ strike }) => strike <= forward);
  const above = marked.find(({ strike }) => strike >= forward);
  const [one, other] = [below ?? above, above ?? below];
  if (one === undefined || other === undefined) return null;
  if (one.strike === other.strike) return one.markIv!;
  const share = (forward - one.strike) / (other.strike - one.strike);
  return one.markIv! + share * (other.markIv! - one.markIv!);
}
