import path from 'node:path';
import { findBrowser } from './findBrowser.mjs';
import { installMissing } from './installMissing.mjs';
import { buildApp, serveApp, temporaryBuildFolder } from './productionBuild.mjs';
import { projectFolder } from './projectFolder.mjs';
import { runCommand } from './runCommand.mjs';

/** Away from 4173, where a person's own `npm start` stands. */
const FIRST_PORT = 4273;

/**
 * The journeys of `e2e/` in a real browser, on a production build of their own, so that a running `npm start` is not
 * disturbed.
 * @param {readonly string[]} [args] for Playwright
 * @returns {Promise<number>} exit code
 */
export async function runJourneys(args = []) {
  await installMissing();
  const browser = await findBrowser();
  if (browser === null) return 1;
  console.log(`Browser: ${browser}`);
  const outDir = temporaryBuildFolder();
  await buildApp(outDir);
  const server = await serveApp(outDir, FIRST_PORT);
  const playwright = path.join(projectFolder, 'node_modules', '@playwright', 'test', 'cli.js');
  const code = await runCommand(process.execPath, [playwright, 'test', '-c', 'e2e/playwright.config.ts', ...args], {
    cwd: projectFolder,
    env: { ...process.env, CHROMIUM_PATH: browser, HEADROOM_URL: server.url },
  });
  await server.close();
  return code;
}
