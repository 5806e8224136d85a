import { proxy, type Remote, transfer } from 'comlink';
import type { CompiledKernels, EngineInUse, RiskApi } from '../../workers/RiskApi.ts';
import type { BacktestProgress, BacktestReport, BacktestRequest } from '../engine/domain/backtestReport.ts';
import type {
  CheapestCutReport,
  CheapestCutRequest,
  SearchProgress,
  ExpiryCliffReport,
  ExpiryCliffRequest,
  FillOrderReport,
  FillOrderRequest,
  MarginalMarginReport,
  MarginalMarginRequest,
} from '../engine/domain/decideReport.ts';
import { failed, type Failure, type Result } from '../engine/domain/failure.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../engine/domain/marginCase.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../engine/domain/marginExplanation.ts';
import type { FrontierReport, FrontierRequest } from '../engine/domain/liquidationFrontier.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../engine/domain/marginPaths.ts';
import type { MarketDelta } from '../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../engine/domain/pnlExplanation.ts';
import type { ProxyVerification } from '../engine/domain/proxyVerification.ts';
import type { ReplayProgress, ReplayTimeline, ReplayTimelineRequest } from '../engine/domain/replayTimeline.ts';
import type { MarginModelDescription } from '../engine/domain/riskParameters.ts';
import type {
  RulebooksReport,
  RulebooksRequest,
  SizingReport,
  SizingRequest,
} from '../engine/domain/rulebookReport.ts';
import type {
  ChainReport,
  ChainRequest,
  EvaluateRequest,
  ExploreReport,
  ExploreRequest,
  RiskReport,
  VarProgress,
  VarReport,
  VarRequest,
} from '../engine/domain/riskReport.ts';
import type {
  SmileEditAnswer,
  SmileEditRequest,
  SurfaceReport,
  SurfaceRequest,
} from '../engine/domain/surfaceReport.ts';
import { SupervisedWorker, type WorkerLike } from './SupervisedWorker.ts';

/** How long each question may stay without a sign of life before its worker is restarted. */
const SILENCE_MS = {
  models: 10_000,
  openMarket: 60_000,
  evaluate: 1_500,
  explore: 2_000,
  chain: 2_000,
  rulebooks: 10_000,
  sizing: 30_000,
  var: 4_000,
  /** Its first answer waits for the market to be opened. */
  desk: 20_000,
};

