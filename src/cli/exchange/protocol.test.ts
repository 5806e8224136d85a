import { afterEach, describe, expect, it } from 'vitest';
import { AS_OF, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { ExchangeClient } from './fixtures/ExchangeClient.ts';
import { type StartedExchange, startedExchange } from './fixtures/startedExchange.ts';

let started: StartedExchange | null = null;
const start = async (...parameters: Parameters<typeof startedExchange>) => {
  started = await startedExchange(...parameters);
  return started;
};
afterEach(async () => {
  await started?.end();
  started = null;
});

describe('the envelope', () => {
  it('echoes ids as they were sent and dates every answer by the venue’s clock', async () => {
    const { client, clock } = await start();
    const socket = await client();
    clock.advance(1_500);
    socket.write('{"jsonrpc":"2.0","id":"a-7","method":"public/get_time"}');
    const answer = await socket.message(({ id }) => id === 'a-7');
    expect(answer).toStrictEqual({
      jsonrpc: '2.0',
      id: 'a-7',
      result: AS_OF + 1_500,
      usIn: (AS_OF + 1_500) * 1_000,
      usOut: (AS_OF + 1_500) * 1_000,
      usDiff: 0,
      testnet: true,
    });
    const refused = await socket.call('public/nothing');
    expect(refused.error).toStrictEqual({ code: -32_601, message: 'Method not found' });
    expect(Object.hasOwn(refused, 'result')).toBe(false);
    expect(refused.usDiff).toBe(refused.usOut! - refused.usIn!);
  });

  it('answers each mistake with its error', async () => {
    const socket = await (await start()).client();
    const coded = async (method: string, params?: object) => (await socket.call(method, params)).error;
    expect(await coded('public/get_index_price')).toMatchObject({ code: -32_000, message: 'Missing params' });
    expect(await coded('public/get_index_price', {})).toMatchObject({
      code: -32_602,
      data: { param: 'index_name', reason: 'value required' },
    });
    expect(await coded('public/get_book_summary_by_currency', { currency: 5 })).toMatchObject({ code: -32_602 });
    expect(await coded('public/get_book_summary_by_currency', { currency: 'XXX' })).toMatchObject({ code: -32_602 });
    expect(await coded('public/ticker', { instrument_name: 'BTC-1JAN30' })).toMatchObject({
      code: 10_020,
      message: 'invalid_or_unsupported_instrument',
    });
    expect(await coded('private/get_positions', {})).toMatchObject({ code: 10_000 });
    expect(await coded('public/test', { expected_result: 'exception' })).toMatchObject({ code: 10_001 });
    expect(await coded('public/subscribe', { channels: ['ticker.BTC-PERPETUAL.raw'] })).toMatchObject({ code: 13_778 });
    expect(await coded('constructor')).toMatchObject({ code: -32_601 });
  });

  it('refuses what is not a request', async () => {
    const socket = await (await start()).client();
    const answered = async (text: string | Buffer) => {
      socket.write(text);
      return (await socket.message(() => true)).error;
    };
    expect(await answered('{"jsonrpc"')).toMatchObject({ code: -32_700 });
    expect(await answered(Buffer.from('{}'))).toMatchObject({ code: -32_700 });
    expect(await answered('[]')).toMatchObject({ code: -32_600 });
    expect(await answered('{"jsonrpc":"2.0","method":"public/test"}')).toMatchObject({ code: -32_600 });
    expect(await answered('{"jsonrpc":"2.0","id":1,"method":"public/test","params":[1]}')).toMatchObject({
      code: -32_602,
    });
    const large = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'public/test', params: { x: 'x'.repeat(32_768) } });
    expect(await answered(large)).toMatchObject({ code: -32_600, message: 'request entity too large' });
    expect(await answered('{"jsonrpc":"2.0","id":1,"method":"public/test"}')).toBeUndefined();
  });
});

describe('HTTP', () => {
  const asked = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    return { response, body: (await response.json()) as { result?: unknown; error?: { code: number }; id?: unknown } };
  };

  it('answers queries and bodies to any page', async () => {
    const { exchange } = await start();
    const { response, body } = await asked(`${exchange.httpUrl}/public/get_index_price?index_name=btc_usd`);
    expect(body.result).toStrictEqual({ index_price: 90_000, estimated_delivery_price: 90_000 });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const posted = await asked(exchange.httpUrl, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'public/get_time' }),
    });
    expect(posted.body).toMatchObject({ id: 'x', result: AS_OF });
    const dvol = await asked(
      `${exchange.httpUrl}/public/get_volatility_index_data?currency=BTC&start_timestamp=0&end_timestamp=1&resolution=60`,
    );
    expect(dvol.body.result).toStrictEqual({ data: [], continuation: null });
  });

  it('leaves what needs a socket to the socket, and says what is wrong', async () => {
    const { exchange } = await start();
    for (const method of ['subscribe', 'unsubscribe', 'set_heartbeat', 'disable_heartbeat', 'hello']) {
      const { response, body } = await asked(`${exchange.httpUrl}/public/${method}?channels=[]`);
      expect([response.status, body.error?.code]).toStrictEqual([400, 10_030]);
    }
    const { body } = await asked(exchange.httpUrl, { method: 'POST', body: 'x'.repeat(40_000) });
    expect(body.error?.code).toBe(-32_600);
    expect((await fetch(exchange.httpUrl.replace('/api/v2', '/elsewhere'))).status).toBe(404);
  });
});

