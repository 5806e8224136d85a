import { inverseNormalCdf } from '../../numerics/normal.ts';
import { seedKey } from '../../numerics/philox.ts';
import { chiSquares } from '../../numerics/sampling.ts';
import type { CoinMoves, EllipticalDraws, Kernels } from '../Kernels.ts';
import { referenceKernels } from '../referenceKernels.ts';
import { COUNTER_WORDS, DRAWS_BATCH } from './draws.ts';
import { forMisses, type KernelExports } from './KernelExports.ts';
import { CHUNK, type KernelMemory } from './KernelMemory.ts';

type Limits = Pick<EllipticalDraws, 'mostLogMove' | 'volShockRange'>;

/** Degrees of freedom whose chi-square is made of one block of uniforms. */
const CLOSED_DEGREES = 4;

/** Random draws, and what is made of them column by column. */
export class WasmDraws {
  readonly #exports: KernelExports;
  readonly #memory: KernelMemory;
  readonly #misses: Uint32Array;
  readonly #counter: Uint32Array;
  readonly #scalars: Float64Array;
  /** Columns of a chunk each: normals, moves, the scale and what the odd component of a pair is drawn into. */
  readonly #normals: Float64Array[] = [];
  readonly #moves: Float64Array[] = [];
  readonly #scale: Float64Array;
  readonly #spare: Float64Array;
  readonly #growth: Float64Array;

  constructor(exports: KernelExports, memory: KernelMemory) {
    this.#exports = exports;
    this.#memory = memory;
    this.#misses = memory.words(CHUNK);
    this.#counter = memory.words(COUNTER_WORDS.length);
    this.#scalars = memory.reserved(2);
    this.#scale = memory.reserved(CHUNK);
    this.#spare = memory.reserved(CHUNK);
    this.#growth = memory.reserved(CHUNK);
  }

  normals: Kernels['normals'] = (seed, stream, firstPath, count, dimensions, out) => {
    if (!isWithinWord(firstPath, count)) {
      referenceKernels.normals(seed, stream, firstPath, count, dimensions, out);
      return;
    }
    forChunks(count, (from, length) => {
      const columns = this.#normalColumns(seed, stream, firstPath + from, length, dimensions);
      columns.forEach((column, j) => out.set(column.subarray(0, length), j * count + from));
    });
  };

