import type { ValueKind } from '../domain/marketQuality.ts';

/** What a guard lets pass. Times in milliseconds, shares as decimals. */
export interface GuardLimits {
  /** Age beyond which a value of a live source is stale. */
  readonly staleMs: Readonly<Record<ValueKind, number>>;
  /** A value's time may be ahead of the venue's clock by so much: the clocks' own error. */
  readonly aheadMs: number;
  /** An expiry whose prices are older than this while those of others come has gone missing. */
  readonly missingMs: number;
  /** The circuit breaker of index, perpetual, forwards and stablecoins. */
  readonly jump: {
    /** Largest move within `windowMs`; over a longer silence it grows with the square root of time, up to `mostShare`. */
    readonly share: number;
    readonly windowMs: number;
    readonly mostShare: number;
    /** A jump that a second opinion confirms is accepted after so many further values over so long. */
    readonly confirmations: number;
    readonly confirmingMs: number;
    /** The same where nothing else speaks of the value. */
    readonly loneConfirmations: number;
    readonly loneConfirmingMs: number;
    /** A price that is so many times the last one, or that part of it, is never accepted alone. */
    readonly neverAloneTimes: number;
    /** An accepted jump is told for so long. */
    readonly toldMs: number;
  };
  /** Two sources of one price, their usual basis taken out, agree within this share. */
  readonly agreementShare: number;
  /** A price that comes for the first time lies within this share of the index, carry aside. */
  readonly firstShare: number;
  /** Forward over index may differ by this share a year on top: carry in a heated market. */
  readonly carryShareYearly: number;
  /** A second opinion counts while it is so near in time. */
  readonly opinionMs: number;
  /** The forward may lie outside what put-call parity lets one trade it at by this share. */
  readonly parityShare: number;
  /** What marks imply is set against a forward so near in time. */
  readonly impliedMs: number;
  /** Bid and ask vols further apart than this share of their mid say nothing. */
  readonly widestShare: number;
  /** Vols outside are no vols. */
  readonly lowestVol: number;
  readonly highestVol: number;
}

const SECOND = 1_000;
const DAY = 86_400_000;

/**
 * Limits for a venue such as Deribit.
 *
 * Staleness: the index ticks about once a second, so that 5 s are five missed ticks; a perpetual's ticker is sent when it
 * changes, and 10 s without a change are rare; forwards come with the book summary every 10 s or so, 30 s are three missed
 * ones; quotes come with every mark price, or with the summary once a minute at the slowest, 120 s are two missed ones; daily
 * history may rest over a weekend of a failing server, 3 days, before the tail it tells is another; a stablecoin's rate moves
 * by basis points an hour.
 *
 * A jump of 10 % in 10 s is beyond what the index did on 2020-03-12 or 2025-10-10, which the breaker has to let through; at
 * 100 % of vol it is 170 standard deviations.
 */
export const DEFAULT_LIMITS: GuardLimits = {
  staleMs: {
    index: 5 * SECOND,
    perpetual: 10 * SECOND,
    forward: 30 * SECOND,
    quote: 120 * SECOND,
    history: 3 * DAY,
    stablecoin: 3_600 * SECOND,
  },
  aheadMs: 5 * SECOND,
  missingMs: 60 * SECOND,
  jump: {
    share: 0.1,
    windowMs: 10 * SECOND,
    mostShare: 0.25,
    confirmations: 3,
    confirmingMs: 2 * SECOND,
    loneConfirmations: 10,
    loneConfirmingMs: 10 * SECOND,
    neverAloneTimes: 10,
    toldMs: 30 * SECOND,
  },
  agreementShare: 0.03,
  firstShare: 0.1,
  carryShareYearly: 0.6,
  opinionMs: 60 * SECOND,
  parityShare: 0.005,
  impliedMs: 5 * SECOND,
  widestShare: 0.9,
  lowestVol: 0.01,
  highestVol: 5,
};
