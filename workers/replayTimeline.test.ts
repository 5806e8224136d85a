import { MessageChannel } from 'node:worker_threads';
import { type Endpoint, expose, proxy, type Remote, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ReplayProgress, ReplayTimelineRequest } from '../src/engine/domain/replayTimeline.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { deltaLineText, marketLineText, recordingHeaderText } from '../src/formats/recordingFile.ts';
import { recordingIndex } from '../src/formats/recordingReader.ts';
import type { RiskApi } from './RiskApi.ts';
import { riskService } from './riskService.ts';

const adapter = nodeEndpoint as unknown as (port: unknown) => Endpoint;
const SOURCE = { kind: 'simulated', name: 'test' } as const;
const TEXT = [
  recordingHeaderText({ source: SOURCE, startedAt: AS_OF, tool: 'test' }),
  marketLineText(smallSnapshot()),
  ...Array.from({ length: 60 }, (_, n) =>
    deltaLineText({ asOf: AS_OF + (n + 1) * 1000, underlyings: [{ symbol: 'BTC', index: 90_000 - 100 * n }] }),
  ),
].join('');
const RECORDING = new Blob([TEXT]);

let channel: MessageChannel;
let api: Remote<RiskApi>;
let request: ReplayTimelineRequest;

beforeEach(async () => {
  channel = new MessageChannel();
  expose(riskService(), adapter(channel.port1));
  api = wrap<RiskApi>(adapter(channel.port2));
  const bytes = new TextEncoder().encode(TEXT);
  const index = await recordingIndex({ size: bytes.length, read: async (from, to) => bytes.slice(from, to) });
  if (!index.ok) throw new Error(index.failure.message);
  const { keyFrames, end } = index.value;
  request = {
    moments: [0, 20, 40, 60].map((second) => ({ at: AS_OF + second * 1000, frame: keyFrames[0]! })),
    end,
    book: smallBook([[`BTC-${CODES.month}-90000-C`, -1]], [{ asset: 'BTC', quantity: 2 }]),
    model: 'portfolio',
    parameters: {},
    underlying: 'BTC',
    movers: 'all',
    smile: 'sticky-strike',
  };
});

afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

it('reads a recording in the worker, without a market open, and tells each moment', async () => {
  const told: ReplayProgress[] = [];
  const answer = await api.replayTimeline(
    request,
    RECORDING,
    null,
    proxy((progress: ReplayProgress) => void told.push(progress)),
  );
  if (!answer.ok || answer.value === null) throw new Error('no answer');
  const { points } = answer.value;
  expect(points.map(({ indices }) => indices[0]!.index)).toEqual([90_000, 88_100, 86_100, 84_100]);
  expect(points.every(({ figures }) => figures !== null)).toBe(true);
  expect(told.map(({ point }) => point)).toEqual(points);
});

it('is overtaken by a newer question, given up, and refused with a reason', async () => {
  const overtaken = api.replayTimeline(request, RECORDING, null);
  const newest = api.replayTimeline({ ...request, model: 'cross' }, RECORDING, null);
  expect(await overtaken).toEqual({ ok: true, value: null });
  expect((await newest).ok).toBe(true);
  const abandoned = api.replayTimeline(request, RECORDING, null);
  await api.cancelReplayTimeline();
  expect(await abandoned).toEqual({ ok: true, value: null });
  expect(await api.replayTimeline({ ...request, model: 'none' }, RECORDING, null)).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('"none"') },
  });
});
