import type { Timestamp } from '../domain/units.ts';
import type { GuardLimits } from './GuardLimits.ts';

/** What other sources say of a price that has jumped. */
export type Opinion =
  /** A source that is itself trusted says the same. */
  | 'confirmed'
  /** Another source says the same, and is itself waiting to be confirmed. */
  | 'likewise'
  | 'contradicted'
  /** Nothing else speaks of it now. */
  | 'alone';

/** Why the last value offered was not taken, until one is. */
export interface Refusal {
  readonly reason: 'future' | 'absurd' | 'disputed';
  readonly value: unknown;
  readonly at: Timestamp;
  /** What it was judged against. */
  readonly against: number | null;
}

/**
 * One price with a memory: the last trusted value, what was refused since, and the circuit breaker. A value that is older than
 * what is known is passed over. A jump is held back until it is confirmed; what is no positive number is never taken.
 */
export class TrustedPrice {
  value: number | null = null;
  /** When the trusted value was so, by the venue's clock. */
  at: Timestamp = Number.NEGATIVE_INFINITY;
  /** The newest value that waits for confirmation. */
  pending: {
    readonly value: number;
    readonly since: Timestamp;
    readonly at: Timestamp;
    readonly count: number;
  } | null = null;
  refusal: Refusal | null = null;
  /** The last jump that was accepted. */
  accepted: { readonly from: number; readonly to: number; readonly at: Timestamp } | null = null;

  constructor(
    readonly limits: GuardLimits,
    readonly hasBreaker: boolean,
  ) {}

  /** What the source says now, trusted or not. */
  get latest(): { readonly value: number; readonly at: Timestamp } | null {
    if (this.pending !== null) return this.pending;
    return this.value === null ? null : { value: this.value, at: this.at };
  }

  /** Whether it rests on what came last. */
  get isSettled(): boolean {
    return this.value !== null && this.pending === null;
  }

  /**
   * Takes, holds or refuses a value.
   *
   * @param clock the venue's time now, or null where a value may have any time.
   * @param firstFault what a first value is judged by: what it is set against, where it is too far from that.
   * @returns whether the trusted value is another.
   */
  offer(
    value: number,
    at: Timestamp,
    clock: Timestamp | null,
    opinion: (value: number, at: Timestamp) => Opinion,
    firstFault: (value: number) => number | null = () => null,
  ): boolean {
    const known = this.latest?.at ?? Number.NEGATIVE_INFINITY;
    // A clock that was set back leaves what is known in its future: that must not keep everything after it out.
    const isClockSetBack = clock !== null && known > clock + this.limits.aheadMs;
    if (!isClockSetBack && !(at >= known)) return false;
    if (clock !== null && at > clock + this.limits.aheadMs) return this.refuse('future', value, at, clock);
    if (!(Number.isFinite(value) && value > 0)) return this.refuse('absurd', value, at, null);
    if (this.value === null) {
      const against = firstFault(value);
      return against === null ? this.take(value, at) : this.refuse('disputed', value, at, against);
    }
    if (isClockSetBack) this.pending = null;
    const jump = Math.abs(Math.log(value / this.value));
    if (!this.hasBreaker || jump <= Math.log1p(this.limits.jump.share)) return this.take(value, at);
    const others = opinion(value, at);
    if (jump <= this.allowedJump(at) && others !== 'contradicted') return this.take(value, at);
    return this.judgeJump(value, at, jump, others);
  }

  /** Stands in for a first value that was refused. */
  standIn(value: number, at: Timestamp, refused: number): void {
    this.value = value;
    this.at = at;
    this.refusal = { reason: 'disputed', value: refused, at, against: value };
  }

  private judgeJump(value: number, at: Timestamp, jump: number, opinion: Opinion): boolean {
    const { jump: limits, agreementShare } = this.limits;
    this.refusal = null;
    if (opinion === 'confirmed') return this.acceptJump(value, at);
    const before = this.pending;
    const isSame = before !== null && Math.abs(Math.log(value / before.value)) <= agreementShare;
    const pending = isSame
      ? { value, at, since: before.since, count: before.count + (at > before.at ? 1 : 0) }
      : { value, at, since: at, count: 0 };
    const heldFor = at - pending.since;
    const isConfirmed =
      opinion === 'likewise'
        ? pending.count >= limits.confirmations && heldFor >= limits.confirmingMs
        : opinion === 'alone' &&
          jump < Math.log(limits.neverAloneTimes) &&
          pending.count >= limits.loneConfirmations &&
          heldFor >= limits.loneConfirmingMs;
    if (isConfirmed) return this.acceptJump(value, at);
    this.pending = pending;
    return false;
  }

  private acceptJump(value: number, at: Timestamp): boolean {
    this.accepted = { from: this.value!, to: value, at };
    return this.take(value, at);
  }

  private take(value: number, at: Timestamp): boolean {
    const isMoved = value !== this.value;
    this.value = value;
    this.at = at;
    this.pending = null;
    this.refusal = null;
    return isMoved;
  }

  private refuse(reason: Refusal['reason'], value: unknown, at: Timestamp, against: number | null): false {
    this.refusal = { reason, value, at, against };
    return false;
  }

  /** After a silence more may have happened, unless others deny it. */
  private allowedJump(at: Timestamp): number {
    const { share, windowMs, mostShare } = this.limits.jump;
    const silence = at - this.latest!.at;
    return Math.log1p(Math.min(mostShare, share * Math.sqrt(Math.max(1, silence / windowMs))));
  }
}
