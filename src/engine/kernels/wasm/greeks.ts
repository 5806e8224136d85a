import { INVERSE_SQRT_TWO_PI } from '../../numerics/normal.ts';
import { forBatches, type KernelWriter, Misses } from './KernelWriter.ts';
import { WORD } from './opcodes.ts';
import { optionLanes, partsOf, premiumOf } from './prices.ts';
import type { Local } from './WasmModule.ts';

/** Vectors a batch: two, since many results are alive at once. */
const WIDTH = 2;
/** Options a batch. */
export const GREEKS_BATCH = 2 * WIDTH;

/** The columns of results, in the order of their addresses. */
export const GREEK_RESULTS = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho', 'vanna', 'volga'] as const;

/**
 * `greeks(sign, end, forward, strike, time, volatility, discount, rate, results, stride, misses)`: price and seven Greeks as
 * `black76Greeks` defines them; the columns of results stand `stride` bytes apart. Everything comes from the parts of the price:
 * with phi the normal density, min(F, K) exp(-d^2/2) / sqrt(2 pi) = F phi(d1) = K phi(d2), and the probability of the
 * out-of-the-money side is m(d) exp(-d^2/2) where F < K and m(u) exp(-d^2/2) K / F where F > K.
 */
export function writeGreeks(writer: KernelWriter): void {
  writer.function(
    'greeks',
    true,
    (
      code,
      sign: Local,
      end: Local,
      forward: Local,
      strike: Local,
      time: Local,
      volatility: Local,
      discount: Local,
      rate: Local,
      results: Local,
      stride: Local,
      list: Local,
    ) => {
      const v = writer.vectors(code, WIDTH);
      const misses = new Misses(code, list, sign);
      forBatches(code, [sign, forward, strike, time, volatility, discount, rate, results], end, 16 * WIDTH, () => {
        const option = optionLanes(v, sign, forward, strike, time, volatility);
        const parts = partsOf(v, option);
        misses.note(v, parts.holds, sign);
        const { isNegative, density, dNumerator, dDenominator, uNumerator, uDenominator } = parts;
        const { rootTime, totalVol, logMoneyness } = option;
        const one = v.constant(1);
        const D = v.load(discount);
        const [F, K] = [option.forward, option.strike];
        const isBelow = v.lessThan(F, K);
        const low = v.min(F, K);
        const price = v.mul(premiumOf(v, option, parts), D);

        const inverse = v.div(one, v.mul(dDenominator, uDenominator));
        const dTail = v.mul(density, v.mul(v.mul(dNumerator, uDenominator), inverse));
        const uTail = v.mul(density, v.mul(v.mul(uNumerator, dDenominator), inverse));
        const inverseForward = v.div(one, F);
        const above = v.mul(uTail, v.mul(K, inverseForward));
        const below = v.select(isNegative, v.sub(one, dTail), dTail);
        const outside = v.select(isBelow, below, above);
        // A call below the strike and a put above it have the small probability; the other two have one less it.
        const isCall = v.greaterThan(option.sign, v.constant(0));
        const isOutside = v.xor(isBelow, v.xor(isCall, v.bits(0xffffffffffffffffn)));
        const probability = v.select(isOutside, outside, v.sub(one, outside));
        const delta = v.mul(v.mul(option.sign, D), probability);

        const x = v.div(logMoneyness, totalVol);
        const half = v.mul(totalVol, v.constant(0.5));
        const [d1, d2] = [v.add(x, half), v.sub(x, half)];
        // F phi(d1), discounted.
        const forwardDensity = v.mul(D, v.mul(low, v.mul(density, v.constant(INVERSE_SQRT_TWO_PI))));
        const perForward = v.mul(forwardDensity, inverseForward);
        const inverseVol = v.div(one, option.volatility);
        const vega = v.mul(forwardDensity, rootTime);
        const gamma = v.div(v.mul(perForward, inverseForward), totalVol);
        const decay = v.div(v.mul(v.mul(forwardDensity, option.volatility), v.constant(0.5)), rootTime);
        const theta = v.sub(v.mul(v.load(rate), price), decay);
        const rho = v.negate(v.mul(v.load(time), price));
        const vanna = v.negate(v.mul(v.mul(perForward, d2), inverseVol));
        const volga = v.mul(v.mul(vega, v.mul(d1, d2)), inverseVol);

        const at = code.local(results.type);
        code.get(results);
        code.set(at);
        for (const values of [price, delta, gamma, vega, theta, rho, vanna, volga]) {
          v.store(values, at);
          code.get(at);
          code.get(stride);
          code.op(WORD.add);
          code.set(at);
        }
      });
      misses.count();
    },
  );
}
