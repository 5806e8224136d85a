import { availableParallelism } from 'node:os';
import type { VarMethod } from '../engine/domain/riskReport.ts';
import type { WorkerPathPool } from '../engine/scenario/WorkerPathPool.ts';
import type { CommandIo } from './CommandIo.ts';
import { type CommandOptions, refuse } from './commandOptions.ts';
import { nodePathPool } from './nodePathPool.ts';

/** Options of the verbs that draw paths, and of those that share work out among threads. */
export const PATH_OPTIONS = {
  paths: { type: 'string' },
  seed: { type: 'string' },
  distribution: { type: 'string' },
  'degrees-of-freedom': { type: 'string' },
  workers: { type: 'string' },
} as const;

/** Methods of value at risk, in the order in which help shows them. */
export const VAR_METHODS = [
  'historical',
  'filtered-historical',
  'age-weighted',
  'parametric',
  'cornish-fisher',
  'monte-carlo',
  'evt',
] as const satisfies readonly VarMethod[];

const MAX_WORKERS = 64;

/** What all of them ask about the paths. */
export function drawChoices<Distribution extends string>(
  options: CommandOptions,
  initialPaths: number,
  distributions: readonly (Distribution | 'student-t')[],
) {
  return {
    paths: options.number('paths', initialPaths),
    seed: options.number('seed', 1),
    distribution: options.choice<Distribution | 'student-t'>('distribution', distributions, 'student-t'),
    degreesOfFreedom: options.number('degrees-of-freedom', 4),
  };
}

/** As many as there are processors, where none is said. */
export function workersOf(options: CommandOptions): number {
  const workers = options.number('workers', availableParallelism());
  if (Number.isInteger(workers) && workers >= 1 && workers <= MAX_WORKERS) return workers;
  return refuse('workers', `must be a whole number from 1 to ${MAX_WORKERS}`);
}

/**
 * The answer with threads for the long work, or without any; it is the same. Where nobody says how many, they have to be worth their
 * start.
 */
export async function withThreads<T>(
  options: CommandOptions,
  isWorth: boolean,
  answer: (threads: { readonly pool?: WorkerPathPool }) => Promise<T>,
): Promise<T> {
  const workers = workersOf(options);
  if (workers === 1 || (!isWorth && options.text('workers') === undefined)) return answer({});
  const pool = nodePathPool(workers);
  try {
    return await answer({ pool });
  } finally {
    pool.end();
  }
}

/** A line each time another tenth of the paths is done. */
export function pathsLog(
  io: CommandIo,
): (progress: { readonly pathsDone: number; readonly pathsAsked: number }) => void {
  let tenths = 0;
  return ({ pathsDone, pathsAsked }) => {
    const done = Math.floor((10 * pathsDone) / pathsAsked);
    if (done <= tenths) return;
    tenths = done;
    io.log(`${pathsDone} of ${pathsAsked}\n`);
  };
}
