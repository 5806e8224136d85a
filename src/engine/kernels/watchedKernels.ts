import { RiskError } from '../domain/failure.ts';
import type { Kernels } from './Kernels.ts';

export interface WatchedKernels {
  readonly kernels: Kernels;
  /** What the first of them threw, whoever may have caught it; null while they are sound. */
  trap(): unknown;
}

/** The same kernels, with a memory of their first trap: a rulebook that is cut short by one makes a failure of its own of it. */
export function watchedKernels(kernels: Kernels): WatchedKernels {
  let trap: unknown = null;
  const watched =
    (run: (...given: unknown[]) => unknown) =>
    (...given: unknown[]): unknown => {
      try {
        return run(...given);
      } catch (error) {
        if (!(error instanceof RiskError)) trap ??= error;
        throw error;
      }
    };
  const watchedAll = Object.entries(kernels).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'function' ? watched(value as (...given: unknown[]) => unknown) : value,
  ]);
  return { kernels: Object.fromEntries(watchedAll) as Kernels, trap: () => trap };
}
