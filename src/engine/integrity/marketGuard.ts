import type { MarketDelta } from '../domain/marketDelta.ts';
import type { MarketQuality } from '../domain/marketQuality.ts';
import type { MarketSnapshot } from '../domain/marketSnapshot.ts';
import type { Timestamp } from '../domain/units.ts';
import { coinVerdict } from './coinDoubts.ts';
import type { CoinVerdict } from './CoinVerdict.ts';
import { GuardedCoin, type SourceTraits } from './GuardedCoin.ts';
import { DEFAULT_LIMITS, type GuardLimits } from './GuardLimits.ts';
import { GuardedStablecoins } from './GuardedStablecoins.ts';

/** A market without what is not to be trusted, and how far the rest is. */
export interface GuardedMarket {
  readonly market: Omit<MarketSnapshot, 'id'>;
  readonly quality: MarketQuality;
}

/**
 * Stands between a feed and the engine: of each message it takes what may be believed, holds back what has to be confirmed,
 * leaves out what cannot be, and says so. `now` is the time of the venue's clock (this device's clock plus the measured
 * offset); for a recording or a simulation, whose clock is their own, it is not looked at, nothing of them is ever stale, and
 * a simulation's jumps are believed.
 *
 * A feed has to pass on values that came unchanged, under their newer times: only that tells a quiet value from a dead one.
 */
export interface MarketGuard {
  /**
   * Takes a whole market: the first, and again after a gap. Of the same live source what is known goes on being the judge, so
   * that a jump is held across a gap as well.
   */
  open(market: Omit<MarketSnapshot, 'id'>, now: Timestamp): GuardedMarket;
  /**
   * Takes what moved. Answers the accepted part, null where nothing that matters moved: times and ages alone do not. What has
   * lost confidence by time passing comes with it; an empty delta asks for that alone. Before the first market it answers null.
   */
  move(delta: MarketDelta, now: Timestamp): { readonly delta: MarketDelta | null; readonly quality: MarketQuality };
}

export function createMarketGuard(limits: GuardLimits = DEFAULT_LIMITS): MarketGuard {
  let source: MarketSnapshot['source'] | null = null;
  let traits: SourceTraits = { isLive: false, isCompared: false };
  let asOf: Timestamp = Number.NEGATIVE_INFINITY;
  let coins = new Map<string, GuardedCoin>();
  let stablecoins = new GuardedStablecoins(limits, traits);

  const clockAt = (now: Timestamp): Timestamp => (traits.isLive ? now : asOf);
  /** The market's time never runs backward, nor ahead of the venue's. */
  const advance = (to: Timestamp, now: Timestamp): void => {
    const told = Number.isFinite(to) ? to : now;
    asOf = Math.max(asOf, traits.isLive ? Math.min(told, now) : told);
  };
  const judge = (now: Timestamp): { verdicts: ReadonlyMap<string, CoinVerdict>; quality: MarketQuality } => {
    const clock = clockAt(now);
    const verdicts = new Map([...coins].map(([symbol, coin]) => [symbol, coinVerdict(coin, clock)]));
    const all = [...verdicts.values()];
    return {
      verdicts,
      quality: {
        checkedAt: clock,
        doubts: [...all.flatMap(({ doubts }) => doubts), ...stablecoins.doubts(clock)].sort(
          (one, other) => one.confidence - other.confidence,
        ),
        confidence: all.map(({ confidence }) => confidence),
        ages: [...all.flatMap(({ ages }) => ages), ...stablecoins.ages(clock)],
      },
    };
  };

  return {
    open(market, now) {
      const isKnown = market.source.kind === 'live' && source?.kind === 'live' && source.name === market.source.name;
      source = market.source;
      traits = { isLive: source.kind === 'live', isCompared: source.kind !== 'simulated' };
      if (!isKnown) {
        asOf = Number.NEGATIVE_INFINITY;
        coins = new Map();
        stablecoins = new GuardedStablecoins(limits, traits);
      }
      const cameAt = market.asOf;
      advance(cameAt, now);
      const clock = clockAt(now);
      coins = new Map(
        market.underlyings.map((underlying) => {
          const coin = coins.get(underlying.symbol) ?? new GuardedCoin(underlying.symbol, limits, traits);
          coin.open(underlying, cameAt, clock);
          return [underlying.symbol, coin];
        }),
      );
      stablecoins.offer(market.stablecoins, cameAt, clock);
      const { verdicts, quality } = judge(now);
      return {
        market: {
          asOf,
          source,
          underlyings: [...coins.values()]
            .map((coin) => coin.tellWhole(verdicts.get(coin.symbol)!))
            .filter((underlying) => underlying !== null),
          stablecoins: stablecoins.tell(),
        },
        quality,
      };
    },

    move(delta, now) {
      if (source === null) return { delta: null, quality: judge(now).quality };
      const cameAt = delta.asOf;
      advance(cameAt, now);
      const clock = clockAt(now);
      for (const move of delta.underlyings) {
        let coin = coins.get(move.symbol);
        if (coin === undefined) {
          coin = new GuardedCoin(move.symbol, limits, traits);
          coins.set(move.symbol, coin);
        }
        coin.offer(move, cameAt, clock);
      }
      if (delta.stablecoins === undefined && delta.underlyings.length > 0) stablecoins.stay(asOf);
      const areStablecoinsMoved =
        delta.stablecoins !== undefined && stablecoins.offer(delta.stablecoins, cameAt, clock);
      const { verdicts, quality } = judge(now);
      const underlyings = [...coins.values()]
        .map((coin) => coin.tellMoves(verdicts.get(coin.symbol)!))
        .filter((moved) => moved !== null);
      if (underlyings.length === 0 && !areStablecoinsMoved) return { delta: null, quality };
      return {
        delta: { asOf, underlyings, ...(areStablecoinsMoved ? { stablecoins: stablecoins.tell() } : {}) },
        quality,
      };
    },
  };
}
