import { writeDraws } from './draws.ts';
import { writeGreeks } from './greeks.ts';
import { writeImpliedVols } from './impliedVols.ts';
import { KernelWriter } from './KernelWriter.ts';
import { writeOptionPnl } from './optionPnl.ts';
import { writePrices } from './prices.ts';
import { PROXY_TABLES_BYTES } from './ProxyTables.ts';
import { writeProxyReads } from './proxyReads.ts';
import { WasmModule } from './WasmModule.ts';

/** The kernels for WebAssembly: with SIMD alone, or with relaxed SIMD, which may differ in the last bits between machines. */
export type WasmBuild = 'simd' | 'relaxed-simd';

/** Memory of an instance: 6 MB, of which constants take the first kilobytes, and room for proxies. It never grows, so that views of it stay valid. */
const MEMORY_PAGES = 96 + PROXY_TABLES_BYTES / 65_536;

/** The bytes of the module that holds every kernel. */
export function kernelModule(build: WasmBuild): Uint8Array<ArrayBuffer> {
  const module = new WasmModule(MEMORY_PAGES);
  const writer = new KernelWriter(module, build === 'relaxed-simd');
  writeOptionPnl(writer);
  writePrices(writer);
  writeGreeks(writer);
  writeImpliedVols(writer);
  writeDraws(writer);
  writeProxyReads(writer);
  return module.bytes();
}
