import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type Failure, failed, failureOf, RiskError, type Result } from '../engine/domain/failure.ts';
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

/** A question that one panel asks for itself. Equal keys share one answer; put the market's id in the key. */
export function useRiskTask<T>(
  key: readonly unknown[],
  ask: (client: RiskClient) => Promise<Result<T>>,
  enabled = true,
): RiskTask<T> {
  const client = useContext(RiskEngineContext);
  const query = useQuery({
    queryKey: key,
    enabled: enabled && client !== null,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const result = await (client === null ? failed('internal', 'The risk engine has not started.') : ask(client));
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
