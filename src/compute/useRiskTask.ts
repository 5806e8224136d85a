import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useState } from 'react';
import { type Failure, failed, failureOf, RiskError, type Result } from '../engine/domain/failure.ts';
import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { ExplainRequest, PnlExplanation } from '../engine/domain/pnlExplanation.ts';
import type { ChainReport } from '../engine/domain/riskReport.ts';
import type { Timestamp } from '../engine/domain/units.ts';
import { smileEditsInForce } from '../state/smileSlice.ts';
import { useStore } from '../state/store.ts';
import type { RiskClient } from './riskClient.ts';

/** The engine's door for panels; null where nothing has been started, as in page tests. */
export const RiskEngineContext = createContext<RiskClient | null>(null);

export interface RiskTask<T> {
  /** The last answer, kept while a newer one is awaited. */
  readonly value: T | null;
  readonly failure: Failure | null;
  readonly pending: boolean;
  readonly retry: () => void;
}

/**
 * A question that one panel asks for itself. Equal keys share one answer; put the market's id in the key. Who reads the signal
 * gives the question up when nobody waits for its answer any more. `keepMs` is how long an answer that nobody shows is kept.
 */
export function useRiskTask<T>(
  key: readonly unknown[],
  ask: (client: RiskClient, asked: { readonly signal: AbortSignal }) => Promise<Result<T>>,
  enabled = true,
  keepMs?: number,
): RiskTask<T> {
  const client = useContext(RiskEngineContext);
  const query = useQuery({
    queryKey: key,
    ...(keepMs === undefined ? {} : { gcTime: keepMs }),
    enabled: enabled && client !== null,
    placeholderData: keepPreviousData,
    queryFn: async (asked) => {
      const result = await (client === null
        ? failed('internal', 'The risk engine has not started.')
        : ask(client, asked));
      if (!result.ok) throw new RiskError(result.failure.code, result.failure.message, result.failure.path);
      return result.value;
    },
  });
  return {
    value: query.data ?? null,
    failure: query.error === null ? null : failureOf(query.error),
    pending: query.isFetching,
    retry: () => void query.refetch(),
  };
}

/** The option chain of one expiry in the open market, on the smiles as they are edited. */
export function useChain(underlying: string, expiry: Timestamp | null): RiskTask<ChainReport> {
  const marketId = useStore((state) => state.market?.id ?? null);
  const smileEdits = useStore(smileEditsInForce);
  return useRiskTask(
    ['chain', marketId, underlying, expiry, smileEdits],
    (client) => client.chain({ marketId: marketId!, smileEdits, underlying, expiry: expiry! }),
    marketId !== null && expiry !== null,
  );
}

export interface PnlExplanationTask extends RiskTask<PnlExplanation> {
  /** What is shown answers an earlier question. */
  readonly stale: boolean;
}

/**
 * Where the P&L of a move comes from. The question changes with every edit, so one is asked at a time, of those that wait only
 * the newest, and answers are not remembered. `key` names the question; null asks nothing.
 */
export function usePnlExplanation(key: string | null, request: ExplainRequest | null): PnlExplanationTask {
  const [asked, setAsked] = useState({ key, request });
  const task = useRiskTask(
    ['explain', asked.key],
    (client) => client.explain(asked.request!),
    asked.key !== null && asked.request !== null,
    0,
  );
  if (asked.key !== key && !task.pending) setAsked({ key, request });
  return { ...task, stale: task.pending || asked.key !== key };
}

/** Opens the text of a market that a P&L is explained from, and puts its summary into the store. */
export function useOpenFromMarket(): (text: string) => Promise<Result<MarketSummary>> {
  const client = useContext(RiskEngineContext);
  return async (text) => {
    const opened = await (client?.openFromMarket(text) ?? failed('internal', 'The risk engine has not started.'));
    if (opened.ok) useStore.getState().setFromMarket(opened.value);
    return opened;
  };
}
