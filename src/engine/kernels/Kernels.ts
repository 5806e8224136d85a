/** One option contract as the batch functions see it. */
export interface OptionRow {
  /** +1 for a call, -1 for a put. */
  readonly sign: 1 | -1;
  readonly strike: number;
  /** What is left after the horizon; at zero or below the option is settled at its intrinsic value. */
  readonly timeToExpiryYears: number;
  readonly discount: number;
}

/**
 * The hot loops of the engine behind one interface, so that another implementation can take their place. Every
 * implementation agrees with `referenceKernels` to 1e-12 relative on options worth more than 1e-7 of their forward.
 */
export interface Kernels {
  /**
   * Black-76 values of one option over scenarios, in the unit of forward and strike: `out[s]` for `forward[s]` and
   * `vol[s]`, discounted. A vol at or below zero gives the intrinsic value. Arrays have equal length.
   */
  optionValues(row: OptionRow, forward: Float64Array, vol: Float64Array, out: Float64Array): void;
}
