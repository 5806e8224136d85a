import { DERIBIT_ENDPOINTS } from '../adapters/market/marketEndpoint.ts';
import type { MarketFeed } from '../adapters/market/MarketFeed.ts';
import { failed, type Result, success } from '../engine/domain/failure.ts';
import type { MarketChoice } from '../state/marketChoice.ts';

/** The feed of a choice that can be made anew; its code is loaded for it. */
export async function chosenFeed(choice: MarketChoice): Promise<Result<MarketFeed>> {
  switch (choice.kind) {
    case 'deribit':
      return success(await liveFeed(DERIBIT_ENDPOINTS[choice.network]));
    case 'endpoint':
      return success(await liveFeed(choice.url));
    case 'simulator': {
      const [{ simulatedFeed }, { simulatedMarket }] = await Promise.all([
        import('../adapters/market/simulator/simulatedFeed.ts'),
        import('../adapters/market/simulatedMarket.ts'),
      ]);
      const { seed, speed } = choice;
      return success(simulatedFeed({ seed, speed, start: simulatedMarket(seed, Date.now()) }));
    }
    case 'replay':
      return failed('unsupported', 'The bundled replays are not in this build');
    case 'recording':
      return failed('missing-data', `${choice.fileName} has to be opened again`);
    case 'still':
      return failed('unsupported', 'This market stands still');
  }
}

async function liveFeed(endpoint: string): Promise<MarketFeed> {
  const { deribitFeed } = await import('../adapters/market/deribit/deribitFeed.ts');
  return deribitFeed({ endpoint });
}
