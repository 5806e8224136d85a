import type { BacktestProgress, BacktestReport, BacktestRequest } from '../src/engine/domain/backtestReport.ts';
import type {
  CheapestCutReport,
  CheapestCutRequest,
  SearchProgress,
  DecideQuestion,
  ExpiryCliffReport,
  ExpiryCliffRequest,
  FillOrderReport,
  FillOrderRequest,
  MarginalMarginReport,
  MarginalMarginRequest,
} from '../src/engine/domain/decideReport.ts';
import { failed, failureOf, RiskError, type Result, riskError, success } from '../src/engine/domain/failure.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../src/engine/domain/marginCase.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../src/engine/domain/marginExplanation.ts';
import type { FrontierReport, FrontierRequest } from '../src/engine/domain/liquidationFrontier.ts';
import type { MarginPathsProgress, MarginPathsReport, MarginPathsRequest } from '../src/engine/domain/marginPaths.ts';
import type { MarketSnapshot } from '../src/engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../src/engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../src/engine/domain/pnlExplanation.ts';
import type { ProxyVerification } from '../src/engine/domain/proxyVerification.ts';
import type { ReplayProgress, ReplayTimeline, ReplayTimelineRequest } from '../src/engine/domain/replayTimeline.ts';
import type { MarginModelDescription, MarginModelId } from '../src/engine/domain/riskParameters.ts';
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
} from '../src/engine/domain/riskReport.ts';
import type { SmileEdit } from '../src/engine/domain/smileEdit.ts';
import type {
  SmileEditAnswer,
  SmileEditRequest,
  SurfaceReport,
  SurfaceRequest,
} from '../src/engine/domain/surfaceReport.ts';
import { ENGINE_VERSION } from '../src/engine/engineVersion.ts';
import { evaluate } from '../src/engine/evaluate.ts';
import { headroomModels } from '../src/engine/margin/headroomModels.ts';
import type { MarginModel } from '../src/engine/margin/MarginModel.ts';
import type { MarketRule } from '../src/engine/margin/marketRule.ts';
import { modelDescription } from '../src/engine/margin/modelById.ts';
import type { Kernels } from '../src/engine/kernels/Kernels.ts';
import { marketSummary } from '../src/engine/marketSummary.ts';
import type { PathPool } from '../src/engine/scenario/PathPool.ts';
import { type PreparedMarket, prepareMarket, preparedMarket } from '../src/engine/scenario/preparedMarket.ts';
import { type RememberedRows, rememberedRows, rowsBy } from '../src/engine/scenario/unitPnlCache.ts';
import type { KeptMoves } from '../src/engine/var/keptMoves.ts';
import { identified, parseMarketFile } from '../src/formats/marketFile.ts';
import type { Awaitable, CompiledKernels, EngineInUse, MarketMove, RiskApi } from './RiskApi.ts';
import { instantiatedKernels, type KernelsAtHand, plainKernels } from './instantiatedKernels.ts';

/** Least time between two words of progress without a figure. */
const PROGRESS_PAUSE_MS = 200;
/** So many markets before the open one are still answered for: questions about them may be under way. */
const MARKETS_KEPT = 4;

interface OpenMarket {
  readonly market: PreparedMarket;
  readonly rows: RememberedRows;
  readonly summary: MarketSummary;
  /** Every smile is fitted; of a market that has moved only those that were asked for are. */
  readonly isWhole: boolean;
}

interface MarketQuestion {
  readonly marketId: string;
  readonly smileEdits?: readonly SmileEdit[];
}

/** A pool whose workers can be ended. */
type EndingPathPool = PathPool & { end(): void };

/** Who starts workers that share out paths. */
export interface PathPools {
  /** At most so many. */
  readonly workers: number;
  start(compiled: CompiledKernels | null): Promise<EndingPathPool>;
}

type Overtaken =
  | 'var'
  | 'verify'
  | 'backtest'
  | 'sizing'
  | 'frontier'
  | 'marginal'
  | 'cut'
  | 'order'
  | 'paths'
  | 'timeline';

/**
 * The engine behind the worker's door: holds the open market, remembers unit P&L, and answers with values, never with a
 * rejection.
 */
