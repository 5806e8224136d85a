import { type FileHandle, open } from 'node:fs/promises';
import { RiskError } from '../../engine/domain/failure.ts';
import { type AccountChunk, accountChunks, rowsOf } from './AccountChunk.ts';
import type { AccountRow } from './AccountRow.ts';
import { accountRows, type BatchQuestion, refusedRow } from './accountRows.ts';
import type { AccountText } from './AccountText.ts';
import { BatchTotals } from './BatchTotals.ts';
import { ChunkThreads, type ChunkThreadsOptions } from './ChunkThreads.ts';
import { SeenAccounts } from './SeenAccounts.ts';
import { writtenRows } from './writtenRows.ts';

export interface BatchRun {
  readonly question: BatchQuestion;
  readonly accounts: AsyncIterable<AccountText>;
  /** The file that rows are written to; null writes them to `write`. */
  readonly out: string | null;
  /** Goes on where the rows of `out` end. */
  readonly resume: boolean;
  /** Threads; with one, all is computed in this one. */
  readonly workers: number;
  /** Whether anybody still reads. */
  write(rows: string): Promise<boolean>;
  /** After each chunk that is written. */
  onRows(totals: BatchTotals): void;
  readonly threads?: ChunkThreadsOptions;
}

export interface BatchResult {
  readonly totals: BatchTotals;
  /** Rows that an earlier run had written. */
  readonly resumed: number;
  /** False when nobody read any further before the last account. */
  readonly isWhole: boolean;
}

/** Chunks on their way for each thread: one that it computes and one or two that wait for it or for their turn to be written. */
const CHUNKS_A_THREAD = 3;

/**
 * Writes one row an account in the order of the accounts, whatever the number of threads. No more accounts are held than fit in
 * the chunks on their way, so that memory does not grow with their number but for the ids, which are kept to find one used twice.
 * @throws RiskError when the run as a whole cannot be done; what is wrong with one account is its row.
 */
export async function runBatch(run: BatchRun): Promise<BatchResult> {
  const seen = new SeenAccounts();
  const totals = new BatchTotals();
  // Refuses the market, the models and their parameters before anything is written.
  const here = accountRows(run.question);
  const accounts = run.accounts[Symbol.asyncIterator]();
  const resumed = run.resume && run.out !== null ? await skipWritten(run.out, accounts, here, seen, totals) : null;
  const output = run.out === null ? null : await openOutput(run.out, resumed?.end ?? 0);
  const threads = new ChunkThreads(run.question, run.workers, run.threads);
  let isWhole = true;
  try {
    const chunks = accountChunks({ [Symbol.asyncIterator]: () => accounts });
    for await (const rows of computed(chunks, run.workers, (chunk, inline) =>
      inline ? rowsOf(chunk, here) : threads.compute(chunk),
    )) {
      let text = '';
      for (const found of rows) {
        const row = seen.add(found.account) ? found : usedTwice(found.account);
        totals.add(row);
        text += `${JSON.stringify(row)}\n`;
      }
      if (output === null) {
        isWhole = await run.write(text);
        if (!isWhole) break;
      } else await output.write(text);
      run.onRows(totals);
    }
    await output?.sync();
  } finally {
    await threads.close();
    await output?.close();
  }
  return { totals, resumed: resumed?.rows ?? 0, isWhole };
}

/** Rows of chunks in their order, several on their way at once. One chunk alone is not worth a thread. */
async function* computed(
  chunks: AsyncGenerator<AccountChunk>,
  workers: number,
  compute: (chunk: AccountChunk, inline: boolean) => Promise<AccountRow[]>,
): AsyncGenerator<AccountRow[]> {
  const underway: Promise<AccountRow[]>[] = [];
  let first: AccountChunk | null = null;
  let number = 0;
  const begin = (chunk: AccountChunk, inline: boolean): void => {
    const rows = compute(chunk, inline);
    // Whoever awaits it hears of a failure; that it comes before its turn is no reason to end the process.
    rows.catch(() => undefined);
    underway.push(rows);
  };
  for await (const chunk of chunks) {
    number += 1;
    if (workers === 1) {
      yield await compute(chunk, true);
      continue;
    }
    if (number === 1) {
      first = chunk;
      continue;
    }
    if (first !== null) begin(first, false);
    first = null;
    begin(chunk, false);
    if (underway.length >= CHUNKS_A_THREAD * workers) yield await underway.shift()!;
  }
  if (first !== null) begin(first, true);
  for (const rows of underway) yield await rows;
}

function usedTwice(account: string): AccountRow {
  const message = `The account id "${account}" is used twice; give each account its own`;
  return refusedRow(account, { code: 'bad-value', message, path: '/account' });
}

async function openOutput(file: string, keptBytes: number): Promise<FileHandle> {
  try {
    const handle = await open(file, keptBytes > 0 ? 'r+' : 'w');
    await handle.truncate(keptBytes);
    if (keptBytes === 0) return handle;
    await handle.close();
    return await open(file, 'a');
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    throw new RiskError('bad-value', `--out ${file} cannot be written (${String(code)})`, '/out');
  }
}

interface Written {
  readonly rows: number;
  readonly end: number;
}

/**
 * Skips the accounts whose rows are written, and adds these to what has been seen. The first account and the last with a row of
 * its own are computed again: where they come out otherwise, the rows are of another market, model or input.
 */
async function skipWritten(
  file: string,
  accounts: AsyncIterator<AccountText>,
  here: ReturnType<typeof accountRows>,
  seen: SeenAccounts,
  totals: BatchTotals,
): Promise<Written> {
  let rows = 0;
  let end = 0;
  let first: string | null = null;
  let last: { readonly index: number; readonly text: string } | null = null;
  for await (const written of writtenRows(file)) {
    if (seen.add(written.row.account)) last = { index: rows, text: written.text };
    totals.add(written.row);
    first ??= written.text;
    rows += 1;
    end = written.end;
  }
  for (let index = 0; index < rows; index += 1) {
    const account = await accounts.next();
    if (account.done) throw otherRun(file, `it has ${rows} rows, and there are ${index} accounts`);
    const expected = index === 0 ? first : index === last?.index ? last.text : null;
    if (expected === null) continue;
    const row = await here.row(account.value);
    if (JSON.stringify(row) !== expected)
      throw otherRun(file, `account ${row.account} comes out otherwise than its line ${index + 1} says`);
  }
  return { rows, end };
}

function otherRun(file: string, why: string): RiskError {
  const message = `${file} cannot be resumed: ${why}. Its rows are of another market, model or input; give another --out, or leave --resume out to start anew`;
  return new RiskError('bad-value', message, '/out');
}
