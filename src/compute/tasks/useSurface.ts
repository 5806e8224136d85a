import type { SurfaceAxis, SurfaceReport } from '../../engine/domain/surfaceReport.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** While a smile is dragged there is another surface each frame, and each is large. */
const SURFACE_KEPT_MS = 2_000;

/**
 * Every smile of a coin in the open market, as edited; `mesh` as in the request. `repair` asks for the set without arbitrage,
 * as long as no smile of the coin is edited.
 */
export function useSurface(underlying: string, mesh: SurfaceAxis | null, repair = false): RiskTask<SurfaceReport> {
  const marketId = useStore((state) => state.market?.id ?? null);
  const smileEdits = useStore(smileEditsInForce);
  const isRepaired = repair && smileEdits.every((edit) => edit.underlying !== underlying);
  return useRiskTask(
    ['surface', marketId, underlying, mesh, isRepaired, smileEdits],
    (client) => client.surface({ marketId: marketId!, smileEdits, underlying, mesh, repair: isRepaired }),
    marketId !== null,
    SURFACE_KEPT_MS,
  );
}
