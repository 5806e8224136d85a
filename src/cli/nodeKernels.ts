import type { Kernels } from '../engine/kernels/Kernels.ts';
import { kernelModule } from '../engine/kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../engine/kernels/wasm/wasmKernels.ts';
import { wasmProxyReads } from '../engine/kernels/wasm/wasmProxyReads.ts';

/**
 * Without relaxed SIMD: published figures have the same bits on every machine. Emitted and compiled by this process, or by the one
 * that started this thread.
 */
export const compiledModule = (): WebAssembly.Module => (compiled ??= new WebAssembly.Module(kernelModule('simd')));
let compiled: WebAssembly.Module | null = null;

/** Kernels with a memory of their own, in this thread. */
export function nodeKernels(module: WebAssembly.Module = compiledModule()): Kernels {
  return wasmKernels(new WebAssembly.Instance(module).exports, 'simd', wasmProxyReads);
}
