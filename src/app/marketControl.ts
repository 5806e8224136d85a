import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import { parseMarketEndpoint } from '../adapters/market/marketEndpoint.ts';
import type { Recording, RecordingProgress } from '../adapters/recording/startRecording.ts';
import { readMarketChoice, saveMarketChoice } from '../adapters/storage/keptMarketChoice.ts';
import { type Failure, failureOf } from '../engine/domain/failure.ts';
import { isSameMarket, type MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { MarketChoice } from '../state/marketChoice.ts';
import type { AppStore } from '../state/store.ts';
import { MOVING_MARKET_KEY } from '../queries/marketStream.ts';
import { chosenFeed } from './chosenFeed.ts';
import { followFeed } from './followFeed.ts';
import { keepLastSnapshot } from './lastSnapshot.ts';
import { restoredChoice } from './restoredChoice.ts';
import { showReplay } from './showReplay.ts';
import { followMarket } from './showSample.ts';
import type { RiskEngine } from './startRiskEngine.ts';
import { watchInstruments } from './watchInstruments.ts';
import type { Workspace } from './workspace.ts';

export interface PausableFeed extends MarketFeed {
  pause(): void;
  resume(): void;
}

/** What runs, apart from what the store says of it. */
export interface RunningMarket {
  /** Null while the market stands still. */
  readonly feed: MarketFeed | null;
  /** The same, where it can be paused: a replay, a simulation. */
  readonly pausable: PausableFeed | null;
  readonly recording: RecordingProgress | null;
}

/** Which market moves, and what is done with it. */
export interface MarketControl {
  readonly current: () => RunningMarket;
  readonly subscribe: (listener: () => void) => () => void;
  /** Follows that market instead of what is followed now, and at the next visits. */
  choose: (choice: MarketChoice) => Promise<void>;
  /** Plays a recording from a file; a refused one changes nothing. */
  playRecording: (file: File) => Promise<Failure | null>;
  /** While another market is being opened, the engine is told nothing of the one that moves. */
  hold: (isHeld: boolean) => void;
  /** The market stands still from here on. */
  stop: () => void;
  /** Starts again what was chosen. */
  restart: () => void;
  /** Writes what comes to a file that the person chooses. Call it from a click. */
  record: () => Promise<void>;
  stopRecording: () => Promise<void>;
}

export interface MarketControlOptions {
  readonly store: AppStore;
  readonly engine: RiskEngine;
  readonly workspace: Workspace;
}

/** Starts the market that was chosen at an earlier visit or that the address names, and hands out the choice. */
export function startMarketControl({ store, engine, workspace }: MarketControlOptions): MarketControl {
  const { client, queryClient } = engine;
  const listeners = new Set<() => void>();
  let running: RunningMarket = { feed: null, pausable: null, recording: null };
  let recording: Recording | null = null;
  let end: () => void = () => {};
  let hold: (isHeld: boolean) => void = () => {};
  /** Of two choices in a row the last counts. */
  let choices = 0;

  const show = (change: Partial<RunningMarket>) => {
    running = { ...running, ...change };
    for (const listener of listeners) listener();
  };
  const newest = () => queryClient.getQueryData<MarketSnapshot>(MOVING_MARKET_KEY) ?? null;

  const say = (failure: Failure) =>
    store.getState().showNotice({
      id: 'market-choice',
      severity: 'problem',
      message: failure.message,
      ...(failure.path === undefined || failure.path === '' ? {} : { path: failure.path }),
    });

  function stop(): void {
    choices += 1;
    void stopRecording();
    end();
    end = () => {};
    if (running.feed !== null) show({ feed: null, pausable: null });
  }

  function start(feed: MarketFeed, choice: MarketChoice): void {
    stop();
    queryClient.removeQueries({ queryKey: MOVING_MARKET_KEY });
    store.setState({ marketChoice: choice });
    store.getState().dismissNotice('market-choice');
    let opened: MarketSnapshot | null = null;
    const followed = followFeed(feed, {
      store,
      client,
      queryClient,
      before: (market) => followMarket(store, market),
      onMarket(market) {
        opened = market;
        recording?.onMarket(market);
      },
      onMove: (_, delta) => recording?.onDelta(delta),
    });
    // What a person has opened in its place is what the next visit begins with: a snapshot that is written late must not follow it.
    let isReplaced = false;
    const last = keepLastSnapshot({
      newest,
      keep: async (market) => {
        const { marketFileText } = await import('../formats/marketFile.ts');
        if (isReplaced) return true;
        return workspace.keepMarket({
          name: `The last snapshot of ${market.source.name}`,
          text: marketFileText(market),
        });
      },
      whenIdle,
      after,
    });
    const hideReplay = showReplay(store, feed);
    const unwatchInstruments = watchInstruments(store, feed);
    const onHide = () => document.visibilityState === 'hidden' && last.flush();
    document.addEventListener('visibilitychange', onHide);
    const unwatchStatus = store.subscribe(
      (state) => state.feed,
      (status) => status !== null && recording?.onStatus(status),
    );
    // A file that a person opens, or the demo market, takes the place of what moves.
    const unwatchMarket = store.subscribe(
      (state) => state.market,
      (market) => {
        if (market === null || (opened !== null && isSameMarket(market.id, opened.id))) return;
        isReplaced = true;
        stop();
        remember({ kind: 'still' });
      },
    );
    end = () => {
      hideReplay();
      unwatchInstruments();
      unwatchMarket();
      unwatchStatus();
      document.removeEventListener('visibilitychange', onHide);
      last.flush();
      last.end();
      followed.end();
      hold = () => {};
    };
    hold = followed.hold;
    show({ feed, pausable: isPausable(feed) ? feed : null });
  }

  function remember(choice: MarketChoice): void {
    store.setState({ marketChoice: choice });
    saveMarketChoice(choice.kind === 'still' || choice.kind === 'recording' ? null : choice);
  }

  async function follow(choice: MarketChoice): Promise<boolean> {
    choices += 1;
    const own = choices;
    if (choice.kind === 'replay') store.getState().showToast({ message: 'The replay is being simulated.' });
    const feed = await chosenFeed(choice).catch((error: unknown) => ({
      ok: false as const,
      failure: failureOf(error),
    }));
    if (own !== choices) return false;
    if (!feed.ok) {
      say(feed.failure);
      return false;
    }
    start(feed.value, choice);
    // A replay stands at its first moment.
    if (choice.kind === 'replay') running.pausable?.resume();
    return true;
  }

  async function stopRecording(): Promise<void> {
    const stopped = recording;
    recording = null;
    if (stopped === null) return;
    removeEventListener('beforeunload', askToStay);
    const { bytes, failure } = await stopped.stop();
    show({ recording: null });
    if (failure !== null) say(failure);
    else store.getState().showToast({ message: `Recording saved, ${(bytes / 1e6).toFixed(1)} MB.` });
  }

  const control: MarketControl = {
    current: () => running,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async choose(choice) {
      if (choice.kind === 'still') {
        stop();
        remember(choice);
      } else if (await follow(choice)) remember(choice);
    },
    async playRecording(file) {
      choices += 1;
      const own = choices;
      const [{ openRecording }, { replayFeed }] = await Promise.all([
        import('../adapters/market/replay/openRecording.ts'),
        import('../adapters/market/replay/replayFeed.ts'),
      ]);
      const opened = await openRecording(file);
      if (!opened.ok) return { ...opened.failure, message: `${file.name} was not opened. ${opened.failure.message}` };
      if (own !== choices) return null;
      const choice: MarketChoice = { kind: 'recording', fileName: file.name };
      const feed = replayFeed(opened.value);
      start(feed, choice);
      feed.resume();
      remember(choice);
      return null;
    },
    hold: (isHeld) => hold(isHeld),
    stop,
    restart: () => void follow(store.getState().marketChoice),
    async record() {
      const { feed } = running;
      if (feed === null || recording !== null) return;
      const [{ openRecordingSink, pagePlaces }, { startRecording }] = await Promise.all([
        import('../adapters/recording/openRecordingSink.ts'),
        import('../adapters/recording/startRecording.ts'),
      ]);
      const name = `headroom-${new Date().toISOString().slice(0, 16).replaceAll(':', '')}.jsonl`;
      const sink = await openRecordingSink(pagePlaces(), name);
      if (!sink.ok) return say(sink.failure);
      if (sink.value === null || running.feed !== feed) return;
      recording = startRecording(sink.value, feed.source, {
        now: () => Date.now(),
        tool: 'headroom',
        onProgress: (progress) => show({ recording: progress }),
      });
      addEventListener('beforeunload', askToStay);
      const market = newest();
      if (market !== null) recording.onMarket(market);
      show({ recording: recording.progress() });
    },
    stopRecording,
  };

  const named = new URLSearchParams(location.search).get('endpoint');
  if (named !== null) {
    // For this visit alone: the kept choice stays.
    const endpoint = parseMarketEndpoint(named);
    if (endpoint.ok) void follow({ kind: 'endpoint', url: endpoint.value });
    else say({ ...endpoint.failure, message: `The endpoint in the address was not used. ${endpoint.failure.message}` });
  } else {
    const choice = restoredChoice(readMarketChoice());
    if (choice !== null) void follow(choice);
  }
  return control;
}

/** A file that is still being written to when its page goes is thrown away by the browser. */
function askToStay(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function isPausable(feed: MarketFeed): feed is PausableFeed {
  return 'pause' in feed && 'resume' in feed;
}

function after(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}

/** Not every browser says when it is idle. */
function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') return after(0, run);
  const request = requestIdleCallback(run, { timeout: 5_000 });
  return () => cancelIdleCallback(request);
}
