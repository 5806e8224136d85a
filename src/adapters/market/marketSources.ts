import { failed, success } from '../../engine/domain/failure.ts';
import { readTextFile } from '../files/readTextFile.ts';
import type { MarketDataSource } from './MarketDataSource.ts';

/** The simulated market that ships with the app; it needs no network beyond the app itself. */
export const demoMarketSource: MarketDataSource = {
  id: 'demo',
  label: 'Demo market (simulated)',
  async text(signal) {
    try {
      const response = await fetch('./demo/market.json', { signal });
      if (!response.ok)
        return failed('missing-data', `The demo market answered ${response.status}. Open a market file, or reload.`);
      return success(await response.text());
    } catch {
      return failed('missing-data', 'The demo market could not be loaded. Open a market file, or reload.');
    }
  },
};

/** A market file that the user opened. */
export function openedMarketSource(file: File): MarketDataSource {
  return { id: 'file', label: file.name, text: () => readTextFile(file) };
}
