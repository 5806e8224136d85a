import { describe, expect, it } from 'vitest';
import { DERIBIT_ENDPOINTS, MARKET_CONNECTIONS, parseMarketEndpoint } from './marketEndpoint.ts';

/** What a browser's content policy does with a source expression: scheme and host alike, any port where it says so. */
function isAllowed(endpoint: string): boolean {
  const { protocol, hostname, port } = new URL(endpoint);
  return MARKET_CONNECTIONS.some(
    (source) => source === `${protocol}//${hostname}:*` || (port === '' && source === `${protocol}//${hostname}`),
  );
}

describe('the endpoint of a market', () => {
  it.each([
    DERIBIT_ENDPOINTS.production,
    DERIBIT_ENDPOINTS.test,
    'ws://127.0.0.1:8090/ws/api/v2',
    ' ws://localhost:1/x?y=z ',
  ])('takes %s, which the content policy lets through', (text) => {
    const endpoint = parseMarketEndpoint(text);
    expect(endpoint).toEqual({ ok: true, value: text.trim() });
    expect(isAllowed(text.trim())).toBe(true);
  });

  it.each([
    ['', /is empty/],
    ['deribit', /is no address/],
    ['https://www.deribit.com/', /ws:\/\/ or wss:\/\//],
    ['javascript:alert(1)', /ws:\/\/ or wss:\/\//],
    ['wss://evil.example/ws', /not to “wss:\/\/evil.example\/ws”/],
    ['ws://www.deribit.com/ws/api/v2', /not to/],
    ['wss://www.deribit.com:8443/ws', /not to/],
    ['wss://www.deribit.com.evil.example/ws', /not to/],
    ['wss://user:secret@www.deribit.com/ws', /password/],
    [`ws://127.0.0.1/${'x'.repeat(500)}`, /is no address/],
  ])('refuses “%s” and says why', (text, reason) => {
    const endpoint = parseMarketEndpoint(text);
    expect(endpoint.ok ? endpoint.value : endpoint.failure.message).toMatch(reason);
    expect(endpoint.ok).toBe(false);
  });
});
