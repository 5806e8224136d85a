import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { projectFolder } from './projectFolder.mjs';

/** Where `src/compute/compiledKernels.ts` looks for them; not in the repository. */
const FOLDER = path.join(projectFolder, 'src', 'compute', 'generated');

/**
 * Writes the engine's WebAssembly modules as files before anything is bundled or served, so that a browser fetches them as files
 * and compiles them while they arrive. What emits them stays out of the page and of the workers.
 */
export function kernelFiles(): Plugin {
  return {
    name: 'kernel-files',
    async buildStart() {
      // Unit tests compile in process.
      if (process.env.VITEST !== undefined) return;
      const { kernelModule } = await import('../src/engine/kernels/wasm/kernelModule.ts');
      await mkdir(FOLDER, { recursive: true });
      for (const build of ['simd', 'relaxed-simd'] as const)
        await writeIfNew(path.join(FOLDER, `kernels.${build}.wasm`), kernelModule(build));
    },
  };
}

/** A file that is written reloads the page in development, and builds may run side by side. */
async function writeIfNew(file: string, bytes: Uint8Array): Promise<void> {
  const former = await readFile(file).catch(() => null);
  if (former === null || !former.equals(bytes)) await writeFile(file, bytes);
}
