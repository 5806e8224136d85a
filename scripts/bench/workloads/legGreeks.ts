import type { GreekColumns } from '../../../src/engine/kernels/Kernels.ts';
import { floats, resident, signs, type Workload, type WorkloadSetting } from './Workload.ts';

/** W3: price and seven Greeks of each leg, discounted at a rate of its own. */
export async function legGreeks({ kernels, files }: WorkloadSetting): Promise<Workload> {
  const column = async (name: string) => resident(kernels, await floats(files, name));
  const forward = await column('w3_F');
  const timeToExpiryYears = await column('w3_T');
  const rate = await column('w3_R');
  const options = {
    sign: resident(kernels, await signs(files, 'w3_C')),
    forward,
    strike: await column('w3_K'),
    timeToExpiryYears,
    volatility: await column('w3_V'),
    discount: resident(
      kernels,
      rate.map((r, i) => Math.exp(-r * timeToExpiryYears[i]!)),
    ),
  };
  const items = forward.length;
  const greeks: GreekColumns = {
    price: kernels.column(items),
    delta: kernels.column(items),
    gamma: kernels.column(items),
    vega: kernels.column(items),
    theta: kernels.column(items),
    rho: kernels.column(items),
    vanna: kernels.column(items),
    volga: kernels.column(items),
  };
  return {
    items,
    options: items,
    run: () => kernels.greeks(options, rate, greeks),
    check: () => Object.values(greeks).reduce((sum: number, of: Float64Array) => of.reduce((a, b) => a + b, sum), 0),
  };
}
