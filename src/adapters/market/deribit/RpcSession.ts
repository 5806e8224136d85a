import ReconnectingWebSocket from 'partysocket/ws';
import { ConnectionPace, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, PAUSE_GROWTH } from './ConnectionPace.ts';
import type { CreditBuckets } from './CreditBuckets.ts';
import { parseRpcMessage, RpcError, TOO_MANY_REQUESTS } from './parseRpcMessage.ts';

/** A class like the browser's WebSocket: in Node, that of the package `ws`. */
export type WebSocketClass = new (url: string, protocols?: string | string[]) => object;

export interface RpcSessionOptions {
  readonly url: string;
  readonly WebSocket: WebSocketClass;
  readonly credits: CreditBuckets;
  /** This device's clock, milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface RpcSessionListener {
  /** A connection stands, for the first time or again; nothing of an earlier one is left. */
  onOpen(): void;
  onClosed(why: string, nextAttemptAt: number): void;
  /** Anything came. */
  onArrival(): void;
  onNotification(channel: string, data: unknown): void;
  /** A frame that could not be read, or an answer to no question. */
  onRefused(): void;
}

export interface RpcAnswer {
  readonly result: unknown;
  /** By this device's clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** By the venue's, at the middle of its work; null where it did not say. */
  readonly venueTime: number | null;
}

/** The least interval that the exchange takes. */
const HEARTBEAT_SECONDS = 10;
/** Nothing at all for so long, although a heartbeat was due: the other end is gone. */
export const DEAD_AFTER_MS = HEARTBEAT_SECONDS * 1_000 + 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that has held so long starts the pauses anew. */
const HELD_MS = 10_000;
const ANSWER_TIMEOUT_MS = 15_000;
const MOST_OPEN_REQUESTS = 200;

interface OpenRequest {
  readonly sentAt: number;
  readonly timer: ReturnType<typeof setTimeout>;
  resolve(answer: RpcAnswer): void;
  reject(error: RpcError): void;
}

/**
 * JSON-RPC over one WebSocket that connects again by itself: answers matched to questions by id, each with a time limit,
 * within the exchange's allowance; heartbeats answered; a connection that has gone silent given up. Whatever comes over it is
 * read, passed on or counted, never thrown.
 */
export class RpcSession {
  readonly #options: RpcSessionOptions;
  readonly #listener: RpcSessionListener;
  readonly #socket: ReconnectingWebSocket;
  readonly #pace = new ConnectionPace();
  readonly #open = new Map<number, OpenRequest>();
  #lastId = 0;
  #isOpen = false;
  #isEnded = false;
  #lastArrivalAt = 0;
  #nextAttemptAt = 0;
  /** Counts connections, so that what waited for credits is not sent on the next one. */
  #connection = 0;
  /** Answers to heartbeats that are on their way. */
  readonly #tests = new Set<number>();
  /** Why we ourselves gave the connection up. */
  #why: string | null = null;

