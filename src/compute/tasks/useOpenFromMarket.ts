import { useContext } from 'react';
import { type Result, failed } from '../../engine/domain/failure.ts';
import type { MarketSummary } from '../../engine/domain/marketSummary.ts';
import { useStore } from '../../state/store.ts';
import { RiskEngineContext } from '../RiskEngineContext.ts';

/** Opens the text of a market that a P&L is explained from, and puts its summary into the store. */
export function useOpenFromMarket(): (text: string) => Promise<Result<MarketSummary>> {
  const client = useContext(RiskEngineContext);
  return async (text) => {
    const opened = await (client?.openFromMarket(text) ?? failed('internal', 'The risk engine has not started.'));
    if (opened.ok) useStore.getState().setFromMarket(opened.value);
    return opened;
  };
}