export class RiskService implements RiskApi {
  #open: OpenMarket | null = null;
  /** Those before it, the newest first. */
  #before: readonly OpenMarket[] = [];
  /** The one that others are to be handed when they ask, however many come after it. */
  #held: OpenMarket | null = null;
  /** The open market with the smile edits that were asked about last. */
  #bent: (OpenMarket & { readonly of: OpenMarket; readonly key: string }) | null = null;
  /** Of each question that a newer one of its kind, or a cancel, overtakes: the number of the newest. */
  readonly #newest: Record<Overtaken, number> = {
    var: 0,
    verify: 0,
    backtest: 0,
    sizing: 0,
    frontier: 0,
    marginal: 0,
    cut: 0,
    order: 0,
    paths: 0,
    timeline: 0,
  };

  /** The rulebooks that have been loaded; the venues' come when one of them is asked for. */
  #library: readonly MarginModel[] = headroomModels;

  /** Of a market: the moves that edits of a book are valued on. */
  readonly #keptMoves = new WeakMap<OpenMarket, KeptMoves>();

  /** A second market, which a P&L can be explained from. */
  #from: PreparedMarket | null = null;

  #kernels: KernelsAtHand = instantiatedKernels(null);

  readonly #pools: PathPools | null;
  /** Of the kernels at hand; started when value at risk is first asked for. */
  #pool: Promise<EndingPathPool> | null = null;

  /** Without pools this thread computes all paths itself. */
  constructor(pools: PathPools | null = null) {
    this.#pools = pools;
  }

  async openMarket(market: string | MarketSnapshot, compiled?: CompiledKernels): Promise<Result<MarketSummary>> {
    return answer(() => {
      const atHand = instantiatedKernels(compiled ?? null);
      const opened = marketOf(market, atHand.kernels);
      this.#takeKernels(atHand);
      // Nobody waits for answers about the market before.
      this.#overtakeAll();
      return this.#follow(opened);
    });
  }

  async takeMarket(port: MessagePort, compiled: CompiledKernels | null): Promise<Result<MarketSummary>> {
    const { handedOver, isAnotherMarket } = await import('./handover.ts');
    const fitted = await handedOver(port);
    if (fitted === null) return failed('missing-data', 'The market was not handed over');
    return answer(() => {
      if (compiled !== null) this.#takeKernels(instantiatedKernels(compiled));
      if (isAnotherMarket(fitted, this.#open?.market)) this.#overtakeAll();
      const { kernels } = this.#kernels;
      return this.#follow('surfaces' in fitted ? preparedMarket(fitted, kernels) : prepareMarket(fitted, kernels));
    });
  }

  async moveMarket({ from, id, deltas }: MarketMove): Promise<Result<MarketSummary>> {
    const [{ movedMarket }, { movedSummary }, { laterMarket }] = await Promise.all([
      import('../src/engine/domain/marketDelta.ts'),
      import('../src/engine/movedSummary.ts'),
      import('../src/engine/scenario/laterMarket.ts'),
    ]);
    return answer(() => {
      const { market, summary } = this.#market(from);
      const snapshot = deltas.reduce((moved, delta) => movedMarket(moved, delta, id), market.snapshot);
      return this.#follow(laterMarket(snapshot, market.kernels), movedSummary(summary, snapshot), false);
    });
  }

  holdMarket(id: string): void {
    this.#held = this.#kept(id);
  }

  async handMarket(id: string, port: MessagePort): Promise<void> {
    const kept = this.#kept(id);
    const { handed } = await import('./handover.ts');
    port.postMessage(kept === null ? null : handed(kept.market, kept.isWhole));
    port.close();
  }

  #overtakeAll(): void {
    for (const kind of Object.keys(this.#newest) as Overtaken[]) this.#newest[kind] += 1;
  }

  /** The open market from now on. Of those before it what has been priced is forgotten: few questions about them are to come. */
  #follow(market: PreparedMarket, summary = marketSummary(market), isWhole = true): MarketSummary {
    const before = this.#open === null ? [] : [this.#open, ...this.#before];
    this.#before = before.slice(0, MARKETS_KEPT).map((open) => ({ ...open, rows: remembered(open.market.kernels) }));
    this.#open = { market, rows: remembered(market.kernels), summary, isWhole };
    return summary;
  }

  #kept(id: string): OpenMarket | null {
    const known = [this.#open, ...this.#before, this.#held];
    return known.find((open) => open?.market.snapshot.id === id) ?? null;
  }

  engineInUse(): EngineInUse {
    const { kernels, compiled } = this.#kernels;
    return {
      version: ENGINE_VERSION,
      build: kernels.build,
      failure: compiled?.build === 'typescript' ? compiled.failure : null,
      pathWorkers: this.#pools?.workers ?? 0,
    };
  }

  models(): readonly MarginModelDescription[] {
    return headroomModels.map(modelDescription);
  }

  async allModels(): Promise<readonly MarginModelDescription[]> {
    return (await this.#wholeLibrary()).map(modelDescription);
  }

  evaluate(request: EvaluateRequest): Awaitable<Result<RiskReport>> {
    return this.#withModels(request.models, (library) =>
      this.#answer(request, ({ market, rows }) => evaluate(market, request, rows, now, library)),
    );
  }

  async explore(request: ExploreRequest): Promise<Result<ExploreReport>> {
    const { explore } = await import('../src/engine/explore.ts');
    return this.#withModels([request.model], (library) =>
      this.#answer(request, ({ market, rows }) => explore(market, request, rows, now, library)),
    );
  }

  async chain(request: ChainRequest): Promise<Result<ChainReport>> {
    const { optionChain } = await import('../src/engine/optionChain.ts');
    return this.#answer(request, ({ market }) => optionChain(market, request));
  }

  async rulebooks(request: RulebooksRequest): Promise<Result<RulebooksReport>> {
    return this.#later(request, async ({ market, rows }) => {
      const library = await this.#wholeLibrary();
      const { rulebooks } = await import('../src/engine/rulebooks.ts');
      return rulebooks(market, request, rows, now, library);
    });
  }

  async sizing(request: SizingRequest): Promise<Result<SizingReport | null>> {
    const control = this.#control('sizing');
    return this.#later(request, async ({ market, rows }) => {
      const library = await this.#wholeLibrary();
      const { tradeSizing } = await import('../src/engine/tradeSizing.ts');
      return tradeSizing(market, request, rows, library, control);
    });
  }

  async explainMargin(request: MarginExplanationRequest): Promise<Result<MarginExplanation>> {
    return this.#later(request, async ({ market, rows }) => {
      const library = await this.#libraryWith(request.model);
      const { marginExplanation } = await import('../src/engine/marginExplanation.ts');
      return marginExplanation(market, request, library, rows);
    });
  }

  async marginProvenance(request: MarginProvenanceRequest): Promise<Result<MarginProvenance>> {
    return this.#later(request, async ({ market }) => {
      const library = await this.#libraryWith(request.model);
      const { fullMarginCase, marginProvenance, smallestMarginCase } = await import('../src/engine/marginCase.ts');
      const { marginCaseText } = await import('../src/formats/marginCaseFile.ts');
      const whole = fullMarginCase(market.snapshot, request, library);
      const { marginCase, outcome } = smallestMarginCase(whole, library, identified);
      const provenance = marginProvenance(market, whole, outcome, library);
      return { ...provenance, caseText: marginCaseText(marginCase, outcome, provenance.engineVersion) };
    });
  }

  async frontier(
    request: FrontierRequest,
    onCoarse?: (report: FrontierReport) => void,
  ): Promise<Result<FrontierReport | null>> {
    const control = { ...this.#control('frontier'), ...(onCoarse ? { onCoarse } : {}) };
    return this.#later(request, async ({ market }) => {
      const library = await this.#libraryWith(request.model);
      const { liquidationFrontier } = await import('../src/engine/liquidationFrontier.ts');
      return liquidationFrontier(market, request, control, library);
    });
  }

  async surface(request: SurfaceRequest): Promise<Result<SurfaceReport>> {
    if (request.repair === true) {
      const { repairedReport } = await import('../src/engine/repairedReport.ts');
      return this.#answer(request, ({ market }) => repairedReport(market, request));
    }
    const { surfaceReport } = await import('../src/engine/surfaceReport.ts');
    return this.#answer(request, ({ market }) => surfaceReport(market, request));
  }

  async editSmiles(request: SmileEditRequest): Promise<Result<SmileEditAnswer>> {
    const { smileEditAnswer } = await import('../src/engine/surfaceReport.ts');
    return answer(() => smileEditAnswer(this.#market(request.marketId).market, request));
  }

  async openFromMarket(text: string): Promise<Result<MarketSummary>> {
    return answer(() => {
      this.#from = marketOf(text, this.#kernels.kernels);
      return marketSummary(this.#from);
    });
  }

  async explain(request: ExplainRequest): Promise<Result<PnlExplanation>> {
    const { pnlExplanation } = await import('../src/engine/explain/pnlExplanation.ts');
    return this.#answer(request, ({ market }) => pnlExplanation(market, request, this.#from));
  }

  async valueAtRisk(
    request: VarRequest,
    onProgress?: (progress: VarProgress) => void,
  ): Promise<Result<VarReport | null>> {
    const control = { ...this.#control('var'), ...(onProgress ? { onProgress: seldom(onProgress) } : {}) };
    return this.#later(request, async ({ market }) => {
      // Workers take a while to load: they start with the first question, whichever comes to need them.
      const [{ valueAtRisk }, pool] = await Promise.all([import('../src/engine/var/valueAtRisk.ts'), this.#pathPool()]);
      return valueAtRisk(market, request, { ...control, ...pool });
    });
  }

  async keptValueAtRisk(request: VarRequest): Promise<Result<VarReport | null>> {
    return this.#later(request, async (open) => {
      const { keptMoves } = await import('../src/engine/var/keptMoves.ts');
      let kept = this.#keptMoves.get(open);
      if (kept === undefined) this.#keptMoves.set(open, (kept = keptMoves(open.market, open.rows, now)));
      return kept.valueAtRisk(request);
    });
  }

  cancelValueAtRisk(): void {
    this.#newest.var += 1;
  }

  async verifyProxy(
    request: VarRequest,
    onProgress?: (progress: VarProgress) => void,
  ): Promise<Result<ProxyVerification | null>> {
    const control = { ...this.#control('verify'), ...(onProgress ? { onProgress } : {}) };
    return this.#later(request, async ({ market }) => {
      const [{ proxyVerification }, pool] = await Promise.all([
        import('../src/engine/var/proxyVerification.ts'),
        this.#pathPool(),
      ]);
      return proxyVerification(market, request, { ...control, ...pool });
    });
  }

  cancelVerifyProxy(): void {
    this.#newest.verify += 1;
  }

  async backtest(
    request: BacktestRequest,
    onProgress?: (progress: BacktestProgress) => void,
  ): Promise<Result<BacktestReport | null>> {
    const control = { ...this.#control('backtest'), ...(onProgress ? { onProgress } : {}) };
    return this.#later(request, async ({ market }) => {
      const { backtest } = await import('../src/engine/var/backtest.ts');
      return backtest(market, request, control);
    });
  }

  cancelBacktest(): void {
    this.#newest.backtest += 1;
  }

  async marginalMargin(request: MarginalMarginRequest): Promise<Result<MarginalMarginReport | null>> {
    const control = this.#control('marginal');
    return this.#decide(request, async (rule) => {
      const { marginalMargin } = await import('../src/engine/decide/marginalMargin.ts');
      return marginalMargin(rule, request, control);
    });
  }

  async cheapestCut(
    request: CheapestCutRequest,
    onProgress?: (progress: SearchProgress) => void,
  ): Promise<Result<CheapestCutReport | null>> {
    const control = this.#searchControl('cut', onProgress);
    return this.#decide(request, async (rule) => {
      const { cheapestCut } = await import('../src/engine/decide/cheapestCut.ts');
      return cheapestCut(rule, request, control);
    });
  }

  cancelCheapestCut(): void {
    this.#newest.cut += 1;
  }

  async fillOrder(
    request: FillOrderRequest,
    onProgress?: (progress: SearchProgress) => void,
  ): Promise<Result<FillOrderReport | null>> {
    const control = this.#searchControl('order', onProgress);
    return this.#decide(request, async (rule) => {
      const { fillOrder } = await import('../src/engine/decide/fillOrder.ts');
      return fillOrder(rule, request, control);
    });
  }

  cancelFillOrder(): void {
    this.#newest.order += 1;
  }

  async marginPaths(
    request: MarginPathsRequest,
    onProgress?: (progress: MarginPathsProgress) => void,
  ): Promise<Result<MarginPathsReport | null>> {
    const control = { ...this.#control('paths'), ...(onProgress ? { onProgress } : {}) };
    return this.#later(request, async ({ market }) => {
      const library = await this.#libraryWith(request.model);
      const { marginPaths } = await import('../src/engine/marginPaths/marginPaths.ts');
      return marginPaths(market, request, library, control);
    });
  }

  cancelMarginPaths(): void {
    this.#newest.paths += 1;
  }

  async replayTimeline(
    request: ReplayTimelineRequest,
    recording: Blob,
    compiled: CompiledKernels | null,
    onProgress?: (progress: ReplayProgress) => void,
  ): Promise<Result<ReplayTimeline | null>> {
    const control = { ...this.#control('timeline'), ...(onProgress ? { onProgress } : {}) };
    try {
      const [library, { timelineOfRecording }] = await Promise.all([
        this.#libraryWith(request.model),
        import('./timelineOfRecording.ts'),
      ]);
      return success(await timelineOfRecording(request, recording, compiled, library, control));
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  }

  cancelReplayTimeline(): void {
    this.#newest.timeline += 1;
  }

  async expiryCliff(request: ExpiryCliffRequest): Promise<Result<ExpiryCliffReport>> {
    return this.#decide(request, async (rule) => {
      const { expiryCliff } = await import('../src/engine/decide/expiryCliff.ts');
      return expiryCliff(rule, request);
    });
  }

  #decide<T>(request: DecideQuestion, decided: (rule: MarketRule) => Promise<T>): Promise<Result<T>> {
    return this.#later(request, async ({ market, rows }) => {
      const library = await this.#libraryWith(request.model);
      const { marketRule } = await import('../src/engine/margin/marketRule.ts');
      return decided(marketRule(market, request, library, rows));
    });
  }

  /** A question that no verdict waits for: what answers it is loaded when it is asked. */
  async #later<T>(request: MarketQuestion, compute: (open: OpenMarket) => Promise<T>): Promise<Result<T>> {
    const atHand = this.#kernels;
    let answered: Result<T>;
    try {
      answered = success(await compute(await this.#edited(request)));
    } catch (error) {
      answered = { ok: false, failure: failureOf(error) };
    }
    return this.#hasTrapped(atHand) ? this.#later(request, compute) : answered;
  }

  /**
   * A trapped WebAssembly instance may have left anything in its memory: it and what it computed are never used again. The open
   * market goes on in plain TypeScript, and who was interrupted computes once more.
   */
  #hasTrapped(atHand: KernelsAtHand): boolean {
    const trap = atHand.trap();
    if (trap === null) return false;
    if (this.#kernels !== atHand) return true;
    this.#takeKernels(plainKernels(trap));
    const { kernels } = this.#kernels;
    const plain = (open: OpenMarket) => ({ ...open, market: { ...open.market, kernels }, rows: remembered(kernels) });
    if (this.#open !== null) this.#open = plain(this.#open);
    if (this.#held !== null) this.#held = plain(this.#held);
    this.#before = this.#before.map(plain);
    return true;
  }

  /** The workers of other kernels are of no more use: all of a page compute with the same. */
  #takeKernels(atHand: KernelsAtHand): void {
    if (atHand.compiled !== this.#kernels.compiled) this.#endPool();
    this.#kernels = atHand;
    if (this.#from !== null) this.#from = { ...this.#from, kernels: atHand.kernels };
  }

  #endPool(): void {
    void this.#pool?.then((pool) => pool.end()).catch(() => undefined);
    this.#pool = null;
  }

  async #pathPool(): Promise<{ readonly pool?: PathPool }> {
    if (this.#pools === null) return {};
    this.#pool ??= this.#pools.start(this.#kernels.compiled);
    return { pool: await this.#pool };
  }

  /** Makes this question the newest of its kind; its run goes on only while it is. */
  #control(kind: Overtaken) {
    this.#newest[kind] += 1;
    const number = this.#newest[kind];
    return { cancelled: () => number !== this.#newest[kind], pause: macrotask, now };
  }

  #searchControl(kind: Overtaken, onProgress?: (progress: SearchProgress) => void) {
    return { ...this.#control(kind), onProgress: (share: number) => onProgress?.({ share }) };
  }

  /** Answers at once where the rulebooks asked for are here. */
  #withModels<T>(
    ids: readonly string[],
    answerWith: (library: readonly MarginModel[]) => Awaitable<Result<T>>,
  ): Awaitable<Result<T>> {
    if (ids.every((id) => this.#knows(id))) return answerWith(this.#library);
    return this.#wholeLibrary().then(answerWith, (error: unknown) => ({ ok: false, failure: failureOf(error) }));
  }

  #knows(id: MarginModelId): boolean {
    return this.#library.some((model) => model.id === id);
  }

  /** The rulebooks that are here where the one asked for is among them, else all there are. */
  async #libraryWith(id: MarginModelId): Promise<readonly MarginModel[]> {
    return this.#knows(id) ? this.#library : this.#wholeLibrary();
  }

  async #wholeLibrary(): Promise<readonly MarginModel[]> {
    const { marginModels } = await import('../src/engine/margin/marginModels.ts');
    this.#library = marginModels;
    return marginModels;
  }

  /** Answers at once, unless smiles are edited and what bends them is not loaded yet. */
  #answer<T>(request: MarketQuestion, compute: (open: OpenMarket) => T): Awaitable<Result<T>> {
    const known = answer(() => this.#known(request));
    if (!known.ok) return known;
    const { value } = known;
    if (value === null) return this.#later(request, async (open) => compute(open));
    const atHand = this.#kernels;
    const answered = answer(() => compute(value));
    return this.#hasTrapped(atHand) ? this.#answer(request, compute) : answered;
  }

  /** The market as the request edits it; null when it has to be made first. */
  #known({ marketId, smileEdits }: MarketQuestion): OpenMarket | null {
    const open = this.#market(marketId);
    if (smileEdits === undefined || smileEdits.length === 0) return open;
    return this.#bent?.of === open && this.#bent.key === JSON.stringify(smileEdits) ? this.#bent : null;
  }

  /** The same, made if need be. Rows are shared: those of an edited expiry carry the mark of their edit. */
  async #edited(request: MarketQuestion): Promise<OpenMarket> {
    const known = this.#known(request);
    if (known !== null) return known;
    const { editedMarket } = await import('../src/engine/scenario/editedMarket.ts');
    const of = this.#market(request.marketId);
    const edits = request.smileEdits ?? [];
    this.#bent = { ...of, of, key: JSON.stringify(edits), market: editedMarket(of.market, edits).market };
    return this.#bent;
  }

  /** A request names the market that it means, so that an answer can never be of another. */
  #market(id: string): OpenMarket {
    if (this.#open === null) throw new RiskError('missing-data', 'No market is open');
    const open = this.#kept(id);
    if (open === null) throw new RiskError('missing-data', 'Another market has been opened since this was asked');
    open.rows.startRequest();
    return open;
  }
}

function remembered(kernels: Kernels): RememberedRows {
  return rememberedRows(undefined, rowsBy(kernels));
}

/** @throws RiskError when a text is no market. */
function marketOf(market: string | MarketSnapshot, kernels: Kernels): PreparedMarket {
  if (typeof market !== 'string') return prepareMarket(market, kernels);
  const snapshot = parseMarketFile(market);
  if (!snapshot.ok) throw riskError(snapshot.failure);
  return prepareMarket(snapshot.value, kernels);
}

function answer<T>(compute: () => T): Result<T> {
  try {
    return success(compute());
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function now(): number {
  return performance.now();
}

/** Lets waiting messages (an edit, a cancel) in before a long run goes on. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Progress is told when it brings figures, else so long after the last: every word of it is work for the page. */
function seldom(onProgress: (progress: VarProgress) => void): (progress: VarProgress) => void {
  let last: { readonly at: number; readonly soFar: VarReport | null } | null = null;
  return (progress) => {
    const at = now();
    if (last !== null && progress.soFar === last.soFar && at - last.at < PROGRESS_PAUSE_MS) return;
    last = { at, soFar: progress.soFar };
    onProgress(progress);
  };
}
