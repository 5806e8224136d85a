import { buildApp, temporaryBuildFolder } from '../productionBuild.mjs';
import { TABLE_OPTIONS } from './groups/kernelRows.mjs';

/**
 * What the groups of the table share. Each thing is made when it is first asked for.
 * @typedef {object} BenchContext
 * @property {string} browserPath
 * @property {() => import('./workloads/generatedInputs.ts').GeneratedInputs} inputs of the workloads of the kernels
 * @property {() => Promise<string>} app folder of the production build
 * @property {typeof import('./engineTimings.ts')} engine
 * @property {typeof import('./benchBooks.ts')} books
 * @property {typeof import('./nodeKernels.ts').nodeKernels} nodeKernels
 */

/**
 * @param {string} browserPath
 * @returns {Promise<BenchContext>}
 */
export async function benchContext(browserPath) {
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('./workloads/generatedInputs.ts')} */
  const { generatedInputs } = await tsImport('./workloads/generatedInputs.ts', import.meta.url);
  /** @type {typeof import('./engineTimings.ts')} */
  const engine = await tsImport('./engineTimings.ts', import.meta.url);
  /** @type {typeof import('./benchBooks.ts')} */
  const books = await tsImport('./benchBooks.ts', import.meta.url);
  /** @type {typeof import('./nodeKernels.ts')} */
  const { nodeKernels } = await tsImport('./nodeKernels.ts', import.meta.url);
  /** @type {ReturnType<typeof generatedInputs> | null} */
  let inputs = null;
  /** @type {Promise<string> | null} */
  let app = null;
  const built = async () => {
    const outDir = temporaryBuildFolder();
    await buildApp(outDir);
    return outDir;
  };
  return {
    browserPath,
    inputs: () => (inputs ??= generatedInputs(TABLE_OPTIONS)),
    app: () => (app ??= built()),
    engine,
    books,
    nodeKernels,
  };
}
