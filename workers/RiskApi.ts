import type { Result } from '../src/engine/domain/failure.ts';
import type { MarketSummary } from '../src/engine/domain/marketSummary.ts';
import type { MarginModelDescription } from '../src/engine/domain/riskParameters.ts';
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

/**
 * The questions the page may put to the engine. Types only: a value import from here would pull the engine into the page.
 * Every answer is a Result, since a rejected promise loses its class on the way through structured clone.
 */
export interface RiskApi {
  /** Parse, validate and fit a market file's text, and keep it. */
  openMarket(text: string): Promise<Result<MarketSummary>>;
  models(): readonly MarginModelDescription[];
  /** Every keystroke. */
  evaluate(request: EvaluateRequest): Result<RiskReport>;
  /** Curves and grid. */
  explore(request: ExploreRequest): Result<ExploreReport>;
  chain(request: ChainRequest): Result<ChainReport>;
  /** Long; reports progress as it refines. A newer call overtakes an older one, which then answers null. */
  valueAtRisk(request: VarRequest, onProgress?: (progress: VarProgress) => void): Promise<Result<VarReport | null>>;
  /** Abandon whatever runs; it answers null within one block of paths. */
  cancelValueAtRisk(): void;
}
