import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
/** Cross-origin isolation, as the product is served. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * Serves a folder on 127.0.0.1, and beside each page, under `data/`, what a function answers.
 * @param {string} folder
 * @param {(name: string) => Uint8Array | null} data
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveFolder(folder, data) {
  const server = http.createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://localhost').pathname).then((found) => {
      response.writeHead(found === null ? 404 : 200, { ...HEADERS, 'Content-Type': found?.type ?? 'text/plain' });
      response.end(found?.bytes);
    });
  });
  /** @param {string} address */
  async function answer(address) {
    const name = /\/data\/([\w.]+)$/.exec(address)?.[1];
    if (name !== undefined) {
      const bytes = data(name);
      return bytes && { bytes, type: TYPES[path.extname(name)] ?? 'application/octet-stream' };
    }
    const file = path.join(folder, path.normalize(decodeURIComponent(address)));
    const bytes = file.startsWith(folder) ? await readFile(file).catch(() => null) : null;
    return bytes && { bytes, type: TYPES[path.extname(file)] ?? 'application/octet-stream' };
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
