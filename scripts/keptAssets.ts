import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/** A year, the longest there is. */
const KEPT = 'public, max-age=31536000, immutable';

/**
 * A file of the build that is named by its content is kept by the browser: a page's second worker has its scripts from the first one's,
 * without a way to the server. Only a file that is there: any other address is answered with the page.
 */
export function keptAssets(): Plugin {
  return {
    name: 'kept-assets',
    configurePreviewServer({ config, middlewares }) {
      const folder = path.resolve(config.root, config.build.outDir);
      middlewares.use((request, response, next) => {
        const asset = /^\/assets\/[\w.-]+$/.exec(request.url ?? '')?.[0];
        if (asset !== undefined && existsSync(path.join(folder, asset))) response.setHeader('Cache-Control', KEPT);
        next();
      });
    },
  };
}
