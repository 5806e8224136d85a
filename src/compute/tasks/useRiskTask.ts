import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useContext } from 'react';
import { type Failure, type Result, failed, failureOf, riskError } from '../../engine/domain/failure.ts';
import { RiskEngineContext } from '../RiskEngineContext.ts';
import type { RiskClient } from '../riskClient.ts';

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
      if (!result.ok) throw riskError(result.failure);
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
