import { MessageChannel } from 'node:worker_threads';
import { type Endpoint, expose, proxy, type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SearchProgress } from '../src/engine/domain/decideReport.ts';
import { CODES, EXPIRIES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { marketFileText } from '../src/formats/marketFile.ts';
import type { RiskApi } from './RiskApi.ts';
import { riskService } from './riskService.ts';

const adapter = nodeEndpoint as unknown as (port: unknown) => Endpoint;

let channel: MessageChannel;
let api: Remote<RiskApi>;
let marketId: string;

beforeEach(async () => {
  channel = new MessageChannel();
  expose(riskService(), adapter(channel.port1));
  api = wrap<RiskApi>(adapter(channel.port2));
  const opened = await api.openMarket(marketFileText(smallSnapshot()));
  if (!opened.ok) throw new Error(opened.failure.message);
  marketId = opened.value.id;
});

afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

const book = smallBook([
  [`BTC-${CODES.month}-75000-P`, -5],
  [`BTC-${CODES.month}-105000-C`, -5],
]);
const question = () => ({ marketId, model: 'portfolio', parameters: {}, book });
const cut = () => ({
  ...question(),
  objective: 'premium' as const,
  targetUsd: 1_000,
  withFutures: true,
  evaluations: 500,
});

it('searches a cut with progress; a newer search overtakes it, and it can be given up', async () => {
  const shares: number[] = [];
  const overtaken = api.cheapestCut(cut());
  const newest = api.cheapestCut(
    { ...cut(), objective: 'delta' },
    proxy(({ share }: SearchProgress) => void shares.push(share)),
  );
  expect(await overtaken).toEqual({ ok: true, value: null });
  const answer = await newest;
  if (!answer.ok || answer.value === null) throw new Error('no answer');
  expect(answer.value.objective).toBe('delta');
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  const abandoned = api.cheapestCut(cut());
  await api.cancelCheapestCut();
  expect(await abandoned).toEqual({ ok: true, value: null });
});

it('compares orders with progress; newer trades overtake them, and they can be given up', async () => {
  const legs = [60, 65, 70, 75, 80, 85].flatMap((strike) =>
    ['C', 'P'].map((type) => `BTC-${CODES.month}-${strike}000-${type}`),
  );
  const many = { ...question(), book: smallBook(legs.map((leg) => [leg, -1])), trades: null };
  const shares: number[] = [];
  const overtaken = api.fillOrder(many);
  const newest = api.fillOrder(
    { ...many, model: 'cross' },
    proxy(({ share }: SearchProgress) => void shares.push(share)),
  );
  expect(await overtaken).toEqual({ ok: true, value: null });
  const answer = await newest;
  if (!answer.ok || answer.value === null) throw new Error('no answer');
  expect(answer.value).toMatchObject({ model: 'cross', isExact: false });
  expect(shares.length).toBeGreaterThan(0);
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  const abandoned = api.fillOrder(many);
  await api.cancelFillOrder();
  expect(await abandoned).toEqual({ ok: true, value: null });
});

it('answers the short questions through structured clone, and failures as values', async () => {
  const marginal = await api.marginalMargin({ ...question(), underlying: 'BTC', expiry: EXPIRIES.month });
  expect(marginal.ok && Object.keys(marginal.value!.contracts)).toHaveLength(26);
  const order = await api.fillOrder({ ...question(), trades: null });
  expect(order.ok && order.value!.best.order).toHaveLength(2);
  const cliff = await api.expiryCliff({ ...question(), pin: null });
  expect(cliff.ok && cliff.value.expiries).toHaveLength(1);
  expect(await api.fillOrder({ ...question(), trades: [] })).toMatchObject({
    ok: false,
    failure: { code: 'bad-value', message: expect.stringMatching(/Nothing is proposed/) },
  });
  expect(await api.expiryCliff({ ...question(), model: 'moonshot', pin: null })).toMatchObject({
    ok: false,
    failure: { code: 'unsupported' },
  });
});
