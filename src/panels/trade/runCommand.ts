import { useStore } from '../../state/store.ts';
import { usualSize } from '../../state/strategyTemplates.ts';
import type { Command } from './command.ts';
import type { TradeDesk } from './useTradeDesk.ts';

/** Carries out a typed command; answers whether it worked, after a toast that says why not. */
export async function runCommand(command: Command, desk: TradeDesk): Promise<boolean> {
  const state = useStore.getState();
  switch (command.kind) {
    case 'trade':
      return desk.trade([{ instrument: command.instrument, quantity: command.quantity }]);
    case 'hedge-delta':
      return desk.hedgeDelta(command.underlying);
    case 'strategy': {
      const coin = state.market?.underlyings.find(({ symbol }) => symbol === command.underlying);
      const size = command.size ?? usualSize(coin?.index ?? 0);
      return desk.structure(command.strategy, command.underlying, command.expiry, size);
    }
    case 'pin': {
      const { spotMove, volShock, volUnit } = command;
      state.setPin({ spotMove, volShock, volUnit, days: 0, smile: state.smile, movers: state.movers });
      return true;
    }
    case 'cut':
      state.openDecide({ view: 'cut', ...(command.targetUsd === null ? {} : { targetUsd: command.targetUsd }) });
      return true;
    case 'coin':
      state.setUnderlying(command.underlying);
      return true;
    case 'expiry':
      state.setChainExpiry(command.expiry);
      return true;
    case 'unit':
      state.setUnit(command.unit);
      return true;
    case 'undo':
      state.undo();
      return true;
    case 'redo':
      state.redo();
      return true;
    case 'keep':
      state.keepProposal();
      return true;
    case 'drop':
      state.dropProposal();
      return true;
    case 'clear-pin':
      state.setPin(null);
      return true;
    case 'clear-book':
      state.clearBook();
      return true;
    case 'about':
      state.setAboutOpen(true);
      return true;
    case 'verify-proxy':
      state.setVerifyOpen(true);
      return true;
    case 'more-paths':
      state.askMorePaths();
      return true;
  }
}
