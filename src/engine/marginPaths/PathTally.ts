import type { MarginPathsReport, MarginPathsRequest } from '../domain/marginPaths.ts';
import type { BookAlong, BookMoment, RuleFigures } from './BookAlong.ts';
import type { BookInterpolant } from './BookInterpolant.ts';
import { BookWalk } from './BookWalk.ts';
import type { PathDraws } from './PathBlock.ts';
import type { PathStep } from './pathSteps.ts';
import { momentOf, PILOT_PATHS } from './pilotWalk.ts';
import { atTouch, continuousShare, fanRows, shareOf, touchByDay } from './touchFigures.ts';

/** Times at which the fan is kept, at most, unless days are more. */
const MOST_TIMES = 48;
/** First touches whose states are kept to judge the interpolation by. */
const KEPT_TOUCHES = 75;

/** Walks blocks of paths and keeps what the figures need. */
export class PathTally {
  readonly #book: BookAlong;
  readonly #interpolant: BookInterpolant;
  readonly #steps: readonly PathStep[];
  readonly #request: MarginPathsRequest;
  readonly #now: RuleFigures;
  /** Looks a day that are kept apart, ascending; the last is the request's. */
  readonly #watched: readonly number[];
  /** By `#watched`, whether a path has touched at such a look. */
  readonly #touched: readonly Uint8Array[];
  readonly #touchDays: Float64Array;
  readonly #belowUsd: Float64Array;
  readonly #lostUsd: Float64Array;
  readonly #fanDays: readonly number[];
  /** By time, then path. */
  readonly #equity: Float64Array;
  readonly #initial: Float64Array;
  readonly #maintenance: Float64Array;
  readonly #touches: { readonly path: number; readonly moment: BookMoment }[] = [];

  constructor(
    book: BookAlong,
    interpolant: BookInterpolant,
    steps: readonly PathStep[],
    request: MarginPathsRequest,
    now: RuleFigures,
  ) {
    const { paths, stepsPerDay, days } = request;
    this.#book = book;
    this.#interpolant = interpolant;
    this.#steps = steps;
    this.#request = request;
    this.#now = now;
    this.#watched = [...new Set([1, 4, stepsPerDay / 4, stepsPerDay])]
      .filter((looks) => looks >= 1 && Number.isInteger(looks) && stepsPerDay % looks === 0)
      .sort((a, b) => a - b);
    this.#touched = this.#watched.map(() => new Uint8Array(paths));
    this.#touchDays = new Float64Array(paths).fill(Number.POSITIVE_INFINITY);
    this.#belowUsd = new Float64Array(paths);
    this.#lostUsd = new Float64Array(paths);
    let stride = stepsPerDay;
    while (stride > 1 && stride % 2 === 0 && (2 * days * stepsPerDay) / stride <= MOST_TIMES) stride /= 2;
    this.#fanDays = Array.from({ length: (days * stepsPerDay) / stride + 1 }, (_, i) => (i * stride) / stepsPerDay);
    const size = this.#fanDays.length * paths;
    this.#equity = new Float64Array(size);
    this.#initial = new Float64Array(size);
    this.#maintenance = new Float64Array(size);
  }