  constructor(options: RpcSessionOptions, listener: RpcSessionListener) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = new ReconnectingWebSocket(() => this.#address(), null, {
      WebSocket: options.WebSocket,
      minReconnectionDelay: FIRST_PAUSE_MS,
      maxReconnectionDelay: LONGEST_PAUSE_MS,
      reconnectionDelayGrowFactor: PAUSE_GROWTH,
      minUptime: HELD_MS,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      // What was asked of a connection that is gone is asked again by whoever still wants it.
      maxEnqueuedMessages: 0,
    });
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#opened();
    this.#socket.onclose = ({ code, reason }) => this.#closed(code, reason);
    this.#socket.onmessage = ({ data }) => this.#arrived(data);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The answer to a call over the standing connection; rejects with an RpcError. */
  async request(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<RpcAnswer> {
    const connection = this.#connection;
    if (!this.#isOpen || this.#open.size >= MOST_OPEN_REQUESTS) throw new RpcError(null, 'no connection');
    const wait = this.#options.credits.waitFor(method, this.#options.now());
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (!this.#isOpen || connection !== this.#connection) throw new RpcError(null, 'the connection was lost');
    return new Promise((resolve, reject) => {
      const id = this.#send(method, params);
      const timer = setTimeout(() => {
        this.#open.delete(id);
        reject(new RpcError(null, `no answer to ${method} in ${ANSWER_TIMEOUT_MS / 1_000} s`));
      }, ANSWER_TIMEOUT_MS);
      this.#open.set(id, { sentAt: this.#options.now(), timer, resolve, reject });
    });
  }

  /** To be called now and then: gives up a connection over which nothing has come although a heartbeat was due. */
  checkAlive(): void {
    const silence = this.#options.now() - this.#lastArrivalAt;
    if (this.#isOpen && silence > DEAD_AFTER_MS) this.reconnect('nothing came any more');
  }

  reconnect(why: string): void {
    if (this.#isEnded || !this.#isOpen) return;
    this.#why = why;
    this.#socket.reconnect();
  }

  /** Ends it for good. */
  end(): void {
    this.#isEnded = true;
    this.#isOpen = false;
    this.#dropRequests('it was ended');
    this.#socket.close();
  }

  /** Asked by the socket after its own pause: waits the rest of ours. */
  async #address(): Promise<string> {
    const wait = this.#nextAttemptAt - this.#options.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#pace.attempted(this.#options.now());
    return this.#options.url;
  }

  #opened(): void {
    if (this.#isEnded) return;
    this.#isOpen = true;
    this.#connection++;
    this.#lastArrivalAt = this.#options.now();
    this.request('public/set_heartbeat', { interval: HEARTBEAT_SECONDS }).catch(() => {
      // Without heartbeats the prices themselves show that the connection lives.
    });
    this.#listener.onOpen();
  }

  #closed(code: number, reason: string): void {
    if (this.#isEnded) return;
    this.#isOpen = false;
    const why = this.#why ?? closingReason(code, reason);
    this.#why = null;
    this.#dropRequests('the connection was lost');
    const now = this.#options.now();
    this.#nextAttemptAt = this.#pace.nextAttemptAt(now, this.#socket.retryCount, this.#options.random());
    this.#listener.onClosed(why, this.#nextAttemptAt);
  }

  #arrived(frame: unknown): void {
    if (this.#isEnded) return;
    const now = this.#options.now();
    const silence = now - this.#lastArrivalAt;
    this.#lastArrivalAt = now;
    // Woken from sleep: what was kept in the pipe is old, and what was missed is not in it.
    if (silence > DEAD_AFTER_MS) {
      this.reconnect('this device slept, or nothing came any more');
      return;
    }
    this.#listener.onArrival();
    const message = parseRpcMessage(frame);
    if (message === null) this.#listener.onRefused();
    else if (message.kind === 'notification') this.#listener.onNotification(message.channel, message.data);
    else if (message.kind === 'heartbeat') {
      // The connection hangs on it: it is not kept waiting for credits, though it is paid for.
      if (message.isTest) this.#sendTest();
    } else if (message.kind === 'error') {
      if (message.error.code === TOO_MANY_REQUESTS) this.#options.credits.pause(now);
      const request = message.id === null ? undefined : this.#taken(message.id);
      if (request === undefined) this.#listener.onRefused();
      else request.reject(message.error);
    } else {
      const request = this.#taken(message.id);
      if (request !== undefined) {
        const { result, venueTime } = message;
        request.resolve({ result, venueTime, sentAt: request.sentAt, receivedAt: now });
      } else if (!this.#tests.delete(message.id)) this.#listener.onRefused();
    }
  }

  #sendTest(): void {
    this.#options.credits.waitFor('public/test', this.#options.now());
    this.#tests.add(this.#send('public/test', {}));
  }

  #send(method: string, params: Readonly<Record<string, unknown>>): number {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return id;
  }

  #taken(id: number): OpenRequest | undefined {
    const request = this.#open.get(id);
    if (request === undefined) return undefined;
    this.#open.delete(id);
    clearTimeout(request.timer);
    return request;
  }

  #dropRequests(why: string): void {
    this.#tests.clear();
    for (const { timer, reject } of this.#open.values()) {
      clearTimeout(timer);
      reject(new RpcError(null, why));
    }
    this.#open.clear();
  }
}

const LONGEST_REASON = 100;

function closingReason(code: number, reason: string): string {
  const text = reason
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, LONGEST_REASON);
  return text === '' ? `closed with code ${code}` : `closed with code ${code}, ${text}`;
}
