import { RpcError } from './parseRpcMessage.ts';

/** The exchange takes so many channels in one call, and refuses frames above 32 kB. */
const MOST_CHANNELS = 500;
const LONGEST_BATCH = 24_000;
const RETRY_AFTER_MS = 5_000;

/**
 * What a connection is subscribed to, brought into line with what is wanted in as few calls as may be, one after the other. A
 * channel that the exchange left out of its answer is not asked for again on this connection.
 */
export class Subscriptions {
  readonly #call: (method: string, channels: readonly string[]) => Promise<unknown>;
  readonly #now: () => number;
  #wanted: ReadonlySet<string> = new Set();
  #held = new Set<string>();
  #refused = new Set<string>();
  #isBusy = false;
  #notBefore = 0;
  #connection = 0;

  constructor(call: (method: string, channels: readonly string[]) => Promise<unknown>, now: () => number) {
    this.#call = call;
    this.#now = now;
  }

  /** Channels that are wanted and that the exchange did not accept. */
  get refused(): readonly string[] {
    return [...this.#refused].filter((channel) => this.#wanted.has(channel));
  }

  holds(channel: string): boolean {
    return this.#held.has(channel);
  }

  /** A new connection is subscribed to nothing. */
  reset(): void {
    this.#connection++;
    this.#held = new Set();
    this.#refused = new Set();
    this.#isBusy = false;
    this.#notBefore = 0;
  }

  want(channels: ReadonlySet<string>): void {
    this.#wanted = channels;
  }

  /** Brings the connection into line; after a failure not before a pause. Never rejects. */
  async sync(): Promise<void> {
    if (this.#isBusy || this.#now() < this.#notBefore) return;
    const connection = this.#connection;
    this.#isBusy = true;
    try {
      for (let batch = this.#nextBatch(); batch !== null; batch = this.#nextBatch()) {
        await this.#run(batch, connection);
        if (connection !== this.#connection) return;
      }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (connection === this.#connection) this.#notBefore = this.#now() + RETRY_AFTER_MS;
    } finally {
      if (connection === this.#connection) this.#isBusy = false;
    }
  }

  #nextBatch(): { readonly method: string; readonly channels: readonly string[] } | null {
    const gone = [...this.#held].filter((channel) => !this.#wanted.has(channel));
    if (gone.length > 0) return { method: 'public/unsubscribe', channels: fitting(gone) };
    const missing = [...this.#wanted].filter((channel) => !this.#held.has(channel) && !this.#refused.has(channel));
    return missing.length > 0 ? { method: 'public/subscribe', channels: fitting(missing) } : null;
  }

  async #run(batch: { method: string; channels: readonly string[] }, connection: number): Promise<void> {
    const { method, channels } = batch;
    const isSubscribing = method === 'public/subscribe';
    // The first messages may come before the answer.
    if (isSubscribing) for (const channel of channels) this.#held.add(channel);
    try {
      const accepted = await this.#call(method, channels);
      if (connection !== this.#connection) return;
      if (!isSubscribing) for (const channel of channels) this.#held.delete(channel);
      else {
        const names: ReadonlySet<unknown> = new Set(Array.isArray(accepted) ? accepted : []);
        for (const channel of channels.filter((name) => !names.has(name))) {
          this.#held.delete(channel);
          this.#refused.add(channel);
        }
      }
    } catch (error) {
      if (isSubscribing && connection === this.#connection) for (const channel of channels) this.#held.delete(channel);
      throw error;
    }
  }
}

function fitting(channels: readonly string[]): readonly string[] {
  const batch: string[] = [];
  let length = 0;
  for (const channel of channels.slice(0, MOST_CHANNELS)) {
    length += channel.length + 3;
    if (length > LONGEST_BATCH) break;
    batch.push(channel);
  }
  return batch;
}
