import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { endWithNpm } from '../endWithNpm.mjs';
import { openKernelPage } from './kernelPage.mjs';

/** @type {readonly import('./kernelPage.mjs').Case[]} */
const CASES = ['W1', 'W2R', 'W2', 'W2I', 'W3', 'W4', 'W5'];
/** Those that several workers may share. */
const SHARED = ['W1', 'W2R', 'W2'];

/**
 * Answers each line `CASE THREADS` of standard input with one line of JSON on standard output: a call of the kernels in the
 * browser on the inputs in a folder, so that other engines can be set beside it on the same inputs. Ends with the input or SIGTERM.
 * @param {string} browserPath
 * @param {string} folder
 */
export async function serveKernels(browserPath, folder) {
  const input = createInterface({ input: process.stdin });
  // Asked for at once, so that a line that comes early is kept.
  const lines = input[Symbol.asyncIterator]();
  const page = await openKernelPage(browserPath, (name) => {
    const file = path.join(folder, name);
    return existsSync(file) ? readFileSync(file) : null;
  });
  const build = page.builds[0] ?? 'typescript';
  const end = () => void page.close().finally(() => process.exit(0));
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.once(signal, end);
  endWithNpm(end);
  try {
    for (const name of CASES) await page.prepare(build, name, 1);
    for (const name of CASES) if (SHARED.includes(name) && page.cores > 1) await page.prepare(build, name, 2);
    say({ ready: true, name: 'headroom', cases: CASES, mt: SHARED });
    for await (const line of lines) if (line.trim() !== '') say(await answer(page, build, line.trim()));
  } finally {
    await page.close();
  }
}

/**
 * @param {import('./kernelPage.mjs').KernelPage} page
 * @param {import('./kernelPage.mjs').KernelBuild} build
 * @param {string} line
 */
async function answer(page, build, line) {
  const [asked = '', threadsText = '1'] = line.split(/\s+/);
  try {
    const name = CASES.find((known) => known === asked);
    if (name === undefined) throw new Error(`There is no case ${asked}; there are ${CASES.join(', ')}.`);
    const threads = Number(threadsText);
    if (!Number.isInteger(threads) || threads < 1)
      throw new Error(`${threadsText} is no number of threads; give a whole number from 1 up.`);
    await page.prepare(build, name, threads);
    const { ms, options, check } = await page.run(build, name, threads);
    return { case: name, threads, ms, n: options, rep: 1, check };
  } catch (error) {
    return { case: asked, error: error instanceof Error ? sentence(error.message) : String(error) };
  }
}

/**
 * The page's own words, without what Playwright puts around them.
 * @param {string} message
 */
function sentence(message) {
  return (message.split('\n')[0] ?? '').replace(/^page\.evaluate: (?:\w*Error: )?/, '');
}

/** @param {object} value */
function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
