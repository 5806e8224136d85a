import type { Kernels } from './Kernels.ts';
import { referenceKernels } from './referenceKernels.ts';
import { type WatchedKernels, watchedKernels } from './watchedKernels.ts';

const PLAIN: WatchedKernels = { kernels: referenceKernels, trap: () => null };

/** The kernels of a thread until they fail, then plain TypeScript for good: an instance that traps may have left anything in its memory. */
export class FallbackKernels {
  #atHand: WatchedKernels;
  #fault: string | null = null;

  /** @param start makes the kernels; where that fails, plain TypeScript starts. */
  constructor(start: () => Kernels) {
    try {
      this.#atHand = watchedKernels(start());
    } catch (error) {
      this.#atHand = PLAIN;
      this.#fault = textOf(error);
    }
  }

  /** Why it is plain TypeScript; null where the kernels are those that were started. */
  get fault(): string | null {
    return this.#fault;
  }

  /** What is computed; once more, by plain TypeScript, where the kernels fail meanwhile. Other errors are the caller's. */
  async run<T>(compute: (kernels: Kernels) => Promise<T>): Promise<T> {
    for (;;) {
      const { kernels, trap } = this.#atHand;
      try {
        const found = await compute(kernels);
        if (trap() === null) return found;
      } catch (error) {
        if (trap() === null) throw error;
      }
      if (kernels === this.#atHand.kernels) {
        this.#fault = textOf(trap());
        this.#atHand = PLAIN;
      }
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
