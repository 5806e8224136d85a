import type { MarketQuality, ValueDoubt } from '../engine/domain/marketQuality.ts';

/** Doubts of the prices that come, and of those that the figures on the screen still rest on. Markets go by their number of moves. */
export interface StandingDoubts {
  /** Prices were judged. What was doubted and is no longer stays until the figures have followed. */
  judged(quality: MarketQuality): MarketQuality;
  /** There is another market, which came of what was judged last. */
  moved(moves: number): void;
  /** The figures are of that market. Answers the quality where a doubt has gone with them, else null. */
  painted(moves: number): MarketQuality | null;
}

/**
 * A flag comes before the figure that needs it, and goes after it: prices are judged at once, the figures that rest on them come
 * a moment later, and would stand unflagged in between.
 */
export function createStandingDoubts(): StandingDoubts {
  let newest: MarketQuality | null = null;
  let known: ReadonlyMap<string, ValueDoubt> = new Map();
  /** Doubts that have gone, and the market whose figures are free of them. */
  const leaving = new Map<string, { readonly doubt: ValueDoubt; readonly free: number }>();
  let moves = 0;
  let figures = 0;

  const whole = (quality: MarketQuality): MarketQuality => {
    if (leaving.size === 0) return quality;
    const doubts = [...quality.doubts, ...[...leaving.values()].map(({ doubt }) => doubt)];
    return { ...quality, doubts: doubts.sort((one, other) => one.confidence - other.confidence) };
  };
  const drop = () => {
    for (const [key, { free }] of leaving) if (free <= figures) leaving.delete(key);
  };

  return {
    judged(quality) {
      newest = quality;
      if (known.size === 0 && leaving.size === 0 && quality.doubts.length === 0) return quality;
      // Where no move came of the last judgement, the figures need none to be free of its doubts.
      for (const [key, { doubt, free }] of leaving) if (free > moves) leaving.set(key, { doubt, free: moves });
      drop();
      const current = new Map(quality.doubts.map((doubt) => [doubtKey(doubt), doubt]));
      for (const [key, doubt] of known) if (!current.has(key)) leaving.set(key, { doubt, free: moves + 1 });
      for (const key of current.keys()) leaving.delete(key);
      known = current;
      return whole(quality);
    },
    moved(to) {
      moves = to;
    },
    painted(of) {
      figures = of;
      const before = leaving.size;
      drop();
      return newest === null || leaving.size === before ? null : whole(newest);
    },
  };
}

function doubtKey({ underlying, kind, reason, instrument, expiry }: ValueDoubt): string {
  return [underlying, kind, reason, instrument, expiry].join(' ');
}
