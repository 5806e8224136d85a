import { parseArgs } from 'node:util';
import { type Failure, failureOf, RiskError } from '../engine/domain/failure.ts';
import { excerpt } from '../formats/jsonDocument.ts';
import type { CommandIo } from './CommandIo.ts';
import { commandOptions } from './commandOptions.ts';
import type { Verb } from './Verb.ts';
import { type ListedVerb, verbs } from './verbs.ts';

/**
 * The `risk` command. Answers with the exit code: 0; 2 on bad input, 1 on a fault of ours, both with
 * `{"error":{code,path,message}}` as the last line of stderr.
 */
export async function runRisk(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    io.log(commandHelp());
    return refusal(io, { code: 'bad-value', message: 'Name a verb; see risk --help' });
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.write(commandHelp());
    return 0;
  }
  const listed = verbs.find((candidate) => candidate.name === name);
  if (!listed) {
    const known = verbs.map((candidate) => candidate.name).join(', ');
    return refusal(io, { code: 'bad-value', message: `"${excerpt(name)}" is not a verb; there are ${known}` });
  }
  const verb = await listed.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    io.write(verbHelp(listed, verb));
    return 0;
  }
  // The answer is held back until it is whole: a failure leaves stdout empty.
  let answer = '';
  let code: number;
  try {
    const { values, positionals } = parsed(name, verb, rest);
    code = (await verb.run(commandOptions(values, positionals), { ...io, write: (text) => (answer += text) })) ?? 0;
  } catch (error) {
    return refusal(io, failureOf(error));
  }
  io.write(answer);
  return code;
}

function refusal(io: CommandIo, { code, message, path = '' }: Failure): number {
  io.log(`${JSON.stringify({ error: { code, path, message } })}\n`);
  return code === 'internal' ? 1 : 2;
}

function parsed(name: string, verb: Verb, args: readonly string[]) {
  try {
    return parseArgs({
      args: withNegativeValues(args),
      options: verb.options,
      allowPositionals: verb.takesFiles ?? false,
      strict: true,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new RiskError('bad-value', `${message}; see risk ${name} --help`, '');
  }
}

/** `--spot -0.1,0.1` reads as `--spot=-0.1,0.1`: Node takes a value that begins with a hyphen for an option. */
function withNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const previous = joined.at(-1);
    const isNegative = /^-[\d.]/.test(argument);
    if (isNegative && previous !== undefined && /^--[a-z-]+$/.test(previous))
      joined.push(`${joined.pop()}=${argument}`);
    else joined.push(argument);
  }
  return joined;
}

function commandHelp(): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  const lines = verbs.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `risk VERB [options]: the risk engine of Headroom in a terminal

${lines.join('\n')}

risk VERB --help tells a verb's options and what its answer holds.

One JSON document on stdout; progress and notices on stderr. Exit 0; 2 on bad input, 1 on a fault of the program, both with
{"error":{"code","path","message"}} on stderr, where path is a JSON pointer into the file, or /OPTION.
`;
}

function verbHelp({ name, summary }: ListedVerb, { usage, help }: Verb): string {
  return `risk ${name} ${usage}
${summary}

${help.replace(/^\n/, '')}
`;
}
