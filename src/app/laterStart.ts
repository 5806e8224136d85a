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

/** What a visit begins with once its first verdict is on the screen: the market that moves, and what a start without a network needs. */
export async function laterStart({ store, engine, opened }: LaterStartOptions): Promise<MarketControl> {
  if (import.meta.env.PROD) void keepOffline(store);
  return startMarketControl({ store, engine, workspace: await opened });
}