  addScaled: Kernels['addScaled'] = (scale, column, total) => {
    this.#scalars[0] = scale;
    this.#memory.inBatches(DRAWS_BATCH, [column, total], [total], ([added, sum]) =>
      this.#exports.addScaled(added!.byteOffset, endOf(added!), sum!.byteOffset, this.#scalars.byteOffset),
    );
  };

  inverseNormals: Kernels['inverseNormals'] = (column) => {
    this.#memory.inBatches(DRAWS_BATCH, [column], [column], ([placed]) => this.#invert(placed!, placed!.length));
  };

  exponentials: Kernels['exponentials'] = (column) => {
    this.#memory.inBatches(DRAWS_BATCH, [column], [column], ([placed]) =>
      this.#exports.exponentials(placed!.byteOffset, endOf(placed!)),
    );
  };

  heldMoves: Kernels['heldMoves'] = (spot, vol, scale, limits, out) => {
    forChunks(spot.length, (from, length) => {
      const [x, y] = [this.#column(this.#moves, 0), this.#column(this.#moves, 1)];
      x.set(spot.subarray(from, from + length));
      y.set(vol.subarray(from, from + length));
      this.#scale.set(scale.subarray(from, from + length));
      this.#holdSpot(x, limits, out, from, length);
      this.#holdVol(y, limits, out, from, length);
    });
  };

  ellipticalMoves: Kernels['ellipticalMoves'] = (draws, firstPath, count, out) => {
    if (!isWithinWord(firstPath, count)) {
      referenceKernels.ellipticalMoves(draws, firstPath, count, out);
      return;
    }
    forChunks(count, (from, length) => this.#movesOfChunk(draws, firstPath + from, length, from, out));
  };

  #movesOfChunk(
    draws: EllipticalDraws,
    firstPath: number,
    length: number,
    from: number,
    out: readonly CoinMoves[],
  ): void {
    const { seed, factor } = draws;
    const size = 2 * out.length;
    const bytes = 8 * paddedLength(length);
    const normals = this.#normalColumns(seed, draws.normalStream, firstPath, length, size);
    this.#drawScales(draws, firstPath, length);
    for (let i = 0; i < size; i += 1) {
      const x = this.#column(this.#moves, i).fill(0);
      normals.forEach((column, j) => {
        const loading = factor[i * size + j]!;
        if (loading === 0) return;
        this.#scalars[0] = loading;
        this.#exports.addScaled(column.byteOffset, column.byteOffset + bytes, x.byteOffset, this.#scalars.byteOffset);
      });
      if (i < out.length) this.#holdSpot(x, draws, out[i]!, from, length);
      else this.#holdVol(x, draws, out[i - out.length]!, from, length);
    }
  }

  /** Log-moves of spot of a chunk, times the scale, held. */
  #holdSpot(x: Float64Array, { mostLogMove }: Limits, out: CoinMoves, from: number, length: number): void {
    this.#scalars[0] = -mostLogMove;
    this.#scalars[1] = mostLogMove;
    this.#exports.growths(
      x.byteOffset,
      x.byteOffset + 8 * paddedLength(length),
      this.#scale.byteOffset,
      this.#growth.byteOffset,
      this.#scalars.byteOffset,
    );
    out.logGrowth.set(x.subarray(0, length), from);
    out.growth.set(this.#growth.subarray(0, length), from);
  }

  #holdVol(x: Float64Array, { volShockRange }: Limits, out: CoinMoves, from: number, length: number): void {
    this.#scalars.set(volShockRange);
    this.#exports.volShocks(
      x.byteOffset,
      x.byteOffset + 8 * paddedLength(length),
      this.#scale.byteOffset,
      this.#scalars.byteOffset,
    );
    out.volShock.set(x.subarray(0, length), from);
  }

  /** What a path's moves are multiplied by: 1, or sqrt((degrees - 2) / chi-square). */
  #drawScales(draws: EllipticalDraws, firstPath: number, length: number): void {
    const { seed, chiSquareStream, degreesOfFreedom } = draws;
    if (degreesOfFreedom === null) {
      this.#scale.fill(1);
    } else if (degreesOfFreedom === CLOSED_DEGREES) {
      this.#drawUniforms(seed, chiSquareStream, 0, firstPath, length, this.#scale, this.#spare);
      this.#exports.studentScales(
        this.#scale.byteOffset,
        this.#scale.byteOffset + 8 * paddedLength(length),
        this.#spare.byteOffset,
      );
    } else {
      chiSquares(seed, chiSquareStream, firstPath, length, degreesOfFreedom, this.#scale);
      for (let s = 0; s < length; s += 1) this.#scale[s] = Math.sqrt((degreesOfFreedom - 2) / this.#scale[s]!);
    }
  }

  #normalColumns(seed: number, stream: number, firstPath: number, length: number, dimensions: number): Float64Array[] {
    for (let j = 0; j < dimensions; j += 2) {
      const even = this.#column(this.#normals, j);
      const odd = j + 1 < dimensions ? this.#column(this.#normals, j + 1) : this.#spare;
      this.#drawUniforms(seed, stream, j / 2, firstPath, length, even, odd);
    }
    const columns = this.#normals.slice(0, dimensions);
    for (const column of columns) this.#invert(column, paddedLength(length));
    return columns;
  }

  #drawUniforms(
    seed: number,
    stream: number,
    block: number,
    firstPath: number,
    length: number,
    first: Float64Array,
    second: Float64Array,
  ): void {
    const [key0, key1] = seedKey(seed);
    this.#counter.set([firstPath, 0, block, stream, key0, key1]);
    this.#exports.uniforms(
      first.byteOffset,
      first.byteOffset + 8 * paddedLength(length),
      second.byteOffset,
      this.#counter.byteOffset,
    );
  }

  /** The first `length` elements, whole batches. */
  #invert(column: Float64Array, length: number): void {
    const noted = this.#exports.inverseNormals(
      column.byteOffset,
      column.byteOffset + 8 * length,
      this.#misses.byteOffset,
    );
    forMisses(this.#misses, noted, DRAWS_BATCH, (i) => {
      column[i] = inverseNormalCdf(column[i]!);
    });
  }

  #column(columns: Float64Array[], index: number): Float64Array {
    while (columns.length <= index) columns.push(this.#memory.reserved(CHUNK));
    return columns[index]!;
  }
}

function endOf(column: Float64Array): number {
  return column.byteOffset + column.byteLength;
}

/** Whole batches of both kinds, eight and six paths. */
function paddedLength(length: number): number {
  return Math.ceil(length / 24) * 24;
}

function isWithinWord(firstPath: number, count: number): boolean {
  return firstPath + count <= 2 ** 32;
}

function forChunks(count: number, run: (from: number, length: number) => void): void {
  for (let from = 0; from < count; from += CHUNK) run(from, Math.min(CHUNK, count - from));
}
