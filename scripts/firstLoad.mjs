import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * What a browser must load of a build before the verdict bar can be read: the page's entry with all it imports
 * statically, the style sheets of `index.html`, the verdict panel should it be a chunk of its own, the worker and its kernels.
 * @param {string} outDir a production build
 * @returns {{ files: readonly LoadedFile[], scriptKilobytes: number, kilobytes: number }} scripts; everything. Gzip, 1 kB = 1000 bytes
 *
 * @typedef {{ file: string, kilobytes: number }} LoadedFile
 */
export function firstLoad(outDir) {
  const assets = readdirSync(path.join(outDir, 'assets'));
  const html = readFileSync(path.join(outDir, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '');
  if (!named.some((file) => file.endsWith('.js'))) throw new Error(`${outDir}/index.html names no script.`);
  const apart = assets
    .filter((file) =>
      /^((risk\.worker|VerdictBar|VerdictPanel)-[\w-]+\.(js|css)|kernels\.relaxed-simd-[\w-]+\.wasm)$/.test(file),
    )
    .map((file) => `assets/${file}`);
  if (!apart.some((file) => file.includes('risk.worker'))) throw new Error(`${outDir} has no risk worker.`);

  /** @type {Set<string>} */
  const needed = new Set();
  /** @param {string} file */
  const need = (file) => {
    if (needed.has(file)) return;
    needed.add(file);
    if (file.endsWith('.js')) for (const imported of staticImports(outDir, file)) need(imported);
  };
  for (const file of ['index.html', ...named, ...apart]) need(file);
  const files = [...needed].map((file) => ({
    file,
    kilobytes: gzipSync(readFileSync(path.join(outDir, file)), { level: 9 }).length / 1000,
  }));
  /** @param {readonly LoadedFile[]} some */
  const total = (some) => some.reduce((sum, { kilobytes }) => sum + kilobytes, 0);
  return { files, scriptKilobytes: total(files.filter(({ file }) => file.endsWith('.js'))), kilobytes: total(files) };
}

/**
 * The chunks a built chunk imports at once. `import(...)` is not among them: that is what loads later.
 * @param {string} outDir
 * @param {string} file
 */
function staticImports(outDir, file) {
  const source = readFileSync(path.join(outDir, file), 'utf8');
  return [...source.matchAll(/(?:^|[;}\n])(?:import|export)(?:[^'"();]*?from)?\s*["'](\.[^"']+\.js)["']/g)].map(
    (match) => path.posix.join(path.posix.dirname(file), match[1] ?? ''),
  );
}
