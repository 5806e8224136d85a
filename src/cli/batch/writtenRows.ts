import { createReadStream } from 'node:fs';
import { RiskError } from '../../engine/domain/failure.ts';
import type { AccountRow } from './AccountRow.ts';

/** A whole row of an earlier run. */
export interface WrittenRow {
  readonly row: AccountRow;
  readonly text: string;
  /** Where the next row begins, in bytes. */
  readonly end: number;
}

/**
 * The rows that an earlier run has written whole, one after the other; a last line without its end is left out. None where the
 * file does not exist.
 * @throws RiskError `bad-format` when a whole line is no row of this command.
 */
export async function* writtenRows(file: string): AsyncGenerator<WrittenRow> {
  let held = '';
  let end = 0;
  let number = 0;
  try {
    for await (const piece of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
      const lines = (held + piece).split('\n');
      held = lines.pop()!;
      for (const text of lines) {
        number += 1;
        end += Buffer.byteLength(text) + 1;
        yield { row: parseRow(text, file, number), text, end };
      }
    }
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ENOENT') return;
    throw error;
  }
}

function parseRow(text: string, file: string, number: number): AccountRow {
  try {
    const row = JSON.parse(text) as Partial<AccountRow> | null;
    if (typeof row?.account === 'string' && ('error' in row || 'margins' in row)) return row as AccountRow;
  } catch {
    // Said below: what is no JSON is no row either.
  }
  throw new RiskError(
    'bad-format',
    `${file} cannot be resumed: its line ${number} is no row of risk batch. Give another --out, or leave --resume out to start anew`,
    '/out',
  );
}
