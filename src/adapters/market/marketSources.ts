import { failed, success } from '../../engine/domain/failure.ts';
import type { MarketDataSource } from './MarketDataSource.ts';

/** The simulated market that ships with the app; it needs no network beyond the app itself. */
export const demoMarketSource: MarketDataSource = {
  id: 'demo',
  label: 'Demo market (simulated)',
  async text(signal) {
    try {
      const response = await fetch('./demo/market.json', signal ? { signal } : {});
      // A server that answers every path with its page would otherwise pass for a market.
      const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
      if (!response.ok || isPage)
        return failed('missing-data', 'The demo market is not on this server. Open a market file instead.');
      return success(await response.text());
    } catch {
      return failed('missing-data', 'The demo market could not be loaded. Open a market file, or reload.');
    }
  },
};
