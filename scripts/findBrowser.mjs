import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { projectFolder } from './projectFolder.mjs';
import { runCommand } from './runCommand.mjs';

const MINUTE = 60_000;

/**
 * A Chromium that starts: the one named by CHROMIUM_PATH, else the one Playwright installed, else a system Chrome or
 * Chromium, else one that Playwright or, on Linux as root, the distribution installs now. Every candidate is tried
 * before it counts, since a file may be there and its libraries not. Nothing waits for ever: each step has a limit.
 * @param {BrowserSteps} [steps]
 * @returns {Promise<string | null>} the executable, or null when there is none; what to do has then been said
 */
export async function findBrowser(steps = browserSteps()) {
  const { named } = steps;
  if (named !== undefined) {
    if (await steps.starts(named)) return named;
    console.error(
      `CHROMIUM_PATH is ${named}, which does not start. Correct it, or unset it to let a browser be found.`,
    );
    return null;
  }
  const found = await firstThatStarts(steps);
  if (found !== null) return found;
  for (const installation of steps.installations) {
    console.log(`No browser found; ${installation.title} ...`);
    if (!(await installation.install())) continue;
    const installed = await firstThatStarts(steps);
    if (installed !== null) return installed;
  }
  console.error(
    'No browser could be found or installed. Install Google Chrome or Chromium, or run "npx playwright install --with-deps chromium", ' +
      'or set CHROMIUM_PATH to a Chromium executable, and run this again.',
  );
  return null;
}

/** @param {BrowserSteps} steps */
async function firstThatStarts(steps) {
  for (const candidate of steps.candidates()) if (await steps.starts(candidate)) return candidate;
  return null;
}

/**
 * @typedef {object} BrowserSteps
 * @property {string | undefined} named the executable a person named
 * @property {() => readonly string[]} candidates executables that may be there, best first
 * @property {(executable: string) => Promise<boolean>} starts
 * @property {readonly { title: string, install: () => Promise<boolean> }[]} installations
 */

/** @returns {BrowserSteps} */
function browserSteps() {
  // Loaded late, so that this file can be imported before anything is installed.
  const { chromium } = createRequire(import.meta.url)('@playwright/test');
  const playwright = path.join(projectFolder, 'node_modules', '@playwright', 'test', 'cli.js');
  const aptGet = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  /** @param {string[]} args */
  const apt = (...args) =>
    runCommand('apt-get', ['-y', '-q', '-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: 10 * MINUTE,
    });
  return {
    named: process.env.CHROMIUM_PATH || undefined,
    candidates: () => [chromium.executablePath(), ...systemBrowsers(process.platform, process.env)],
    starts: async (executable) => {
      if (!existsSync(executable)) return false;
      try {
        const browser = await chromium.launch({
          executablePath: executable,
          chromiumSandbox: false,
          timeout: MINUTE,
        });
        await browser.close();
        return true;
      } catch {
        return false;
      }
    },
    installations: [
      {
        title: 'asking Playwright for one',
        install: async () =>
          (await runCommand(process.execPath, [playwright, 'install', 'chromium'], {
            env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '20000', ...process.env },
            timeoutMs: 10 * MINUTE,
          })) === 0,
      },
      ...(aptGet
        ? [
            {
              title: "installing the distribution's Chromium",
              install: async () => (await apt('update')) === 0 && (await apt('install', 'chromium')) === 0,
            },
            {
              title: "installing the libraries that Playwright's Chromium needs",
              install: async () =>
                existsSync(chromium.executablePath()) &&
                (await runCommand(process.execPath, [playwright, 'install-deps', 'chromium'], {
                  env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
                  timeoutMs: 10 * MINUTE,
                })) === 0,
            },
          ]
        : []),
    ],
  };
}

/**
 * Where Chrome and Chromium are usually installed.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function systemBrowsers(platform, env) {
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean);
    return folders.flatMap((folder) => [
      `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
      `${folder}\\Chromium\\Application\\chrome.exe`,
      `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
    ]);
  }
  if (platform === 'darwin') {
    const folders = ['/Applications', ...(env.HOME ? [`${env.HOME}/Applications`] : [])];
    return folders.flatMap((folder) => [
      `${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${folder}/Chromium.app/Contents/MacOS/Chromium`,
      `${folder}/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
    ]);
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable'];
  const folders = [
    ...new Set([...(env.PATH ?? '').split(':').filter(Boolean), '/usr/bin', '/usr/local/bin', '/snap/bin']),
  ];
  return names.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
}
