import { afterEach, expect, it, vi } from 'vitest';
import { kernelModule } from '../engine/kernels/wasm/kernelModule.ts';
import { compiledKernels } from './compiledKernels.ts';

afterEach(() => vi.unstubAllGlobals());

/** A browser that serves a module and knows or does not know its instructions, by their last opcode. */
function browser(answer: () => Promise<Response>, knows: (bytes: Uint8Array) => boolean) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: URL) => {
    asked.push(address.pathname.split('/').at(-1)!);
    return answer();
  });
  vi.stubGlobal('WebAssembly', {
    ...WebAssembly,
    validate: knows,
    compileStreaming: async (source: Promise<Response>) =>
      new WebAssembly.Module(new Uint8Array(await (await source).arrayBuffer())),
    Module: WebAssembly.Module,
  });
  return asked;
}

const served = async () => new Response(kernelModule('simd'), { headers: { 'Content-Type': 'application/wasm' } });
const isRelaxed = (bytes: Uint8Array) => bytes.includes(0x87);

it('takes relaxed SIMD where the browser has it, unless figures are to be reproducible', async () => {
  const asked = browser(served, () => true);
  expect(await compiledKernels(false)).toMatchObject({ build: 'relaxed-simd', module: expect.any(WebAssembly.Module) });
  expect(await compiledKernels(true)).toMatchObject({ build: 'simd' });
  expect(asked).toEqual(['kernels.relaxed-simd.wasm', 'kernels.simd.wasm']);
});

it('takes SIMD where there is no relaxed SIMD, as in this Node', async () => {
  const validate = WebAssembly.validate;
  const asked = browser(served, (bytes) => validate(bytes as BufferSource));
  expect(await compiledKernels(false)).toMatchObject({ build: 'simd' });
  expect(asked).toEqual(['kernels.simd.wasm']);
  const withRelaxed = browser(served, (bytes) => isRelaxed(bytes) || validate(bytes as BufferSource));
  await compiledKernels(false);
  expect(withRelaxed).toEqual(['kernels.relaxed-simd.wasm']);
});

it('leaves plain TypeScript where there is no SIMD, and fetches nothing', async () => {
  const asked = browser(served, () => false);
  expect(await compiledKernels(false)).toMatchObject({ build: 'typescript', failure: { code: 'unsupported' } });
  expect(asked).toEqual([]);
});

it('says why a module that does not arrive, or not whole, is not used', async () => {
  for (const answer of [
    async () => Promise.reject(new TypeError('Failed to fetch')),
    async () => new Response(kernelModule('simd').slice(0, 1000)),
    async () => new Response('<!doctype html>'),
  ]) {
    browser(answer, () => true);
    const { build, ...rest } = await compiledKernels(false);
    expect(build).toBe('typescript');
    expect(rest).toMatchObject({ failure: { message: expect.stringMatching(/could not be loaded: \w/) } });
  }
});
