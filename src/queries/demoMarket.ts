import { queryOptions } from '@tanstack/react-query';
import { demoMarketSource } from '../adapters/market/marketSources.ts';
import { type Result, riskError } from '../engine/domain/failure.ts';

/** The text of the bundled market: fetched once, then kept for the visit. */
export const demoMarketQuery = queryOptions({
  queryKey: ['market', 'demo'],
  queryFn: ({ signal }) => demoMarketText(demoMarketSource.text(signal)),
});

/** @throws RiskError when there is no text. */
export async function demoMarketText(asked: Promise<Result<string>>): Promise<string> {
  const text = await asked;
  if (!text.ok) throw riskError(text.failure);
  return text.value;
}