  /** Paths `from` to `from + count - 1`, from now to the horizon. */
  async walk(draws: PathDraws, from: number, count: number, gate: () => Promise<void>): Promise<void> {
    const { smile, stepsPerDay } = this.#request;
    const walk = new BookWalk(this.#book, draws, smile, from, count);
    this.#start(from, count);
    for (const step of this.#steps) {
      walk.advance(step);
      const readings = this.#interpolant.at(step.days, walk.settledUntil);
      this.#touch(walk, readings.headroom(walk), from, step.days, step);
      const time = this.#fanDays.indexOf(step.days);
      if (step.isEven && time >= 0) this.#keep(walk, from, time, step.days);
      if (step.isEven && step.interval % Math.max(1, Math.floor(stepsPerDay / 4)) === 0) await gate();
    }
  }

  /** All paths start from what stands now, as the rule itself has it. */
  #start(from: number, count: number): void {
    const { equityUsd, initialMarginUsd, maintenanceMarginUsd } = this.#now;
    this.#equity.fill(equityUsd, from, from + count);
    this.#initial.fill(initialMarginUsd, from, from + count);
    this.#maintenance.fill(maintenanceMarginUsd, from, from + count);
    if (!isTouch(equityUsd - maintenanceMarginUsd, maintenanceMarginUsd)) return;
    for (const flags of this.#touched) flags.fill(1, from, from + count);
    this.#touchDays.fill(0, from, from + count);
    this.#belowUsd.fill(maintenanceMarginUsd - equityUsd, from, from + count);
  }

  #touch(walk: BookWalk, headroom: Float64Array, from: number, days: number, step: PathStep): void {
    const { stepsPerDay } = this.#request;
    const looks = this.#watched.map(
      (perDay) => !step.isEven || step.expiry !== null || step.interval % (stepsPerDay / perDay) === 0,
    );
    let maintenance: Float64Array | null = null;
    const required = () => (maintenance ??= this.#interpolant.at(days, walk.settledUntil).maintenance(walk));
    for (let i = 0; i < headroom.length; i += 1) {
      if (headroom[i]! > 0) continue;
      if (headroom[i]! === 0 && !isTouch(0, required()[i]!)) continue;
      const path = from + i;
      looks.forEach((looksNow, w) => {
        if (looksNow) this.#touched[w]![path] = 1;
      });
      if (Number.isFinite(this.#touchDays[path]!)) continue;
      this.#touchDays[path] = days;
      this.#belowUsd[path] = -headroom[i]!;
      this.#lostUsd[path] = this.#now.equityUsd - (headroom[i]! + required()[i]!);
      if (path < PILOT_PATHS) this.#touches.push({ path, moment: momentOf(walk, days, i) });
    }
  }

  #keep(walk: BookWalk, from: number, time: number, days: number): void {
    const readings = this.#interpolant.at(days, walk.settledUntil);
    const at = time * this.#request.paths + from;
    this.#equity.set(readings.equity(walk), at);
    this.#initial.set(readings.initial(walk), at);
    this.#maintenance.set(readings.maintenance(walk), at);
  }

  /** States at the first touches of the lowest-numbered of the first paths that touch. */
  firstTouches(): BookMoment[] {
    return this.#touches
      .toSorted((a, b) => a.path - b.path)
      .slice(0, KEPT_TOUCHES)
      .map(({ moment }) => moment);
  }

  /** Figures of the first `paths` paths. */
  figures(paths: number): Pick<MarginPathsReport, 'touchByDay' | 'atTouch' | 'fan' | 'discretisation'> {
    const { days, stepsPerDay } = this.#request;
    const touchDays = this.#touchDays.subarray(0, paths);
    const touched = this.#touched.map((flags) => flags.subarray(0, paths));
    const coarse = this.#watched.indexOf(stepsPerDay / 4);
    const rows = (kept: Float64Array) => fanRows(kept, this.#fanDays.length, this.#request.paths, paths);
    return {
      touchByDay: touchByDay(touchDays, days),
      atTouch: atTouch(touchDays, this.#belowUsd, this.#lostUsd),
      fan: {
        days: this.#fanDays,
        equityUsd: rows(this.#equity),
        initialMarginUsd: rows(this.#initial),
        maintenanceMarginUsd: rows(this.#maintenance),
      },
      discretisation: {
        watched: this.#watched.map((perDay, w) => ({
          stepsPerDay: perDay,
          ...shareOf(
            touched[w]!.reduce((count, flag) => count + flag, 0),
            paths,
          ),
        })),
        continuous: coarse < 0 ? null : continuousShare(touched.at(-1)!, touched[coarse]!),
      },
    };
  }
}

/** Where nothing is required, having nothing is no touch. */
function isTouch(headroomUsd: number, maintenanceMarginUsd: number): boolean {
  return headroomUsd < 0 || (headroomUsd === 0 && maintenanceMarginUsd > 0);
}
