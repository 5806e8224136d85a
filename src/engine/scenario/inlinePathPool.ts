import { blocks } from '../domain/RunControl.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import type { PathPool } from './PathPool.ts';
import { PATHS_AT_ONCE, type PathValuation, pathValuation } from './pathValuation.ts';
import type { PathPlan } from './pathPlan.ts';
import { isWeighted } from './pathSampler.ts';

/** Paths computed on this thread. It lets others in between blocks, if the control has a clock and a pause. */
export function inlinePathPool(kernels: Kernels, blockPaths = PATHS_AT_ONCE): PathPool {
  const valuations = new WeakMap<PathPlan, Promise<PathValuation>>();
  return {
    workers: 0,
    async pnl(plan, firstPath, count, control = {}) {
      const known = valuations.get(plan) ?? pathValuation(plan, kernels);
      valuations.set(plan, known);
      const valuation = await known;
      const pnl = plan.books.map(() => new Float64Array(count));
      const weights = isWeighted(plan.draws) ? new Float64Array(count) : null;
      const { onProgress, ...rest } = control;
      const goesOn = blocks(rest);
      for (let from = 0; from < count; from += blockPaths) {
        const length = Math.min(blockPaths, count - from);
        const block = valuation.pnl(firstPath + from, length);
        pnl.forEach((values, book) => values.set(block.pnl[book]!, from));
        if (block.weights !== null) weights?.set(block.weights, from);
        onProgress?.(from + length);
        if (!(await goesOn(from / count))) return null;
      }
      return { pnl, weights, fault: null };
    },
  };
}
