import type { FillOrderReport, FillOrderRequest } from '../../engine/domain/decideReport.ts';
import { type SearchTask, useSearch } from './useSearch.ts';

/** The best and the worst order of some trades. `key` names the version of the inputs, which never comes again. */
export function useFillOrder(key: string | null, request: FillOrderRequest | null): SearchTask<FillOrderReport> {
  return useSearch(
    ['fill-order', key],
    (client, onProgress, signal) => client.fillOrder(request!, onProgress, signal),
    key !== null && request !== null,
    0,
  );
}
