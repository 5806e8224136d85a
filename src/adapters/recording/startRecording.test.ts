import { describe, expect, it } from 'vitest';
import { movedMarket } from '../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import { AS_OF, smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { openRecording } from '../market/replay/openRecording.ts';
import { recordedMoment, recordingLines } from '../../formats/recordingReader.ts';
import type { RecordingSink } from './RecordingSink.ts';
import { MOST_WAITING_BYTES, startRecording } from './startRecording.ts';

const SOURCE = { kind: 'live', name: 'Deribit' } as const;
const WHOLE: MarketSnapshot = { ...smallSnapshot(), source: SOURCE };
const delta = (ms: number, index: number) => ({ asOf: AS_OF + ms, underlyings: [{ symbol: 'BTC', index }] });
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A sink that takes its time: each write waits to be let go. */
function slowSink() {
  const written: Uint8Array<ArrayBuffer>[] = [];
  const waiting: (() => void)[] = [];
  let isHeld = false;
  let isClosed = false;
  const sink: RecordingSink = {
    write: (bytes) =>
      new Promise((resolve) => {
        const done = () => {
          written.push(bytes);
          resolve();
        };
        if (isHeld) waiting.push(done);
        else done();
      }),
    close: async () => {
      isClosed = true;
    },
  };
  return {
    sink,
    hold: () => (isHeld = true),
    release: () => {
      isHeld = false;
      for (const done of waiting.splice(0)) done();
    },
    isClosed: () => isClosed,
    file: () => new Blob(written),
  };
}

async function opened(file: Blob) {
  const recording = await openRecording(file);
  if (!recording.ok) throw new Error(recording.failure.message);
  return recording.value;
}

function recording(sink: RecordingSink) {
  let clock = 5_000;
  const started = startRecording(sink, SOURCE, { now: () => (clock += 10), tool: 'test' });
  return started;
}

describe('startRecording', () => {
  it('writes what it hears so that it can be read again, with whole markets every few minutes', async () => {
    const disk = slowSink();
    const record = recording(disk.sink);
    record.onMarket(WHOLE);
    let expected: MarketSnapshot = WHOLE;
    for (let second = 1; second <= 400; second += 1) {
      const move = delta(second * 1000, 90_000 - second);
      expected = movedMarket(expected, move, '');
      record.onDelta(move);
    }
    const progress = await record.stop();
    expect(progress).toMatchObject({ state: 'stopped', lines: 402, gaps: 0, failure: null });
    expect(disk.isClosed()).toBe(true);
    const file = await opened(disk.file());
    expect(file.blob.size).toBe(progress.bytes);
    expect(file.index.header).toEqual({ source: SOURCE, startedAt: 5_010, tool: 'test' });
    expect(file.index.keyFrames.map(({ at }) => (at - AS_OF) / 1000)).toEqual([0, 180, 360]);
    const { market } = await recordedMoment(file.bytes, file.index, AS_OF + 400_000);
    expect({ ...market, id: '' }).toEqual(expected);
  });

  it('hears nothing before the first market, and never writes a time that steps back', async () => {
    const disk = slowSink();
    const record = recording(disk.sink);
    record.onDelta(delta(0, 1));
    record.onMarket(WHOLE);
    record.onDelta(delta(2_000, 80_000));
    record.onDelta(delta(1_500, 79_000));
    record.onMarket({ ...WHOLE, asOf: AS_OF + 1_000 });
    await record.stop();
    const { bytes, index } = await opened(disk.file());
    const times: number[] = [];
    for await (const { line } of recordingLines(bytes, index.keyFrames[0]!, index.end)) times.push(line.at - AS_OF);
    expect(times).toEqual([0, 2_000, 2_000, 2_000]);
  });

  it('records a gap of the feed once, and that prices came again', async () => {
    const disk = slowSink();
    const record = recording(disk.sink);
    const status = (state: 'live' | 'reconnecting' | 'silent') =>
      record.onStatus({
        state,
        message: state === 'live' ? null : `It is ${state}.`,
        lastMessageAt: null,
        latencyMs: null,
        clockOffsetMs: null,
        attempts: 0,
        nextAttemptAt: null,
        refusedMessages: 0,
        position: null,
      });
    status('live');
    record.onMarket(WHOLE);
    for (const state of ['live', 'reconnecting', 'reconnecting', 'live', 'live'] as const) status(state);
    await record.stop();
    const { index } = await opened(disk.file());
    expect(index.lines).toBe(4);
    expect(index.marks).toEqual([{ at: AS_OF, kind: 'gap', label: 'It is reconnecting.' }]);
  });

  it('holds little while the disk is slow, says so, and goes on from a whole market', async () => {
    const disk = slowSink();
    const record = recording(disk.sink);
    record.onMarket(WHOLE);
    await settled();
    disk.hold();
    const strike = (n: number) => ({
      asOf: AS_OF + n,
      underlyings: WHOLE.underlyings.map(({ symbol, expiries }) => ({ symbol, index: 1_000 + n, expiries })),
    });
    let n = 1;
    for (; record.progress().state === 'recording'; n += 1) record.onDelta(strike(n));
    const told = record.progress();
    expect(told).toMatchObject({ state: 'slow', gaps: 1 });
    expect(told.failure?.message).toContain('The disk was too slow');
    for (let more = 0; more < 200; more += 1, n += 1) record.onDelta(strike(n));
    disk.release();
    await settled();
    expect(record.progress()).toMatchObject({ state: 'recording', failure: null });
    await record.stop();
    const { blob, bytes, index } = await opened(disk.file());
    expect(blob.size).toBeLessThan(1.1 * MOST_WAITING_BYTES);
    expect(index.marks.map(({ kind }) => kind)).toEqual(['gap']);
    const { market } = await recordedMoment(bytes, index, index.to);
    expect(market.underlyings[0]!.index).toBe(1_000 + n - 1);
  });

  it('survives a disk that fails: what was written stays, the rest is not held', async () => {
    const taken: Uint8Array<ArrayBuffer>[] = [];
    const record = recording({
      async write(bytes) {
        if (taken.length === 2) throw new Error('No space left');
        taken.push(bytes);
      },
      close: async () => {},
    });
    record.onMarket(WHOLE);
    await settled();
    record.onDelta(delta(1_000, 80_000));
    await settled();
    expect(record.progress()).toMatchObject({ state: 'failed' });
    expect(record.progress().failure?.message).toContain('No space left');
    record.onDelta(delta(2_000, 70_000));
    expect((await record.stop()).lines).toBe(3);
    expect((await opened(new Blob(taken))).index.keyFrames).toHaveLength(1);
  });
});
