import { excerpt } from '../../formats/jsonDocument.ts';

export type RequestId = string | number;

/** An answer that is an error of the protocol. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

/** The errors of the exchange by what is wrong. */
export const rpcErrors = {
  parse: () => new RpcError(-32_700, 'Parse error'),
  tooLarge: () => new RpcError(-32_600, 'request entity too large'),
  invalidRequest: (reason: string) => new RpcError(-32_600, 'Invalid Request', { reason }),
  unknownMethod: () => new RpcError(-32_601, 'Method not found'),
  invalidParams: (param: string, reason: string) => new RpcError(-32_602, 'Invalid params', { param, reason }),
  missingParams: () => new RpcError(-32_000, 'Missing params'),
  unauthorized: () => new RpcError(10_000, 'authorization_required'),
  rawUnauthorized: () => new RpcError(13_778, 'raw_subscriptions_not_available_for_unauthorized'),
  failure: (reason: string) => new RpcError(10_001, 'error', { reason }),
  unknownInstrument: () => new RpcError(10_020, 'invalid_or_unsupported_instrument'),
  tooManyRequests: () => new RpcError(10_028, 'too_many_requests'),
  needsWebSocket: () => new RpcError(10_030, 'must_be_websocket_request'),
};

export interface RpcRequest {
  readonly id: RequestId | null;
  readonly method: string;
  readonly params: RequestParams;
}

/** A frame or body above this many bytes is refused. */
export const MAX_REQUEST_BYTES = 32 * 1024;

/**
 * One request from the text of a frame or body.
 * @throws RpcError; `idOf` tells whom to answer.
 */
export function parseRequest(value: unknown): RpcRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw rpcErrors.invalidRequest('one object with jsonrpc, id, method and params is expected');
  const { jsonrpc, id, method, params } = value as Readonly<Record<string, unknown>>;
  if (jsonrpc !== '2.0') throw rpcErrors.invalidRequest('jsonrpc must be "2.0"');
  if (typeof id !== 'string' && !Number.isInteger(id)) throw rpcErrors.invalidRequest('id is required');
  if (typeof method !== 'string') throw rpcErrors.invalidRequest('method is required');
  if (params !== undefined && (typeof params !== 'object' || params === null || Array.isArray(params)))
    throw rpcErrors.invalidParams('params', 'must be an object with named members');
  return {
    id: id as RequestId,
    method,
    params: new RequestParams(params as Readonly<Record<string, unknown>> | undefined),
  };
}

/** The id of what may not be a request, so that the error finds its way; null where it has none. */
export function idOf(value: unknown): RequestId | null {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** Named parameters, read as what they must be. */
export class RequestParams {
  private readonly values: Readonly<Record<string, unknown>>;
  private readonly isGiven: boolean;

  /** In a query string everything is text: numbers, and lists and objects as JSON, are read from it. */
  constructor(
    values: Readonly<Record<string, unknown>> | undefined,
    private readonly isQuery = false,
  ) {
    this.values = values ?? {};
    this.isGiven = values !== undefined;
  }

  optionalText(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || typeof value === 'string') return value;
    throw rpcErrors.invalidParams(name, 'must be a string');
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name);
  }

  optionalNumber(name: string): number | undefined {
    const given = this.values[name];
    const value = this.isQuery && typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw rpcErrors.invalidParams(name, 'must be a number');
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.missing(name);
  }

  flag(name: string): boolean {
    const value = this.values[name];
    if (value === undefined || value === false || (this.isQuery && value === 'false')) return false;
    if (value === true || (this.isQuery && value === 'true')) return true;
    throw rpcErrors.invalidParams(name, 'must be a boolean');
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    return this.optionalChoice(name, choices) ?? this.missing(name);
  }

  optionalChoice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    const choice = choices.find((known) => known === value);
    if (choice === undefined)
      throw rpcErrors.invalidParams(name, `"${excerpt(value)}" is not one of ${choices.join(', ')}`);
    return choice;
  }

  texts(name: string): readonly string[] {
    const value = this.values[name] ?? this.missing(name);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw rpcErrors.invalidParams(name, 'must be a list of strings');
  }

  private missing(name: string): never {
    if (!this.isGiven) throw rpcErrors.missingParams();
    throw rpcErrors.invalidParams(name, 'value required');
  }
}

/** JSON in which NaN stands as such, which no JSON parser takes. */
export function hostileJson(value: unknown): string {
  const marked = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && Number.isNaN(item) ? NOT_A_NUMBER : item,
  );
  return marked.includes(NOT_A_NUMBER) ? marked.replaceAll(`"${NOT_A_NUMBER}"`, 'NaN') : marked;
}

const NOT_A_NUMBER = '@not-a-number@';
