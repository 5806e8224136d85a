import { expect, it, vi } from 'vitest';
import type { EvaluateRequest } from '../src/engine/domain/riskReport.ts';
import { CODES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { kernelModule } from '../src/engine/kernels/wasm/kernelModule.ts';
import { marketFileText } from '../src/formats/marketFile.ts';
import { riskService } from './riskService.ts';

/** Pricing calls until the instance traps; what it was writing to is then half written. */
let callsLeft = Infinity;

vi.mock(import('../src/engine/kernels/wasm/wasmKernels.ts'), async (original) => {
  const { wasmKernels } = await original();
  return {
    wasmKernels: (exports, build) => {
      const kernels = wasmKernels(exports, build);
      return {
        ...kernels,
        addOptionPnl: (terms, quantity, moves, total) => {
          callsLeft -= 1;
          if (callsLeft >= 0) return kernels.addOptionPnl(terms, quantity, moves, total);
          total.fill(Number.NaN);
          throw new WebAssembly.RuntimeError('memory access out of bounds');
        },
      };
    },
  };
});

const market = marketFileText(smallSnapshot());
const compiled = { build: 'simd', module: new WebAssembly.Module(kernelModule('simd')) } as const;

async function answers(calls: number) {
  const service = riskService();
  const opened = await service.openMarket(market, compiled);
  if (!opened.ok) throw new Error(opened.failure.message);
  const request: EvaluateRequest = {
    inputVersion: 1,
    marketId: opened.value.id,
    book: smallBook([
      [`BTC-${CODES.month}-75000-P`, -5],
      [`BTC-${CODES.month}-70000-P`, 3],
      ['BTC-PERPETUAL', -30_000],
    ]),
    proposed: null,
    models: ['portfolio', 'isolated'],
    parameters: {},
  };
  callsLeft = calls;
  const report = await service.evaluate(request);
  if (!report.ok) throw new Error(report.failure.message);
  return { service, margins: report.value.before.margins };
}

it('an instance that traps is never used again, and plain TypeScript answers in its place', async () => {
  const whole = await answers(Infinity);
  expect(whole.service.engineInUse()).toMatchObject({ build: 'simd', failure: null });
  for (const calls of [0, 1, 2]) {
    const trapped = await answers(calls);
    expect(trapped.service.engineInUse()).toMatchObject({
      build: 'typescript',
      failure: { message: 'The WebAssembly kernels stopped working: memory access out of bounds' },
    });
    expect(trapped.margins.length).toBe(whole.margins.length);
    trapped.margins.forEach((margin, i) => {
      const expected = whole.margins[i]!;
      if ('unsupported' in margin || 'unsupported' in expected) throw new Error('no margin');
      const share = margin.initialMarginUsd / expected.initialMarginUsd;
      expect(Math.abs(share - 1)).toBeLessThan(1e-12);
    });
  }
});
