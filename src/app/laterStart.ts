import type { AppState } from '../state/AppState.ts';
import type { AppStore } from '../state/store.ts';
import { keepOffline } from './keepOffline.ts';
import { type MarketControl, startMarketControl } from './marketControl.ts';
import type { RiskEngine } from './startRiskEngine.ts';
import type { Workspace } from './workspace.ts';

export interface LaterStartOptions {
  readonly store: AppStore;
  readonly engine: RiskEngine;
  /** Resolves once a market is open or known not to be. */
  readonly opened: Promise<Workspace>;
}

/** Where no value at risk comes, the app is kept all the same. */
const LATEST_KEEPING_MS = 8_000;

/** What a visit begins with once its first verdict is on the screen: the market that moves, and what a start without a network needs. */
export async function laterStart({ store, engine, opened }: LaterStartOptions): Promise<MarketControl> {
  // To fetch and keep all files of the build is half a second of a core, which the first figures need.
  if (import.meta.env.PROD) void firstValueAtRisk(store).then(() => keepOffline(store));
  return startMarketControl({ store, engine, workspace: await opened });
}

/** Resolves once Monte Carlo has been answered, well or badly, or after a while. */
function firstValueAtRisk(store: AppStore): Promise<void> {
  return new Promise((resolve) => {
    const latest = setTimeout(settle, LATEST_KEEPING_MS);
    const stop = store.subscribe(isAnswered, (isIn) => isIn && settle());
    function settle(): void {
      clearTimeout(latest);
      stop();
      resolve();
    }
    if (isAnswered(store.getState())) settle();
  });
}

function isAnswered({ varReports }: AppState): boolean {
  const answer = varReports['monte-carlo'];
  return answer !== undefined && (answer.report !== null || answer.failure !== null);
}
