import type { CompiledKernels, RiskApi } from '../../../workers/RiskApi.ts';
import type { Result } from '../../engine/domain/failure.ts';
import type { MarketDelta } from '../../engine/domain/marketDelta.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import { SupervisedWorker, type WorkerLike } from '../SupervisedWorker.ts';
import type { FittedMarkets } from './lateWorker.ts';
import { type OpenMarket, openedIn, reopenedBy } from './OpenMarket.ts';
import { told } from './question.ts';

const MOVE_SILENCE_MS = 1_500;
const TELL_SILENCE_MS = 10_000;

/** Which market the questions are about. */
export interface MarketQuestions {
  /** Opens a market in every worker; a refused market leaves the open one as it was. */
  openMarket(market: string | MarketSnapshot): Promise<Result<MarketSummary>>;
  /**
   * The open market has moved: `snapshot` is the one `from` after the deltas; without any it is told as a whole. Only the verdict follows at once; other questions are
   * about the market that is held.
   */
  moveMarket(snapshot: MarketSnapshot, from: string, deltas: readonly MarketDelta[]): Promise<Result<MarketSummary>>;
  /**
   * Loads the kernels anew and opens the open market again with them, in every worker. Reproducible ones give the same bits on
   * every machine. Answers whether a market was opened again, whose figures may now differ in their last bits.
   */
  loadKernels(reproducible: boolean): Promise<boolean>;
}

/** The worker that reads and fits every market first, and what it has open. */
export interface QuickMarkets extends FittedMarkets {
  readonly quick: SupervisedWorker<RiskApi>;
  readonly questions: MarketQuestions;
  kernels(): Promise<CompiledKernels>;
  /** The newest market is the one that questions beside the verdict are about, until another is held; null when none is open. */
  hold(): void;
  /** Of the market that is held. */
  heldId(): string | null;
}

/** @param others told when another market is asked for, and when it is open. */
export function quickMarkets(
  spawn: () => WorkerLike,
  compile: (reproducible: boolean) => Promise<CompiledKernels>,
  reproducible: boolean,
  others: { onOpening(): void; onOpened(): void },
): QuickMarkets {
  let kernels = compile(reproducible);
  /** The newest, and the one that all but the verdict is about. */
  let market: OpenMarket | null = null;
  let held: OpenMarket | null = null;
  /** The newest that was asked for, open or not. */
  let asked: string | MarketSnapshot | null = null;
  const quick = new SupervisedWorker<RiskApi>(spawn, (api) => reopenedBy(api, market));
  const tell: QuickMarkets['tell'] = (message) => void told(quick, TELL_SILENCE_MS, 'the market', message);

  async function openMarket(content: string | MarketSnapshot): Promise<Result<MarketSummary>> {
    others.onOpening();
    asked = content;
    const wanted: OpenMarket = { id: null, content, kernels };
    const opened = await openedIn(quick, wanted);
    if (opened.ok) {
      market = { ...wanted, id: opened.value.id };
      held = market;
      others.onOpened();
    } else if (asked === content) asked = market?.content ?? null;
    return opened;
  }

  const questions: MarketQuestions = {
    openMarket,
    async moveMarket(snapshot, from, deltas) {
      asked = snapshot;
      const moved: OpenMarket = { id: snapshot.id, content: snapshot, kernels };
      const followed =
        deltas.length === 0
          ? null
          : await quick.ask(
              (api) => api.moveMarket({ from, id: snapshot.id, deltas }) as Promise<Result<MarketSummary>>,
              MOVE_SILENCE_MS,
              'this move of the market',
            );
      const answer = followed?.ok ? followed : await openedIn(quick, moved);
      if (answer.ok && asked === snapshot) market = moved;
      return answer;
    },
    async loadKernels(reproducible) {
      kernels = compile(reproducible);
      return asked !== null && (await openMarket(asked)).ok;
    },
  };
  return {
    quick,
    questions,
    tell,
    kernels: () => kernels,
    known: () => [held, market],
    heldId: () => held?.id ?? null,
    hold() {
      if (!market?.id || held === market) return;
      held = market;
      const { id } = market;
      tell((api) => api.holdMarket(id));
    },
  };
}
