import { failed, type Result, success } from '../../engine/domain/failure.ts';

/** Where Deribit answers, by network. */
export const DERIBIT_ENDPOINTS = {
  production: 'wss://www.deribit.com/ws/api/v2',
  test: 'wss://test.deribit.com/ws/api/v2',
} as const;

const REMOTE_HOSTS = ['www.deribit.com', 'test.deribit.com'] as const;
/** This device itself, where a stand-in for the exchange may run. */
const OWN_HOSTS = ['127.0.0.1', 'localhost'] as const;

/** Everything that the app may connect to besides its own server, as sources of a content security policy. */
export const MARKET_CONNECTIONS: readonly string[] = [
  ...REMOTE_HOSTS.flatMap((host) => [`wss://${host}`, `https://${host}`]),
  ...OWN_HOSTS.flatMap((host) => [`ws://${host}:*`, `http://${host}:*`]),
];

const TEST_NETWORK = 'Deribit test network';
const OTHER_EXCHANGE = 'Deribit protocol at ';

/** What the market of an endpoint is called, in the app and in what it writes. */
export function endpointMarketName(endpoint: string): string {
  const host = URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
  if (host === 'www.deribit.com') return 'Deribit';
  return host === 'test.deribit.com' ? TEST_NETWORK : `${OTHER_EXCHANGE}${host}`;
}

/** Whether a market of this name came from a test exchange, which makes or repeats its prices: Deribit's own, or any that is not Deribit. */
export function isTestExchange(name: string): boolean {
  return name === TEST_NETWORK || name.startsWith(OTHER_EXCHANGE);
}

const MAX_LENGTH = 300;

/** The address of a server that speaks Deribit's protocol, as a person or a link gave it: one that the content policy lets through. */
export function parseMarketEndpoint(text: string): Result<string> {
  const given = text.trim();
  const shown = given.length > 60 ? `${given.slice(0, 60)}…` : given;
  if (given === '') return failed('missing-data', 'The address is empty. Write one like ws://127.0.0.1:8090/ws/api/v2');
  if (given.length > MAX_LENGTH || !URL.canParse(given))
    return failed('bad-value', `“${shown}” is no address. Write one like ws://127.0.0.1:8090/ws/api/v2`);
  const url = new URL(given);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    return failed('bad-value', `“${shown}” is no address of a WebSocket. Begin it with ws:// or wss://`);
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return failed('bad-value', `“${shown}” carries a name, a password or a fragment. Leave them out`);
  const isRemote = REMOTE_HOSTS.some((host) => host === url.hostname) && url.protocol === 'wss:' && url.port === '';
  const isOwn = OWN_HOSTS.some((host) => host === url.hostname) && url.protocol === 'ws:';
  if (!isRemote && !isOwn)
    return failed(
      'unsupported',
      `Headroom connects to wss://${REMOTE_HOSTS.join(', wss://')} and to ws:// on this device (127.0.0.1, localhost), not to “${shown}”`,
    );
  return success(url.href);
}
