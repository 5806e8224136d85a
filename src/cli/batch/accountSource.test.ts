import fc from 'fast-check';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountLines, accountSource } from './accountSource.ts';
import { type AccountText, MAX_ACCOUNT_BYTES } from './AccountText.ts';

async function all(accounts: AsyncIterable<AccountText>): Promise<AccountText[]> {
  const found: AccountText[] = [];
  for await (const account of accounts) found.push(account);
  return found;
}

async function* pieces(...parts: readonly Uint8Array[]) {
  yield* parts;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (account: AccountText) => new TextDecoder().decode(account.bytes);

describe('lines', () => {
  test('are the same however the bytes come in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{"a":1}', '', ' \r', 'ü€', 'x'.repeat(70)), { maxLength: 12 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        fc.boolean(),
        async (lines, cuts, closed) => {
          const whole = bytes(lines.join('\n') + (closed ? '\n' : ''));
          const ends = [...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].sort((a, b) => a - b);
          const cut = ends.map((end, i) => whole.subarray(ends[i - 1] ?? 0, end));
          const found = await all(accountLines(pieces(...cut)));
          const expected = lines
            .map((line, i) => ({ line, place: `line-${i + 1}` }))
            .filter(({ line }) => line.trim() !== '');
          expect(found.map((account) => [account.place, text(account)])).toEqual(
            expected.map(({ line, place }) => [place, line]),
          );
        },
      ),
    );
  });

  test('of more bytes than are read are told with their size, and hold none of them; the next is read', async () => {
    const large = new Uint8Array(MAX_ACCOUNT_BYTES / 2 + 1).fill(0x61);
    const found = await all(accountLines(pieces(large, large, bytes('\nnext'))));
    expect(found.map(({ place, failure }) => [place, failure?.code])).toEqual([
      ['line-1', 'too-large'],
      ['line-2', undefined],
    ]);
    expect(found[0]!.failure!.message).toContain(String(MAX_ACCOUNT_BYTES + 2));
    expect(found[0]!.bytes).toHaveLength(0);
    expect(text(found[1]!)).toBe('next');
  });
});

describe('a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'accounts-'));
    await mkdir(path.join(folder, 'old.json'));
    for (const name of ['b.json', 'a.csv', 'B2.JSON', 'notes.txt'])
      await writeFile(path.join(folder, name), `of ${name}`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('has its accounts in the order of their names; what cannot be read is told', async () => {
    const found = await all(accountSource(folder));
    expect(found.map((account) => [account.place, account.kind, text(account), account.failure?.message])).toEqual([
      ['B2', 'json', 'of B2.JSON', undefined],
      ['a', 'csv', 'of a.csv', undefined],
      ['b', 'json', 'of b.json', undefined],
      ['old', 'json', '', 'old.json cannot be read: it is a folder'],
    ]);
  });

  test('without accounts, and one that is not there, are refused', async () => {
    await mkdir(path.join(folder, 'empty'));
    await expect(all(accountSource(path.join(folder, 'empty')))).rejects.toThrow('holds no account');
    await expect(all(accountSource(path.join(folder, 'nowhere')))).rejects.toThrow('there is no such file');
  });
});
