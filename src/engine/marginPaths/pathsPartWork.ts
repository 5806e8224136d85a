import { RiskError } from '../domain/failure.ts';
import type { Kernels } from '../kernels/Kernels.ts';
import { marginModels } from '../margin/marginModels.ts';
import type { PartAnswer } from '../scenario/pathMessages.ts';
import type { PartWork } from '../scenario/pathWorker.ts';
import { type BookDesk, bookDesk } from './bookDesk.ts';
import { BookInterpolant } from './BookInterpolant.ts';
import type { StretchesWork, WalkWork } from './pathsWork.ts';
import { refinedStretch } from './refinedStretch.ts';
import { walkedBlock } from './walkedBlock.ts';

/**
 * What a worker of a pool does of margin along paths, by the rulebooks that there are.
 * @throws RiskError `internal` when it is asked for anything else
 */
export async function pathsPartWork(work: unknown, kernels: Kernels): Promise<PartWork> {
  if (!isPathsWork(work)) throw new RiskError('internal', 'A path worker was asked for what it does not know');
  const desk = bookDesk({ ...work.market, kernels }, work.request, marginModels);
  return work.kind === 'stretches' ? stretchesWork(desk, work) : walkWork(desk, work);
}

function stretchesWork({ book, request }: BookDesk, { tasks }: StretchesWork): PartWork {
  return async (part, gate) => {
    const task = tasks[part]!;
    // A part that is done again, by other kernels, knows no more than when it was first begun.
    const known = new Map(task.known);
    const refined = await refinedStretch(book, request.smile, { ...task, known }, gate);
    const tables = refined.margins.flatMap((slice) => [
      slice.headroom,
      slice.backing,
      slice.maintenance,
      slice.initial,
      ...(slice.scan === null ? [] : [slice.scan.values]),
    ]);
    return answered(refined, [...tables, ...(refined.equity ?? []).map(({ table }) => table)]);
  };
}

function walkWork(desk: BookDesk, { tables, now, stretches }: WalkWork): PartWork {
  const interpolant = new BookInterpolant(tables, desk.book.acrossCoins);
  return async (part, gate) => {
    const { from, count } = stretches[part]!;
    const block = await walkedBlock(desk, interpolant, now, from, count, gate);
    const { touched, touchDays, belowUsd, lostUsd, equity, initial, maintenance } = block;
    return answered(block, [...touched, touchDays, belowUsd, lostUsd, equity, initial, maintenance]);
  };
}

function answered(value: unknown, columns: readonly (Float64Array | Uint8Array)[]): PartAnswer {
  return { value, moved: columns.map(({ buffer }) => buffer as ArrayBuffer) };
}

function isPathsWork(work: unknown): work is StretchesWork | WalkWork {
  const kind = typeof work === 'object' && work !== null && 'kind' in work ? work.kind : null;
  return kind === 'stretches' || kind === 'walk';
}
