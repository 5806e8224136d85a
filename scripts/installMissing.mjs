import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from './projectFolder.mjs';
import { runCommand } from './runCommand.mjs';

const OLDEST_NODE = { major: 20, minor: 19 };

/**
 * Installs the packages of the lock file with `npm ci` unless they are there already. Needs nothing but Node itself.
 * Ends the process with a sentence when Node is too old or the installation fails.
 * @param {string} [folder]
 */
export async function installMissing(folder = projectFolder) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE.major || (major === OLDEST_NODE.major && minor < OLDEST_NODE.minor)) {
    console.error(
      `Headroom needs Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer; this is ${process.versions.node}. Get it from https://nodejs.org and try again.`,
    );
    process.exit(1);
  }
  const reason = missingPackage(folder);
  if (reason === null) return;
  console.log(`Installing packages (${reason}) ...`);
  // npm started us: use that very npm. Otherwise the one on the path.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = npm
    ? await runCommand(process.execPath, [npm, ...args], { cwd: folder })
    : await runCommand('npm', args, { cwd: folder });
  if (code !== 0) {
    console.error('The packages could not be installed (see above). Check the network connection and run this again.');
    process.exit(1);
  }
}

/**
 * Why the installed packages are not those of the lock file, or null when they are. npm keeps a record of what it
 * installed in `node_modules/.package-lock.json`; optional packages are left out, since they differ by platform.
 * @param {string} folder
 * @returns {string | null}
 */
export function missingPackage(folder) {
  const recordFile = path.join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return 'none are installed';
  const wanted = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  for (const [location, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (location === '' || optional || devOptional) continue;
    const name = location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (installed[location]?.version !== version) return `${name} ${version} is missing`;
    if (!existsSync(path.join(folder, location, 'package.json'))) return `${name} is incomplete`;
  }
  return null;
}
