import { useState } from 'react';
import { failed, type Result } from '../../engine/domain/failure.ts';
import type { ProxyVerification } from '../../engine/domain/proxyVerification.ts';
import type { VarProgress, VarRequest } from '../../engine/domain/riskReport.ts';
import type { AppState } from '../../state/AppState.ts';
import { useStore } from '../../state/store.ts';
import { varRequest } from '../buildRequest.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** Closed and opened again for the same book, the answer is still there for so long. */
const KEEP_MS = 120_000;
/** As many as a run's first figure has. */
const FIRST_PATHS = 10_000;

export interface ProxyVerificationTask extends RiskTask<ProxyVerification> {
  /** Of the run that is under way; null while none is. */
  readonly progress: VarProgress | null;
}

/**
 * The proxy's figures beside full revaluation of the same paths, for the book that was on show when it was first asked. Whoever closes
 * what shows it gives it up.
 */
export function useProxyVerification(): ProxyVerificationTask {
  const [request] = useState(() => verificationRequest(useStore.getState()));
  const [news, setNews] = useState<VarProgress | null>(null);
  const task = useRiskTask(
    ['proxy-verification', request?.marketId, request?.inputVersion, request?.paths],
    async (client, { signal }) => {
      setNews(null);
      const answer = await client.verifyProxy(request!, setNews, signal);
      if (!answer.ok || answer.value !== null) return answer as Result<ProxyVerification>;
      return failed('internal', 'A newer verification took the place of this one');
    },
    request !== null,
    KEEP_MS,
  );
  return { ...task, progress: task.pending ? news : null };
}

/** About as many paths as the figure on show has. */
function verificationRequest(state: AppState): VarRequest | null {
  const request = varRequest(state, 'monte-carlo');
  return request && { ...request, paths: state.varReports['monte-carlo']?.report?.observations || FIRST_PATHS };
}
