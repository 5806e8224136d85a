import { black76Price, undiscountedBlackAt } from '../../pricing/black76.ts';
import { black76Greeks } from '../../pricing/greeks.ts';
import type { Kernels, OptionColumns } from '../Kernels.ts';
import { referenceKernels } from '../referenceKernels.ts';
import { GREEK_RESULTS, GREEKS_BATCH } from './greeks.ts';
import { forMisses, type KernelExports } from './KernelExports.ts';
import { CHUNK, KernelMemory } from './KernelMemory.ts';
import type { WasmBuild } from './kernelModule.ts';
import { IMPLIED_VOLS_BATCH } from './impliedVols.ts';
import { OPTION_PNL_BATCH, OPTION_PNL_TERMS } from './optionPnl.ts';
import { PRICES_BATCH } from './prices.ts';
import { WasmDraws } from './wasmDraws.ts';

/** Up to so many scenarios are copied one by one: a margin's scan has few, and views of columns cost more than they hold. */
const FEW = 256;

/** How proxies are read by an instance. */
export type ProxyReads = (exports: KernelExports, memory: KernelMemory) => Kernels['addProxyPnl'];

/**
 * The kernels of an instance of `kernelModule(build)`, which is given by what it exports and belongs to these kernels alone. Who reads many
 * proxies brings `wasmProxyReads`; the others read them in TypeScript, to the same bits.
 */
export function wasmKernels(instanceExports: object, build: WasmBuild, proxyReads: ProxyReads | null = null): Kernels {
  const exports = instanceExports as KernelExports;
  const memory = new KernelMemory(exports.memory.buffer, exports.constantBytes.value);
  const draws = new WasmDraws(exports, memory);
  return {
    ...referenceKernels,
    build,
    column: (length) => memory.column(length),
    prices: pricesBy(exports, memory),
    greeks: greeksBy(exports, memory),
    impliedVolatilities: impliedVolatilitiesBy(exports, memory),
    addOptionPnl: addOptionPnlBy(exports, memory),
    ...(proxyReads === null ? {} : { addProxyPnl: proxyReads(exports, memory) }),
    addScaled: draws.addScaled,
    ellipticalMoves: draws.ellipticalMoves,
    normals: draws.normals,
    inverseNormals: draws.inverseNormals,
    exponentials: draws.exponentials,
    heldMoves: draws.heldMoves,
  };
}

function addOptionPnlBy(exports: KernelExports, memory: KernelMemory): Kernels['addOptionPnl'] {
  const values = memory.reserved(OPTION_PNL_TERMS.length);
  const misses = memory.words(CHUNK);
  const few = {
    volShock: memory.reserved(FEW + OPTION_PNL_BATCH),
    growth: memory.reserved(FEW + OPTION_PNL_BATCH),
    logGrowth: memory.reserved(FEW + OPTION_PNL_BATCH),
    total: memory.reserved(FEW + OPTION_PNL_BATCH),
  };
  return (terms, quantity, moves, total) => {
    const { sign, forward, strike, timeToExpiryYears, volatility, volPerShock, leastVol } = terms;
    const { premiumToUsd, presentUsd } = terms;
    if (!(timeToExpiryYears > 0 && forward > 0 && strike > 0)) {
      referenceKernels.addOptionPnl(terms, quantity, moves, total);
      return;
    }
    const logMoneyness = Math.log(forward / strike);
    const rootTime = Math.sqrt(timeToExpiryYears);
    values[0] = forward;
    values[1] = strike;
    values[2] = logMoneyness;
    values[3] = volatility;
    values[4] = volPerShock;
    values[5] = leastVol;
    values[6] = rootTime;
    values[7] = sign;
    values[8] = premiumToUsd;
    values[9] = presentUsd;
    values[10] = quantity;
    /** Adds to whole batches that stand in the memory of the kernels. */
    const add = (
      volShock: Float64Array,
      growth: Float64Array,
      logGrowth: Float64Array,
      sum: Float64Array,
      n: number,
    ) => {
      const noted = exports.optionPnl(
        volShock.byteOffset,
        volShock.byteOffset + 8 * n,
        growth.byteOffset,
        logGrowth.byteOffset,
        sum.byteOffset,
        values.byteOffset,
        misses.byteOffset,
      );
      if (noted === 0) return;
      forMisses(misses, noted, OPTION_PNL_BATCH, (s) => {
        const vol = Math.max(volatility + volPerShock * volShock[s]!, leastVol);
        const x = logMoneyness + logGrowth[s]!;
        const premium = undiscountedBlackAt(sign, forward * growth[s]!, strike, x, vol * rootTime);
        sum[s] = sum[s]! + quantity * (premium * premiumToUsd - presentUsd);
      });
    };
    const count = total.length;
    if (count > FEW) {
      memory.inBatches(
        OPTION_PNL_BATCH,
        [moves.volShock, moves.growth, moves.logGrowth, total],
        [total],
        ([volShock, growth, logGrowth, sum]) => add(volShock!, growth!, logGrowth!, sum!, sum!.length),
      );
      return;
    }
    const { volShock, growth, logGrowth } = few;
    const padded = Math.ceil(count / OPTION_PNL_BATCH) * OPTION_PNL_BATCH;
    for (let s = 0; s < padded; s += 1) {
      // Any scenario does for the lanes that are not asked for.
      const from = s < count ? s : 0;
      volShock[s] = moves.volShock[from]!;
      growth[s] = moves.growth[from]!;
      logGrowth[s] = moves.logGrowth[from]!;
      few.total[s] = total[from]!;
    }
    if (count > 0) add(volShock, growth, logGrowth, few.total, padded);
    for (let s = 0; s < count; s += 1) total[s] = few.total[s]!;
  };
}

