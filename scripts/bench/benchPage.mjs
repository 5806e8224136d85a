import path from 'node:path';
import { projectFolder } from '../projectFolder.mjs';
import { temporaryBuildFolder } from '../productionBuild.mjs';
import { serveFolder } from './serveFolder.mjs';

/**
 * A page of the bench, built as the product is built, open in a browser.
 * @param {string} browserPath
 * @param {'kernelPage' | 'proxyPage' | 'questionPage'} name its folder
 * @param {(name: string) => Uint8Array | null} [data] what it can fetch from `data/`
 */
export async function openBenchPage(browserPath, name, data = () => null) {
  const { build } = await import('vite');
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../kernelFiles.ts')} */
  const { kernelFiles } = await tsImport('../kernelFiles.ts', import.meta.url);
  const outDir = temporaryBuildFolder();
  const input = 'scripts/bench/index.html';
  await build({
    root: projectFolder,
    // Of vite.config.ts what the workers need, and nothing of the app's page.
    configFile: false,
    base: './',
    plugins: [
      kernelFiles(),
      {
        name: 'bench-page',
        transformIndexHtml: { order: 'pre', handler: (/** @type {string} */ html) => html.replaceAll('%PAGE%', name) },
      },
    ],
    worker: { format: 'es' },
    logLevel: 'error',
    publicDir: false,
    build: {
      target: 'es2023',
      outDir,
      emptyOutDir: true,
      rolldownOptions: { input: path.join(projectFolder, input) },
    },
  });
  const server = await serveFolder(outDir, data);
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: browserPath,
    chromiumSandbox: false,
    args: ['--disable-background-networking'],
  });
  const page = await browser.newPage();
  await page.goto(`${server.url}${input}`);
  return {
    page,
    version: browser.version(),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
