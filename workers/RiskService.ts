import { type Failure, failureOf, RiskError, type Result, success } from '../src/engine/domain/failure.ts';
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
import { evaluate } from '../src/engine/evaluate.ts';
import { explore } from '../src/engine/explore.ts';
import { marginModelDescriptions } from '../src/engine/margin/marginModels.ts';
import { marketSummary } from '../src/engine/marketSummary.ts';
import { optionChain } from '../src/engine/optionChain.ts';
import { type PreparedMarket, prepareMarket } from '../src/engine/scenario/preparedMarket.ts';
import { rememberedRows, type UnitPnlRows } from '../src/engine/scenario/unitPnlCache.ts';
import { valueAtRisk } from '../src/engine/var/valueAtRisk.ts';
import { parseMarketFile } from '../src/formats/marketFile.ts';
import type { RiskApi } from './RiskApi.ts';

/**
 * The engine behind the worker's door: holds the open market, remembers unit P&L, and answers with values, never with a
 * rejection.
 */
export class RiskService implements RiskApi {
  #open: { market: PreparedMarket; rows: UnitPnlRows } | null = null;
  /** Raised by each valueAtRisk and each cancel; a run goes on only while it holds the newest ticket. */
  #ticket = 0;

  async openMarket(text: string): Promise<Result<MarketSummary>> {
    return answer(() => {
      const snapshot = parseMarketFile(text);
      if (!snapshot.ok) throw new Refusal(snapshot.failure);
      const market = prepareMarket(snapshot.value);
      this.#open = { market, rows: rememberedRows() };
      return marketSummary(market);
    });
  }

  models(): readonly MarginModelDescription[] {
    return marginModelDescriptions();
  }

  evaluate(request: EvaluateRequest): Result<RiskReport> {
    return answer(() => {
      const { market, rows } = this.#market(request.marketId);
      return evaluate(market, request, rows, now);
    });
  }

  explore(request: ExploreRequest): Result<ExploreReport> {
    return answer(() => {
      const { market, rows } = this.#market(request.marketId);
      return explore(market, request, rows, now);
    });
  }

  chain(request: ChainRequest): Result<ChainReport> {
    return answer(() => optionChain(this.#market(request.marketId).market, request));
  }

  async valueAtRisk(
    request: VarRequest,
    onProgress?: (progress: VarProgress) => void,
  ): Promise<Result<VarReport | null>> {
    this.#ticket += 1;
    const ticket = this.#ticket;
    try {
      const { market } = this.#market(request.marketId);
      const control = {
        cancelled: () => ticket !== this.#ticket,
        pause: macrotask,
        now,
        ...(onProgress ? { onProgress } : {}),
      };
      return success(await valueAtRisk(market, request, control));
    } catch (error) {
      return { ok: false, failure: failureOf(error) };
    }
  }

  cancelValueAtRisk(): void {
    this.#ticket += 1;
  }

  /** A request names the market that it means, so that an answer can never be of another. */
  #market(id: string): { market: PreparedMarket; rows: UnitPnlRows } {
    if (this.#open === null) throw new RiskError('missing-data', 'No market is open');
    if (this.#open.market.snapshot.id !== id)
      throw new RiskError('missing-data', 'Another market has been opened since this was asked');
    return this.#open;
  }
}

class Refusal extends RiskError {
  constructor(failure: Failure) {
    super(failure.code, failure.message, failure.path);
  }
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
