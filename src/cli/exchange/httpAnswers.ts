import type { IncomingMessage, ServerResponse } from 'node:http';
import { failureOf, RiskError } from '../../engine/domain/failure.ts';
import { answerText, type RpcAnswer } from './answerText.ts';
import type { Exchange } from './Exchange.ts';
import type { ExchangeClock } from './ExchangeClock.ts';
import type { ExchangeControl } from './ExchangeControl.ts';
import { faultKinds } from './Fault.ts';
import { idOf, MAX_REQUEST_BYTES, parseRequest, RequestParams, RpcError, type RpcRequest, rpcErrors } from './rpc.ts';
import { HTML_PAGE } from './spoiledFrames.ts';

interface HttpContext {
  readonly exchange: Exchange;
  readonly control: ExchangeControl;
  readonly clock: ExchangeClock;
  pay(method: string): boolean;
  answer(request: RpcRequest): RpcAnswer;
}

/** Any page may ask: what runs here is a tool on the same machine. */
const OPEN_TO_ALL = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'no-store',
};

const METHOD_PATH = /^\/api\/v2(?:\/((?:public|private)\/[\w/]+))?\/?$/;

/** Answers one HTTP request: a method of the exchange, or an order to `/control`. */
export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  context: HttpContext,
): Promise<void> {
  const { faults } = context.exchange;
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'OPTIONS') return send(response, 204, '');
  // Read before anything goes wrong on purpose, so that a fault can always be ended.
  const body = await bodyOf(request);
  if (url.pathname === '/control') return answerControl(request.method, body, response, context.control);
  if (faults.get('refuse-connections') !== undefined) return void request.socket.destroy();
  if (faults.get('half-open') !== undefined) return;
  const status = faults.get('http-status')?.status;
  if (status !== undefined) return send(response, status, `Status ${status}`, 'text/plain');
  const delayMs = faults.get('slow-answers')?.ms;
  const path = METHOD_PATH.exec(url.pathname);
  if (path === null) return send(response, 404, 'The methods are below /api/v2', 'text/plain');
  const cameIn = context.exchange.now();
  const { answered, httpStatus } = answeredRequest(path[1], url, body, context);
  const text = answerText(answered, context.exchange, cameIn);
  const write = () => {
    if (faults.spend('html-page') !== undefined) send(response, 200, HTML_PAGE, 'text/html');
    else if (faults.spend('truncated-json') !== undefined) send(response, httpStatus, text.slice(0, text.length >> 1));
    else if (faults.spend('malformed-json') !== undefined) send(response, httpStatus, text.replace(':', ';'));
    else send(response, httpStatus, text);
  };
  if (delayMs === undefined) write();
  else context.clock.after(delayMs, write);
}

function answeredRequest(
  method: string | undefined,
  url: URL,
  body: string | null,
  context: HttpContext,
): { readonly answered: RpcAnswer; readonly httpStatus: number } {
  let parsed: unknown = null;
  try {
    if (body === null) throw rpcErrors.tooLarge();
    let asked: RpcRequest;
    if (body === '') {
      if (method === undefined) throw rpcErrors.unknownMethod();
      asked = { id: null, method, params: new RequestParams(queryOf(url), true) };
    } else {
      parsed = jsonOf(body);
      asked = parseRequest(method === undefined ? parsed : { method, jsonrpc: '2.0', ...(parsed as object) });
    }
    if (!context.pay(asked.method))
      return { answered: { id: asked.id, error: rpcErrors.tooManyRequests() }, httpStatus: 429 };
    const answered = context.answer(asked);
    return { answered, httpStatus: answered.error === undefined ? 200 : 400 };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { answered: { id: idOf(parsed), error }, httpStatus: 400 };
  }
}

function answerControl(
  method: string | undefined,
  body: string | null,
  response: ServerResponse,
  control: ExchangeControl,
): void {
  try {
    if (method !== 'POST') return send(response, 200, JSON.stringify(control.state()));
    const order: unknown = jsonOf(body ?? '');
    if (typeof order === 'object' && order !== null && 'clear' in order) {
      const kind = faultKinds.find((known) => known === order.clear);
      if (kind === undefined && order.clear !== 'all')
        throw new RiskError('bad-value', `clear must be "all" or one of ${faultKinds.join(', ')}`, '/clear');
      control.clear(kind);
    } else control.fault(order as Parameters<ExchangeControl['fault']>[0]);
    send(response, 200, JSON.stringify(control.state()));
  } catch (error) {
    if (error instanceof RpcError)
      return send(response, 400, JSON.stringify({ error: { message: 'The order is not JSON', path: '' } }));
    if (!(error instanceof RiskError)) throw error;
    const { message, path = '' } = failureOf(error);
    send(response, 400, JSON.stringify({ error: { message, path } }));
  }
}

function send(response: ServerResponse, status: number, text: string, type = 'application/json'): void {
  response.writeHead(status, { ...OPEN_TO_ALL, ...(text === '' ? {} : { 'content-type': type }) });
  response.end(text);
}

/** The body as text; null when it is larger than the exchange takes. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return size > MAX_REQUEST_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

function queryOf(url: URL): Readonly<Record<string, unknown>> {
  return Object.fromEntries(url.searchParams);
}

/** @throws RpcError -32700 */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw rpcErrors.parse();
  }
}
