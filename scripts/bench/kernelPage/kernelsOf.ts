import type { KernelBuild, Kernels } from '../../../src/engine/kernels/Kernels.ts';
import { referenceKernels } from '../../../src/engine/kernels/referenceKernels.ts';

/** By build, what the page has compiled. */
export type CompiledModules = Readonly<Partial<Record<KernelBuild, WebAssembly.Module>>>;

/** Kernels with memory of their own. */
export async function kernelsOf(_modules: CompiledModules, build: KernelBuild): Promise<Kernels> {
  if (build === 'typescript') return referenceKernels;
  throw new Error(`There are no kernels for ${build}.`);
}