describe('the heartbeat', () => {
  it('is refused below ten seconds', async () => {
    const socket = await (await start()).client();
    expect((await socket.call('public/set_heartbeat', { interval: 9 })).error).toMatchObject({
      code: -32_602,
      data: { param: 'interval' },
    });
  });

  it('sends both types, and goes on while it is answered', async () => {
    const { client, clock } = await start();
    const socket = await client();
    expect(await socket.result('public/set_heartbeat', { interval: 10 })).toBe('ok');
    for (let round = 0; round < 3; round++) {
      clock.advance(10_000);
      await socket.message(({ method, params }) => method === 'heartbeat' && params?.type === 'heartbeat');
      await socket.message(({ method, params }) => method === 'heartbeat' && params?.type === 'test_request');
      await socket.result('public/test');
    }
    await socket.result('public/disable_heartbeat', {});
    clock.advance(60_000);
    await socket.result('public/test');
    expect(socket.taken()).toHaveLength(0);
  });

  it('ends the connection that does not answer it', async () => {
    const { client, clock } = await start();
    const socket = await client();
    await socket.result('public/set_heartbeat', { interval: 10 });
    clock.advance(10_000);
    await socket.result('public/get_time');
    clock.advance(10_000);
    expect((await socket.closed).code).toBe(1_000);
  });
});

describe('credits', () => {
  it('allow a hundred requests at once, then answer 10028 and close', async () => {
    const socket = await (await start()).client();
    const answers = await Promise.all(Array.from({ length: 101 }, () => socket.call('public/get_time')));
    expect(answers.filter(({ result }) => result === AS_OF)).toHaveLength(100);
    expect(answers[100]!.error).toMatchObject({ code: 10_028, message: 'too_many_requests' });
    expect((await socket.closed).reason).toBe('too_many_requests');
  });

  it('come back with time: 50 ms pay for one request', async () => {
    const { client, clock } = await start();
    const socket = await client();
    await Promise.all(Array.from({ length: 100 }, () => socket.result('public/test')));
    clock.advance(50);
    await socket.result('public/test');
    clock.advance(49);
    expect((await socket.call('public/test')).error?.code).toBe(10_028);
  });

  it.each([
    ['public/subscribe', { channels: [] }, 10],
    ['public/get_instruments', { currency: 'ETH', kind: 'future' }, 50],
  ])('allow %s fewer times', async (method, params, times) => {
    const socket = await (await start()).client();
    const answers = await Promise.all(Array.from({ length: times + 1 }, () => socket.call(method, params)));
    expect(answers.map(({ error }) => error?.code ?? 0)).toStrictEqual([...Array(times).fill(0), 10_028]);
  });
});

it('admits 32 connections', async () => {
  const { client, exchange } = await start();
  await Promise.all(Array.from({ length: 32 }, client));
  await expect(ExchangeClient.connected(exchange.url)).rejects.toThrow('429');
});

describe('history', () => {
  const day = 86_400_000;
  const first = AS_OF - 8 * 3_600_000 - 400 * day;
  const days = Array.from({ length: 400 }, (_, i) => first + i * day);
  const market = smallSnapshot();
  const withHistory = {
    ...market,
    underlyings: market.underlyings.map((underlying) => ({
      ...underlying,
      history: {
        intervalDays: 1,
        closes: days.map((time, i) => [time, 50_000 + i] as const),
        volatilityIndex: days.map((time, i) => [time, 0.4 + i / 10_000] as const),
      },
    })),
  };

  it('is paged backwards by its continuation until all of it has come', async () => {
    const socket = await (await start(withHistory)).client();
    type Page = { data: number[][]; continuation: number | null };
    const rows: number[][] = [];
    let pages = 0;
    for (let end: number | null = AS_OF; end !== null; pages++) {
      const page: Page = await socket.result<Page>('public/get_volatility_index_data', {
        currency: 'BTC',
        start_timestamp: first,
        end_timestamp: end,
        resolution: '3600',
      });
      rows.unshift(...page.data);
      end = page.continuation;
    }
    expect(pages).toBe(10);
    expect(rows.map(([time]) => time)).toStrictEqual(
      Array.from({ length: 400 * 24 + 9 }, (_, i) => first + i * 3_600_000),
    );
    // Percent points, as the days of the market have them.
    expect(rows[24]![1]).toBe(40.01);
  });

  it('gives daily candles that open where the day before closed', async () => {
    const socket = await (await start(withHistory)).client();
    const chart = await socket.result<Record<string, number[]>>('public/get_tradingview_chart_data', {
      instrument_name: 'BTC-PERPETUAL',
      start_timestamp: days[10],
      end_timestamp: AS_OF,
      resolution: '1D',
    });
    expect(chart.status).toBe('ok');
    expect(chart.ticks).toHaveLength(391);
    expect([chart.open![0], chart.close![0], chart.close!.at(-1)]).toStrictEqual([50_009, 50_010, 90_000]);
  });
});
