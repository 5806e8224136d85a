import type { Timestamp } from '../../../engine/domain/units.ts';
import { ClockOffset } from './ClockOffset.ts';
import type { CreditBuckets } from './CreditBuckets.ts';
import { instantIn } from './foreignValue.ts';
import { httpCall } from './httpCall.ts';
import type { Call } from './marketLoad.ts';
import { RpcError } from './parseRpcMessage.ts';
import type { RpcSession } from './RpcSession.ts';

export interface VenueCallsOptions {
  readonly httpUrl: string;
  /** Null where everything is to go over the socket. */
  readonly fetch: typeof fetch | null;
  readonly credits: CreditBuckets;
  readonly now: () => number;
}

/** Questions to the exchange over HTTP while that works, else over the socket; and what the answers tell of its clock. */
export class VenueCalls {
  readonly #options: VenueCallsOptions;
  readonly #session: RpcSession;
  readonly #clock = new ClockOffset();
  /** Whether HTTP answers here; null before it was asked. */
  #isHttpUsable: Promise<boolean> | null = null;
  #isEnded = false;
  #waiting: (() => void)[] = [];

  constructor(options: VenueCallsOptions, session: RpcSession) {
    this.#options = options;
    this.#session = session;
  }

  /** HTTP spares the first load the wait for the socket; once it fails, or once the socket stands, nothing goes over it any more. */
  readonly call: Call = async (method, params) => {
    const overHttp = await this.#overHttp(method, params);
    if (overHttp !== null) return overHttp.result;
    while (!this.#session.isOpen) {
      if (this.#isEnded) throw new RpcError(null, 'it was ended');
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
    const { result, sentAt, receivedAt, venueTime } = await this.#session.request(method, params);
    if (this.#clock.ms === null && venueTime !== null) this.#clock.add(sentAt, receivedAt, venueTime);
    return result;
  };

  /** What waits for the socket goes on. */
  opened(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  end(): void {
    this.#isEnded = true;
    this.opened();
  }

  /** Milliseconds by which the venue's clock is ahead; null before anything is known. */
  get clockOffsetMs(): number | null {
    return this.#clock.ms;
  }

  /** The venue's clock, as far as it is known. */
  get venueNow(): Timestamp {
    return Math.round(this.#options.now() + (this.#clock.ms ?? 0));
  }

  /** Measures the clock by so many round trips, one after the other; never rejects. */
  async sampleClock(count: number): Promise<void> {
    try {
      for (let i = 0; i < count; i++) {
        const { result, sentAt, receivedAt, venueTime } = await this.#session.request('public/get_time');
        const time = venueTime ?? instantIn(result);
        if (time !== undefined) this.#clock.add(sentAt, receivedAt, time);
      }
    } catch (error) {
      // Asked again at the next connection, or when messages come from the future.
      if (!(error instanceof RpcError)) throw error;
    }
  }

  async #overHttp(method: string, params: Readonly<Record<string, string | number>>) {
    if (this.#options.fetch === null || this.#session.isOpen) return null;
    // A cheap question first: refused ones cost the exchange's credits too, and listings are dear.
    this.#isHttpUsable ??= this.#fetched(this.#options.fetch, 'public/get_time', {}).then((time) => time !== null);
    if (!(await this.#isHttpUsable)) return null;
    const answer = await this.#fetched(this.#options.fetch, method, params);
    if (answer === null) this.#isHttpUsable = Promise.resolve(false);
    return answer;
  }

  /** An answer over HTTP; null when there was none. */
  async #fetched(fetchText: typeof fetch, method: string, params: Readonly<Record<string, string | number>>) {
    const { httpUrl, credits, now } = this.#options;
    const wait = credits.waitFor(method, now());
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const sentAt = now();
    try {
      const answer = await httpCall(fetchText, httpUrl, method, params);
      if (this.#clock.ms === null && answer.venueTime !== null) this.#clock.add(sentAt, now(), answer.venueTime);
      return answer;
    } catch {
      return null;
    }
  }
}
