import { useState } from 'react';
import type { Result } from '../../engine/domain/failure.ts';
import type { RiskClient } from '../riskClient.ts';
import { type RiskTask, useRiskTask } from './useRiskTask.ts';

/** An answer that follows the edits. */
export interface NewestTask<T> extends RiskTask<T> {
  /** What is shown answers an earlier question. */
  readonly stale: boolean;
}

/**
 * A question that changes with every edit: one is asked at a time, of those that wait only the newest, and answers are not
 * remembered. `key` names the question; null asks nothing.
 */
export function useNewestTask<Request, T>(
  name: string,
  key: string | null,
  request: Request | null,
  ask: (client: RiskClient, request: Request) => Promise<Result<T>>,
): NewestTask<T> {
  const [asked, setAsked] = useState({ key, request });
  const task = useRiskTask(
    [name, asked.key],
    (client) => ask(client, asked.request!),
    asked.key !== null && asked.request !== null,
    0,
  );
  if (asked.key !== key && !task.pending) setAsked({ key, request });
  return { ...task, stale: task.pending || asked.key !== key };
}
