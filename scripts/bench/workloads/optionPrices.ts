import { undiscountedBlack } from '../../../src/engine/pricing/black76.ts';
import { BLOCK, floats, inBlocks, resident, shareOf, signs, type Workload, type WorkloadSetting } from './Workload.ts';

const CHECKED_OPTION = 12_345;
/** In parts of the forward: an option worth less is not traded. */
const LEAST_PRICE = 1e-7;

/** W1: a price for each of many options with inputs of its own. */
export async function optionPrices({ kernels, files, share }: WorkloadSetting): Promise<Workload> {
  const all = await floats(files, 'w1_F');
  const items = all.length;
  const [start, end] = shareOf(items, share);
  const column = async (name: string) => resident(kernels, (await floats(files, name)).subarray(start, end));
  const forward = resident(kernels, all.subarray(start, end));
  const strike = await column('w1_K');
  const timeToExpiryYears = await column('w1_T');
  const volatility = await column('w1_V');
  const sign = resident(kernels, (await signs(files, 'w1_C')).subarray(start, end));
  const undiscounted = resident(kernels, new Float64Array(BLOCK).fill(1));
  const prices = kernels.column(end - start);
  return {
    items,
    options: items,
    run: (first, last) =>
      inBlocks(first - start, last - start, (from, to) =>
        kernels.prices(
          {
            sign: sign.subarray(from, to),
            forward: forward.subarray(from, to),
            strike: strike.subarray(from, to),
            timeToExpiryYears: timeToExpiryYears.subarray(from, to),
            volatility: volatility.subarray(from, to),
            discount: undiscounted.subarray(0, to - from),
          },
          prices.subarray(from, to),
        ),
      ),
    check: () => prices[CHECKED_OPTION - start]!,
    /** Against the scalar engine. */
    error: async () => {
      let worst = 0;
      for (let i = 0; i < prices.length; i += 1) {
        const totalVol = volatility[i]! * Math.sqrt(timeToExpiryYears[i]!);
        const expected = undiscountedBlack(sign[i]! > 0 ? 1 : -1, forward[i]!, strike[i]!, totalVol);
        if (expected >= LEAST_PRICE * forward[i]!) worst = Math.max(worst, Math.abs(prices[i]! / expected - 1));
      }
      return worst;
    },
  };
}
