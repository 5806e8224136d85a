import { queryOptions } from '@tanstack/react-query';
import { demoMarketSource } from '../adapters/market/marketSources.ts';
import { riskError } from '../engine/domain/failure.ts';

/** The text of the bundled market: fetched once, then kept for the visit. */
export const demoMarketQuery = queryOptions({
  queryKey: ['market', 'demo'],
  queryFn: async ({ signal }) => {
    const text = await demoMarketSource.text(signal);
    if (!text.ok) throw riskError(text.failure);
    return text.value;
  },
});
