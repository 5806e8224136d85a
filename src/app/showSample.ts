import type { MarketSummary } from '../engine/domain/marketSummary.ts';
import type { Portfolio } from '../engine/domain/portfolio.ts';
import type { AppStore } from '../state/store.ts';
import { sampleBook } from './sampleBook.ts';

/** A sample book that nobody has touched follows the market; any other book stays as it is. */
export function followMarket(store: AppStore, market: MarketSummary): void {
  if (untouchedSamples.has(store.getState().book)) showSample(store, market);
}

/** Sample books as they were made: an edit makes another object. */
const untouchedSamples = new WeakSet<Portfolio>();

/** Puts the sample book for this market on the screen, with a fresh history. */
export function showSample(store: AppStore, market: MarketSummary): void {
  const sample = sampleBook(market);
  untouchedSamples.add(sample);
  store.getState().loadBook(sample, 'restored');
}
