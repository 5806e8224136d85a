import type { Kernels } from '../engine/kernels/Kernels.ts';
import { lazyKernels } from '../engine/kernels/lazyKernels.ts';
import { kernelModule } from '../engine/kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../engine/kernels/wasm/wasmKernels.ts';
import { wasmProxyReads } from '../engine/kernels/wasm/wasmProxyReads.ts';

/**
 * Without relaxed SIMD: published figures have the same bits on every machine. Emitted and compiled by this process, or by the one
 * that started this thread.
 */
export const compiledModule = (): WebAssembly.Module => (compiled ??= new WebAssembly.Module(kernelModule('simd')));
let compiled: WebAssembly.Module | null = null;

/** Kernels with a memory of their own, in this thread; made when the first of them is called. */
export function nodeKernels(): Kernels {
  return lazyKernels('simd', () => instanceOf(compiledModule()));
}

/** The kernels of a compiled module, at once. */
export function instanceOf(module: WebAssembly.Module): Kernels {
  return wasmKernels(new WebAssembly.Instance(module).exports, 'simd', wasmProxyReads);
}
