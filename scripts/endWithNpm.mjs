import { spawnSync } from 'node:child_process';

const POLL_MS = 500;

/**
 * Calls `end` once the npm that started this process is gone. npm runs a script through a shell, and the shell does not
 * pass on the signal that ends it: without this, ending `npm start` would leave the server behind.
 * @param {() => void} end
 */
export function endWithNpm(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const npm = npmAbove(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || isAlive(npm))) return;
    clearInterval(timer);
    end();
  }, POLL_MS);
}

/**
 * The process above the shell if that is npm; null where it is not, or where there is no `ps` to ask.
 * @param {number} shell
 */
function npmAbove(shell) {
  const parent = Number(field(shell, 'ppid'));
  return parent > 1 && /\bnpm\b/.test(field(parent, 'args')) ? parent : null;
}

/** @param {number} pid @param {string} name */
function field(pid, name) {
  return spawnSync('ps', ['-o', `${name}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
