import { Worker } from 'node:worker_threads';

/** Loads the loader of TypeScript, then the module: a thread does not inherit that of the one that starts it. */
const START = `
const { workerData } = require('node:worker_threads');
import(workerData.loader)
  .then(({ register }) => { register(); return import(workerData.module); })
  .catch((error) => { setImmediate(() => { throw error; }); });
`;

/**
 * A thread that runs a TypeScript module of ours, which listens on `parentPort`; messages posted before it listens are kept for
 * it. A module that cannot be loaded is the thread's `error` event.
 */
export function startThread(module: URL): Worker {
  const loader = import.meta.resolve('tsx/esm/api');
  return new Worker(START, { eval: true, execArgv: [], workerData: { loader, module: module.href } });
}
