import { SIMULATED_REPLAYS } from '../adapters/market/simulator/simulatedReplays.ts';
import type { MarketChoice } from '../state/marketChoice.ts';

/** What a choice is called; null for a market that stands still, which has a name of its own. */
export function choiceName(choice: MarketChoice): string | null {
  switch (choice.kind) {
    case 'still':
      return null;
    case 'deribit':
      return choice.network === 'production' ? 'Deribit' : 'Deribit test network';
    case 'endpoint':
      return new URL(choice.url).host;
    case 'simulator':
      return `Simulator, seed ${choice.seed}`;
    case 'replay':
      return SIMULATED_REPLAYS.find(({ id }) => id === choice.name)?.name ?? null;
    case 'recording':
      return choice.fileName;
  }
}
