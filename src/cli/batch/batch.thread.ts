import { parentPort } from 'node:worker_threads';
import { failureOf } from '../../engine/domain/failure.ts';
import { type AccountChunk, rowsOf } from './AccountChunk.ts';
import { type AccountRows, accountRows, type BatchQuestion } from './accountRows.ts';

/** A thread of `risk batch`: hears the question first, then chunk after chunk, and answers each in turn. */
const port = parentPort!;
let accounts: AccountRows | null = null;

port.on('message', async (message: BatchQuestion | AccountChunk) => {
  try {
    if ('marketText' in message) accounts = accountRows(message);
    else port.postMessage({ rows: await rowsOf(message, accounts!) });
  } catch (error) {
    port.postMessage({ failure: failureOf(error) });
  }
});
