import { MessageChannel } from 'node:worker_threads';
import { type Endpoint, expose, proxy, type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { afterEach, expect, it } from 'vitest';
import type { Result } from '../src/engine/domain/failure.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../src/engine/domain/marginPaths.ts';
import { dailyHistory, randomMoves, withHistory } from '../src/engine/fixtures/dailyHistory.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { referenceKernels } from '../src/engine/kernels/referenceKernels.ts';
import { pathsPartWork } from '../src/engine/marginPaths/pathsPartWork.ts';
import { inlinePathPool } from '../src/engine/scenario/inlinePathPool.ts';
import type { PathPool } from '../src/engine/scenario/PathPool.ts';
import { marketFileText } from '../src/formats/marketFile.ts';
import type { PathPools } from './pathPools.ts';
import type { RiskApi } from './RiskApi.ts';
import { riskService } from './riskService.ts';

const adapter = nodeEndpoint as unknown as (port: unknown) => Endpoint;
const { btc, btcVol } = randomMoves(200);

let channel: MessageChannel;
let api: Remote<RiskApi>;
let request: MarginPathsRequest;

/** A worker whose paths are shared out by these. */
async function opened(pools: PathPools | null): Promise<void> {
  channel = new MessageChannel();
  expose(riskService(pools), adapter(channel.port1));
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
}

function close(): void {
  channel.port1.close();
  channel.port2.close();
}

afterEach(close);

/** Without the time it took. */
function figures(answer: Result<MarginPathsReport | null>): unknown {
  if (!answer.ok || answer.value === null) throw new Error('no answer');
  return { ...answer.value, elapsedMs: 0 };
}

it('walks paths with figures on the way; newer paths overtake them, and they can be given up', async () => {
  await opened(null);
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

it('shares paths out among the workers of its pool, to the same figures', async () => {
  await opened(null);
  const alone = await api.marginPaths(request);
  close();
  let parts = 0;
  const pool: PathPool = {
    ...inlinePathPool(referenceKernels),
    workers: 2,
    parts: (work, count) =>
      Array.from({ length: count }, async (_, part) => {
        parts += 1;
        const partWork = await pathsPartWork(work, referenceKernels);
        return { value: (await partWork(part, async () => undefined)).value, fault: null };
      }),
  };
  await opened({ workers: 2, start: async () => ({ ...pool, end: () => undefined }) });
  expect(figures(await api.marginPaths(request))).toEqual(figures(alone));
  expect(parts).toBeGreaterThan(1);
});
