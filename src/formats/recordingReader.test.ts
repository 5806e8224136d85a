import { describe, expect, it } from 'vitest';
import { movedMarket } from '../engine/domain/marketDelta.ts';
import { AS_OF, smallSnapshot } from '../engine/fixtures/smallMarket.ts';
import { deltaLineText, eventLineText, marketLineText, recordingHeaderText, statusLineText } from './recordingFile.ts';
import { type ByteSource, keyFrameBefore, recordedMoment, recordingIndex } from './recordingReader.ts';

const HEADER = recordingHeaderText({ source: { kind: 'live', name: 'Deribit' }, startedAt: AS_OF, tool: 'test' });
const market = (seconds: number) => ({ ...smallSnapshot(), asOf: AS_OF + seconds * 1000 });
const move = (seconds: number, index: number) => ({
  asOf: AS_OF + seconds * 1000,
  underlyings: [{ symbol: 'BTC', index }],
});

function bytesOf(text: string | Uint8Array): ByteSource & { readonly largestRead: () => number } {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  let largest = 0;
  return {
    size: bytes.length,
    largestRead: () => largest,
    async read(from, to) {
      if (from < 0 || to > bytes.length || from >= to) throw new Error(`outside: ${from} to ${to}`);
      largest = Math.max(largest, to - from);
      return bytes.slice(from, to);
    },
  };
}

async function indexOf(text: string | Uint8Array) {
  const index = await recordingIndex(bytesOf(text));
  if (!index.ok) throw new Error(index.failure.message);
  return index.value;
}

const LINES = [
  HEADER,
  marketLineText(market(0)),
  deltaLineText(move(1, 80_000)),
  eventLineText(AS_OF + 2_000, 'Liquidations begin'),
  deltaLineText(move(3, 70_000)),
  statusLineText(AS_OF + 3_000, 'reconnecting', 'The connection was lost.'),
  marketLineText(market(60)),
  deltaLineText(move(61, 60_000)),
];
const RECORDING = LINES.join('');

describe('recordingIndex', () => {
  it('knows where the whole markets are, from when to when it goes, and what is marked', async () => {
    const index = await indexOf(RECORDING);
    expect(index).toMatchObject({ from: AS_OF, to: AS_OF + 61_000, lines: 8, isTorn: false, end: RECORDING.length });
    expect(index.keyFrames.map(({ at, line }) => [at, line])).toEqual([
      [AS_OF, 2],
      [AS_OF + 60_000, 7],
    ]);
    for (const [n, { offset }] of index.keyFrames.entries())
      expect(RECORDING.slice(offset).startsWith(LINES[[1, 6][n]!]!)).toBe(true);
    expect(index.marks.map(({ kind, label }) => [kind, label])).toEqual([
      ['event', 'Liquidations begin'],
      ['gap', 'The connection was lost.'],
    ]);
  });

  it('leaves out a last line that is cut off at any place, and says so', async () => {
    const whole = RECORDING.length - LINES.at(-1)!.length;
    for (let cut = whole + 1; cut < RECORDING.length - 1; cut += 1) {
      const index = await indexOf(RECORDING.slice(0, cut));
      expect(index).toMatchObject({ isTorn: true, lines: 7, to: AS_OF + 60_000, end: whole });
    }
    expect(await indexOf(RECORDING.slice(0, -1))).toMatchObject({ isTorn: false, lines: 8 });
  });

  it('reads slices, never the file: hours of lines cost no memory', async () => {
    const many = Array.from({ length: 60_000 }, (_, n) => deltaLineText(move(n / 100, 80_000 + n)));
    const text = [HEADER, LINES[1], ...many, marketLineText(market(600))].join('');
    const source = bytesOf(text);
    const index = await recordingIndex(source);
    if (!index.ok) throw new Error(index.failure.message);
    expect(index.value.lines).toBe(60_003);
    expect(index.value.keyFrames).toHaveLength(2);
    expect(source.largestRead()).toBeLessThanOrEqual(256 * 1024);
    expect(text.length).toBeGreaterThan(10 * source.largestRead());
  });

  it.each([
    ['the header', '', 'The recording is empty'],
    [
      'another schema',
      `{"schema":"headroom/recording@2"}\n${LINES[1]}`,
      'Line 1: schema is "headroom/recording@2", newer',
    ],
    ['no market', HEADER, 'holds no whole market'],
    ['a delta first', HEADER + LINES[2], 'Line 2: a recording begins with a whole market'],
    ['a step back', RECORDING + deltaLineText(move(59, 1)), 'Line 9: at is 2026-11-20T08:00:59Z, before'],
    ['a blank line', `${HEADER}\n${LINES[1]}`, 'Line 2: '],
    [
      'a damaged line',
      `${HEADER}${LINES[1]}{"at":"2026-11-20T08:00:01Z","delta":{}}\n${LINES[6]}`,
      'Line 3: delta.underlyings is missing',
    ],
  ])('refuses %s', async (_, text, message) => {
    const index = await recordingIndex(bytesOf(text));
    expect(index.ok ? 'accepted' : index.failure.message).toContain(message);
  });

  it('refuses what is not UTF-8 and lines without end', async () => {
    const wrong = new TextEncoder().encode(RECORDING);
    wrong[HEADER.length + 500] = 0xff;
    expect(await recordingIndex(bytesOf(wrong))).toMatchObject({
      ok: false,
      failure: { message: 'Line 2 is not UTF-8 text' },
    });
    const endless = await recordingIndex(bytesOf(HEADER + 'x'.repeat(10_000_001)));
    expect(endless).toMatchObject({ ok: false, failure: { code: 'too-large' } });
  });
});

describe('recordedMoment', () => {
  it('is the key frame before and all that moved since', async () => {
    const index = await indexOf(RECORDING);
    const btcAt = async (seconds: number) => {
      const { market: found } = await recordedMoment(bytesOf(RECORDING), index, AS_OF + seconds * 1000);
      return [found.asOf - AS_OF, found.underlyings[0]!.index];
    };
    expect(await btcAt(0)).toEqual([0, 90_000]);
    expect(await btcAt(2)).toEqual([1_000, 80_000]);
    expect(await btcAt(59)).toEqual([3_000, 70_000]);
    expect(await btcAt(60)).toEqual([60_000, 90_000]);
    expect(await btcAt(1e6)).toEqual([61_000, 60_000]);
    const { market: at3 } = await recordedMoment(bytesOf(RECORDING), index, AS_OF + 3_000);
    const stepped = movedMarket(movedMarket(market(0), move(1, 80_000), ''), move(3, 70_000), '');
    expect({ ...at3, id: '' }).toEqual(stepped);
  });

  it('finds key frames as a search from the front would', () => {
    const frames = [0, 5, 5, 9, 20].map((at, n) => ({ at, offset: n, line: n + 2 }));
    for (let at = -1; at < 25; at += 1) {
      const expected = frames.findLast((frame) => frame.at <= at) ?? frames[0];
      expect(keyFrameBefore(frames, at)).toBe(expected);
    }
  });
});
