import type { ParseArgsConfig } from 'node:util';
import type { CommandIo } from './CommandIo.ts';
import type { CommandOptions } from './commandOptions.ts';

/** One verb of the command: a file in `verbs`, a line in `verbs.ts`. */
export interface Verb {
  /** What follows the verb on the command line, as its help shows it. */
  readonly usage: string;
  /** Options and the fields of the answer, with units: the body of the verb's help. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Whether files may follow without an option's name. */
  readonly takesFiles?: boolean;
  /**
   * Writes the answer to `io.write`; the exit code is 0 unless another is returned.
   * @throws RiskError for input that cannot be answered; its `path` points to what is wrong.
   */
  run(options: CommandOptions, io: CommandIo): Promise<number | void>;
}
