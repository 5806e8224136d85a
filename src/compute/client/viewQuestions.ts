import type { MarginalMarginReport, MarginalMarginRequest } from '../../engine/domain/decideReport.ts';
import type { Result } from '../../engine/domain/failure.ts';
import type { FrontierReport, FrontierRequest } from '../../engine/domain/liquidationFrontier.ts';
import type { MarginProvenance, MarginProvenanceRequest } from '../../engine/domain/marginCase.ts';
import type { MarginExplanation, MarginExplanationRequest } from '../../engine/domain/marginExplanation.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../../engine/domain/pnlExplanation.ts';
import type { MarginModelDescription } from '../../engine/domain/riskParameters.ts';
import type { ChainReport, ChainRequest, ExploreReport, ExploreRequest } from '../../engine/domain/riskReport.ts';
import type {
  RulebooksReport,
  RulebooksRequest,
  SizingReport,
  SizingRequest,
} from '../../engine/domain/rulebookReport.ts';
import type { SurfaceReport, SurfaceRequest } from '../../engine/domain/surfaceReport.ts';
import type { WorkerLike } from '../SupervisedWorker.ts';
import { lateWorker } from './lateWorker.ts';
import type { QuickMarkets } from './marketQuestions.ts';
import { OPENING_SILENCE_MS } from './OpenMarket.ts';
import { type Question, question, type ToldQuestion, told } from './question.ts';

const VIEW_SILENCE_MS = 2_000;
const RULES_SILENCE_MS = 10_000;
const SIZING_SILENCE_MS = 30_000;

/** What follows a keystroke by some frames. */
export interface ViewQuestions {
  /**
   * The newest market is the one that questions beside the verdict are about, until another is held. Answers what there is to know of it,
   * all its smiles fitted.
   */
  holdMarket(): Promise<Result<MarketSummary>>;
  /** Every rulebook there is, from a worker that no keystroke waits for. */
  allModels(): Promise<Result<readonly MarginModelDescription[]>>;
  explore: Question<ExploreRequest, ExploreReport>;
  chain: Question<ChainRequest, ChainReport>;
  rulebooks: Question<RulebooksRequest, RulebooksReport>;
  /** Null when a newer question overtook this one. */
  sizing: Question<SizingRequest, SizingReport | null>;
  explainMargin: Question<MarginExplanationRequest, MarginExplanation>;
  marginProvenance: Question<MarginProvenanceRequest, MarginProvenance>;
  /** Tells a coarse picture first where it takes long. Null when a newer question overtook this one. */
  frontier: ToldQuestion<FrontierRequest, FrontierReport, FrontierReport | null>;
  surface: Question<SurfaceRequest, SurfaceReport>;
  /** Opens the market that a P&L is explained from, beside the open one; a refused one leaves the former as it was. */
  openFromMarket(text: string): Promise<Result<MarketSummary>>;
  explain: Question<ExplainRequest, PnlExplanation>;
  /** Null when a newer question overtook this one. */
  marginalMargin: Question<MarginalMarginRequest, MarginalMarginReport | null>;
}

export function viewQuestions(
  spawn: () => WorkerLike,
  markets: QuickMarkets,
): { readonly questions: ViewQuestions; end(): void } {
  let fromMarketText: string | null = null;
  // The only one that is asked about a second market.
  const views = lateWorker(spawn, markets, async (api) => {
    if (fromMarketText === null) return null;
    const reopened = await api.openFromMarket(fromMarketText);
    return reopened.ok ? null : reopened.failure;
  });
  const { worker } = views;
  const heldOpened = () => views.opened({ marketId: markets.heldId() });
  const questions: ViewQuestions = {
    holdMarket() {
      markets.hold();
      return heldOpened();
    },
    async allModels() {
      await heldOpened();
      return told(
        worker,
        RULES_SILENCE_MS,
        "the venues' rulebooks",
        (api) => api.allModels() as Promise<readonly MarginModelDescription[]>,
      );
    },
    explore: question(views, VIEW_SILENCE_MS, 'the curves of this book', (api, request) => api.explore(request)),
    chain: question(views, VIEW_SILENCE_MS, 'this option chain', (api, request) => api.chain(request)),
    rulebooks: question(views, RULES_SILENCE_MS, 'every rulebook', (api, request) => api.rulebooks(request)),
    sizing: question(views, SIZING_SILENCE_MS, 'sizes of this trade', (api, request) => api.sizing(request)),
    explainMargin: question(views, RULES_SILENCE_MS, 'why the margin is so', (api, request) =>
      api.explainMargin(request),
    ),
    marginProvenance: question(views, RULES_SILENCE_MS, 'this figure', (api, request) => api.marginProvenance(request)),
    frontier: question(views, RULES_SILENCE_MS, 'the liquidation frontier', (api, request, onCoarse) =>
      api.frontier(request, onCoarse),
    ),
    surface: question(views, VIEW_SILENCE_MS, 'this surface', (api, request) => api.surface(request)),
    async openFromMarket(text) {
      const opened = await worker.ask(
        (api) => api.openFromMarket(text) as Promise<Result<MarketSummary>>,
        OPENING_SILENCE_MS,
        'the market',
      );
      if (opened.ok) fromMarketText = text;
      return opened;
    },
    explain: question(views, VIEW_SILENCE_MS, 'this P&L', (api, request) => api.explain(request)),
    marginalMargin: question(views, RULES_SILENCE_MS, 'one contract more', (api, request) =>
      api.marginalMargin(request),
    ),
  };
  return { questions, end: () => worker.end() };
}
