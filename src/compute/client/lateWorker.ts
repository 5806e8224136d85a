import { type Remote, transfer } from 'comlink';
import type { RiskApi } from '../../../workers/RiskApi.ts';
import { type Failure, failed, type Result } from '../../engine/domain/failure.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import { SupervisedWorker, type WorkerLike } from '../SupervisedWorker.ts';
import { OPENING_SILENCE_MS, type OpenMarket, openedIn, reopenedBy } from './OpenMarket.ts';
import type { Asked } from './question.ts';

/** A worker that is handed the market of its first question, and of the first about another market. */
export interface LateWorker extends Required<Asked<{ readonly marketId: string | null }>> {
  /** Has the worker open the market of a question; one that is no longer known leaves it as it is, and is refused there. */
  readonly opened: (request: { readonly marketId: string | null }) => Promise<Result<MarketSummary>>;
  /** Ends the worker; the next question starts another. */
  end(): void;
}

/** The markets that others may ask about, and the worker that has read and fitted them. */
export interface FittedMarkets {
  known(): readonly (OpenMarket | null)[];
  /** Tells that worker something that it need not answer. */
  tell(tell: (api: Remote<RiskApi>) => Promise<void>): void;
}

/** Starts when it is first asked; `prepareMore` tells a fresh worker what it must know beside its market. */
export function lateWorker(
  spawn: () => WorkerLike,
  markets: FittedMarkets,
  prepareMore: (api: Remote<RiskApi>) => Promise<Failure | null> = async () => null,
): LateWorker {
  /** What its predecessor, should there be one, had open. */
  let known: OpenMarket | null = null;
  let opening: { readonly market: OpenMarket; readonly done: Promise<Result<MarketSummary>> } | null = null;
  const worker = new SupervisedWorker<RiskApi>(
    spawn,
    async (api) => (await reopenedBy(api, known)) ?? (await prepareMore(api)),
  );
  const take = (wanted: OpenMarket) =>
    worker.ask(
      async (api) => {
        const compiled = known?.kernels === wanted.kernels ? null : await wanted.kernels;
        const { port1, port2 } = new MessageChannel();
        markets.tell((from) => from.handMarket(wanted.id!, transfer(port1, [port1])));
        return api.takeMarket(transfer(port2, [port2]), compiled) as Promise<Result<MarketSummary>>;
      },
      OPENING_SILENCE_MS,
      'the market',
    );
  const tell = async (wanted: OpenMarket) => {
    const taken = await take(wanted);
    const opened = taken.ok ? taken : await openedIn(worker, wanted);
    if (opened.ok) known = wanted;
    return opened;
  };
  return {
    worker,
    async opened({ marketId }) {
      const wanted = markets.known().find((each) => each !== null && each.id === marketId);
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
