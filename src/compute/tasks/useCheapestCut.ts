import type { CheapestCutReport, CheapestCutRequest } from '../../engine/domain/decideReport.ts';
import { type SearchTask, useSearch } from './useSearch.ts';

/** The frontier of margin freed against its cost. */
export function useCheapestCut(key: string | null, request: CheapestCutRequest | null): SearchTask<CheapestCutReport> {
  return useSearch(
    ['cheapest-cut', key],
    (client, onProgress, signal) => client.cheapestCut(request!, onProgress, signal),
    key !== null && request !== null,
    120_000,
  );
}
