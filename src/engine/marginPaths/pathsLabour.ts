import type { RunControl } from '../domain/RunControl.ts';
import type { ComputedPart, PathPool } from '../scenario/PathPool.ts';
import type { RuleFigures } from './BookAlong.ts';
import type { BookDesk } from './bookDesk.ts';
import type { BookInterpolant } from './BookInterpolant.ts';
import { type PathStretch, plainMarket, type StretchesWork, type WalkWork } from './pathsWork.ts';
import { type RefinedStretch, refinedStretch, type StretchTask } from './refinedStretch.ts';
import { type WalkedBlock, walkedBlock } from './walkedBlock.ts';

/** Ends a run that nobody waits for. */
export class Abandoned extends Error {}

/** Who does the long work of a question; the figures are the same to the bit. */
export interface PathsLabour {
  /** Paths worth walking together. */
  blockPaths(paths: number): number;
  /** Does every task, and hands over what it has come to under the task's number. */
  refined(
    tasks: readonly StretchTask[],
    gate: () => Promise<void>,
    take: (refined: RefinedStretch, task: number) => void,
  ): Promise<void>;
  /** Walks stretches of paths, and answers them in their order. */
  walked(
    interpolant: BookInterpolant,
    now: RuleFigures,
    stretches: readonly PathStretch[],
    gate: () => Promise<void>,
  ): AsyncIterable<WalkedBlock>;
}

const BLOCK_PATHS = 2000;

/** This thread does it. */
export function inlineLabour(desk: BookDesk, blockPaths = BLOCK_PATHS): PathsLabour {
  return {
    blockPaths: () => blockPaths,
    async refined(tasks, gate, take) {
      for (const [i, task] of tasks.entries()) take(await refinedStretch(desk.book, desk.request.smile, task, gate), i);
    },
    async *walked(interpolant, now, stretches, gate) {
      for (const { from, count } of stretches) yield walkedBlock(desk, interpolant, now, from, count, gate);
    },
  };
}

/** Fewer paths take longer each, as the tables of a moment are made for all of a block; more of them leave workers without any. */
const POOL_BLOCK_PATHS = [250, 1000] as const;

/** The workers of a pool do it, and this thread what is between. `hear` is told of each part, `control.onProgress` that they are at it. */
export function pooledLabour(
  desk: BookDesk,
  parts: NonNullable<PathPool['parts']>,
  workers: number,
  control: RunControl,
  hear: (part: ComputedPart) => void,
): PathsLabour {
  const { book, request } = desk;
  const question = { market: plainMarket(book.market), request };
  const asked = (work: StretchesWork | WalkWork, count: number) => parts(work, count, control);
  const valueOf = async (part: Promise<ComputedPart | null>): Promise<unknown> => {
    const computed = await part;
    if (computed === null) throw new Abandoned();
    hear(computed);
    return computed.value;
  };
  return {
    blockPaths: (paths) =>
      Math.min(Math.max(Math.ceil(paths / (4 * workers)), POOL_BLOCK_PATHS[0]), POOL_BLOCK_PATHS[1]),
    async refined(tasks, gate, take) {
      for (const [i, part] of asked({ kind: 'stretches', ...question, tasks }, tasks.length).entries()) {
        const refined = (await valueOf(part)) as RefinedStretch;
        book.evaluations += refined.evaluations;
        take(refined, i);
        await gate();
      }
    },
    async *walked({ tables }, now, stretches, gate) {
      for (const part of asked({ kind: 'walk', ...question, tables, now, stretches }, stretches.length)) {
        yield (await valueOf(part)) as WalkedBlock;
        await gate();
      }
    },
  };
}