/** The engine as the page asks it: every promise settles, and failures are values. */
export interface RiskClient {
  /** Opens a market in every worker; a refused market leaves the open one as it was. */
  openMarket(market: string | MarketSnapshot): Promise<Result<MarketSummary>>;
  /**
   * The open market has moved: `snapshot` is the one `from` after the deltas; without any it is told as a whole. Only the verdict follows at once; other questions are
   * about the market that is held.
   */
  moveMarket(snapshot: MarketSnapshot, from: string, deltas: readonly MarketDelta[]): Promise<Result<MarketSummary>>;
  /**
   * The newest market is the one that questions beside the verdict are about, until another is held. Answers what there is to know of it,
   * all its smiles fitted.
   */
  holdMarket(): Promise<Result<MarketSummary>>;
  /**
   * Loads the kernels anew and opens the open market again with them, in every worker. Reproducible ones give the same bits on
   * every machine. Answers whether a market was opened again, whose figures may now differ in their last bits.
   */
  loadKernels(reproducible: boolean): Promise<boolean>;
  /** What computes the figures. */
  engineInUse(): Promise<Result<EngineInUse>>;
  models(): Promise<Result<readonly MarginModelDescription[]>>;
  /** Every rulebook there is, from a worker that no keystroke waits for. */
  allModels(): Promise<Result<readonly MarginModelDescription[]>>;
  evaluate(request: EvaluateRequest): Promise<Result<RiskReport>>;
  explore(request: ExploreRequest): Promise<Result<ExploreReport>>;
  chain(request: ChainRequest): Promise<Result<ChainReport>>;
  rulebooks(request: RulebooksRequest): Promise<Result<RulebooksReport>>;
  /** Null when a newer question overtook this one. */
  sizing(request: SizingRequest): Promise<Result<SizingReport | null>>;
  explainMargin(request: MarginExplanationRequest): Promise<Result<MarginExplanation>>;
  marginProvenance(request: MarginProvenanceRequest): Promise<Result<MarginProvenance>>;
  /** Null when a newer question overtook this one. */
  frontier(
    request: FrontierRequest,
    onCoarse: (report: FrontierReport) => void,
  ): Promise<Result<FrontierReport | null>>;
  surface(request: SurfaceRequest): Promise<Result<SurfaceReport>>;
  editSmiles(request: SmileEditRequest): Promise<Result<SmileEditAnswer>>;
  /** Opens the market that a P&L is explained from, beside the open one; a refused one leaves the former as it was. */
  openFromMarket(text: string): Promise<Result<MarketSummary>>;
  explain(request: ExplainRequest): Promise<Result<PnlExplanation>>;
  /** Null when a newer question overtook this one. */
  valueAtRisk(request: VarRequest, onProgress: (progress: VarProgress) => void): Promise<Result<VarReport | null>>;
  /** At once, on moves that are kept from edit to edit; null where the distribution asked for has none. */
  keptValueAtRisk(request: VarRequest): Promise<Result<VarReport | null>>;
  cancelValueAtRisk(): void;
  /** Null when a newer question overtook this one, or the signal ended it. */
  verifyProxy(
    request: VarRequest,
    onProgress: (progress: VarProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<ProxyVerification | null>>;
  /** Null when a newer question overtook this one, or the signal ended it. */
  backtest(request: BacktestRequest, signal: AbortSignal): Promise<Result<BacktestReport | null>>;
  /** Null when a newer question overtook this one. */
  marginalMargin(request: MarginalMarginRequest): Promise<Result<MarginalMarginReport | null>>;
  /** Null when a newer question overtook this one, or the signal ended it. */
  cheapestCut(
    request: CheapestCutRequest,
    onProgress: (progress: SearchProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<CheapestCutReport | null>>;
  /** Null when a newer question overtook this one, or the signal ended it. */
  fillOrder(
    request: FillOrderRequest,
    onProgress: (progress: SearchProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<FillOrderReport | null>>;
  /** Null when a newer question overtook this one, or the signal ended it. */
  marginPaths(
    request: MarginPathsRequest,
    onProgress: (progress: MarginPathsProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<MarginPathsReport | null>>;
  expiryCliff(request: ExpiryCliffRequest): Promise<Result<ExpiryCliffReport>>;
  /** Null when a newer question overtook this one, or the signal ended it. */
  replayTimeline(
    request: ReplayTimelineRequest,
    recording: Blob,
    onProgress: (progress: ReplayProgress) => void,
    signal: AbortSignal,
  ): Promise<Result<ReplayTimeline | null>>;
  end(): void;
}

/** A market that can be opened in any worker. */
interface OpenMarket {
  /** Null until it has been opened. */
  readonly id: string | null;
  readonly content: string | MarketSnapshot;
  readonly kernels: Promise<CompiledKernels>;
}

/**
 * Workers of the same file: one for what follows a keystroke or a tick, one for the curves, grid and chains that follow it by some
 * frames, one for the long questions, one for what to do. None waits for another. Only the first starts at once, and reads and fits
 * the market; the others start when they are first asked, and are handed the market that the question is about. All compute with the
 * same kernels: `compile` loads them, at once and never rejecting.
 */
export function createRiskClient(
  spawn: () => WorkerLike,
  compile: (reproducible: boolean) => Promise<CompiledKernels>,
  reproducible: boolean,
): RiskClient {
  let kernels = compile(reproducible);
  /** The newest, and the one that all but the verdict is about. */
  let market: OpenMarket | null = null;
  let held: OpenMarket | null = null;
  /** The newest that was asked for, open or not. */
  let asked: string | MarketSnapshot | null = null;
  let fromMarketText: string | null = null;
  const openIn = async (api: Remote<RiskApi>, { content, kernels }: OpenMarket) =>
    api.openMarket(content, await kernels) as Promise<Result<MarketSummary>>;
  const reopen = async (api: Remote<RiskApi>, opened: OpenMarket | null) => {
    if (opened === null) return null;
    const reopened = await openIn(api, opened);
    return reopened.ok ? null : reopened.failure;
  };
  const open = (target: SupervisedWorker<RiskApi>, opened: OpenMarket) =>
    target.ask((api) => openIn(api, opened), SILENCE_MS.openMarket, 'the market');
  const quick = new SupervisedWorker<RiskApi>(spawn, (api) => reopen(api, market));

  /** Tells the quick worker something that it need not answer. */
  const tellQuick = (tell: (api: Remote<RiskApi>) => Promise<void>) =>
    void quick.ask(async (api) => ({ ok: true, value: await tell(api) }), SILENCE_MS.models, 'the market');

  /** A worker that is handed the market of its first question, and of the first about another market. */
  function lateWorker(prepareMore: (api: Remote<RiskApi>) => Promise<Failure | null> = async () => null) {
    /** What its predecessor, should there be one, had open. */
    let known: OpenMarket | null = null;
    let opening: { readonly market: OpenMarket; readonly done: Promise<Result<MarketSummary>> } | null = null;
    const worker = new SupervisedWorker<RiskApi>(
      spawn,
      async (api) => (await reopen(api, known)) ?? (await prepareMore(api)),
    );
    const take = (wanted: OpenMarket) =>
      worker.ask(
        async (api) => {
          const compiled = known?.kernels === wanted.kernels ? null : await wanted.kernels;
          const { port1, port2 } = new MessageChannel();
          tellQuick((from) => from.handMarket(wanted.id!, transfer(port1, [port1])));
          return api.takeMarket(transfer(port2, [port2]), compiled) as Promise<Result<MarketSummary>>;
        },
        SILENCE_MS.openMarket,
        'the market',
      );
    const tell = async (wanted: OpenMarket) => {
      const taken = await take(wanted);
      const opened = taken.ok ? taken : await open(worker, wanted);
      if (opened.ok) known = wanted;
      return opened;
    };
    return {
      worker,
      /** Has the worker open the market of a question; one that is no longer known leaves it as it is, and is refused there. */
      async opened(marketId: string | null = held?.id ?? null): Promise<Result<MarketSummary>> {
        const wanted = [held, market].find((each) => each !== null && each.id === marketId);
        if (!wanted) return failed('missing-data', 'No market is open');
        if (opening?.market !== wanted) opening = { market: wanted, done: tell(wanted) };
        return opening.done;
      },
      end() {
        worker.end();
        known = null;
        opening = null;
      },
    };
  }

  // The only one that is asked about a second market.
  const { worker: views, opened: viewsOpened } = lateWorker(async (api) => {
    if (fromMarketText === null) return null;
    const reopened = await api.openFromMarket(fromMarketText);
    return reopened.ok ? null : reopened.failure;
  });
  const { worker: slow, opened: slowOpened } = lateWorker();
  const { worker: desk, opened: deskOpened, end: endDesk } = lateWorker();
  /** Reads recordings by itself and has no market open; it lives as long as it is asked. */
  const timeline = new SupervisedWorker<RiskApi>(spawn, async () => null);
  let timelines = 0;
  let running = 0;
  const cancel = () => {
    if (running > 0)
      void slow.ask(
        async (api) => {
          await api.cancelValueAtRisk();
          return { ok: true, value: null };
        },
        SILENCE_MS.var,
        'a cancel',
      );
  };

  /** A long question to the desk, which the signal gives up. */
  async function search<T, Progress = SearchProgress>(
    { marketId }: { readonly marketId: string },
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
    what: string,
    question: {
      ask(api: Remote<RiskApi>, progress: (progress: Progress) => void): Promise<Result<T | null>>;
      cancel(api: Remote<RiskApi>): Promise<void>;
    },
  ): Promise<Result<T | null>> {
    await deskOpened(marketId);
    if (signal.aborted) return { ok: true, value: null };
    const abandon = () =>
      void desk.ask(
        async (api) => {
          await question.cancel(api);
          return { ok: true, value: null };
        },
        SILENCE_MS.desk,
        'a cancel',
      );
    signal.addEventListener('abort', abandon);
    try {
      return await desk.ask<T | null>(
        (api, alive) =>
          question.ask(
            api,
            proxy((progress: Progress) => {
              alive();
              onProgress(progress);
            }),
          ),
        SILENCE_MS.desk,
        what,
      );
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  async function openMarket(content: string | MarketSnapshot): Promise<Result<MarketSummary>> {
    cancel();
    asked = content;
    const wanted: OpenMarket = { id: null, content, kernels };
    const opened = await open(quick, wanted);
    if (opened.ok) {
      market = { ...wanted, id: opened.value.id };
      held = market;
      // It opens the new market when it is asked again.
      endDesk();
    } else if (asked === content) asked = market?.content ?? null;
    return opened;
  }

  return {
    openMarket,
    async moveMarket(snapshot, from, deltas) {
      asked = snapshot;
      const moved: OpenMarket = { id: snapshot.id, content: snapshot, kernels };
      const told =
        deltas.length === 0
          ? null
          : await quick.ask(
              (api) => api.moveMarket({ from, id: snapshot.id, deltas }) as Promise<Result<MarketSummary>>,
              SILENCE_MS.evaluate,
              'this move of the market',
            );
      const answer = told?.ok ? told : await open(quick, moved);
      if (answer.ok && asked === snapshot) market = moved;
      return answer;
    },
    holdMarket() {
      if (market?.id && held !== market) {
        held = market;
        const { id } = market;
        tellQuick((api) => api.holdMarket(id));
      }
      return viewsOpened();
    },
    async loadKernels(reproducible) {
      kernels = compile(reproducible);
      return asked !== null && (await openMarket(asked)).ok;
    },
    engineInUse: () =>
      quick.ask(async (api) => ({ ok: true, value: await api.engineInUse() }), SILENCE_MS.models, 'its name'),
    models: () =>
      quick.ask(async (api) => ({ ok: true, value: await api.models() }), SILENCE_MS.models, 'its rulebooks'),
    async allModels() {
      await viewsOpened();
      return views.ask(
        async (api) => ({ ok: true, value: (await api.allModels()) as readonly MarginModelDescription[] }),
        SILENCE_MS.models,
        "the venues' rulebooks",
      );
    },
    evaluate: (request) => quick.ask((api) => api.evaluate(request), SILENCE_MS.evaluate, 'this book'),
    async explore(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.explore(request), SILENCE_MS.explore, 'the curves of this book');
    },
    async chain(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.chain(request), SILENCE_MS.chain, 'this option chain');
    },
    async rulebooks(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.rulebooks(request), SILENCE_MS.rulebooks, 'every rulebook');
    },
    async sizing(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.sizing(request), SILENCE_MS.sizing, 'sizes of this trade');
    },
    async explainMargin(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.explainMargin(request), SILENCE_MS.rulebooks, 'why the margin is so');
    },
    async marginProvenance(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.marginProvenance(request), SILENCE_MS.rulebooks, 'this figure');
    },
    async frontier(request, onCoarse) {
      await viewsOpened(request.marketId);
      return views.ask(
        (api, alive) =>
          api.frontier(
            request,
            proxy((report: FrontierReport) => {
              alive();
              onCoarse(report);
            }),
          ),
        SILENCE_MS.rulebooks,
        'the liquidation frontier',
      );
    },
    async surface(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.surface(request), SILENCE_MS.chain, 'this surface');
    },
    editSmiles: (request) => quick.ask((api) => api.editSmiles(request), SILENCE_MS.evaluate, 'this edit of a smile'),
    async openFromMarket(text) {
      const opened = await views.ask(
        (api) => api.openFromMarket(text) as Promise<Result<MarketSummary>>,
        SILENCE_MS.openMarket,
        'the market',
      );
      if (opened.ok) fromMarketText = text;
      return opened;
    },
    async explain(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.explain(request), SILENCE_MS.explore, 'this P&L');
    },
    async valueAtRisk(request, onProgress) {
      await slowOpened(request.marketId);
      running += 1;
      try {
        return await slow.ask(
          (api, alive) =>
            api.valueAtRisk(
              request,
              proxy((progress: VarProgress) => {
                alive();
                onProgress(progress);
              }),
            ),
          SILENCE_MS.var,
          'value at risk',
        );
      } finally {
        running -= 1;
      }
    },
    async keptValueAtRisk(request) {
      await slowOpened(request.marketId);
      return slow.ask((api) => api.keptValueAtRisk(request), SILENCE_MS.var, 'value at risk of this edit');
    },
    cancelValueAtRisk: cancel,
    async verifyProxy(request, onProgress, signal) {
      await slowOpened(request.marketId);
      if (signal.aborted) return { ok: true, value: null };
      const abandon = () =>
        void slow.ask(
          async (api) => {
            await api.cancelVerifyProxy();
            return { ok: true, value: null };
          },
          SILENCE_MS.var,
          'a cancel',
        );
      signal.addEventListener('abort', abandon);
      try {
        return await slow.ask(
          (api, alive) =>
            api.verifyProxy(
              request,
              proxy((progress: VarProgress) => {
                alive();
                onProgress(progress);
              }),
            ),
          SILENCE_MS.var,
          'this proxy',
        );
      } finally {
        signal.removeEventListener('abort', abandon);
      }
    },
    async backtest(request, signal) {
      await slowOpened(request.marketId);
      if (signal.aborted) return { ok: true, value: null };
      const abandon = () =>
        void slow.ask(
          async (api) => {
            await api.cancelBacktest();
            return { ok: true, value: null };
          },
          SILENCE_MS.var,
          'a cancel',
        );
      signal.addEventListener('abort', abandon);
      try {
        return await slow.ask(
          (api, alive) =>
            api.backtest(
              request,
              proxy((_progress: BacktestProgress) => alive()),
            ),
          SILENCE_MS.var,
          'the backtest',
        );
      } finally {
        signal.removeEventListener('abort', abandon);
      }
    },
    async marginalMargin(request) {
      await viewsOpened(request.marketId);
      return views.ask((api) => api.marginalMargin(request), SILENCE_MS.rulebooks, 'one contract more');
    },
    cheapestCut: (request, onProgress, signal) =>
      search(request, signal, onProgress, 'the cheapest cut', {
        ask: (api, progress) => api.cheapestCut(request, progress),
        cancel: (api) => api.cancelCheapestCut(),
      }),
    fillOrder: (request, onProgress, signal) =>
      search(request, signal, onProgress, 'the order of these trades', {
        ask: (api, progress) => api.fillOrder(request, progress),
        cancel: (api) => api.cancelFillOrder(),
      }),
    marginPaths: (request, onProgress, signal) =>
      search(request, signal, onProgress, 'equity along paths', {
        ask: (api, progress: (progress: MarginPathsProgress) => void) => api.marginPaths(request, progress),
        cancel: (api) => api.cancelMarginPaths(),
      }),
    async expiryCliff(request) {
      await deskOpened(request.marketId);
      return desk.ask((api) => api.expiryCliff(request), SILENCE_MS.desk, 'the coming expiries');
    },
    async replayTimeline(request, recording, onProgress, signal) {
      const compiled = await kernels;
      if (signal.aborted) return { ok: true, value: null };
      const abandon = () =>
        void timeline.ask(
          async (api) => ({ ok: true, value: await api.cancelReplayTimeline() }),
          SILENCE_MS.desk,
          'a cancel',
        );
      signal.addEventListener('abort', abandon);
      timelines += 1;
      try {
        return await timeline.ask<ReplayTimeline | null>(
          (api, alive) =>
            api.replayTimeline(
              request,
              recording,
              compiled,
              proxy((progress: ReplayProgress) => {
                alive();
                onProgress(progress);
              }),
            ),
          SILENCE_MS.desk,
          'the book over the time of this recording',
        );
      } finally {
        signal.removeEventListener('abort', abandon);
        timelines -= 1;
        if (timelines === 0) timeline.end();
      }
    },
    end: () => {
      endDesk();
      timeline.end();
      quick.end();
      views.end();
      slow.end();
    },
  };
}
