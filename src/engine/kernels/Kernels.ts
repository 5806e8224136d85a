/** One option contract, valued over many scenarios. */
export interface OptionRow {
  /** +1 call, -1 put. */
  readonly sign: 1 | -1;
  readonly strike: number;
  /** At the scenarios' horizon; zero or less means settled at intrinsic value. */
  readonly timeToExpiryYears: number;
  readonly discount: number;
}

/** The batch interface: arrays in, arrays out, so that compiled code can stand behind it. */
export interface Kernels {
  /** Discounted Black-76 values into `out`, one per scenario. A vol of zero or less gives intrinsic value. */
  optionValues(row: OptionRow, forward: Float64Array, vol: Float64Array, out: Float64Array): void;
}
