/** A pool of credits that refills at a constant rate. Deribit, "Rate limits". */
interface Pool {
  readonly cost: number;
  readonly size: number;
  readonly refillPerSecond: number;
}

const DEFAULT: Pool = { cost: 500, size: 50_000, refillPerSecond: 10_000 };
const POOLS: ReadonlyMap<string, Pool> = new Map([
  // The exchange's change log of June 2025: one in ten seconds, five at once. Its older table would allow fifty.
  ['public/get_instruments', { cost: 10_000, size: 50_000, refillPerSecond: 1_000 }],
  ['public/subscribe', { cost: 3_000, size: 30_000, refillPerSecond: 10_000 }],
]);

/** Nothing is asked for so long after the exchange has said that it was too much. */
export const PAUSE_AFTER_REFUSAL_MS = 5_000;

/**
 * The exchange's allowance as it is kept over there, so that it is never exceeded: each method draws on its pool, and what
 * is not there yet is waited for. The allowance is the address's, not the connection's: it outlives a reconnect.
 */
export class CreditBuckets {
  readonly #levels = new Map<Pool, { level: number; at: number }>();
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** Takes what the call costs and answers how long it has to wait, in milliseconds; calls of a pool wait in their order. */
  waitFor(method: string, now: number): number {
    const pool = POOLS.get(method) ?? DEFAULT;
    const before = this.#levels.get(pool) ?? { level: pool.size, at: now };
    const refilled = (Math.max(0, now - before.at) / 1_000) * pool.refillPerSecond;
    const level = Math.min(pool.size, before.level + refilled) - pool.cost;
    this.#levels.set(pool, { level, at: now });
    const owed = level >= 0 ? 0 : Math.ceil((-level / pool.refillPerSecond) * 1_000);
    return Math.max(owed, this.#pausedUntil - now, 0);
  }

  /** The exchange has refused a call as one too many. */
  pause(now: number): void {
    this.#pausedUntil = now + PAUSE_AFTER_REFUSAL_MS;
  }
}
