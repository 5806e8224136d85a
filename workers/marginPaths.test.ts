import { MessageChannel } from 'node:worker_threads';
import { type Endpoint, expose, proxy, type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MarginPathsProgress, MarginPathsRequest } from '../src/engine/domain/marginPaths.ts';
import { dailyHistory, randomMoves, withHistory } from '../src/engine/fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { marketFileText } from '../src/formats/marketFile.ts';
import type { RiskApi } from './RiskApi.ts';
import { riskService } from './riskService.ts';

const adapter = nodeEndpoint as unknown as (port: unknown) => Endpoint;
const { btc, btcVol } = randomMoves(200);

let channel: MessageChannel;
let api: Remote<RiskApi>;
let request: MarginPathsRequest;

beforeEach(async () => {
  channel = new MessageChannel();
  expose(riskService(), adapter(channel.port1));
  api = wrap<RiskApi>(adapter(channel.port2));
  const market = withHistory(smallSnapshot(), { BTC: dailyHistory(AS_OF, btc, btcVol) });
  const opened = await api.openMarket(marketFileText(market));
  if (!opened.ok) throw new Error(opened.failure.message);
  request = {
    marketId: opened.value.id,
    book: smallBook([[`BTC-${CODES.month}-90000-C`, -1]], [{ asset: 'USDC', quantity: 20_000 }]),
    model: 'portfolio',
    parameters: {},
    days: 5,
    stepsPerDay: 4,
    paths: 3000,
    seed: 1,
    distribution: 'student-t',
    degreesOfFreedom: 4,
    smile: 'sticky-strike',
  };
});

afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

it('walks paths with figures on the way; newer paths overtake them, and they can be given up', async () => {
  const news: MarginPathsProgress[] = [];
  const overtaken = api.marginPaths(request);
  const newest = api.marginPaths(
    { ...request, seed: 2 },
    proxy((progress: MarginPathsProgress) => void news.push(progress)),
  );
  expect(await overtaken).toEqual({ ok: true, value: null });
  const answer = await newest;
  if (!answer.ok || answer.value === null) throw new Error('no answer');
  expect(answer.value.paths).toBe(3000);
  expect(answer.value.touchByDay).toHaveLength(6);
  expect(news.some(({ stage }) => stage === 'margins')).toBe(true);
  expect(news.find(({ soFar }) => soFar !== null)!.soFar!.paths).toBe(1000);
  const abandoned = api.marginPaths(request);
  await api.cancelMarginPaths();
  expect(await abandoned).toEqual({ ok: true, value: null });
});
