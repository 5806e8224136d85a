import path from 'node:path';
import { projectFolder } from '../projectFolder.mjs';
import { temporaryBuildFolder } from '../productionBuild.mjs';
import { serveFolder } from './serveFolder.mjs';

const PAGE = 'scripts/bench/kernelPage/index.html';

/** @typedef {import('./workloads/workloads.ts').Case} Case */
/** @typedef {import('../../src/engine/kernels/Kernels.ts').KernelBuild} KernelBuild */
/** @typedef {import('./kernelPage/kernelPage.ts').KernelRun} KernelRun */

/**
 * The product's kernels in workers of a page of their own, built as the product is built and open in a browser.
 * @param {string} browserPath
 * @param {(name: string) => Uint8Array | null} data inputs by file name
 */
export async function openKernelPage(browserPath, data) {
  const { build } = await import('vite');
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../kernelFiles.ts')} */
  const { kernelFiles } = await tsImport('../kernelFiles.ts', import.meta.url);
  const outDir = temporaryBuildFolder();
  await build({
    root: projectFolder,
    // Of vite.config.ts what the workers need, and nothing of the app's page.
    configFile: false,
    base: './',
    plugins: [kernelFiles()],
    worker: { format: 'es' },
    logLevel: 'warn',
    publicDir: false,
    build: { target: 'es2023', outDir, emptyOutDir: true, rolldownOptions: { input: path.join(projectFolder, PAGE) } },
  });
  const server = await serveFolder(outDir, (name) => data(name));
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: browserPath,
    chromiumSandbox: false,
    args: ['--disable-background-networking'],
  });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}${PAGE}`);
    await page.waitForFunction(() => Reflect.has(window, 'kernelBench'));
    /** @type {KernelBuild[]} */
    const builds = await page.evaluate(() => Reflect.get(window, 'kernelBench').open());
    return {
      version: browser.version(),
      /** The fastest first. */
      builds,
      cores: await page.evaluate(() => navigator.hardwareConcurrency),
      /**
       * @param {KernelBuild} kernels
       * @param {Case} name
       * @param {number} threads
       * @returns {Promise<void>}
       */
      prepare: (kernels, name, threads) =>
        page.evaluate(
          ([kernels, name, threads]) => Reflect.get(window, 'kernelBench').prepare(kernels, name, threads),
          /** @type {const} */ ([kernels, name, threads]),
        ),
      /**
       * @param {KernelBuild} kernels
       * @param {Case} name
       * @param {number} threads
       * @param {number} [times]
       * @returns {Promise<KernelRun>}
       */
      run: (kernels, name, threads, times = 1) =>
        page.evaluate(
          ([kernels, name, threads, times]) => Reflect.get(window, 'kernelBench').run(kernels, name, threads, times),
          /** @type {const} */ ([kernels, name, threads, times]),
        ),
      /**
       * Of the last run in one thread; null where there is nothing to judge it by.
       * @param {KernelBuild} kernels
       * @param {Case} name
       * @returns {Promise<number | null>}
       */
      error: (kernels, name) =>
        page.evaluate(
          ([kernels, name]) => Reflect.get(window, 'kernelBench').error(kernels, name),
          /** @type {const} */ ([kernels, name]),
        ),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @typedef {Awaited<ReturnType<typeof openKernelPage>>} KernelPage */
