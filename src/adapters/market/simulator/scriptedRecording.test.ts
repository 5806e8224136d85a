import { beforeAll, describe, expect, it } from 'vitest';
import { movedMarket } from '../../../engine/domain/marketDelta.ts';
import { type MarketSnapshot, stablecoinPrice } from '../../../engine/domain/marketSnapshot.ts';
import { calibrateSurface } from '../../../engine/surface/calibrateSurface.ts';
import { surfaceVol } from '../../../engine/surface/smileVol.ts';
import { parseRecordingHeader, parseRecordingLine } from '../../../formats/recordingFile.ts';
import { openRecording } from '../replay/openRecording.ts';
import { simulatedMarket } from '../simulatedMarket.ts';
import { scriptedRecording, scriptedRecordingBlob } from './scriptedRecording.ts';
import { SIMULATED_REPLAYS, type SimulatedReplay } from './simulatedReplays.ts';

const AS_OF = Date.UTC(2026, 10, 20, 8);
const HOUR = 3_600_000;
let start: MarketSnapshot;

beforeAll(() => {
  start = simulatedMarket(466, AS_OF);
});

/** A clock that stands, so that nothing pauses. */
const still = { now: () => 0, pause: async () => {} };

async function played(id: SimulatedReplay['id']) {
  const replay = SIMULATED_REPLAYS.find((each) => each.id === id)!;
  const markets: MarketSnapshot[] = [];
  const marks: string[] = [];
  let number = 0;
  let bytes = 0;
  for await (const text of scriptedRecording(replay, start, still)) {
    number += 1;
    bytes += text.length;
    if (number === 1) {
      const header = parseRecordingHeader(text);
      expect(header.ok && header.value.source).toMatchObject({ kind: 'simulated' });
      continue;
    }
    const line = parseRecordingLine(text, number);
    if (!line.ok) throw new Error(line.failure.message);
    if (line.value.kind === 'market') markets.push(line.value.market);
    else if (line.value.kind === 'delta') markets.push(movedMarket(markets.at(-1)!, line.value.delta, `${number}`));
    else if (line.value.kind === 'event') marks.push(line.value.label);
  }
  const at = (hours: number) => markets.find(({ asOf }) => asOf >= AS_OF + hours * HOUR)!;
  const spot = (hours: number) => at(hours).underlyings.map(({ index }, u) => index / start.underlyings[u]!.index);
  const vol = (hours: number, days: number, k = 0) =>
    surfaceVol(calibrateSurface(at(hours).underlyings[0]!, at(hours).asOf), days / 365, k)!;
  return { replay, markets, marks, bytes, at, spot, vol };
}

describe('the bundled replays', () => {
  it('a quiet day: spot within a few per cent, an expiry passes', async () => {
    const { replay, markets, marks, bytes, spot, at } = await played('quiet-day');
    expect(markets.at(-1)!.asOf).toBe(AS_OF + replay.hours * HOUR);
    for (let hours = 0; hours <= 26; hours += 1)
      for (const move of spot(hours)) expect(Math.abs(move - 1)).toBeLessThan(0.06);
    expect(marks).toHaveLength(1);
    const first = start.underlyings[0]!.expiries[0]!.expiry;
    expect(at(23).underlyings[0]!.expiries[0]!.expiry).toBe(first);
    expect(at(25).underlyings[0]!.expiries[0]!.expiry).toBeGreaterThan(first);
    expect(bytes).toBeLessThan(25e6);
  });

  it('a crash: a quarter down in hours, vol up, puts dear, the perpetual below the index', async () => {
    const { at, spot, vol, bytes, marks } = await played('crash');
    const [btc, eth, sol] = spot(7);
    expect(btc).toBeGreaterThan(0.7);
    expect(btc).toBeLessThan(0.8);
    expect(eth).toBeLessThan(btc!);
    expect(sol).toBeLessThan(eth!);
    expect(vol(7, 30) / vol(0.5, 30)).toBeGreaterThan(1.7);
    expect(vol(7, 300) / vol(0.5, 300)).toBeLessThan(vol(7, 30) / vol(0.5, 30));
    const skew = (hours: number) => vol(hours, 7, -0.1) - vol(hours, 7, 0.1);
    expect(skew(7)).toBeGreaterThan(skew(0.5) + 0.05);
    const premium = (hours: number) => {
      const { perpetual, index } = at(hours).underlyings[0]!;
      return perpetual!.mark / index - 1;
    };
    expect(premium(7)).toBeLessThan(-0.008);
    expect(Math.abs(premium(0.5))).toBeLessThan(0.003);
    expect(marks).toHaveLength(3);
    expect(bytes).toBeLessThan(25e6);
  });

  it('a vol crush: vol 30 % lower in an hour, spot flat', async () => {
    const { spot, vol } = await played('vol-crush');
    expect(vol(3.1, 3) / vol(1.9, 3)).toBeGreaterThan(0.66);
    expect(vol(3.1, 3) / vol(1.9, 3)).toBeLessThan(0.74);
    for (const hours of [2, 2.5, 3, 6]) expect(Math.abs(spot(hours)[0]! - 1)).toBeLessThan(0.015);
  });

  it('a depeg: USDC to 0.88 and back', async () => {
    const { at, bytes } = await played('depeg');
    expect(stablecoinPrice(at(0), 'USDC')).toBe(1);
    expect(stablecoinPrice(at(23), 'USDC')).toBeCloseTo(0.88, 3);
    expect(stablecoinPrice(at(66), 'USDC')).toBe(1);
    expect(bytes).toBeLessThan(25e6);
  });

  it('are recordings that a replay opens, the same each time', async () => {
    const replay = SIMULATED_REPLAYS.find(({ id }) => id === 'vol-crush')!;
    const [blob, again] = [
      await scriptedRecordingBlob(replay, start, still),
      await scriptedRecordingBlob(replay, start, still),
    ];
    expect(await blob.text()).toBe(await again.text());
    const opened = await openRecording(blob, replay.name);
    if (!opened.ok) throw new Error(opened.failure.message);
    const { from, to, keyFrames, marks } = opened.value.index;
    expect([from, to]).toEqual([AS_OF, AS_OF + 6 * HOUR]);
    expect(keyFrames).toHaveLength(4);
    expect(marks.map(({ label }) => label)).toEqual(['The event', 'Vol is 30 % lower']);
  });

  it('pause for others when a slice is over', async () => {
    let now = 0;
    let pauses = 0;
    const slow = {
      now: () => (now += 7),
      pause: async () => {
        pauses += 1;
      },
    };
    const lines = scriptedRecording(SIMULATED_REPLAYS.find(({ id }) => id === 'vol-crush')!, start, slow);
    for (let n = 0; n < 42; n += 1) await lines.next();
    expect(pauses).toBeGreaterThan(10);
  });
});
