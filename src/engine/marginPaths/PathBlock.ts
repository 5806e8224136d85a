import type { Kernels } from '../kernels/Kernels.ts';
import { chiSquares } from '../numerics/sampling.ts';
import type { PathStep } from './pathSteps.ts';

/** How the joint log-moves of several coins are drawn, step by step. */
export interface PathDraws {
  readonly seed: number;
  readonly stepsPerDay: number;
  /** L of the covariance of one day's log-moves, rows and columns all spots, then all vols. */
  readonly factor: readonly (readonly number[])[];
  /** Of a day's moves; null for normal ones. */
  readonly degreesOfFreedom: number | null;
}

/** Streams of one seed: a day's number, or the minute of an expiry, is added. Apart from those of other generators. */
const STREAM = { moves: 0x10_0000, scale: 0x20_0000, expiry: 0x40_0000 } as const;

/**
 * Some paths of the joint log-moves, walked together. Moves of a step are normal; under `student-t` all steps of one day of a path
 * share one chi-square, so that a day's move is Student-t whatever the number of steps, and quiet and stormy days alternate. Step k
 * of path i depends on the seed, i and k alone: an expiry within a step lies on the bridge between its ends, with draws of its own.
 */
export class PathBlock {
  readonly count: number;
  /** Log-move since now by factor and path. */
  readonly state: readonly Float64Array[];
  readonly #draws: PathDraws;
  readonly #kernels: Kernels;
  readonly #first: number;
  /** Where the current even step ends. */
  readonly #end: readonly Float64Array[];
  readonly #scale: Float64Array;
  readonly #normals: Float64Array;
  readonly #between: Float64Array;
  #interval = 0;
  #day = -1;
  #at = 0;

  constructor(draws: PathDraws, kernels: Kernels, first: number, count: number) {
    const size = draws.factor.length;
    this.count = count;
    this.#draws = draws;
    this.#kernels = kernels;
    this.#first = first;
    this.state = draws.factor.map(() => new Float64Array(count));
    this.#end = draws.factor.map(() => new Float64Array(count));
    this.#scale = new Float64Array(count).fill(1);
    this.#normals = new Float64Array(size * draws.stepsPerDay * count);
    this.#between = new Float64Array(size * count);
  }

  /** Goes on to a step; steps are taken in order. */
  advance(step: PathStep): void {
    const { factor, stepsPerDay, seed } = this.#draws;
    if (factor.length === 0) return;
    while (this.#interval < step.interval) this.#draw();
    const end = step.interval / stepsPerDay;
    if (step.isEven) {
      factor.forEach((_, f) => this.state[f]!.set(this.#end[f]!));
    } else {
      const { count } = this;
      const minute = Math.floor(step.days * 1440);
      this.#kernels.normals(seed, STREAM.expiry + minute, this.#first, count, factor.length, this.#between);
      const share = (step.days - this.#at) / (end - this.#at);
      const deviation = Math.sqrt(share * (1 - share) * (end - this.#at));
      for (let f = 0; f < factor.length; f += 1) {
        const [state, target] = [this.state[f]!, this.#end[f]!];
        for (let i = 0; i < count; i += 1) state[i] = state[i]! + share * (target[i]! - state[i]!);
        this.#addMoves(factor[f]!, this.#between, 0, deviation, state);
      }
    }
    this.#at = step.days;
  }

  /** The end of the next even step. */
  #draw(): void {
    const { factor, stepsPerDay, seed, degreesOfFreedom } = this.#draws;
    const size = factor.length;
    const day = Math.floor(this.#interval / stepsPerDay);
    if (day !== this.#day) {
      this.#day = day;
      const { count } = this;
      this.#kernels.normals(seed, STREAM.moves + day, this.#first, count, size * stepsPerDay, this.#normals);
      if (degreesOfFreedom !== null) {
        chiSquares(seed, STREAM.scale + day, this.#first, count, degreesOfFreedom, this.#scale);
        for (let i = 0; i < count; i += 1) this.#scale[i] = Math.sqrt((degreesOfFreedom - 2) / this.#scale[i]!);
      }
    }
    const inDay = this.#interval - day * stepsPerDay;
    const deviation = Math.sqrt(1 / stepsPerDay);
    for (let f = 0; f < size; f += 1) this.#addMoves(factor[f]!, this.#normals, inDay * size, deviation, this.#end[f]!);
    this.#interval += 1;
  }

  /** Adds a row of the factor times normals, times the day's scale. Component j of path i is at `[j * count + i]`. */
  #addMoves(row: readonly number[], normals: Float64Array, first: number, deviation: number, to: Float64Array): void {
    const { count } = this;
    const scale = this.#scale;
    for (let j = 0; j < row.length; j += 1) {
      const weight = row[j]! * deviation;
      if (weight === 0) continue;
      const at = (first + j) * count;
      for (let i = 0; i < count; i += 1) to[i] = to[i]! + weight * scale[i]! * normals[at + i]!;
    }
  }
}
