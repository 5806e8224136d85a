import type { MarginProvenance, MarginProvenanceRequest } from '../../engine/domain/marginCase.ts';
import { type NewestTask, useNewestTask } from './useNewestTask.ts';

/** Where a rulebook's figures of a book come from. */
export function useMarginProvenance(
  key: string | null,
  request: MarginProvenanceRequest | null,
): NewestTask<MarginProvenance> {
  return useNewestTask('margin-provenance', key, request, (client, asked) => client.marginProvenance(asked));
}
