import { describe, expect, it } from 'vitest';
import { bookRisk } from './bookRisk.ts';
import { curveMoves } from './domain/curveMoves.ts';
import type { MarketSnapshot } from './domain/marketSnapshot.ts';
import type { ReplayProgress, ReplayTimelineRequest } from './domain/replayTimeline.ts';
import { RiskError } from './domain/failure.ts';
import { explore } from './explore.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from './fixtures/smallMarket.ts';
import { referenceKernels } from './kernels/referenceKernels.ts';
import { headroomModels } from './margin/headroomModels.ts';
import { replayTimeline } from './replayTimeline.ts';
import { prepareMarket } from './scenario/preparedMarket.ts';
import { computedRows } from './scenario/unitPnlCache.ts';

const BOOK = smallBook(
  [
    [`BTC-${CODES.month}-80000-P`, -1],
    [`ETH-${CODES.month}-3000-C`, -4],
    ['BTC-PERPETUAL', -20_000, 90_000],
  ],
  [{ asset: 'USDC', quantity: 60_000 }],
);
/** Spot falls to a share, vol rises by a factor. */
function market(minutes: number, share: number, vol: number): MarketSnapshot {
  const snapshot = smallSnapshot({ smile: (k) => vol * (0.55 - 0.15 * k + 0.4 * k * k) });
  return {
    ...snapshot,
    asOf: AS_OF + minutes * 60_000,
    underlyings: snapshot.underlyings.map((coin) => ({
      ...coin,
      index: coin.index * share,
      perpetual: { mark: coin.index * share },
      expiries: coin.expiries.map((expiry) => ({ ...expiry, forward: expiry.forward * share })),
    })),
  };
}
const MARKETS = [market(0, 1, 1), market(10, 0.9, 1.3), market(20, 0.8, 1.8)];
const REQUEST: ReplayTimelineRequest = {
  moments: MARKETS.map(({ asOf }, n) => ({ at: asOf, frame: { at: asOf, offset: n, line: n + 2 } })),
  end: 0,
  book: BOOK,
  model: 'portfolio',
  parameters: {},
  underlying: 'BTC',
  movers: 'all',
  smile: 'sticky-strike',
};
const control = {
  read: async ({ frame }: { frame: { offset: number } }) => MARKETS[frame.offset]!,
  kernels: referenceKernels,
};

describe('replayTimeline', () => {
  it('is at each moment what margin and verdict are in that market, to the digit', async () => {
    const told: ReplayProgress[] = [];
    const timeline = await replayTimeline(REQUEST, headroomModels, {
      ...control,
      onProgress: (progress) => void told.push(progress),
    });
    expect(timeline!.points).toHaveLength(3);
    expect(told.map(({ done, asked }) => [done, asked])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(told.map(({ point }) => point)).toEqual(timeline!.points);
    for (const [n, point] of timeline!.points.entries()) {
      const prepared = prepareMarket(MARKETS[n]!);
      const [margin] = bookRisk(prepared, BOOK, { models: ['portfolio'] }).margins;
      const explored = explore(
        prepared,
        {
          inputVersion: 1,
          marketId: prepared.snapshot.id,
          book: BOOK,
          proposed: null,
          model: 'portfolio',
          parameters: {},
          stress: { spot: [0], vol: [0], volUnit: 'relative', days: 0, smile: 'sticky-strike', movers: 'all' },
          curve: {
            underlying: 'BTC',
            spot: curveMoves(BOOK, 'BTC', MARKETS[n]!.underlyings[0]!.index),
            movers: 'all',
            volShock: 0,
            volUnit: 'relative',
            smile: 'sticky-strike',
            days: [0],
            runwayDays: 0,
          },
          pin: null,
        },
        computedRows,
        () => 0,
      );
      expect(point).toMatchObject({ at: MARKETS[n]!.asOf, failure: null, leftOut: [] });
      expect(point.indices.map(({ index }) => index)).toEqual(MARKETS[n]!.underlyings.map(({ index }) => index));
      const { worstScenario, liquidation, ...figures } = point.figures!;
      expect(margin).toMatchObject(figures);
      expect(liquidation).toEqual(explored.curves.before.liquidation);
      expect(worstScenario).toBe((margin as { worstScenario: { label: string } }).worstScenario.label);
    }
    // A short put in a fall: equity sinks, and so does the way to liquidation.
    const equity = timeline!.points.map(({ figures }) => figures!.equityUsd);
    expect(equity[0]).toBeGreaterThan(equity[1]!);
    expect(equity[1]).toBeGreaterThan(equity[2]!);
  });

  it('leaves a gap with its reason where a moment cannot be read, priced or margined', async () => {
    const bare: MarketSnapshot = { ...MARKETS[1]!, underlyings: MARKETS[1]!.underlyings.slice(1) };
    const timeline = await replayTimeline(REQUEST, headroomModels, {
      ...control,
      read: async ({ frame }) => {
        if (frame.offset === 0) throw new RiskError('bad-value', 'Line 2: index is -5');
        return frame.offset === 1 ? { ...bare, underlyings: [] } : MARKETS[2]!;
      },
    });
    const [unread, empty, whole] = timeline!.points;
    expect(unread).toMatchObject({ figures: null, failure: { message: 'Line 2: index is -5' }, indices: [] });
    expect(empty!.figures).toBeNull();
    expect(empty!.failure!.message).toMatch(/^No leg can be priced\. /);
    expect(empty!.leftOut).toEqual(['a', 'b', 'c']);
    expect(whole!.figures).not.toBeNull();
  });

  it('says which legs have no price, and tells no liquidation of a coin that is not there', async () => {
    const timeline = await replayTimeline({ ...REQUEST, underlying: 'BTC' }, headroomModels, {
      ...control,
      read: async () => ({ ...MARKETS[0]!, underlyings: MARKETS[0]!.underlyings.slice(1) }),
    });
    expect(timeline!.points[0]).toMatchObject({ leftOut: ['a', 'c'], figures: { liquidation: null } });
  });

  it('stops when it is cancelled, and refuses a model that does not exist', async () => {
    let done = 0;
    const cancelled = await replayTimeline(REQUEST, headroomModels, {
      ...control,
      onProgress: () => void (done += 1),
      cancelled: () => done >= 1,
    });
    expect(cancelled).toBeNull();
    expect(done).toBe(1);
    await expect(replayTimeline({ ...REQUEST, model: 'none' }, headroomModels, control)).rejects.toThrow('"none"');
  });
});
