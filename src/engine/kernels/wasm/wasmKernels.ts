import { undiscountedBlackAt } from '../../pricing/black76.ts';
import type { CoinMoves, Kernels, OptionTerms } from '../Kernels.ts';
import { referenceKernels } from '../referenceKernels.ts';
import { KernelMemory } from './KernelMemory.ts';
import type { WasmBuild } from './kernelModule.ts';
import { OPTION_PNL_BATCH, OPTION_PNL_TERMS } from './optionPnl.ts';

/** What an instance of the module exports. Addresses are bytes; a result is a number of noted batches. */
interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly constantBytes: { readonly value: number };
  optionPnl(
    volShock: number,
    end: number,
    growth: number,
    logGrowth: number,
    total: number,
    terms: number,
    misses: number,
  ): number;
}

/** Elements that are computed at a time where columns must be copied; whole batches of every kernel. */
const CHUNK = 1920;

/** The kernels of an instance of `kernelModule(build)`, which is given by what it exports and belongs to these kernels alone. */
export function wasmKernels(instanceExports: object, build: WasmBuild): Kernels {
  const exports = instanceExports as KernelExports;
  const memory = new KernelMemory(exports.memory.buffer, exports.constantBytes.value, CHUNK);
  const termsColumn = memory.column(OPTION_PNL_TERMS.length);
  const misses = memory.words(CHUNK);

  /** One option over whole batches that stand in the kernels' memory. */
  function resident(terms: OptionTerms, moves: CoinMoves, total: Float64Array): void {
    const { volShock, growth, logGrowth } = moves;
    // No more batches at a time than misses can be noted of.
    for (let from = 0; from < total.length; from += CHUNK) {
      const count = Math.min(CHUNK, total.length - from);
      const at = (column: Float64Array) => column.byteOffset + 8 * from;
      const noted = exports.optionPnl(
        at(volShock),
        at(volShock) + 8 * count,
        at(growth),
        at(logGrowth),
        at(total),
        termsColumn.byteOffset,
        misses.byteOffset,
      );
      for (let i = 0; i < noted; i += 1) {
        const batch = from + misses[2 * i]! / 8;
        for (let lane = 0; lane < OPTION_PNL_BATCH; lane += 1) {
          if ((misses[2 * i + 1]! >>> lane) & 1) continue;
          const s = batch + lane;
          total[s] = total[s]! + scalarPnl(terms, growth[s]!, logGrowth[s]!, volShock[s]!);
        }
      }
    }
  }

  function scalarPnl(terms: OptionTerms, growth: number, logGrowth: number, volShock: number): number {
    const vol = Math.max(terms.volatility + terms.volPerShock * volShock, terms.leastVol);
    const premium = undiscountedBlackAt(
      terms.sign,
      terms.forward * growth,
      terms.strike,
      termsColumn[2]! + logGrowth,
      vol * termsColumn[6]!,
    );
    return termsColumn[10]! * (premium * terms.premiumToUsd - terms.presentUsd);
  }

  return {
    ...referenceKernels,
    build,
    column: (length) => memory.column(length),
    addOptionPnl(terms, quantity, moves, total) {
      const { forward, strike, timeToExpiryYears } = terms;
      if (!(timeToExpiryYears > 0 && forward > 0 && strike > 0)) {
        referenceKernels.addOptionPnl(terms, quantity, moves, total);
        return;
      }
      termsColumn.set([
        forward,
        strike,
        Math.log(forward / strike),
        terms.volatility,
        terms.volPerShock,
        terms.leastVol,
        Math.sqrt(timeToExpiryYears),
        terms.sign,
        terms.premiumToUsd,
        terms.presentUsd,
        quantity,
      ]);
      memory.inBatches(
        OPTION_PNL_BATCH,
        [moves.growth, moves.logGrowth, moves.volShock, total],
        [total],
        ([growth, logGrowth, volShock, sum]) =>
          resident(terms, { growth: growth!, logGrowth: logGrowth!, volShock: volShock! }, sum!),
      );
    },
  };
}
