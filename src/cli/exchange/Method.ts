import type { Exchange } from './Exchange.ts';
import type { RequestParams } from './rpc.ts';

/** What a WebSocket connection can be asked for. */
export interface Session {
  /** Answers the channels accepted. */
  subscribe(channels: readonly string[]): readonly string[];
  /** Answers the channels that were subscribed to. */
  unsubscribe(channels: readonly string[]): readonly string[];
  unsubscribeAll(): void;
  /** Null ends the heartbeat. */
  setHeartbeat(seconds: number | null): void;
  /** `public/test` came. */
  testReceived(): void;
}

export interface Method {
  /** Answered over a WebSocket only. */
  readonly needsSession?: boolean;
  /**
   * @param session null over HTTP
   * @throws RpcError
   */
  run(params: RequestParams, exchange: Exchange, session: Session | null): unknown;
}
