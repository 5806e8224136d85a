import { spawn } from 'node:child_process';

/**
 * Runs a command to its end with this terminal's output and no input, so that nothing can wait for an answer. A signal
 * that ends this process ends the command first and runs what is registered for `exit`.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options] `timeoutMs` ends a command that hangs
 * @returns {Promise<number>} the exit code; 1 when it could not start, ran out of time or was ended by a signal
 */
export function runCommand(command, args, { cwd, env = process.env, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      // npm is a batch file on Windows, and batch files need the shell.
      shell: process.platform === 'win32' && !command.endsWith('.exe'),
    });
    let interrupted = false;
    const interrupt = () => {
      interrupted = true;
      child.kill('SIGTERM');
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, interrupt);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    /** @param {number} code */
    const settle = (code) => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, interrupt);
      if (interrupted) process.exit(130);
      resolve(code);
    };
    child.once('error', () => settle(1));
    child.once('exit', (code) => settle(code ?? 1));
  });
}
