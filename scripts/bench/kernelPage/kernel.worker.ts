import { expose } from 'comlink';
import type { KernelBuild } from '../../../src/engine/kernels/Kernels.ts';
import { referenceKernels } from '../../../src/engine/kernels/referenceKernels.ts';
import { kernelsOf } from '../../../workers/instantiatedKernels.ts';
import type { CompiledKernels } from '../../../workers/RiskApi.ts';
import { KernelRunner, type Share } from '../workloads/KernelRunner.ts';
import type { Case } from '../workloads/workloads.ts';

let runner: KernelRunner | null = null;

function opened(): KernelRunner {
  if (runner === null) throw new Error('The worker has not been opened.');
  return runner;
}

const api = {
  open(compiled: readonly CompiledKernels[], dataUrl: string, pnl: SharedArrayBuffer): void {
    const files = async (name: string) => {
      const response = await fetch(new URL(name, dataUrl));
      if (!response.ok) throw new Error(`There is no file ${name} among the inputs.`);
      return response.arrayBuffer();
    };
    // Each job has kernels, and so memory, of its own.
    const kernels = async (wanted: KernelBuild) => {
      const module = compiled.find(({ build }) => build === wanted);
      return wanted === 'typescript' || module === undefined ? referenceKernels : kernelsOf(module);
    };
    runner = new KernelRunner(kernels, files, pnl);
  },
  prepare: (build: KernelBuild, name: Case, share: Share) => opened().prepare(build, name, share),
  run: (build: KernelBuild, name: Case, share: Share, times: number) => opened().run(build, name, share, times),
  finish: (build: KernelBuild, name: Case, share: Share) => opened().finish(build, name, share),
  result: (build: KernelBuild, name: Case, share: Share) => opened().result(build, name, share),
  error: (build: KernelBuild, name: Case) => opened().error(build, name),
};
export type KernelWorker = typeof api;

expose(api);
