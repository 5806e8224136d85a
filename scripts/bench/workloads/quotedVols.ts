import { floats, resident, signs, type Workload, type WorkloadSetting } from './Workload.ts';

const CHECKED_QUOTE = 77;

/** W5: the implied vol of each of many out-of-the-money quotes. */
export async function quotedVols({ kernels, files }: WorkloadSetting): Promise<Workload> {
  const column = async (name: string) => resident(kernels, await floats(files, name));
  const forward = await column('w5_F');
  const quotes = {
    sign: resident(kernels, await signs(files, 'w5_C')),
    forward,
    strike: await column('w5_K'),
    timeToExpiryYears: await column('w5_T'),
    price: await column('w5_P'),
    discount: resident(kernels, new Float64Array(forward.length).fill(1)),
  };
  let volatility = new Float64Array(0);
  return {
    items: forward.length,
    options: forward.length,
    run: async () => {
      volatility = (await kernels.impliedVolatilities(quotes)).volatility as Float64Array<ArrayBuffer>;
    },
    check: () => volatility[CHECKED_QUOTE]!,
    /** Against the vols that the quotes were priced with. */
    error: async () => {
      const priced = await floats(files, 'w5_V');
      return volatility.reduce((worst, vol, i) => Math.max(worst, Math.abs(vol / priced[i]! - 1)), 0);
    },
  };
}
