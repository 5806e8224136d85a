import { fieldsOf, numberIn } from './foreignValue.ts';

/** An error that the exchange answered, or why there was no answer. */
export class RpcError extends Error {
  /** The exchange's code; null for what happened on the way. */
  readonly code: number | null;
  constructor(code: number | null, message: string) {
    super(message);
    this.name = 'RpcError';
    this.code = code;
  }
}

export const TOO_MANY_REQUESTS = 10028;

/** What a frame of the exchange's JSON-RPC says. */
export type RpcMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown; readonly venueTime: number | null }
  | { readonly kind: 'error'; readonly id: number | null; readonly error: RpcError }
  | { readonly kind: 'notification'; readonly channel: string; readonly data: unknown }
  | { readonly kind: 'heartbeat'; readonly isTest: boolean };

/** A frame longer than this is no answer of the exchange: its longest, all options of a currency, have half of it. */
const LONGEST_FRAME = 4_500_000;
const LONGEST_CHANNEL = 100;
const LONGEST_ERROR = 200;

/**
 * The message in a frame; null for what is none: binary, not JSON, too long, or of no known shape.
 *
 * @param impliedId of an answer without one, as answers to HTTP GET are; null where each has to have its own
 */
export function parseRpcMessage(frame: unknown, impliedId: number | null = null): RpcMessage | null {
  if (typeof frame !== 'string' || frame.length > LONGEST_FRAME) return null;
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return null;
  }
  const fields = fieldsOf(value);
  if (fields === null || fields.jsonrpc !== '2.0') return null;
  if (fields.method !== undefined) return notice(fields.method, fieldsOf(fields.params));

  const error = fieldsOf(fields.error);
  if (error !== null) {
    const id = idIn(fields.id);
    // A frame that the exchange could not read is refused under no id, or null.
    if (id === null && fields.id !== null && fields.id !== undefined) return null;
    const message = typeof error.message === 'string' ? error.message.slice(0, LONGEST_ERROR) : 'unnamed error';
    return { kind: 'error', id, error: new RpcError(numberIn(error.code) ?? null, message) };
  }
  const id = fields.id === undefined ? impliedId : idIn(fields.id);
  if (id === null || !Object.hasOwn(fields, 'result')) return null;
  const [from, to] = [numberIn(fields.usIn), numberIn(fields.usOut)];
  const venueTime = from === undefined || to === undefined ? null : (from + to) / 2_000;
  return { kind: 'answer', id, result: fields.result, venueTime };
}

function notice(method: unknown, params: ReturnType<typeof fieldsOf>): RpcMessage | null {
  if (params === null) return null;
  if (method === 'heartbeat') return { kind: 'heartbeat', isTest: params.type === 'test_request' };
  const { channel } = params;
  if (method !== 'subscription' || typeof channel !== 'string' || channel.length > LONGEST_CHANNEL) return null;
  return { kind: 'notification', channel, data: params.data };
}

function idIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}
