import type { BacktestProgress, BacktestReport, BacktestRequest } from '../src/engine/domain/backtestReport.ts';
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
} from '../src/engine/domain/decideReport.ts';
import type { Failure, Result } from '../src/engine/domain/failure.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../src/engine/domain/marginCase.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../src/engine/domain/marginExplanation.ts';
import type { FrontierReport, FrontierRequest } from '../src/engine/domain/liquidationFrontier.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../src/engine/domain/marginPaths.ts';
import type { MarketDelta } from '../src/engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../src/engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../src/engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../src/engine/domain/pnlExplanation.ts';
import type { ProxyVerification } from '../src/engine/domain/proxyVerification.ts';
import type { ReplayProgress, ReplayTimeline, ReplayTimelineRequest } from '../src/engine/domain/replayTimeline.ts';
import type { MarginModelDescription } from '../src/engine/domain/riskParameters.ts';
import type {
  RulebooksReport,
  RulebooksRequest,
  SizingReport,
  SizingRequest,
} from '../src/engine/domain/rulebookReport.ts';
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
  VarTold,
} from '../src/engine/domain/riskReport.ts';
import type {
  SmileEditAnswer,
  SmileEditRequest,
  SurfaceReport,
  SurfaceRequest,
} from '../src/engine/domain/surfaceReport.ts';
import type { KernelBuild } from '../src/engine/kernels/Kernels.ts';

/** At once, or once what the question needs has been loaded. */
export type Awaitable<T> = T | Promise<T>;

/** The kernels that the page has compiled for its workers, or why there are none but plain TypeScript. */
export type CompiledKernels =
  | { readonly build: Exclude<KernelBuild, 'typescript'>; readonly module: WebAssembly.Module }
  | { readonly build: 'typescript'; readonly failure: Failure };

/** What computes the figures. */
export interface EngineInUse {
  /** Of the engine, as in package.json. */
  readonly version: string;
  readonly build: KernelBuild;
  /** Why it is plain TypeScript; null where nothing else was asked for. */
  readonly failure: Failure | null;
  /** At most so many further workers share out the paths of Monte Carlo; 0: none. */
  readonly pathWorkers: number;
}

/** From one market to the next of the same source. */
export interface MarketMove {
  readonly from: string;
  /** Of the market afterwards. */
  readonly id: string;
  /** In order. */
  readonly deltas: readonly MarketDelta[];
}

/** Which market the questions are about. */
export interface MarketApi {
  /**
   * Parse and validate a market file's text, or take a snapshot as it is; fit it, and keep it with the kernels that value it, plain
   * TypeScript without any.
   */
  openMarket(market: string | MarketSnapshot, kernels?: CompiledKernels): Promise<Result<MarketSummary>>;
  /** The open market follows its source. Only what moved is fitted. The last few markets are still answered for. */
  moveMarket(move: MarketMove): Promise<Result<MarketSummary>>;
  /** Keeps this market for those who are handed it, until another is held. */
  holdMarket(id: string): void;
  /** Posts a market that is known here with its fitted smiles, or null. */
  handMarket(id: string, port: MessagePort): Promise<void>;
  /** Opens the market that another worker posts, with the kernels at hand where none are given: nothing is parsed or fitted twice. */
  takeMarket(port: MessagePort, kernels: CompiledKernels | null): Promise<Result<MarketSummary>>;
  /** Keeps a second market, which a P&L can be explained from. A refused one leaves the former as it was. */
  openFromMarket(text: string): Promise<Result<MarketSummary>>;
}

/** What follows a keystroke. */
export interface QuickApi {
  /** With the kernels of the open market. */
  engineInUse(): EngineInUse;
  /** Headroom's own rulebooks, at once. */
  models(): readonly MarginModelDescription[];
  /** Every keystroke. */
  evaluate(request: EvaluateRequest): Awaitable<Result<RiskReport>>;
  /** Which edits of smiles come of an attempt to change some: all that allow no arbitrage. Keeps nothing. */
  editSmiles(request: SmileEditRequest): Promise<Result<SmileEditAnswer>>;
}

