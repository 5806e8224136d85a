import type { Remote } from 'comlink';
import type { CompiledKernels, RiskApi } from '../../../workers/RiskApi.ts';
import type { Failure, Result } from '../../engine/domain/failure.ts';
import type { MarketSnapshot } from '../../engine/domain/marketSnapshot.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import type { SupervisedWorker } from '../SupervisedWorker.ts';

/** How long a worker may be silent over a market that it reads and fits. */
export const OPENING_SILENCE_MS = 60_000;

/** A market that can be opened in any worker. */
export interface OpenMarket {
  /** Null until it has been opened. */
  readonly id: string | null;
  readonly content: string | MarketSnapshot;
  readonly kernels: Promise<CompiledKernels>;
}

/** Has the worker read the market and fit its smiles. */
export function openedIn(worker: SupervisedWorker<RiskApi>, market: OpenMarket): Promise<Result<MarketSummary>> {
  return worker.ask((api) => openedBy(api, market), OPENING_SILENCE_MS, 'the market');
}

/** The same in a fresh worker, of what its predecessor had open; null when there is nothing wrong. */
export async function reopenedBy(api: Remote<RiskApi>, market: OpenMarket | null): Promise<Failure | null> {
  if (market === null) return null;
  const reopened = await openedBy(api, market);
  return reopened.ok ? null : reopened.failure;
}

async function openedBy(api: Remote<RiskApi>, { content, kernels }: OpenMarket) {
  return api.openMarket(content, await kernels) as Promise<Result<MarketSummary>>;
}
