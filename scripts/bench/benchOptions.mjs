import { parseArgs } from 'node:util';

/**
 * @typedef {{ serve: false, only: readonly string[] | null, json: string | null } | { serve: true, data: string }} BenchOptions
 */

/**
 * What the command line of `npm run bench` asks for. Ends the process with a sentence when it cannot be understood.
 * @param {readonly string[]} groups names of the groups of the table
 * @returns {BenchOptions}
 */
export function benchOptions(groups) {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          serve: { type: 'boolean' },
          data: { type: 'string' },
          only: { type: 'string' },
          json: { type: 'string' },
        },
      });
    } catch (error) {
      return refused(error instanceof Error ? error.message : String(error));
    }
  })();
  if (values.serve === true) {
    if (values.data === undefined) return refused('--serve needs --data DIR, the folder of the inputs.');
    return { serve: true, data: values.data };
  }
  const only = values.only?.split(',') ?? null;
  const unknown = only?.find((name) => !groups.includes(name));
  if (unknown !== undefined) return refused(`There is no group ${unknown}; there are ${groups.join(', ')}.`);
  return { serve: false, only, json: values.json ?? null };
}

/**
 * @param {string} why
 * @returns {never}
 */
function refused(why) {
  console.error(
    `${why}\nUsage: npm run bench [-- [--only GROUP,…] [--json FILE]], npm run -s bench -- --serve --data DIR`,
  );
  process.exit(2);
}
