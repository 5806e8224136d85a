import type { AccountRow } from './AccountRow.ts';
import type { AccountRows } from './accountRows.ts';
import type { AccountText } from './AccountText.ts';

/** Some accounts in the order of the input; what is sent to a thread at once. */
export type AccountChunk = readonly AccountText[];

const CHUNK_ACCOUNTS = 32;
const CHUNK_BYTES = 256 * 1024;

/** Accounts by chunks of some thirty, or fewer that are large. */
export async function* accountChunks(accounts: AsyncIterable<AccountText>): AsyncGenerator<AccountChunk> {
  let chunk: AccountText[] = [];
  let bytes = 0;
  for await (const account of accounts) {
    chunk.push(account);
    bytes += account.bytes.length;
    if (chunk.length < CHUNK_ACCOUNTS && bytes < CHUNK_BYTES) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

export async function rowsOf(chunk: AccountChunk, accounts: AccountRows): Promise<AccountRow[]> {
  const rows: AccountRow[] = [];
  for (const account of chunk) rows.push(await accounts.row(account));
  return rows;
}
