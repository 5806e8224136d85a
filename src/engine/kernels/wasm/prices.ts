import { type BlackParts, blackParts, timeValueShare } from './blackVectors.ts';
import { logQuotient } from './elementary.ts';
import { forBatches, type KernelWriter, Misses } from './KernelWriter.ts';
import type { Lanes, Vectors } from './Vectors.ts';
import type { Local } from './WasmModule.ts';

/** Vectors a batch. */
const WIDTH = 3;
/** Options a batch. */
export const PRICES_BATCH = 2 * WIDTH;

const LEAST_NORMAL = 2 ** -1022;

/** What the columns of an option say, before the parts of its price. */
export interface OptionLanes {
  readonly sign: Lanes;
  readonly forward: Lanes;
  readonly strike: Lanes;
  readonly volatility: Lanes;
  readonly rootTime: Lanes;
  readonly totalVol: Lanes;
  /** ln(F / K) */
  readonly logMoneyness: Lanes;
}

/** Reads a batch of options, whose columns stand at the addresses. */
export function optionLanes(
  v: Vectors,
  sign: Local,
  forward: Local,
  strike: Local,
  timeToExpiryYears: Local,
  volatility: Local,
): OptionLanes {
  const [forwards, strikes] = [v.load(forward), v.load(strike)];
  const rootTime = v.sqrt(v.load(timeToExpiryYears));
  const vol = v.load(volatility);
  return {
    sign: v.load(sign),
    forward: forwards,
    strike: strikes,
    volatility: vol,
    rootTime,
    totalVol: v.mul(vol, rootTime),
    logMoneyness: logQuotient(v, forwards, strikes),
  };
}

export function partsOf(v: Vectors, { forward, strike, logMoneyness, totalVol }: OptionLanes): BlackParts {
  const parts = blackParts(v, v.div(v.abs(logMoneyness), totalVol), v.mul(totalVol, v.constant(0.5)));
  // The logarithm knows normal numbers above zero only.
  const isNormal = v.greaterThan(v.min(forward, strike), v.constant(LEAST_NORMAL));
  return { ...parts, holds: v.and(parts.holds, isNormal) };
}

/** Undiscounted premium. */
export function premiumOf(v: Vectors, { sign, forward, strike }: OptionLanes, parts: BlackParts): Lanes {
  const exercise = v.max(v.mul(v.sub(forward, strike), sign), v.constant(0));
  return v.add(exercise, v.mul(v.min(forward, strike), timeValueShare(v, parts)));
}

/**
 * `prices(sign, end, forward, strike, time, volatility, discount, out, misses)`: prices of the options whose signs stand from `sign`
 * to before `end`. Lanes that do not hold get a number without meaning and are noted.
 */
export function writePrices(writer: KernelWriter): void {
  writer.function(
    'prices',
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
      out: Local,
      list: Local,
    ) => {
      const v = writer.vectors(code, WIDTH);
      const misses = new Misses(code, list, sign);
      forBatches(code, [sign, forward, strike, time, volatility, discount, out], end, 16 * WIDTH, () => {
        const option = optionLanes(v, sign, forward, strike, time, volatility);
        const parts = partsOf(v, option);
        v.store(v.mul(premiumOf(v, option, parts), v.load(discount)), out);
        misses.note(v, parts.holds, sign);
      });
      misses.count();
    },
  );
}
