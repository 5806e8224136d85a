import type { MarginPathsReport, MarginPathsRequest } from '../domain/marginPaths.ts';
import type { BookMoment } from './BookAlong.ts';
import { atTouch, continuousShare, fanRows, shareOf, touchByDay } from './touchFigures.ts';
import { type FirstTouch, fanTimes, type WalkedBlock, watchedLooks } from './walkedBlock.ts';

/** First touches whose states are kept to judge the interpolation by. */
const KEPT_TOUCHES = 75;

/** Keeps what the figures need of the paths that have been walked. */
export class PathTally {
  readonly #request: MarginPathsRequest;
  readonly #watched: readonly number[];
  readonly #touched: readonly Uint8Array[];
  readonly #touchDays: Float64Array;
  readonly #belowUsd: Float64Array;
  readonly #lostUsd: Float64Array;
  readonly #fanDays: readonly number[];
  /** By time, then path. */
  readonly #equity: Float64Array;
  readonly #initial: Float64Array;
  readonly #maintenance: Float64Array;
  readonly #touches: FirstTouch[] = [];

  constructor(request: MarginPathsRequest) {
    const { paths } = request;
    this.#request = request;
    this.#watched = watchedLooks(request);
    this.#touched = this.#watched.map(() => new Uint8Array(paths));
    this.#touchDays = new Float64Array(paths);
    this.#belowUsd = new Float64Array(paths);
    this.#lostUsd = new Float64Array(paths);
    this.#fanDays = fanTimes(request);
    const size = this.#fanDays.length * paths;
    this.#equity = new Float64Array(size);
    this.#initial = new Float64Array(size);
    this.#maintenance = new Float64Array(size);
  }

  /** Paths from number `from` on. */
  take(block: WalkedBlock, from: number): void {
    const { count } = block;
    block.touched.forEach((flags, w) => this.#touched[w]!.set(flags, from));
    this.#touchDays.set(block.touchDays, from);
    this.#belowUsd.set(block.belowUsd, from);
    this.#lostUsd.set(block.lostUsd, from);
    this.#fanDays.forEach((_, time) => {
      const at = time * this.#request.paths + from;
      const rows = (kept: Float64Array) => kept.subarray(time * count, (time + 1) * count);
      this.#equity.set(rows(block.equity), at);
      this.#initial.set(rows(block.initial), at);
      this.#maintenance.set(rows(block.maintenance), at);
    });
    this.#touches.push(...block.touches);
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
