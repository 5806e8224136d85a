import type { KernelBuild, Kernels } from '../../src/engine/kernels/Kernels.ts';
import { referenceKernels } from '../../src/engine/kernels/referenceKernels.ts';
import { kernelModule } from '../../src/engine/kernels/wasm/kernelModule.ts';
import { wasmKernels } from '../../src/engine/kernels/wasm/wasmKernels.ts';
import type { KernelRun } from './kernelPage/kernelPage.ts';
import { KernelRunner } from './workloads/KernelRunner.ts';
import type { Case } from './workloads/workloads.ts';

const ALONE = { thread: 0, threads: 1 };

/** The same jobs on this thread, as `openKernelPage` offers them. Node runs the reproducible build. */
export function nodeKernels(files: ReadonlyMap<string, Uint8Array>) {
  const bytesOf = async (name: string): Promise<ArrayBuffer> => {
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`There is no file ${name} among the inputs.`);
    return Uint8Array.from(bytes).buffer;
  };
  const { nsc } = JSON.parse(new TextDecoder().decode(files.get('w2.json'))) as { nsc: number };
  const module = new WebAssembly.Module(kernelModule('simd'));
  const kernels = async (build: KernelBuild): Promise<Kernels> =>
    build === 'typescript' ? referenceKernels : wasmKernels(new WebAssembly.Instance(module).exports, 'simd');
  const runner = new KernelRunner(kernels, bytesOf, new SharedArrayBuffer(nsc * Float64Array.BYTES_PER_ELEMENT));
  const builds: readonly KernelBuild[] = ['simd', 'typescript'];
  return {
    builds,
    prepare: (build: KernelBuild, name: Case, _threads: number) => runner.prepare(build, name, ALONE),
    async run(build: KernelBuild, name: Case, _threads: number, times = 1): Promise<KernelRun> {
      const started = performance.now();
      const insideMs = await runner.run(build, name, ALONE, times);
      return { ms: performance.now() - started, insideMs, ...runner.result(build, name, ALONE) };
    },
  };
}
