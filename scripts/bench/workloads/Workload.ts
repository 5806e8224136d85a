import type { Kernels } from '../../../src/engine/kernels/Kernels.ts';

/** One job of the kernels, ready to run: inputs are read, columns filled. */
export interface Workload {
  /** What a run is cut along between workers: options, scenarios or cells. */
  readonly items: number;
  /** Options that a whole run prices. */
  readonly options: number;
  /** Works on the items from `first` up to, not including, `last`. */
  run(first: number, last: number): void | Promise<void>;
  /** What is left to do once, when every share is done. */
  finish?(): void;
  /** A value that could not be there without the work. */
  check(): number;
  /** The largest relative error of the last run against what does not come from these kernels. */
  error?(): Promise<number>;
}

/** The bytes of an input by its file's name, such as `w1_F.bin`: little-endian float64, but int8 in `_C`, int32 in `_u`. */
export type InputFiles = (name: string) => Promise<ArrayBuffer>;

export interface WorkloadSetting {
  readonly kernels: Kernels;
  readonly files: InputFiles;
  /** The share of the items that this thread will be asked for, so that it need not hold the others: from, to, as parts of 1. */
  readonly share: readonly [number, number];
  /** A P&L a scenario, where threads meet. */
  readonly pnl: SharedArrayBuffer;
}

/**
 * Options or scenarios a call of a kernel, so that its columns stay in the processor's second cache. Divides by everything that
 * the kernels may work on at a time.
 */
export const BLOCK = 1920;

/** Where a share of the items begins and ends. */
export function shareOf(items: number, [from, to]: readonly [number, number]): readonly [number, number] {
  return [Math.round(items * from), Math.round(items * to)];
}

export async function floats(files: InputFiles, name: string): Promise<Float64Array> {
  return new Float64Array(await files(`${name}.bin`));
}

/** A column of the kernels' own with these values. */
export function resident(kernels: Kernels, values: ArrayLike<number>): Float64Array {
  const column = kernels.column(values.length);
  column.set(values);
  return column;
}

/** Calls `work` with the blocks that make up `first` to `last`. */
export function inBlocks(first: number, last: number, work: (from: number, to: number) => void): void {
  for (let from = first; from < last; from += BLOCK) work(from, Math.min(from + BLOCK, last));
}

export async function signs(files: InputFiles, name: string): Promise<Int8Array> {
  return new Int8Array(await files(`${name}.bin`));
}
