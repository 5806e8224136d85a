import { parseRpcMessage, RpcError } from './parseRpcMessage.ts';

export interface HttpAnswer {
  readonly result: unknown;
  readonly venueTime: number | null;
}

/** A first load must not wait for a dead line: the socket brings the same. */
const TIMEOUT_MS = 4_000;

/**
 * The result of a public method over HTTP; rejects with an RpcError. Whether other origins than the
 * exchange's own may read it is not documented, so a caller must be able to do without.
 */
export async function httpCall(
  fetchText: typeof fetch,
  httpUrl: string,
  method: string,
  params: Readonly<Record<string, string | number>>,
): Promise<HttpAnswer> {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)])).toString();
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetchText(`${httpUrl}/${method}${query === '' ? '' : `?${query}`}`, {
      signal: abort.signal,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
    const message = parseRpcMessage(await response.text(), 0);
    if (message?.kind === 'error') throw message.error;
    if (message?.kind !== 'answer') throw new RpcError(null, `HTTP ${response.status} without an answer`);
    return message;
  } catch (error) {
    throw error instanceof RpcError ? error : new RpcError(null, `${method} over HTTP failed`);
  } finally {
    clearTimeout(timer);
  }
}
