import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from './projectFolder.mjs';

/**
 * Builds the app for production.
 * @param {string} outDir where to, absolute or below the repository
 */
export async function buildApp(outDir) {
  // Imported late, so that this file loads before anything is installed.
  const { build } = await import('vite');
  await build({
    root: projectFolder,
    logLevel: 'warn',
    build: { outDir: path.resolve(projectFolder, outDir), emptyOutDir: true },
  });
}

/**
 * Serves a production build on 127.0.0.1 with the headers of `vite.config.ts`.
 * @param {string} outDir
 * @param {number} port the first port to try; a taken one leads to the next
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveApp(outDir, port) {
  const { preview } = await import('vite');
  const server = await preview({
    root: projectFolder,
    logLevel: 'warn',
    build: { outDir: path.resolve(projectFolder, outDir) },
    preview: { host: '127.0.0.1', port, strictPort: false, open: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: async () => {
      // A browser keeps its connections open; without this the server would wait for them.
      if ('closeAllConnections' in server.httpServer) server.httpServer.closeAllConnections();
      await server.close();
    },
  };
}

/** An empty folder for one build, gone when this process ends. */
export function temporaryBuildFolder() {
  const cache = path.join(projectFolder, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'headroom-build-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
