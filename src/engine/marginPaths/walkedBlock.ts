import type { MarginPathsRequest } from '../domain/marginPaths.ts';
import type { BookMoment, RuleFigures } from './BookAlong.ts';
import type { BookDesk } from './bookDesk.ts';
import type { BookInterpolant } from './BookInterpolant.ts';
import { BookWalk } from './BookWalk.ts';
import type { PathStep } from './pathSteps.ts';
import { momentOf, PILOT_PATHS } from './pilotWalk.ts';

/** Times at which the fan is kept, at most, unless days are more. */
const MOST_TIMES = 48;

/** What is kept of some paths that have been walked together; plain data. */
export interface WalkedBlock {
  readonly count: number;
  /** By looks a day, then path: whether it has touched at such a look. */
  readonly touched: readonly Uint8Array[];
  /** Of the first touch, by path; infinite where there is none. */
  readonly touchDays: Float64Array;
  readonly belowUsd: Float64Array;
  readonly lostUsd: Float64Array;
  /** By time of the fan, then path. */
  readonly equity: Float64Array;
  readonly initial: Float64Array;
  readonly maintenance: Float64Array;
  /** Where the first of all paths touched, to judge the interpolation by. */
  readonly touches: readonly FirstTouch[];
}

export interface FirstTouch {
  readonly path: number;
  readonly moment: BookMoment;
}

/** Looks a day that are kept apart, ascending; the last is the request's. */
export function watchedLooks({ stepsPerDay }: Pick<MarginPathsRequest, 'stepsPerDay'>): readonly number[] {
  return [...new Set([1, 4, stepsPerDay / 4, stepsPerDay])]
    .filter((looks) => looks >= 1 && Number.isInteger(looks) && stepsPerDay % looks === 0)
    .sort((a, b) => a - b);
}

/** Times at which quantiles across the paths are told, ascending from now. */
export function fanTimes({ stepsPerDay, days }: Pick<MarginPathsRequest, 'stepsPerDay' | 'days'>): readonly number[] {
  let stride = stepsPerDay;
  while (stride > 1 && stride % 2 === 0 && (2 * days * stepsPerDay) / stride <= MOST_TIMES) stride /= 2;
  return Array.from({ length: (days * stepsPerDay) / stride + 1 }, (_, i) => (i * stride) / stepsPerDay);
}

/** Paths `from` to `from + count - 1`, from now to the horizon. */
export async function walkedBlock(
  { book, draws, steps, request }: BookDesk,
  interpolant: BookInterpolant,
  now: RuleFigures,
  from: number,
  count: number,
  gate: () => Promise<void>,
): Promise<WalkedBlock> {
  const { smile, stepsPerDay } = request;
  const walk = new BookWalk(book, draws, smile, from, count);
  const looks = watchedLooks(request);
  const times = fanTimes(request);
  const block = started(now, count, looks.length, times.length);
  for (const step of steps) {
    walk.advance(step);
    const readings = interpolant.at(step.days, walk.settledUntil);
    const isLook = looks.map(
      (perDay) => !step.isEven || step.expiry !== null || step.interval % (stepsPerDay / perDay) === 0,
    );
    touch(block, walk, { step, isLook, interpolant, now, from }, readings.headroom(walk));
    const time = times.indexOf(step.days);
    if (step.isEven && time >= 0) {
      const kept = interpolant.at(step.days, walk.settledUntil);
      block.equity.set(kept.equity(walk), time * count);
      block.initial.set(kept.initial(walk), time * count);
      block.maintenance.set(kept.maintenance(walk), time * count);
    }
    if (step.isEven && step.interval % Math.max(1, Math.floor(stepsPerDay / 4)) === 0) await gate();
  }
  return block;
}

type Walked = Omit<WalkedBlock, 'touches'> & { readonly touches: FirstTouch[] };

/** All paths start from what stands now, as the rule itself has it. */
function started(
  { equityUsd, initialMarginUsd, maintenanceMarginUsd }: RuleFigures,
  count: number,
  looks: number,
  times: number,
): Walked {
  const isTouched = isTouch(equityUsd - maintenanceMarginUsd, maintenanceMarginUsd);
  return {
    count,
    touched: Array.from({ length: looks }, () => new Uint8Array(count).fill(isTouched ? 1 : 0)),
    touchDays: new Float64Array(count).fill(isTouched ? 0 : Number.POSITIVE_INFINITY),
    belowUsd: new Float64Array(count).fill(isTouched ? maintenanceMarginUsd - equityUsd : 0),
    lostUsd: new Float64Array(count),
    equity: new Float64Array(times * count).fill(equityUsd, 0, count),
    initial: new Float64Array(times * count).fill(initialMarginUsd, 0, count),
    maintenance: new Float64Array(times * count).fill(maintenanceMarginUsd, 0, count),
    touches: [],
  };
}

interface Look {
  readonly step: PathStep;
  /** By looks a day: whether this is one of them. */
  readonly isLook: readonly boolean[];
  readonly interpolant: BookInterpolant;
  readonly now: RuleFigures;
  /** Number of the block's first path. */
  readonly from: number;
}

function touch(
  { touched, touchDays, belowUsd, lostUsd, touches }: Walked,
  walk: BookWalk,
  { step: { days }, isLook, interpolant, now, from }: Look,
  headroom: Float64Array,
): void {
  let maintenance: Float64Array | null = null;
  const required = () => (maintenance ??= interpolant.at(days, walk.settledUntil).maintenance(walk));
  for (let i = 0; i < headroom.length; i += 1) {
    if (headroom[i]! > 0) continue;
    if (headroom[i]! === 0 && !isTouch(0, required()[i]!)) continue;
    isLook.forEach((looksNow, w) => {
      if (looksNow) touched[w]![i] = 1;
    });
    if (Number.isFinite(touchDays[i]!)) continue;
    touchDays[i] = days;
    belowUsd[i] = -headroom[i]!;
    lostUsd[i] = now.equityUsd - (headroom[i]! + required()[i]!);
    const path = from + i;
    if (path < PILOT_PATHS) touches.push({ path, moment: momentOf(walk, days, i) });
  }
}

/** Where nothing is required, having nothing is no touch. */
function isTouch(headroomUsd: number, maintenanceMarginUsd: number): boolean {
  return headroomUsd < 0 || (headroomUsd === 0 && maintenanceMarginUsd > 0);
}
