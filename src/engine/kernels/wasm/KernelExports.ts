/** What an instance of the module exports. Arguments are addresses in bytes; a result is a number of noted batches. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly constantBytes: { readonly value: number };
  optionPnl(
    volShock: number,
    end: number,
    growth: number,
    logGrowth: number,
    total: number,
    terms: number,
    misses: number,
  ): number;
  prices(
    sign: number,
    end: number,
    forward: number,
    strike: number,
    time: number,
    volatility: number,
    discount: number,
    out: number,
    misses: number,
  ): number;
  greeks(
    sign: number,
    end: number,
    forward: number,
    strike: number,
    time: number,
    volatility: number,
    discount: number,
    rate: number,
    results: number,
    stride: number,
    misses: number,
  ): number;
  impliedVols(
    sign: number,
    end: number,
    forward: number,
    strike: number,
    time: number,
    price: number,
    discount: number,
    out: number,
    misses: number,
  ): number;
  proxyPnl(
    logGrowth: number,
    end: number,
    volShock: number,
    growth: number,
    total: number,
    table: number,
    missed: number,
  ): number;
  uniforms(first: number, end: number, second: number, counter: number): void;
  inverseNormals(column: number, end: number, misses: number): number;
  studentScales(first: number, end: number, second: number): void;
  addScaled(column: number, end: number, total: number, scale: number): void;
  growths(logMove: number, end: number, scale: number, growth: number, bounds: number): void;
  exponentials(column: number, end: number): void;
  volShocks(logMove: number, end: number, scale: number, bounds: number): void;
}

/** Calls `compute` with the index of each lane that was noted not to hold: pairs of a batch's byte offset and a bit a lane. */
export function forMisses(misses: Uint32Array, noted: number, batch: number, compute: (index: number) => void): void {
  for (let i = 0; i < noted; i += 1) {
    const first = misses[2 * i]! / 8;
    const holds = misses[2 * i + 1]!;
    for (let lane = 0; lane < batch; lane += 1) if (((holds >>> lane) & 1) === 0) compute(first + lane);
  }
}
