import { undiscountedBlack } from '../pricing/black76.ts';
import type { Kernels, OptionRow } from './Kernels.ts';

/** The batch functions in plain TypeScript: the same prices as `undiscountedBlack`, bit for bit. */
export const referenceKernels: Kernels = { optionValues };

function optionValues(row: OptionRow, forward: Float64Array, vol: Float64Array, out: Float64Array): void {
  const { sign, strike, discount } = row;
  const rootTime = row.timeToExpiryYears > 0 ? Math.sqrt(row.timeToExpiryYears) : 0;
  for (let s = 0; s < out.length; s++) {
    out[s] = discount * undiscountedBlack(sign, forward[s]!, strike, vol[s]! * rootTime);
  }
}
