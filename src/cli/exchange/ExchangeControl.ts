import type { MarketDelta } from '../../engine/domain/marketDelta.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import type { Fault, FaultKind } from './Fault.ts';

/** How a test, or whoever posts to `/control`, works the exchange. */
export interface ExchangeControl {
  /**
   * Puts a fault in force, or does it at once; what it leaves out is filled in. Answers it as it is in force.
   * @throws RiskError about an order that cannot be followed
   */
  fault(order: { readonly kind: FaultKind } & Partial<Fault>): Fault;
  /** Ends a fault, or all. */
  clear(kind?: FaultKind): void;
  /** Moves the market to the present and publishes it. */
  step(): void;
  /** Moves the prices to what another source says; published at the next step. */
  apply(delta: MarketDelta): void;
  state(): ExchangeState;
}

export interface ExchangeState {
  /** The server's clock. */
  readonly time: Timestamp;
  readonly source: string;
  readonly connections: number;
  readonly connectionsAccepted: number;
  readonly requestsAnswered: number;
  /** Those that came while the exchange was half open. */
  readonly requestsIgnored: number;
  readonly messagesSent: number;
  readonly steps: number;
  readonly options: number;
  /** Of one core, since the start. */
  readonly cpuShare: number;
  readonly faults: readonly Fault[];
}
