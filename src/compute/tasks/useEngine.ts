import type { EngineInUse } from '../../../workers/RiskApi.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** What computes the figures. */
export function useEngine(): RiskTask<EngineInUse> {
  return useRiskTask(['engine'], (client) => client.engineInUse(), true, 0);
}
