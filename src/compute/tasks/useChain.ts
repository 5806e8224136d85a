import type { ChainReport } from '../../engine/domain/riskReport.ts';
import type { Timestamp } from '../../engine/domain/units.ts';
import { smileEditsInForce } from '../../state/smileSlice.ts';
import { useStore } from '../../state/store.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** The option chain of one expiry in the open market, on the smiles as they are edited. */
export function useChain(underlying: string, expiry: Timestamp | null): RiskTask<ChainReport> {
  const marketId = useStore((state) => state.market?.id ?? null);
  const smileEdits = useStore(smileEditsInForce);
  return useRiskTask(
    ['chain', marketId, underlying, expiry, smileEdits],
    (client) => client.chain({ marketId: marketId!, smileEdits, underlying, expiry: expiry! }),
    marketId !== null && expiry !== null,
  );
}
