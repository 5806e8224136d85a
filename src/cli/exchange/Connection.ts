import type { WebSocket } from 'ws';
import type { ExchangeClock } from './ExchangeClock.ts';
import { CreditBucket } from './CreditBucket.ts';
import type { Session } from './Method.ts';
import { type OutgoingFaults, type OutgoingKind, spoiledFrames } from './spoiledFrames.ts';

/** What a connection needs of the server it belongs to. */
export interface ConnectionHost {
  readonly clock: ExchangeClock;
  readonly faults: OutgoingFaults;
  subscribe(connection: Connection, channels: readonly string[]): readonly string[];
  unsubscribe(connection: Connection, channels: readonly string[]): readonly string[];
  unsubscribeAll(connection: Connection): void;
  closed(connection: Connection): void;
}

/** A client that leaves this much unread is cut off. */
const MOST_UNREAD_BYTES = 32_000_000;
const NORMAL = 1_000;
const TOO_SLOW = 1_008;

/** One client's socket: what it is sent, its heartbeat and its credits. */
export class Connection implements Session {
  readonly credits: CreditBucket;
  messagesSent = 0;
  private stalled: (() => void)[] | null = null;
  private held: string | null = null;
  private cancelHeartbeat = () => {};
  private cancelStall = () => {};
  private isTestAwaited = false;

  constructor(
    private readonly socket: WebSocket,
    private readonly host: ConnectionHost,
  ) {
    this.credits = new CreditBucket(() => host.clock.now());
  }

  /** Sends a message as the faults in force leave it. */
  send(text: string, kind: OutgoingKind): void {
    if (this.host.faults.get('half-open') !== undefined) return;
    const slow = kind === 'answer' ? this.host.faults.get('slow-answers') : undefined;
    if (slow !== undefined) void this.host.clock.after(slow.ms!, () => this.write(text, kind));
    else this.write(text, kind);
  }

  /** Sends nothing for a while, then all of it at once. */
  stall(milliseconds: number): void {
    this.cancelStall();
    this.stalled ??= [];
    this.cancelStall = this.host.clock.after(milliseconds, () => {
      const waiting = this.stalled ?? [];
      this.stalled = null;
      for (const run of waiting) run();
    });
  }

  /** Closes with a code; 1006, which cannot be sent, cuts the line. */
  close(code: number, reason = ''): void {
    if (code === 1_006) this.socket.terminate();
    else this.socket.close(code, reason);
  }

  subscribe(channels: readonly string[]): readonly string[] {
    return this.host.subscribe(this, channels);
  }

  unsubscribe(channels: readonly string[]): readonly string[] {
    return this.host.unsubscribe(this, channels);
  }

  unsubscribeAll(): void {
    this.host.unsubscribeAll(this);
  }

  setHeartbeat(seconds: number | null): void {
    this.cancelHeartbeat();
    this.isTestAwaited = false;
    if (seconds === null) return;
    this.cancelHeartbeat = this.host.clock.every(seconds * 1_000, () => {
      if (this.isTestAwaited) return this.close(NORMAL, 'heartbeat_timeout');
      this.isTestAwaited = true;
      for (const type of ['heartbeat', 'test_request'])
        this.send(JSON.stringify({ jsonrpc: '2.0', method: 'heartbeat', params: { type } }), 'heartbeat');
    });
  }

  testReceived(): void {
    this.isTestAwaited = false;
  }

  /** The socket is gone. */
  end(): void {
    this.cancelHeartbeat();
    this.cancelStall();
    this.unsubscribeAll();
    this.host.closed(this);
  }

  private write(text: string, kind: OutgoingKind): void {
    if (this.stalled !== null) {
      this.stalled.push(() => this.write(text, kind));
      return;
    }
    const { frames, held } = spoiledFrames(text, kind, this.held, this.host.faults);
    this.held = held;
    for (const frame of frames) {
      if (this.socket.readyState !== this.socket.OPEN) return;
      if (this.socket.bufferedAmount > MOST_UNREAD_BYTES) return this.close(TOO_SLOW, 'connection_too_slow');
      this.messagesSent += 1;
      this.socket.send(frame);
    }
  }
}