function pricesBy(exports: KernelExports, memory: KernelMemory): Kernels['prices'] {
  const misses = memory.words(CHUNK);
  return (options, out) => {
    memory.inBatches(PRICES_BATCH, [...optionColumns(options), out], [out], (placed) => {
      const [sign, forward, strike, time, vol, discount, prices] = placed as OptionArrays<[Float64Array]>;
      const noted = exports.prices(...addresses(placed), prices.byteOffset, misses.byteOffset);
      forMisses(misses, noted, PRICES_BATCH, (i) => {
        const type = sign[i]! > 0 ? 'C' : 'P';
        prices[i] = black76Price(type, forward[i]!, strike[i]!, time[i]!, vol[i]!, discount[i]!);
      });
    });
  };
}

function greeksBy(exports: KernelExports, memory: KernelMemory): Kernels['greeks'] {
  const misses = memory.words(CHUNK);
  // The results of one option stand a fixed distance apart, so they are computed here and copied out.
  const results = memory.reserved(GREEK_RESULTS.length * CHUNK);
  return (options, rate, out) => {
    let from = 0;
    memory.inBatches(GREEKS_BATCH, [...optionColumns(options), rate], [], (placed) => {
      const [sign, forward, strike, time, vol, discount, rates] = placed as OptionArrays<[Float64Array]>;
      const noted = exports.greeks(
        ...addresses(placed),
        rates.byteOffset,
        results.byteOffset,
        8 * CHUNK,
        misses.byteOffset,
      );
      forMisses(misses, noted, GREEKS_BATCH, (i) => {
        const type = sign[i]! > 0 ? 'C' : 'P';
        const found = black76Greeks(type, forward[i]!, strike[i]!, time[i]!, vol[i]!, discount[i]!, rates[i]!);
        GREEK_RESULTS.forEach((name, column) => {
          results[column * CHUNK + i] = found[name];
        });
      });
      const count = Math.min(sign.length, rate.length - from);
      GREEK_RESULTS.forEach((name, column) =>
        out[name].set(results.subarray(column * CHUNK, column * CHUNK + count), from),
      );
      from += count;
    });
  };
}

function impliedVolatilitiesBy(exports: KernelExports, memory: KernelMemory): Kernels['impliedVolatilities'] {
  const misses = memory.words(CHUNK);
  return async (options) => {
    const { impliedVolatilities } = await import('../../pricing/impliedVolatility.ts');
    const { sign, forward, strike, timeToExpiryYears, price, discount } = options;
    const volatility = new Float64Array(price.length);
    const left: number[] = [];
    const columns = [sign, forward, strike, timeToExpiryYears, price, discount].map((column) =>
      column instanceof Float64Array ? column : Float64Array.from(column),
    );
    let from = 0;
    memory.inBatches(IMPLIED_VOLS_BATCH, [...columns, volatility], [volatility], (placed) => {
      const out = placed.at(-1)!;
      const noted = exports.impliedVols(...addresses(placed), out.byteOffset, misses.byteOffset);
      forMisses(misses, noted, IMPLIED_VOLS_BATCH, (i) => left.push(from + i));
      from += out.length;
    });
    const asked = left.filter((i) => i < price.length);
    const rest = impliedVolatilities({
      sign: asked.map((i) => sign[i]!),
      forward: asked.map((i) => forward[i]!),
      strike: asked.map((i) => strike[i]!),
      timeToExpiryYears: asked.map((i) => timeToExpiryYears[i]!),
      price: asked.map((i) => price[i]!),
      discount: asked.map((i) => discount[i]!),
    });
    asked.forEach((i, k) => {
      volatility[i] = rest.volatility[k]!;
    });
    return { volatility, refusals: new Map([...rest.refusals].map(([k, failure]) => [asked[k]!, failure])) };
  };
}

type OptionArrays<Rest extends readonly Float64Array[]> = [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  ...Rest,
];

/** Where the six columns of options are, as every kernel over options takes them: the first one's begin and end, the others' begin. */
function addresses(placed: readonly Float64Array[]): [number, number, number, number, number, number, number] {
  const [sign, forward, strike, time, fifth, discount] = placed as OptionArrays<[]>;
  return [
    sign.byteOffset,
    sign.byteOffset + sign.byteLength,
    forward.byteOffset,
    strike.byteOffset,
    time.byteOffset,
    fifth.byteOffset,
    discount.byteOffset,
  ];
}

function optionColumns({
  sign,
  forward,
  strike,
  timeToExpiryYears,
  volatility,
  discount,
}: OptionColumns): OptionArrays<[]> {
  return [sign, forward, strike, timeToExpiryYears, volatility, discount];
}
