import type { CompiledKernels } from '../../workers/RiskApi.ts';
import type { Failure } from '../engine/domain/failure.ts';

/** `f64x2.relaxed_madd`. */
const RELAXED_MADD = [0xfd, 0x87, 0x02];
/** `f64x2.add`. */
const ADD = [0xfd, 0xf0, 0x01];

/**
 * The fastest kernels that this browser runs, compiled once for all workers of the page: with relaxed SIMD, with SIMD, else none,
 * which leaves plain TypeScript. Relaxed SIMD may differ in the last bits between machines; `reproducible` goes without it.
 * A module that does not arrive or does not compile leaves plain TypeScript too, and says why. Never throws.
 */
export async function compiledKernels(reproducible: boolean): Promise<CompiledKernels> {
  if (!runs(ADD, 2)) return withoutWebAssembly('unsupported', 'This browser does not run WebAssembly with SIMD');
  const build = !reproducible && runs(RELAXED_MADD, 3) ? 'relaxed-simd' : 'simd';
  // Written out, since the build reads the addresses from the source.
  const address =
    build === 'simd'
      ? new URL('./generated/kernels.simd.wasm', import.meta.url)
      : new URL('./generated/kernels.relaxed-simd.wasm', import.meta.url);
  try {
    return { build, module: await WebAssembly.compileStreaming(fetch(address)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return withoutWebAssembly('internal', `The WebAssembly kernels could not be loaded: ${reason}`);
  }
}

function withoutWebAssembly(code: Failure['code'], message: string): CompiledKernels {
  return { build: 'typescript', failure: { code, message } };
}

/** Whether the browser takes a module whose one function applies an instruction to so many vectors of zeros. */
function runs(instruction: readonly number[], operands: number): boolean {
  const splat = [0x41, 0x00, 0xfd, 0x11];
  const body = [0x00, ...Array.from({ length: operands }, () => splat).flat(), ...instruction, 0x0b];
  const module = [
    // magic and version
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // one type: () -> v128
    [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
    // one function of it
    [0x03, 0x02, 0x01, 0x00],
    [0x0a, body.length + 2, 0x01, body.length],
    body,
  ];
  return typeof WebAssembly === 'object' && WebAssembly.validate(Uint8Array.from(module.flat()));
}
