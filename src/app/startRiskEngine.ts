import { QueryClient } from '@tanstack/react-query';
import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import type { RiskClient } from '../compute/riskClient.ts';
import { startRiskCoordinator } from '../compute/riskCoordinator.ts';
import type { Result } from '../engine/domain/failure.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import { areFiguresReproducible, isModelLoaded } from '../state/selectors.ts';
import type { AppStore } from '../state/store.ts';
import { afterPaint } from '../ui/afterPaint.ts';
import type { EarlyStart } from './earlyStart.ts';
import type { FollowedFeed, FollowFeedOptions } from './followFeed.ts';

export interface RiskEngine {
  readonly client: RiskClient;
  readonly queryClient: QueryClient;
  /**
   * Opens a market's text in the workers and puts its summary into the store; a refused market changes nothing. `before` may
   * bring in the book that belongs to the market, so that nothing is computed for a book that is about to go.
   */
  openMarket: (
    text: string,
    before?: (market: MarketSummary) => void | Promise<void>,
  ) => Promise<Result<MarketSummary>>;
  /** Follows a moving market in place of whatever is open, until another market is opened or followed. Answers what ends it. */
  follow: (feed: MarketFeed, options: FollowOptions) => Promise<() => void>;
}

/** What the one who asks for a moving market brings along. */
export type FollowOptions = Pick<FollowFeedOptions, 'before' | 'onMarket' | 'onMove'>;

/** Starts the coordinator between the workers and the store, and the cache of what panels ask for themselves. */
export function startRiskEngine(store: AppStore, { client, models: earlyModels }: EarlyStart): RiskEngine {
  startRiskCoordinator({ store, client, now: () => Date.now(), afterPaint });
  const queryClient = new QueryClient({
    // Nothing goes stale by itself: every key names the market that it means. Nothing waits for a network. Most keys are of one edit,
    // so what nobody shows is kept for as long as an undo may bring it back.
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000, retry: false, networkMode: 'always' },
    },
  });

  const takeModels = async (asked: EarlyStart['models']) => {
    const models = await asked;
    if (models.ok) store.getState().setModels(models.value);
    else
      store.getState().showNotice({
        id: 'models',
        severity: 'problem',
        message: `The rulebooks could not be loaded. ${models.failure.message}`,
        actions: [{ label: 'Retry', run: () => void takeModels(client.models()) }],
      });
  };
  void takeModels(earlyModels);

  const askAllModels = async () => {
    const models = await client.allModels();
    if (models.ok) store.getState().setModels(models.value);
    else
      store.getState().showNotice({
        id: 'models',
        severity: 'problem',
        message: `The venues’ rulebooks could not be loaded. ${models.failure.message}`,
        actions: [{ label: 'Retry', run: () => void askAllModels() }],
      });
  };
  // The venues' rulebooks are many: they come once the first curves are drawn, or the verdict where the curves wait for one of them.
  const stop = store.subscribe(
    (state) => state.explore !== null || (state.report !== null && !isModelLoaded(state)),
    (isTime) => {
      if (!isTime) return;
      stop();
      void askAllModels();
      void sayKernels();
    },
  );

  /** Says once that the figures come slower than they could. */
  const sayKernels = async () => {
    const engine = await client.engineInUse();
    if (!engine.ok || engine.value.failure === null) return;
    store.getState().showNotice({
      id: 'kernels',
      severity: 'info',
      message: `${engine.value.failure.message}. Figures are computed by plain TypeScript: slower, and equal to twelve digits.`,
      actions: [{ label: 'Retry', run: () => void loadKernels(areFiguresReproducible(store.getState())) }],
    });
  };
  const loadKernels = async (reproducible: boolean) => {
    store.getState().dismissNotice('kernels');
    if (!(await client.loadKernels(reproducible))) return;
    store.getState().recompute();
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'market' });
    void sayKernels();
  };
  store.subscribe(areFiguresReproducible, (reproducible) => void loadKernels(reproducible));

  let followed: FollowedFeed | null = null;
  return {
    client,
    queryClient,
    async follow(feed, options) {
      const { followFeed } = await import('./followFeed.ts');
      followed?.end();
      const started = followFeed(feed, { store, client, queryClient, ...options });
      followed = started;
      return () => started.end();
    },
    async openMarket(text, before) {
      const known = followed;
      known?.hold(true);
      const opened = await client.openMarket(text);
      if (opened.ok) known?.end();
      else known?.hold(false);
      if (!opened.ok) return opened;
      await before?.(opened.value);
      store.getState().setMarket(opened.value);
      return opened;
    },
  };
}
