import { proxy, type Remote } from 'comlink';
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
import type { Failure, Result } from '../engine/domain/failure.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../engine/domain/marginCase.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../engine/domain/marginExplanation.ts';
import type { FrontierReport, FrontierRequest } from '../engine/domain/liquidationFrontier.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../engine/domain/marginPaths.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../engine/domain/pnlExplanation.ts';
import type { ProxyVerification } from '../engine/domain/proxyVerification.ts';
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
  openMarket(text: string): Promise<Result<MarketSummary>>;
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
  end(): void;
}

/** What a worker has open. */
interface OpenMarket {
  readonly text: string;
  readonly kernels: Promise<CompiledKernels>;
}

/**
 * Workers of the same file: one for what follows a keystroke, one for the curves, grid and chains that follow it by some
 * frames, one for the long questions, one for what to do. None waits for another. Only the first starts at once: the others
 * start, and open the market, when they are first asked. All compute with the same kernels: `compile` loads them, at once and never
 * rejecting.
 */
export function createRiskClient(
  spawn: () => WorkerLike,
  compile: (reproducible: boolean) => Promise<CompiledKernels>,
  reproducible: boolean,
): RiskClient {
  let kernels = compile(reproducible);
  let market: OpenMarket | null = null;
  /** The newest market that was asked for, open or not. */
  let askedText: string | null = null;
  let fromMarketText: string | null = null;
  const openIn = async (api: Remote<RiskApi>, { text, kernels }: OpenMarket) =>
    api.openMarket(text, await kernels) as Promise<Result<MarketSummary>>;
  const reopen = async (api: Remote<RiskApi>, opened: OpenMarket | null) => {
    if (opened === null) return null;
    const reopened = await openIn(api, opened);
    return reopened.ok ? null : reopened.failure;
  };
  const open = (target: SupervisedWorker<RiskApi>, opened: OpenMarket) =>
    target.ask((api) => openIn(api, opened), SILENCE_MS.openMarket, 'the market');

  /** A worker to which the open market is told before its first question about it. */
  function lateWorker(prepareMore: (api: Remote<RiskApi>) => Promise<Failure | null> = async () => null) {
    /** What its predecessor, should there be one, had open. */
    let known: OpenMarket | null = null;
    let opening: { readonly market: OpenMarket; readonly done: Promise<unknown> } | null = null;
    const worker = new SupervisedWorker<RiskApi>(
      spawn,
      async (api) => (await reopen(api, known)) ?? (await prepareMore(api)),
    );
    const tell = async (opened: OpenMarket) => {
      if ((await open(worker, opened)).ok) known = opened;
    };
    const opened = async () => {
      if (market === null) return;
      if (opening?.market !== market) opening = { market, done: tell(market) };
      await opening.done;
    };
    return [worker, opened] as const;
  }

  const quick = new SupervisedWorker<RiskApi>(spawn, (api) => reopen(api, market));
  // The only one that is asked about a second market.
  const [views, viewsOpened] = lateWorker(async (api) => {
    if (fromMarketText === null) return null;
    const reopened = await api.openFromMarket(fromMarketText);
    return reopened.ok ? null : reopened.failure;
  });
  const [slow, slowOpened] = lateWorker();
  const desk = new SupervisedWorker<RiskApi>(spawn, (api) => reopen(api, market));
  let running = 0;
  const cancel = () => {
    if (running > 0)
      void slow.ask(
        async (api) => {
          await api.cancelValueAtRisk();
          return { ok: true, value: null };
        },
        SILENCE_MS.var,
        'the cancelling of value at risk',
      );
  };

  /** A long question to the desk, which the signal gives up. */
  async function search<T, Progress = SearchProgress>(
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
    what: string,
    question: {
      ask(api: Remote<RiskApi>, progress: (progress: Progress) => void): Promise<Result<T | null>>;
      cancel(api: Remote<RiskApi>): Promise<void>;
    },
  ): Promise<Result<T | null>> {
    if (signal.aborted) return { ok: true, value: null };
    const abandon = () =>
      void desk.ask(
        async (api) => {
          await question.cancel(api);
          return { ok: true, value: null };
        },
        SILENCE_MS.desk,
        'the cancelling of a search',
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

  async function openMarket(text: string): Promise<Result<MarketSummary>> {
    cancel();
    askedText = text;
    const asked = { text, kernels };
    const opened = await open(quick, asked);
    if (opened.ok) {
      market = asked;
      // It opens the new market when it is asked again.
      desk.end();
    } else if (askedText === text) askedText = market?.text ?? null;
    return opened;
  }

  return {
    openMarket,
    async loadKernels(reproducible) {
      kernels = compile(reproducible);
      return askedText !== null && (await openMarket(askedText)).ok;
    },
    engineInUse: () =>
      quick.ask(
        async (api) => ({ ok: true, value: await api.engineInUse() }),
        SILENCE_MS.models,
        'the question what it is',
      ),
    models: () =>
      quick.ask(
        async (api) => ({ ok: true, value: await api.models() }),
        SILENCE_MS.models,
        'the question for its rulebooks',
      ),
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
      await viewsOpened();
      return views.ask((api) => api.explore(request), SILENCE_MS.explore, 'the curves of this book');
    },
    async chain(request) {
      await viewsOpened();
      return views.ask((api) => api.chain(request), SILENCE_MS.chain, 'this option chain');
    },
    async rulebooks(request) {
      await viewsOpened();
      return views.ask((api) => api.rulebooks(request), SILENCE_MS.rulebooks, 'this book under every rulebook');
    },
    async sizing(request) {
      await viewsOpened();
      return views.ask((api) => api.sizing(request), SILENCE_MS.sizing, 'the largest size of this trade');
    },
    async explainMargin(request) {
      await viewsOpened();
      return views.ask((api) => api.explainMargin(request), SILENCE_MS.rulebooks, 'why the margin is what it is');
    },
    async marginProvenance(request) {
      await viewsOpened();
      return views.ask((api) => api.marginProvenance(request), SILENCE_MS.rulebooks, 'where this figure is from');
    },
    async frontier(request, onCoarse) {
      await viewsOpened();
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
      await viewsOpened();
      return views.ask((api) => api.surface(request), SILENCE_MS.chain, 'this surface');
    },
    editSmiles: (request) => quick.ask((api) => api.editSmiles(request), SILENCE_MS.evaluate, 'this edit of a smile'),
    async openFromMarket(text) {
      const opened = await views.ask(
        (api) => api.openFromMarket(text) as Promise<Result<MarketSummary>>,
        SILENCE_MS.openMarket,
        'the market to start from',
      );
      if (opened.ok) fromMarketText = text;
      return opened;
    },
    async explain(request) {
      await viewsOpened();
      return views.ask((api) => api.explain(request), SILENCE_MS.explore, 'where the P&L comes from');
    },
    async valueAtRisk(request, onProgress) {
      await slowOpened();
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
    cancelValueAtRisk: cancel,
    async verifyProxy(request, onProgress, signal) {
      await slowOpened();
      if (signal.aborted) return { ok: true, value: null };
      const abandon = () =>
        void slow.ask(
          async (api) => {
            await api.cancelVerifyProxy();
            return { ok: true, value: null };
          },
          SILENCE_MS.var,
          'the cancelling of a verification',
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
          'the verification of a proxy',
        );
      } finally {
        signal.removeEventListener('abort', abandon);
      }
    },
    async backtest(request, signal) {
      await slowOpened();
      if (signal.aborted) return { ok: true, value: null };
      const abandon = () =>
        void slow.ask(
          async (api) => {
            await api.cancelBacktest();
            return { ok: true, value: null };
          },
          SILENCE_MS.var,
          'the cancelling of a backtest',
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
      await viewsOpened();
      return views.ask((api) => api.marginalMargin(request), SILENCE_MS.rulebooks, 'what one contract more asks');
    },
    cheapestCut: (request, onProgress, signal) =>
      search(signal, onProgress, 'the cheapest cut', {
        ask: (api, progress) => api.cheapestCut(request, progress),
        cancel: (api) => api.cancelCheapestCut(),
      }),
    fillOrder: (request, onProgress, signal) =>
      search(signal, onProgress, 'the order of these trades', {
        ask: (api, progress) => api.fillOrder(request, progress),
        cancel: (api) => api.cancelFillOrder(),
      }),
    marginPaths: (request, onProgress, signal) =>
      search(signal, onProgress, 'equity along paths', {
        ask: (api, progress: (progress: MarginPathsProgress) => void) => api.marginPaths(request, progress),
        cancel: (api) => api.cancelMarginPaths(),
      }),
    expiryCliff: (request) => desk.ask((api) => api.expiryCliff(request), SILENCE_MS.desk, 'the coming expiries'),
    end: () => {
      desk.end();
      quick.end();
      views.end();
      slow.end();
    },
  };
}
