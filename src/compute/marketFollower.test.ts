import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, type Result, success } from '../engine/domain/failure.ts';
import type { MarketDelta } from '../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { EvaluateRequest, ExploreRequest } from '../engine/domain/riskReport.ts';
import { createAppStore } from '../state/store.ts';
import { bookRisk, exploreReport, riskReport, TEST_BOOK, TEST_MARKET, TEST_MODELS } from '../state/testState.ts';
import { followMarket } from './marketFollower.ts';

const BASE: MarketSnapshot = {
  id: TEST_MARKET.id,
  asOf: TEST_MARKET.asOf,
  source: TEST_MARKET.source,
  underlyings: [],
  stablecoins: [],
};
const market = (n: number): MarketSnapshot => ({ ...BASE, id: `${BASE.id}+${n}`, asOf: BASE.asOf + n });
const delta = (n: number, symbol = 'BTC'): MarketDelta => ({
  asOf: BASE.asOf + n,
  underlyings: [{ symbol, index: 100_000 + n }],
});

function desk() {
  const store = createAppStore();
  store.getState().setModels(TEST_MODELS);
  store.getState().setMarket(TEST_MARKET);
  store.getState().loadBook(TEST_BOOK, 'restored');
  const frames: (() => void)[] = [];
  const moves: { readonly to: string; readonly from: string; readonly deltas: readonly MarketDelta[] }[] = [];
  const explored: ExploreRequest[] = [];
  const failures: string[] = [];
  let clock = 0;
  let refused: Result<MarketSummary> | null = null;
  let beforeAnswer: () => void = () => {};
  let viewMs = 0;
  const follower = followMarket({
    store,
    client: {
      moveMarket: async (to, from, deltas) => {
        moves.push({ to: to.id, from, deltas });
        return refused ?? success({ ...TEST_MARKET, id: to.id, asOf: to.asOf });
      },
      holdMarket: async () => {
        const { to } = moves.at(-1)!;
        return success({ ...TEST_MARKET, id: to });
      },
      evaluate: async (request: EvaluateRequest) => {
        beforeAnswer();
        return success({ ...riskReport(request.inputVersion, bookRisk(40_000)), marketId: request.marketId });
      },
      explore: async (request: ExploreRequest) => {
        explored.push(request);
        clock += viewMs;
        return success(exploreReport(request.inputVersion, { below: null, above: null }));
      },
    },
    now: () => clock,
    afterPaint: (run) => void frames.push(run),
    onFailure: ({ message }) => void failures.push(message),
  });
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  const pass = async (milliseconds: number) => {
    clock += milliseconds;
    vi.advanceTimersByTime(milliseconds);
    await settle();
  };
  return {
    store,
    follower,
    moves,
    explored,
    failures,
    settle,
    pass,
    /** The next frame, and the time for another move. */
    paint: async () => {
      for (const run of frames.splice(0)) run();
      await pass(33);
    },
    wait: (milliseconds: number) => {
      clock += milliseconds;
    },
    /** How long a view takes from now on. */
    viewsTake: (milliseconds: number) => {
      viewMs = milliseconds;
    },
    refuse: (answer: Result<MarketSummary> | null) => {
      refused = answer;
    },
    meanwhile: (run: () => void) => {
      beforeAnswer = run;
    },
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('following a market that moves', () => {
  it('brings the market and its figures in one change of the store', async () => {
    const { store, follower, settle, moves } = desk();
    follower.opened(BASE, BASE);
    const seen: (string | undefined)[] = [];
    store.subscribe(
      (state) => state.newest,
      () => seen.push(store.getState().report?.marketId),
    );
    follower.moved(market(1), delta(1));
    await settle();
    expect(moves).toEqual([{ to: market(1).id, from: BASE.id, deltas: [delta(1)] }]);
    expect(seen).toEqual([market(1).id]);
    expect(store.getState().newest?.id).toBe(market(1).id);
    expect(store.getState().market?.id).toBe(TEST_MARKET.id);
  });

  it('tells the engine at most once a frame, then everything that came in one move', async () => {
    const { follower, settle, paint, moves } = desk();
    follower.opened(BASE, BASE);
    for (const n of [1, 2, 3, 4]) follower.moved(market(n), delta(n));
    await settle();
    expect(moves.map(({ to }) => to)).toEqual([market(1).id]);
    await paint();
    expect(moves.slice(1)).toEqual([{ to: market(4).id, from: market(1).id, deltas: [delta(2), delta(3), delta(4)] }]);
  });

  it('computes the next move while the last is painted, and brings it afterwards', async () => {
    const { store, follower, settle, pass, paint, moves } = desk();
    follower.opened(BASE, BASE);
    follower.moved(market(1), delta(1));
    await settle();
    follower.moved(market(2), delta(2));
    await pass(32);
    expect(moves).toHaveLength(1);
    await pass(1);
    expect(moves).toHaveLength(2);
    expect(store.getState().newest?.id).toBe(market(1).id);
    await paint();
    expect(store.getState().newest?.id).toBe(market(2).id);
  });

  it('lets a move of a coin that is neither held nor shown wait for a second, or for one that matters', async () => {
    const { follower, settle, moves, wait } = desk();
    follower.opened(BASE, BASE);
    follower.moved(market(1), delta(1, 'DOGE'));
    await settle();
    expect(moves).toEqual([]);
    wait(2_000);
    vi.advanceTimersByTime(1_000);
    await settle();
    expect(moves.map(({ to }) => to)).toEqual([market(1).id]);
  });

  it('keeps the answer to an edit that came in between', async () => {
    const { store, follower, settle, meanwhile } = desk();
    follower.opened(BASE, BASE);
    meanwhile(() => store.getState().recompute());
    follower.moved(market(1), delta(1));
    await settle();
    expect(store.getState().newest?.id).toBe(market(1).id);
    expect(store.getState().report).toBeNull();
  });

  it('tells the whole market after a move that did not arrive', async () => {
    const { follower, settle, paint, moves, refuse, failures } = desk();
    follower.opened(BASE, BASE);
    refuse(failed('internal', 'lost'));
    follower.moved(market(1), delta(1));
    await settle();
    refuse(null);
    follower.moved(market(2), delta(2));
    await paint();
    expect(failures).toEqual(['lost']);
    expect(moves.at(-1)).toEqual({ to: market(2).id, from: BASE.id, deltas: [] });
  });

  it('tells the whole market where it moved while it was being opened', async () => {
    const { follower, settle, moves } = desk();
    follower.opened(BASE, market(3));
    await settle();
    expect(moves).toEqual([{ to: market(3).id, from: BASE.id, deltas: [] }]);
  });

  it('tells nothing while another market is being opened, and nothing after its end', async () => {
    const { follower, settle, moves } = desk();
    follower.opened(BASE, BASE);
    follower.hold(true);
    follower.moved(market(1), delta(1));
    await settle();
    expect(moves).toEqual([]);
    follower.end();
    follower.hold(false);
    await settle();
    expect(moves).toEqual([]);
  });

  it('turns curves and panels to the newest market together with its curves, and not at every move', async () => {
    const { store, follower, settle, paint, wait, explored } = desk();
    const { exploreVersion } = store.getState();
    store.getState().setExplore(exploreReport(exploreVersion, { below: null, above: null }), 0);
    follower.opened(BASE, BASE);
    follower.moved(market(1), delta(1));
    await settle();
    expect(explored).toEqual([]);
    wait(2_000);
    follower.moved(market(2), delta(2));
    await paint();
    expect(explored.map(({ marketId }) => marketId)).toEqual([market(2).id]);
    expect(store.getState().market?.id).toBe(market(2).id);
    expect(store.getState().exploreVersion).toBe(exploreVersion);
  });

  it('views less often while a view takes long', async () => {
    const { store, follower, settle, paint, wait, viewsTake, explored } = desk();
    store.getState().setExplore(exploreReport(store.getState().exploreVersion, { below: null, above: null }), 0);
    follower.opened(BASE, BASE);
    let n = 0;
    /** Moves so long after the last view has begun; answers how many views there have been. */
    const viewsAfter = async (milliseconds: number) => {
      wait(milliseconds);
      n += 1;
      follower.moved(market(n), delta(n));
      await settle();
      await paint();
      return explored.length;
    };
    viewsTake(500);
    expect(await viewsAfter(2_000)).toBe(1);
    expect(await viewsAfter(3_400)).toBe(1);
    viewsTake(10_000);
    expect(await viewsAfter(100)).toBe(2);
    expect(await viewsAfter(4_900)).toBe(2);
    viewsTake(50);
    expect(await viewsAfter(100)).toBe(3);
    expect(await viewsAfter(1_950)).toBe(4);
  });

  it('asks for value at risk again once its time has come', async () => {
    const { store, follower, settle, paint, wait } = desk();
    store.getState().setExplore(exploreReport(store.getState().exploreVersion, { below: null, above: null }), 0);
    const { varVersion } = store.getState();
    follower.opened(BASE, BASE);
    wait(2_000);
    follower.moved(market(1), delta(1));
    await settle();
    expect(store.getState().varVersion).toBe(varVersion);
    wait(60_000);
    follower.moved(market(2), delta(2));
    await paint();
    expect(store.getState().varVersion).toBe(varVersion + 1);
    // A history that comes is not waited with.
    wait(2_000);
    const history = { intervalDays: 1, closes: [], volatilityIndex: [] };
    follower.moved(market(3), { ...delta(3), underlyings: [{ symbol: 'BTC', history }] });
    await paint();
    expect(store.getState().varVersion).toBe(varVersion + 2);
  });
});
