import { openBenchPage } from './benchPage.mjs';

/** @typedef {import('./workloads/workloads.ts').Case} Case */
/** @typedef {import('../../src/engine/kernels/Kernels.ts').KernelBuild} KernelBuild */
/** @typedef {import('./kernelPage/kernelPage.ts').KernelRun} KernelRun */

/**
 * The product's kernels in workers of a page of their own, built as the product is built and open in a browser.
 * @param {string} browserPath
 * @param {(name: string) => Uint8Array | null} data inputs by file name
 */
export async function openKernelPage(browserPath, data) {
  const { page, version, close } = await openBenchPage(browserPath, 'kernelPage', data);
  try {
    await page.waitForFunction(() => Reflect.has(window, 'kernelBench'));
    /** @type {KernelBuild[]} */
    const builds = await page.evaluate(() => Reflect.get(window, 'kernelBench').open());
    return {
      version,
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