/** What follows a keystroke by some frames. */
export interface ViewApi {
  /** Every rulebook there is; the venues' are loaded for it. */
  allModels(): Promise<readonly MarginModelDescription[]>;
  /** Curves and grid. */
  explore(request: ExploreRequest): Awaitable<Result<ExploreReport>>;
  chain(request: ChainRequest): Awaitable<Result<ChainReport>>;
  /** The book and the proposed one under every rulebook there is. */
  rulebooks(request: RulebooksRequest): Promise<Result<RulebooksReport>>;
  /** Margin over the size of a trade, and the largest that fits. A newer call overtakes an older one, which then answers null. */
  sizing(request: SizingRequest): Promise<Result<SizingReport | null>>;
  /** Why the chosen rulebook's requirement is what it is, or why a trade changes it: steps that add up. */
  explainMargin(request: MarginExplanationRequest): Promise<Result<MarginExplanation>>;
  /** Where a rulebook's figures come from, and the document that reruns to them. */
  marginProvenance(request: MarginProvenanceRequest): Promise<Result<MarginProvenance>>;
  /**
   * Where equity meets maintenance over spot and vol; a coarse picture comes first where it takes long. A newer call overtakes an
   * older one, which then answers null.
   */
  frontier(
    request: FrontierRequest,
    onCoarse?: (report: FrontierReport) => void,
  ): Promise<Result<FrontierReport | null>>;
  /** Every smile of an underlying, with its quotes. */
  surface(request: SurfaceRequest): Promise<Result<SurfaceReport>>;
  /** Where the P&L of a scenario, or of the way from the second market to the open one, comes from. */
  explain(request: ExplainRequest): Promise<Result<PnlExplanation>>;
  /** What one contract more of each option of an expiry does to the margin. A newer call overtakes an older one, which then answers null. */
  marginalMargin(request: MarginalMarginRequest): Promise<Result<MarginalMarginReport | null>>;
}

/** Value at risk, and how far it can be trusted. */
export interface SlowApi {
  /** Loads what value at risk takes, so that the first question about it does not wait for that. */
  prepareValueAtRisk(): Promise<void>;
  /**
   * Value at risk by several methods, none of them waiting for the page: each begins once the one before has a first figure. Progress and
   * report of each are told as they come, and one that fails keeps none of the others from being answered. Long. A newer call overtakes an older one, which then answers null.
   */
  valuesAtRisk(requests: readonly VarRequest[], tell: (told: VarTold) => unknown): Promise<Result<'told' | null>>;
  /**
   * Monte Carlo VaR on moves that are drawn once and kept: an edited quantity prices nothing. Null where the distribution asked for
   * has none. It overtakes nothing.
   */
  keptValueAtRisk(request: VarRequest): Promise<Result<VarReport | null>>;
  /** Abandon whatever runs; it answers null within one block of paths. */
  cancelValueAtRisk(): void;
  /**
   * Value at risk by proxy beside full revaluation of the same paths. Long; reports progress over both. A newer call overtakes an older
   * one, which then answers null.
   */
  verifyProxy(
    request: VarRequest,
    onProgress?: (progress: VarProgress) => void,
  ): Promise<Result<ProxyVerification | null>>;
  cancelVerifyProxy(): void;
  /** Long; reports progress. A newer call overtakes an older one, which then answers null. */
  backtest(
    request: BacktestRequest,
    onProgress?: (progress: BacktestProgress) => void,
  ): Promise<Result<BacktestReport | null>>;
  cancelBacktest(): void;
}

/** What to do. */
export interface DeskApi {
  /** Long; reports progress. A newer call overtakes an older one, which then answers null. */
  cheapestCut(
    request: CheapestCutRequest,
    onProgress?: (progress: SearchProgress) => void,
  ): Promise<Result<CheapestCutReport | null>>;
  cancelCheapestCut(): void;
  /** Peak margin along the orders of some trades; reports progress. A newer call overtakes an older one, which then answers null. */
  fillOrder(
    request: FillOrderRequest,
    onProgress?: (progress: SearchProgress) => void,
  ): Promise<Result<FillOrderReport | null>>;
  cancelFillOrder(): void;
  /** Equity and margin along paths; long, reports progress. A newer call overtakes an older one, which then answers null. */
  marginPaths(
    request: MarginPathsRequest,
    onProgress?: (progress: MarginPathsProgress) => void,
  ): Promise<Result<MarginPathsReport | null>>;
  cancelMarginPaths(): void;
  /**
   * A book over the time of a recording, which is read here; no market has to be open. Long; tells each moment. A newer call overtakes
   * an older one, which then answers null.
   */
  replayTimeline(
    request: ReplayTimelineRequest,
    recording: Blob,
    kernels: CompiledKernels | null,
    onProgress?: (progress: ReplayProgress) => void,
  ): Promise<Result<ReplayTimeline | null>>;
  cancelReplayTimeline(): void;
  /** Margin through each coming expiry. */
  expiryCliff(request: ExpiryCliffRequest): Promise<Result<ExpiryCliffReport>>;
}

/** What no verdict waits for. */
export interface LateApi extends ViewApi, SlowApi, DeskApi {}

/**
 * The questions the page may put to the engine. Types only: a value import from here would pull the engine into the page.
 * Every answer is a Result, since a rejected promise loses its class on the way through structured clone.
 */
export interface RiskApi extends MarketApi, QuickApi, LateApi {}
