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
  const column = async (name: string) => (await floats(files, name)).slice(start, end);
  const forward = all.slice(start, end);
  const strike = await column('w1_K');
  const timeToExpiryYears = await column('w1_T');
  const volatility = await column('w1_V');
  const sign = Float64Array.from((await signs(files, 'w1_C')).subarray(start, end));
  const prices = new Float64Array(end - start);
  // More than the kernels' memory holds: a block at a time is copied there.
  const block = {
    sign: kernels.column(BLOCK),
    forward: kernels.column(BLOCK),
    strike: kernels.column(BLOCK),
    timeToExpiryYears: kernels.column(BLOCK),
    volatility: kernels.column(BLOCK),
    discount: resident(kernels, new Float64Array(BLOCK).fill(1)),
  };
  const blockPrices = kernels.column(BLOCK);
  return {
    items,
    options: items,
    run: (first, last) =>
      inBlocks(first - start, last - start, (from, to) => {
        block.sign.set(sign.subarray(from, to));
        block.forward.set(forward.subarray(from, to));
        block.strike.set(strike.subarray(from, to));
        block.timeToExpiryYears.set(timeToExpiryYears.subarray(from, to));
        block.volatility.set(volatility.subarray(from, to));
        // A last block that is shorter has options of the one before behind it, whose prices are left where they are.
        kernels.prices(block, blockPrices);
        prices.set(blockPrices.subarray(0, to - from), from);
      }),
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
