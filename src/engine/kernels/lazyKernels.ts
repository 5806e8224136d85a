import type { KernelBuild, Kernels } from './Kernels.ts';
import { referenceKernels } from './referenceKernels.ts';

/** Kernels that are made when the first of them is called: many questions need none. `start` makes those of that build. */
export function lazyKernels(build: KernelBuild, start: () => Kernels): Kernels {
  let started: Kernels | null = null;
  const forwarded = Object.entries(referenceKernels).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'function'
      ? (...given: unknown[]): unknown => {
          started ??= start();
          return (started[name as keyof Kernels] as (...given: unknown[]) => unknown)(...given);
        }
      : value,
  ]);
  return { ...(Object.fromEntries(forwarded) as Kernels), build };
}
