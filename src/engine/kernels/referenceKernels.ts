import { undiscountedBlack } from '../pricing/black76.ts';
import type { Kernels } from './Kernels.ts';

/** Plain TypeScript: the truth that compiled kernels are judged against. */
export const referenceKernels: Kernels = {
  optionValues({ sign, strike, timeToExpiryYears, discount }, forward, vol, out) {
    const rootTime = Math.sqrt(Math.max(timeToExpiryYears, 0));
    for (let s = 0; s < out.length; s += 1) {
      out[s] = discount * undiscountedBlack(sign, forward[s]!, strike, Math.max(vol[s]!, 0) * rootTime);
    }
  },
};
