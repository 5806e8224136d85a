import type { Timestamp } from './units.ts';

/** The kinds of value a market is made of; each has a staleness limit of its own. */
export type ValueKind = 'index' | 'perpetual' | 'forward' | 'quote' | 'history' | 'stablecoin';

/** What is wrong with a value. */
export type DoubtReason =
  /** Older than the limit of its kind. */
  | 'stale'
  /** Its time is ahead of the venue's clock. */
  | 'future'
  /** Bid above ask. */
  | 'crossed'
  /** The two sides are too far apart to say what it is worth. */
  | 'wide'
  /** No vol, or one that no market has. */
  | 'no-vol'
  /** A price that cannot be: outside its arbitrage bounds, or in another unit. */
  | 'absurd'
  /** Further from its own last value than it can have moved: held at the last one until it is confirmed. */
  | 'jump'
  /** Another source of the same value says otherwise. */
  | 'disputed'
  /** It was listed, and its prices have stopped coming. */
  | 'missing';

/** A value that is not to be trusted as it came, and what was done about it. */
export interface ValueDoubt {
  readonly kind: ValueKind;
  readonly reason: DoubtReason;
  readonly underlying: string;
  readonly expiry?: Timestamp;
  /** Of an option or future: the instrument's name. */
  readonly instrument?: string;
  /** A sentence: which value, what is wrong by how much, and what is used instead. */
  readonly message: string;
  /** 0 to 1: what is left of its confidence. */
  readonly confidence: number;
  /** `held`: the last trusted value stands in. `left-out`: nothing does. `kept`: it is used as it came, under a flag. */
  readonly treatment: 'held' | 'left-out' | 'kept';
}

/** How far a market is to be trusted at one moment. */
export interface MarketQuality {
  readonly checkedAt: Timestamp;
  /** The gravest first; at most one of a value and reason. */
  readonly doubts: readonly ValueDoubt[];
  /** Least confidence of what a coin's figures rest on, by coin; 1 where all is well. */
  readonly confidence: readonly {
    readonly underlying: string;
    readonly index: number;
    readonly perpetual: number;
    readonly forwards: number;
    readonly vols: number;
  }[];
  /** The age of the oldest value of each kind and coin, milliseconds by the venue's clock; null where there is none. */
  readonly ages: readonly {
    readonly underlying: string;
    readonly kind: ValueKind;
    readonly ageMs: number | null;
    readonly limitMs: number;
  }[];
}
