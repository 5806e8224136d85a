import { RiskError } from '../domain/failure.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { PathAnswer, PathQuestion } from './pathMessages.ts';
import { type PathValuation, pathValuation } from './pathValuation.ts';

/**
 * A worker of a pool, whatever joins it to the pool: answers questions in the order in which they are put. Rejects with what is not
 * the plan's fault; the worker is then of no more use. `now` is a clock in milliseconds.
 */
export function pathWorker(
  kernels: Kernels,
  now: () => number,
): (question: PathQuestion) => Promise<PathAnswer | null> {
  const valuations = new Map<number, Promise<PathValuation>>();
  return async (question) => {
    if (question.kind === 'plan') {
      const valuation = pathValuation(question.value, kernels);
      // Whoever asks for its paths hears of a refusal.
      valuation.catch(() => undefined);
      valuations.set(question.plan, valuation);
      return null;
    }
    if (question.kind === 'forget') {
      valuations.delete(question.plan);
      return null;
    }
    const { block, firstPath, count, into } = question;
    try {
      const valuation = await valuations.get(question.plan)!;
      const started = now();
      const { pnl, weights } = valuation.pnl(firstPath, count);
      if (into !== null) pnl.forEach((column, book) => into[book]!.set(column));
      return { kind: 'done', block, milliseconds: now() - started, pnl: into === null ? pnl : null, weights };
    } catch (error) {
      if (error instanceof RiskError) return { kind: 'refused', block, failure: error.failure };
      throw error;
    }
  };
}

/** What of an answer need not be copied on its way. */
export function answeredBuffers(answer: PathAnswer): ArrayBuffer[] {
  if (answer.kind !== 'done') return [];
  const columns = [...(answer.pnl ?? []), ...(answer.weights === null ? [] : [answer.weights])];
  return columns.map(({ buffer }) => buffer as ArrayBuffer);
}
