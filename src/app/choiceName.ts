import type { BundledReplayName, MarketChoice } from '../state/marketChoice.ts';

/** The bundled replays as people know them. */
export const REPLAY_NAMES: Readonly<Record<BundledReplayName, string>> = {
  'quiet-day': 'Quiet day',
  crash: 'Crash with a vol spike',
  'vol-crush': 'Vol crush',
  depeg: 'Stablecoin depeg',
};

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
      return REPLAY_NAMES[choice.name];
    case 'recording':
      return choice.fileName;
  }
}
