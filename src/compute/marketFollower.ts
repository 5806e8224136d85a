import type { Failure } from '../engine/domain/failure.ts';
import type { MarketDelta } from '../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import { parseInstrument } from '../engine/domain/instrument.ts';
import type { AppState } from '../state/AppState.ts';
import { currentBook, isExploreStale } from '../state/selectors.ts';
import type { AppStore } from '../state/store.ts';
import { evaluateRequest, exploreRequest } from './buildRequest.ts';
import type { RiskClient } from './riskClient.ts';

/** Moves are told this far apart at least: thirty a second leave half of two cores to everything else. */
const TICK_PAUSE_MS = 33;
/** Curves, grid and panels turn to the newest market so seldom at most, once the curves of the last have come. */
const VIEW_PAUSE_MS = 2_000;
/** A view that took long shows how full the machine is: the next one comes after so many times as long ... */
const VIEW_REST = 8;
/** ... but never later than this. */
const LONGEST_VIEW_PAUSE_MS = 15_000;
/** Value at risk is asked again so seldom at most: a run to the end takes all cores for a second, for which the verdict would wait. */
const VAR_PAUSE_MS = 60_000;
/** Moves of coins that are neither held nor looked at wait so long for one that matters. */
const IDLE_PAUSE_MS = 1_000;
/** More moves than this at once are told as a whole market. */
const MOST_MOVES = 64;
/** Marks of ticks are dropped after so many: a day's stream must not fill the memory. */
const MARKS_KEPT = 2_000;

export interface FollowerOptions {
  readonly store: AppStore;
  readonly client: Pick<RiskClient, 'moveMarket' | 'holdMarket' | 'evaluate' | 'explore'>;
  readonly now: () => number;
  /** Runs something once the frame with the new figures is on the screen. */
  readonly afterPaint: (run: () => void) => void;
  /** The engine has refused a market; the last one stays. */
  readonly onFailure: (failure: Failure) => void;
}

export interface MarketFollower {
  /** The market that is open in the engine, and the newest, which it may be behind. */
  opened(market: MarketSnapshot, newest: MarketSnapshot): void;
  /** The market after one more delta. */
  moved(market: MarketSnapshot, delta: MarketDelta): void;
  /** While another market is being opened, nothing is told: it would come after that one. */
  hold(isHeld: boolean): void;
  end(): void;
}

/**
 * Takes the engine and the store along with a market that moves: at most one change a frame, to the newest of all that came while the
 * last was computed, and only when something moved that the book or the screen shows. The verdict follows each, its market and its
 * figures in one change of the store; everything else follows at a reader's pace.
 */
