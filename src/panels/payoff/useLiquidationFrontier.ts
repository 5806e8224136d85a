import { useState } from 'react';
import { useFrontier } from '../../compute/tasks/useFrontier.ts';
import type { FrontierReport, FrontierRequest } from '../../engine/domain/liquidationFrontier.ts';
import type { AppState } from '../../state/AppState.ts';
import { currentUnderlying, isExploreStale, proposedBook } from '../../state/selectors.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useShownState, useStore } from '../../state/store.ts';

/** Of a standard deviation, as in the verdict's liquidation band. */
const HORIZON_DAYS = 30;

interface FrontierTask {
  /** Of the coin on show; null before there is one. */
  readonly report: FrontierReport | null;
  readonly version: string;
  readonly stale: boolean;
  readonly failure: string | null;
  readonly retry: () => void;
}

/** The liquidation frontier of the books on show, asked for once their curves have been answered. */
export function useLiquidationFrontier(enabled: boolean): FrontierTask {
  const key = useStore(frontierKey);
  const isSettled = useStore((state) => !isExploreStale(state));
  const shown = useShownState();
  const [posed, setPosed] = useState<{ readonly key: string | null; readonly request: FrontierRequest | null }>({
    key: null,
    request: null,
  });
  if (enabled && isSettled && key !== null && posed.key !== key) setPosed({ key, request: frontierRequest(shown()) });
  const { value, failure, stale, retry } = useFrontier(posed.key, posed.request);
  const symbol = useStore((state) => state.underlying);
  const isOfCoin = posed.request?.underlying === symbol;
  return {
    report: isOfCoin ? value : null,
    version: posed.key ?? 'none',
    stale: stale || posed.key !== key,
    failure: failure?.message ?? null,
    retry,
  };
}

/** Everything that the frontier depends on; a pin counts by its date alone. */
function frontierKey(state: AppState): string | null {
  const coin = currentUnderlying(state);
  if (coin === null || state.models.length === 0) return null;
  const { inputVersion, model, smile, spotVolBeta, movers, pin } = state;
  return [inputVersion, model, smile, spotVolBeta, movers, coin.symbol, pin?.days ?? 0].join('|');
}

function frontierRequest(state: AppState): FrontierRequest {
  return {
    marketId: state.market!.id,
    smileEdits: smileEditsInForce(state),
    book: state.book,
    proposed: proposedBook(state),
    model: state.model,
    parameters: state.parameters[state.model] ?? {},
    underlying: state.underlying,
    movers: state.movers,
    smile: state.smile,
    ...(state.spotVolBeta === null ? {} : { spotVolBeta: state.spotVolBeta }),
    days: state.pin?.days ?? 0,
    horizonDays: HORIZON_DAYS,
  };
}
