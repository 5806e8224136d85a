import { referenceKernels } from '../referenceKernels.ts';
import { CHUNK } from './KernelMemory.ts';
import { PROXY_TABLES_BYTES, ProxyTables } from './ProxyTables.ts';
import { PROXY_HEADER } from './proxyLayout.ts';
import type { ProxyReads } from './wasmKernels.ts';

/** Proxies read by the module, in its own memory; one that finds no room there is read in TypeScript, to the same bits. */
export const wasmProxyReads: ProxyReads = (exports, memory) => {
  const tables = new ProxyTables(memory, PROXY_TABLES_BYTES);
  const numbers = memory.words(CHUNK);
  return (proxy, units, moves, total, missed) => {
    const table = tables.addressOf(proxy);
    if (table === null) return referenceKernels.addProxyPnl(proxy, units, moves, total, missed);
    new Float64Array(exports.memory.buffer, table + PROXY_HEADER.units, 1)[0] = units;
    let from = 0;
    let misses = 0;
    const columns = [moves.logGrowth, moves.volShock, moves.growth, total];
    memory.inBatches(1, columns, [total], ([logGrowth, volShock, growth, sum]) => {
      const count = exports.proxyPnl(
        logGrowth!.byteOffset,
        logGrowth!.byteOffset + logGrowth!.byteLength,
        volShock!.byteOffset,
        growth!.byteOffset,
        sum!.byteOffset,
        table,
        numbers.byteOffset,
      );
      for (let k = 0; k < count; k += 1) missed[misses + k] = from + numbers[k]!;
      misses += count;
      from += sum!.length;
    });
    return misses;
  };
};
