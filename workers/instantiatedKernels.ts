import type { Kernels } from '../src/engine/kernels/Kernels.ts';
import { referenceKernels } from '../src/engine/kernels/referenceKernels.ts';
import { type ProxyReads, wasmKernels } from '../src/engine/kernels/wasm/wasmKernels.ts';
import { type WatchedKernels, watchedKernels } from '../src/engine/kernels/watchedKernels.ts';
import type { CompiledKernels } from './RiskApi.ts';

export interface KernelsAtHand extends WatchedKernels {
  /** Where they come from, for further workers; null: from nowhere, as plain TypeScript was asked for. */
  readonly compiled: CompiledKernels | null;
}

/**
 * The kernels of a compiled module in this thread.
 * @throws what the browser refuses them room with
 */
export function kernelsOf(compiled: CompiledKernels | null, proxyReads: ProxyReads | null = null): Kernels {
  if (compiled === null || compiled.build === 'typescript') return referenceKernels;
  return wasmKernels(new WebAssembly.Instance(compiled.module).exports, compiled.build, proxyReads);
}

/** The kernels of a compiled module in this thread; plain TypeScript, with the reason, where the browser refuses them room. */
export function instantiatedKernels(compiled: CompiledKernels | null): KernelsAtHand {
  try {
    return { ...watchedKernels(kernelsOf(compiled)), compiled };
  } catch (error) {
    return plainKernels(error);
  }
}

/** Plain TypeScript, since WebAssembly has failed. */
export function plainKernels(error: unknown): KernelsAtHand {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The WebAssembly kernels stopped working: ${reason}`;
  const failure = { code: 'internal', message } as const;
  return { kernels: referenceKernels, compiled: { build: 'typescript', failure }, trap: () => null };
}
