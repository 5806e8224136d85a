import type { Exchange } from './Exchange.ts';
import { historyMethods } from './historyMethods.ts';
import { marketMethods } from './marketMethods.ts';
import type { Method, Session } from './Method.ts';
import { hostileJson, type RequestId, RpcError, type RpcRequest, rpcErrors } from './rpc.ts';
import { sessionMethods } from './sessionMethods.ts';

const METHODS: Readonly<Record<string, Method>> = { ...sessionMethods, ...marketMethods, ...historyMethods };

export interface RpcAnswer {
  readonly id: RequestId | null;
  readonly result?: unknown;
  readonly error?: RpcError;
}

/** The answer to a request; whoever asks has paid for it. */
export function answer({ id, method, params }: RpcRequest, exchange: Exchange, session: Session | null): RpcAnswer {
  try {
    if (method.startsWith('private/')) throw rpcErrors.unauthorized();
    const known = Object.hasOwn(METHODS, method) ? METHODS[method]! : undefined;
    if (known === undefined) throw rpcErrors.unknownMethod();
    if (known.needsSession && session === null) throw rpcErrors.needsWebSocket();
    return { id, result: known.run(params, exchange, session) };
  } catch (error) {
    if (error instanceof RpcError) return { id, error };
    throw error;
  }
}

/**
 * The text of an answer, with the times of the server in microseconds.
 * @param cameIn the server's clock when the request came, milliseconds
 */
export function answerText({ id, result, error }: RpcAnswer, exchange: Exchange, cameIn: number): string {
  const usIn = Math.floor(cameIn * 1_000);
  const usOut = Math.max(usIn, Math.floor(exchange.now() * 1_000));
  const shownId = exchange.faults.spend('wrong-id') === undefined ? id : wrong(id);
  const body =
    error === undefined
      ? { result }
      : { error: { code: error.code, message: error.message, ...(error.data ? { data: error.data } : {}) } };
  return hostileJson({
    jsonrpc: '2.0',
    ...(shownId === null ? {} : { id: shownId }),
    ...body,
    usIn,
    usOut,
    usDiff: usOut - usIn,
    testnet: true,
  });
}

function wrong(id: RequestId | null): RequestId {
  return typeof id === 'number' ? id + 1_000_000 : `${id ?? ''}-other`;
}