export function followMarket({ store, client, now, afterPaint, onFailure }: FollowerOptions): MarketFollower {
  /** What the engine has. */
  let told: MarketSnapshot | null = null;
  let newest: MarketSnapshot | null = null;
  let waiting: MarketDelta[] = [];
  /** Something that matters is among what waits. */
  let isDue = false;
  let idle: ReturnType<typeof setTimeout> | undefined;
  /** A move did not arrive: what the engine has is not known. */
  let isAstray = false;
  let isHeld = false;
  let isViewing = false;
  let isRunning = false;
  let isEnded = false;
  let viewedAt = Number.NEGATIVE_INFINITY;
  let viewPause = VIEW_PAUSE_MS;
  let varAskedAt = now();
  let ticks = 0;
  /** The figures that were brought last are on the screen. */
  let painted: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    clearTimeout(idle);
    idle = undefined;
    isRunning = true;
    while (!isEnded && !isHeld && isDue && told !== null && newest !== null) {
      const [market, from, deltas, at] = [newest, told, waiting, now()];
      waiting = [];
      isDue = false;
      await follow(market, from, deltas);
      // The next move is computed while these figures are painted.
      const pause = Math.min(at + TICK_PAUSE_MS - now(), TICK_PAUSE_MS);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    isRunning = false;
  }

  async function follow(market: MarketSnapshot, from: MarketSnapshot, deltas: readonly MarketDelta[]): Promise<void> {
    mark(market);
    // Told with none, the engine takes the market as a whole.
    const isWhole = isAstray || deltas.length > MOST_MOVES;
    const moved = await client.moveMarket(market, from.id, isWhole ? [] : deltas);
    if (isEnded) return;
    isAstray = !moved.ok;
    if (!moved.ok) return onFailure(moved.failure);
    told = market;
    const request = evaluateRequest({ ...store.getState(), newest: moved.value });
    const answer = request === null ? null : await client.evaluate(request);
    await painted;
    if (isEnded) return;
    const state = store.getState();
    // An edit in the meantime has its own question under way, about a market a moment older.
    const isCurrent = answer !== null && answer.ok && answer.value.inputVersion === state.inputVersion;
    state.followMarket(moved.value, isCurrent ? answer.value : null, now());
    painted = new Promise((resolve) => afterPaint(resolve));
    if (answer !== null && !answer.ok && request?.inputVersion === state.inputVersion)
      state.setProblem('evaluate', answer.failure);
    void view();
  }

  /** The verdict does not wait for it. */
  async function view(): Promise<void> {
    const at = now();
    if (isViewing || at - viewedAt < viewPause || isExploreStale(store.getState())) return;
    viewedAt = at;
    isViewing = true;
    const held = await client.holdMarket();
    const request = held.ok ? exploreRequest({ ...store.getState(), market: held.value }) : null;
    const answer = request === null ? null : await client.explore(request);
    isViewing = false;
    viewPause = Math.min(Math.max(VIEW_PAUSE_MS, VIEW_REST * (now() - at)), LONGEST_VIEW_PAUSE_MS);
    if (isEnded) return;
    if (!held.ok) return onFailure(held.failure);
    const isVarDue = at - varAskedAt >= VAR_PAUSE_MS && !isVarRunning(store.getState());
    if (isVarDue) varAskedAt = at;
    store.getState().viewMarket(held.value, answer?.ok ? answer.value : null, now(), isVarDue);
  }

  /** For whoever measures the way from a message to the figures on the screen, as `headroom:painted` tells of their market. */
  function mark({ id, asOf }: MarketSnapshot): void {
    ticks += 1;
    if (ticks % MARKS_KEPT === 0)
      for (const name of ['headroom:tick', 'headroom:painted']) performance.clearMarks(name);
    performance.mark('headroom:tick', { detail: { marketId: id, asOf } });
  }

  return {
    opened(market, latest) {
      told = market;
      newest = latest;
      waiting = [];
      isAstray = market !== latest;
      isDue = isAstray;
      viewedAt = now();
      viewPause = VIEW_PAUSE_MS;
      if (isAstray && !isRunning) void run();
    },
    moved(market, delta) {
      if (told === null) return;
      newest = market;
      waiting.push(delta);
      // A history that comes late makes an answer of a refusal.
      if (delta.underlyings.some(({ history }) => history !== undefined)) varAskedAt = Number.NEGATIVE_INFINITY;
      if (matters(delta, store.getState())) {
        isDue = true;
        if (!isRunning) void run();
      } else if (!isDue && idle === undefined) {
        idle = setTimeout(() => {
          idle = undefined;
          isDue = true;
          if (!isRunning) void run();
        }, IDLE_PAUSE_MS);
      }
    },
    hold(held) {
      isHeld = held;
      if (!isHeld && isDue && !isRunning) void run();
    },
    end() {
      isEnded = true;
      clearTimeout(idle);
    },
  };
}

/** Whether the book, the proposal or the screen shows something of the coins that moved. */
function matters(delta: MarketDelta, state: AppState): boolean {
  const shown = new Set([state.underlying]);
  for (const { instrument } of currentBook(state).legs) {
    const parsed = parseInstrument(instrument);
    if (parsed.ok) shown.add(parsed.value.underlying);
  }
  for (const { asset } of state.book.collateral) shown.add(asset);
  return delta.stablecoins !== undefined || delta.underlyings.some(({ symbol }) => shown.has(symbol));
}

function isVarRunning({ varReports }: AppState): boolean {
  return Object.values(varReports).some(({ progress }) => progress !== null);
}
