import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { type MarketDelta, movedMarket } from '../src/engine/domain/marketDelta.ts';
import { type MarketSnapshot, movedMarketId } from '../src/engine/domain/marketSnapshot.ts';
import type { EvaluateRequest, RiskReport } from '../src/engine/domain/riskReport.ts';
import { AS_OF, CODES, EXPIRIES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import type { RiskApi } from './RiskApi.ts';
import { riskService } from './riskService.ts';

const first: MarketSnapshot = { ...smallSnapshot(), id: 'first' };
const ids = [1, 2, 3, 4, 5, 6, 7].map((moves) => movedMarketId('first', moves));

/** The index and one expiry move. */
function move(number: number): MarketDelta {
  const asOf = AS_OF + 1_000 * number;
  const quotes = first.underlyings[0]!.expiries[1]!.quotes.map((quote) => ({
    ...quote,
    markIv: quote.markIv! + 0.01 * number,
    timestamp: asOf,
  }));
  return {
    asOf,
    underlyings: [
      {
        symbol: 'BTC',
        index: 90_000 - 400 * number,
        indexTimestamp: asOf,
        expiries: [{ expiry: EXPIRIES.month, forward: 90_400 - 400 * number, timestamp: asOf, quotes }],
      },
    ],
  };
}

const book = smallBook([
  [`BTC-${CODES.month}-75000-P`, -5],
  [`BTC-${CODES.week}-95000-C`, 3],
  [`ETH-${CODES.year}-3000-C`, -20],
]);

function request(marketId: string): EvaluateRequest {
  const models = ['isolated', 'cross', 'portfolio'];
  return { inputVersion: 1, marketId, book, proposed: null, models, parameters: {} };
}

async function figures(service: RiskApi, marketId: string): Promise<Omit<RiskReport, 'elapsedMs'>> {
  const answer = await service.evaluate(request(marketId));
  if (!answer.ok) throw new Error(answer.failure.message);
  const { elapsedMs: _, ...rest } = answer.value;
  return rest;
}

async function opened(market: MarketSnapshot): Promise<RiskApi> {
  const service = riskService();
  expect((await service.openMarket(market)).ok).toBe(true);
  return service;
}

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

it('gives the figures of a moved market to the last bit as if it had been opened as a whole', async () => {
  const service = await opened(first);
  let market = first;
  for (const number of [1, 2, 3]) {
    const id = ids[number - 1]!;
    const moved = await service.moveMarket({ from: market.id, id, deltas: [move(number)] });
    market = movedMarket(market, move(number), id);
    expect(moved.ok && moved.value.asOf).toBe(market.asOf);
    expect(await figures(service, id)).toEqual(await figures(await opened(market), id));
  }
  expect((await figures(service, ids[2]!)).before.equityUsd).not.toBe(
    (await figures(await opened(first), 'first')).before.equityUsd,
  );
});

it('takes several moves at once to the same market', async () => {
  const [together, apart] = [await opened(first), await opened(first)];
  await together.moveMarket({ from: 'first', id: ids[1]!, deltas: [move(1), move(2)] });
  await apart.moveMarket({ from: 'first', id: ids[0]!, deltas: [move(1)] });
  await apart.moveMarket({ from: ids[0]!, id: ids[1]!, deltas: [move(2)] });
  expect(await figures(together, ids[1]!)).toEqual(await figures(apart, ids[1]!));
});

it('answers for the last few markets and for the one that is held, and refuses others by name', async () => {
  const service = await opened(first);
  const early = await figures(service, 'first');
  service.holdMarket('first');
  let from = 'first';
  for (const [i, id] of ids.entries()) {
    await service.moveMarket({ from, id, deltas: [move(i + 1)] });
    from = id;
  }
  expect(await figures(service, 'first')).toEqual(early);
  expect((await figures(service, ids[4]!)).marketId).toBe(ids[4]);
  const gone = await service.evaluate(request(ids[0]!));
  expect(!gone.ok && gone.failure.message).toBe('Another market has been opened since this was asked');
  const astray = await service.moveMarket({ from: ids[0]!, id: 'first+99', deltas: [move(9)] });
  expect(astray.ok).toBe(false);
  expect((await figures(service, from)).marketId).toBe(from);
});

it('hands a market with its smiles to another worker, which answers with the same bits', async () => {
  const [from, to] = [await opened(first), riskService()];
  await from.moveMarket({ from: 'first', id: ids[0]!, deltas: [move(1)] });
  const channel = new MessageChannel();
  channels.push(channel);
  const taken = to.takeMarket(channel.port2 as unknown as MessagePort, null);
  await from.handMarket(ids[0]!, channel.port1 as unknown as MessagePort);
  expect((await taken).ok).toBe(true);
  expect(await figures(to, ids[0]!)).toEqual(await figures(from, ids[0]!));
});

it('says so when the market to be handed over is not known', async () => {
  const channel = new MessageChannel();
  channels.push(channel);
  const to = await opened(first);
  const taken = to.takeMarket(channel.port2 as unknown as MessagePort, null);
  await (await opened(first)).handMarket('elsewhere', channel.port1 as unknown as MessagePort);
  const answer = await taken;
  expect(!answer.ok && answer.failure.message).toBe('The market was not handed over');
  expect((await figures(to, 'first')).marketId).toBe('first');
});
