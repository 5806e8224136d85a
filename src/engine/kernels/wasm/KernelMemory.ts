/** Elements that kernels work on at a time: whole batches of every kernel, and as many as misses can be noted of. */
export const CHUNK = 1920;

/**
 * The memory of an instance: constants, then columns that are given out for good, the first of them for copies of what stands
 * elsewhere. It never grows, so views of it stay valid.
 */
export class KernelMemory {
  readonly #buffer: ArrayBuffer;
  readonly #copies: Float64Array[] = [];
  #next: number;

  constructor(buffer: ArrayBuffer, firstFree: number) {
    this.#buffer = buffer;
    this.#next = firstFree;
  }

  /** A column for good; an ordinary array when the memory is used up. */
  column(length: number): Float64Array {
    const at = this.#taken(8 * length);
    return at === null ? new Float64Array(length) : new Float64Array(this.#buffer, at, length);
  }

  /** A column that must stand here. */
  reserved(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#place(8 * length), length);
  }

  /** 32-bit words that must stand here. */
  words(length: number): Uint32Array {
    return new Uint32Array(this.#buffer, this.#place(4 * length), length);
  }

  /**
   * Runs `work` on columns of equal length as the kernels need them: in their memory, whole batches, no more than a chunk. Columns
   * that stand there already are used in place but for a last part of a batch; others are copied in, and those of `results` out.
   * Every kernel is elementwise, so the cut changes no bit.
   */
  inBatches(
    batch: number,
    columns: readonly Float64Array[],
    results: readonly Float64Array[],
    work: (columns: readonly Float64Array[]) => void,
  ): void {
    const length = columns[0]!.length;
    const inPlace = columns.every((column) => column.buffer === this.#buffer);
    let from = 0;
    if (inPlace) {
      const whole = length - (length % batch);
      for (; from < whole; from += Math.min(CHUNK, whole - from)) {
        const to = Math.min(from + CHUNK, whole);
        work(length === to - from ? columns : columns.map((column) => column.subarray(from, to)));
      }
    }
    for (; from < length; from += CHUNK) {
      const count = Math.min(CHUNK, length - from);
      const padded = Math.ceil(count / batch) * batch;
      const copies = columns.map((column, i) => {
        const copy = this.#copy(i).subarray(0, padded);
        copy.set(column.subarray(from, from + count));
        // Any valid numbers do for the lanes that are not asked for.
        copy.fill(column[from]!, count);
        return copy;
      });
      work(copies);
      columns.forEach((column, i) => {
        if (results.includes(column)) column.set(copies[i]!.subarray(0, count), from);
      });
    }
  }

  #copy(i: number): Float64Array {
    while (this.#copies.length <= i) {
      this.#copies.push(this.reserved(CHUNK));
    }
    return this.#copies[i]!;
  }

  #place(bytes: number): number {
    const at = this.#taken(bytes);
    if (at === null) throw new RangeError('The memory of the kernels is used up');
    return at;
  }

  #taken(bytes: number): number | null {
    const at = Math.ceil(this.#next / 64) * 64;
    if (at + bytes > this.#buffer.byteLength) return null;
    this.#next = at + bytes;
    return at;
  }
}
