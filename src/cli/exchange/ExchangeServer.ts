import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import { answer, answerText } from './answerText.ts';
import { Connection, type ConnectionHost } from './Connection.ts';
import { CreditBucket } from './CreditBucket.ts';
import { Exchange } from './Exchange.ts';
import type { ExchangeClock } from './ExchangeClock.ts';
import type { ExchangeControl, ExchangeState } from './ExchangeControl.ts';
import { type Fault, isInstant, parseFault } from './Fault.ts';
import { answerHttp } from './httpAnswers.ts';
import type { MarketMover } from './marketWalk.ts';
import { idOf, MAX_REQUEST_BYTES, parseRequest, RpcError, type RpcRequest, rpcErrors } from './rpc.ts';
import { Subscriptions } from './Subscriptions.ts';

/** Sockets and requests together, from one address. */
const MOST_CONNECTIONS = 32;
const POLICY_VIOLATION = 1_008;
const GOING_AWAY = 1_001;

interface ServerOptions {
  readonly market: MarketSnapshot;
  readonly clock: ExchangeClock;
  readonly mover: MarketMover;
  readonly stepsPerRound: number;
}

/** The exchange and everyone connected to it. */
export class ExchangeServer {
  readonly exchange: Exchange;
  readonly control: ExchangeControl;
  private readonly clock: ExchangeClock;
  private readonly connections = new Set<Connection>();
  private readonly subscriptions: Subscriptions;
  private readonly httpCredits: CreditBucket;
  private readonly host: ConnectionHost;
  private readonly startedAt = performance.now();
  private readonly cpuAtStart = process.cpuUsage();
  private counts = { accepted: 0, answered: 0, ignored: 0, steps: 0, sentByGone: 0 };

  constructor({ market, clock, mover, stepsPerRound }: ServerOptions) {
    this.clock = clock;
    this.exchange = new Exchange(market, clock, mover, stepsPerRound);
    this.subscriptions = new Subscriptions(this.exchange);
    this.httpCredits = new CreditBucket(() => clock.now());
    this.host = {
      clock,
      faults: this.exchange.faults,
      subscribe: (connection, channels) => this.subscriptions.add(connection, channels),
      unsubscribe: (connection, channels) => this.subscriptions.remove(connection, channels),
      unsubscribeAll: (connection) => this.subscriptions.removeAll(connection),
      closed: (connection) => {
        this.counts.sentByGone += connection.messagesSent;
        this.connections.delete(connection);
      },
    };
    this.control = {
      fault: (order) => this.fault(order),
      clear: (kind) => {
        const wasLocked = this.exchange.faults.get('platform-lock') !== undefined;
        this.exchange.faults.clear(kind);
        if (wasLocked && this.exchange.faults.get('platform-lock') === undefined) this.tellLock(false);
      },
      step: () => this.step(),
      apply: (delta) => this.exchange.market.apply(delta),
      state: () => this.state(),
    };
  }

  step(): void {
    this.counts.steps += 1;
    this.subscriptions.announce(this.exchange.step());
    this.subscriptions.publish();
  }

  /** Why a WebSocket is not accepted: an HTTP status, `cut` for no answer at all, or null when it is. */
  refusedUpgrade(): string | null {
    const { faults } = this.exchange;
    if (faults.get('refuse-connections') !== undefined) return 'cut';
    const status = faults.get('http-status')?.status;
    if (status !== undefined) return `${status} Refused`;
    return this.connections.size >= MOST_CONNECTIONS ? '429 Too Many Requests' : null;
  }

  accept(socket: WebSocket): void {
    const connection = new Connection(socket, this.host);
    this.counts.accepted += 1;
    this.connections.add(connection);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => connection.end());
    socket.on('message', (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
      this.receive(connection, bytes, isBinary);
    });
  }

  async answerHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await answerHttp(request, response, {
      exchange: this.exchange,
      control: this.control,
      clock: this.clock,
      pay: (method) => this.paid(method, this.httpCredits),
      answer: (asked) => {
        this.counts.answered += 1;
        return answer(asked, this.exchange, null);
      },
    });
  }

  end(): void {
    this.exchange.faults.clear();
    for (const connection of this.connections) {
      connection.close(GOING_AWAY);
      connection.end();
      connection.close(1_006);
    }
  }

  private receive(connection: Connection, bytes: Buffer, isBinary: boolean): void {
    if (this.exchange.faults.get('half-open') !== undefined) {
      this.counts.ignored += 1;
      return;
    }
    const cameIn = this.exchange.now();
    let parsed: unknown = null;
    let request: RpcRequest;
    try {
      if (bytes.length > MAX_REQUEST_BYTES) throw rpcErrors.tooLarge();
      parsed = isBinary ? undefined : jsonOf(bytes.toString('utf8'));
      if (parsed === undefined) throw rpcErrors.parse();
      request = parseRequest(parsed);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      connection.send(answerText({ id: idOf(parsed), error }, this.exchange, cameIn), 'answer');
      return;
    }
    if (!this.paid(request.method, connection.credits)) {
      connection.send(
        answerText({ id: request.id, error: rpcErrors.tooManyRequests() }, this.exchange, cameIn),
        'answer',
      );
      connection.close(POLICY_VIOLATION, 'too_many_requests');
      return;
    }
    this.counts.answered += 1;
    const answered = answer(request, this.exchange, connection);
    connection.send(answerText(answered, this.exchange, cameIn), 'answer');
    if (request.method === 'public/subscribe' && Array.isArray(answered.result))
      this.subscriptions.greet(connection, answered.result);
  }

  private paid(method: string, credits: CreditBucket): boolean {
    return this.exchange.faults.spend('rate-limit') === undefined && credits.pay(method);
  }

  private fault(order: unknown): Fault {
    const fault = parseFault(order);
    if (!isInstant(fault.kind)) {
      this.exchange.faults.set(fault);
      if (fault.kind === 'platform-lock') this.tellLock(true);
      return fault;
    }
    if (fault.kind === 'burst') for (let i = 0; i < fault.messages!; i++) this.step();
    for (const connection of this.connections) {
      if (fault.kind === 'drop-connections') connection.close(fault.code!);
      else if (fault.kind === 'connection-too-slow') connection.close(POLICY_VIOLATION, 'connection_too_slow');
      else if (fault.kind === 'stall') connection.stall(fault.ms!);
    }
    return fault;
  }

  private tellLock(locked: boolean): void {
    for (const { indexName } of this.exchange.market.coins)
      this.subscriptions.tell('platform_state', JSON.stringify({ price_index: indexName, locked }));
  }

  private state(): ExchangeState {
    const { user, system } = process.cpuUsage(this.cpuAtStart);
    const elapsedMs = performance.now() - this.startedAt;
    const { market } = this.exchange;
    return {
      time: Math.round(this.exchange.now()),
      source: market.source.name,
      connections: this.connections.size,
      connectionsAccepted: this.counts.accepted,
      requestsAnswered: this.counts.answered,
      requestsIgnored: this.counts.ignored,
      messagesSent: [...this.connections].reduce((sum, { messagesSent }) => sum + messagesSent, this.counts.sentByGone),
      steps: this.counts.steps,
      options: market.coins.reduce(
        (sum, { expiries }) => sum + expiries.reduce((n, { options }) => n + options.length, 0),
        0,
      ),
      cpuShare: (user + system) / 1_000 / elapsedMs,
      faults: this.exchange.faults.list(),
    };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
