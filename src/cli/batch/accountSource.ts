import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { RiskError } from '../../engine/domain/failure.ts';
import { reasonOf } from '../inputFiles.ts';
import { type AccountText, MAX_ACCOUNT_BYTES, oversized } from './AccountText.ts';

/**
 * The accounts in a folder (its `.json` and `.csv` files in the order of their names) or in a file of one document a line. They
 * are read as they are asked for, so that no more than one is held here.
 * @throws RiskError `missing-data` when there is no such folder or file.
 */
export async function* accountSource(place: string): AsyncGenerator<AccountText> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(place)).isDirectory();
  } catch (error) {
    throw new RiskError('missing-data', `${place} cannot be read: ${reasonOf(error)}`, '/accounts');
  }
  if (isFolder) yield* filesOf(place);
  else yield* accountLines(createReadStream(place, { highWaterMark: 1 << 18 }));
}

async function* filesOf(folder: string): AsyncGenerator<AccountText> {
  const names = (await readdir(folder)).filter((name) => /\.(json|csv)$/i.test(name)).sort();
  if (names.length === 0)
    throw new RiskError('missing-data', `${folder} holds no .json or .csv file, so it holds no account`, '/accounts');
  for (const name of names) yield await fileAccount(folder, name);
}

async function fileAccount(folder: string, name: string): Promise<AccountText> {
  const place = name.replace(/\.\w+$/, '');
  const kind = /\.csv$/i.test(name) ? 'csv' : 'json';
  const file = path.join(folder, name);
  try {
    const { size } = await stat(file);
    if (size > MAX_ACCOUNT_BYTES) return oversized(place, size);
    return { place, kind, bytes: await readFile(file), failure: null };
  } catch (error) {
    const message = `${name} cannot be read: ${reasonOf(error)}`;
    return { place, kind, bytes: new Uint8Array(0), failure: { code: 'missing-data', message, path: '' } };
  }
}

const LINE_FEED = 0x0a;

/** Each line that is not blank, whatever way the bytes come in pieces; of one that is too long no more than the limit is held. */
export async function* accountLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<AccountText> {
  let line = 1;
  let held: Uint8Array[] = [];
  let length = 0;
  const ended = (): AccountText | null => {
    const place = `line-${line}`;
    const account =
      length > MAX_ACCOUNT_BYTES
        ? oversized(place, length)
        : { place, kind: 'json' as const, bytes: joined(held, length), failure: null };
    line += 1;
    held = [];
    length = 0;
    return account.failure === null && isBlank(account.bytes) ? null : account;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (;;) {
      const end = piece.indexOf(LINE_FEED, from);
      const part = piece.subarray(from, end < 0 ? piece.length : end);
      length += part.length;
      if (length > MAX_ACCOUNT_BYTES) held = [];
      else if (part.length > 0) held.push(part);
      if (end < 0) break;
      from = end + 1;
      const account = ended();
      if (account !== null) yield account;
    }
  }
  if (length > 0) {
    const account = ended();
    if (account !== null) yield account;
  }
}

/** In memory of their own: what is sent to a thread is copied with all the memory that it lies in. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
