import { queryOptions } from '@tanstack/react-query';
import { demoMarketSource } from '../adapters/market/marketSources.ts';
import { RiskError } from '../engine/domain/failure.ts';

/** The text of the bundled market: fetched once, then kept for the visit. */
export const demoMarketQuery = queryOptions({
  queryKey: ['market', 'demo'],
  queryFn: async ({ signal }) => {
    const text = await demoMarketSource.text(signal);
    if (!text.ok) throw new RiskError(text.failure.code, text.failure.message, text.failure.path);
    return text.value;
  },
});
