import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import type { CoinMoves, Kernels, OptionTerms } from '../Kernels.ts';
import { referenceKernels } from '../referenceKernels.ts';
import { kernelModule } from './kernelModule.ts';
import { wasmKernels } from './wasmKernels.ts';

function kernelsOf(build: 'simd'): Kernels {
  return wasmKernels(new WebAssembly.Instance(new WebAssembly.Module(kernelModule(build))).exports, build);
}

/** Node 20 runs relaxed SIMD behind a flag only; what differs is how often the last bit is rounded. */
const kernels = kernelsOf('simd');

const FORWARD = 60_000;
const optionTerms = fc.record({
  sign: fc.constantFrom<1 | -1>(1, -1),
  forward: fc.constant(FORWARD),
  strike: fc.double({ min: -1.5, max: 1.5, noNaN: true }).map((x) => FORWARD * Math.exp(x)),
  timeToExpiryYears: fc.double({ min: Math.log(1 / 365 / 24 / 4), max: Math.log(2), noNaN: true }).map(Math.exp),
  volatility: fc.double({ min: 0.05, max: 2.4, noNaN: true }),
  volPerShock: fc.double({ min: 0, max: 1, noNaN: true }),
  leastVol: fc.constant(0.01),
  premiumToUsd: fc.double({ min: 0.9, max: 1, noNaN: true }),
  presentUsd: fc.constant(0),
});

const scenarios = fc.array(
  fc.tuple(fc.double({ min: -0.4, max: 0.4, noNaN: true }), fc.double({ min: -0.5, max: 1, noNaN: true })),
  { minLength: 1, maxLength: 40 },
);

function movesOf(pairs: readonly (readonly [number, number])[]): CoinMoves {
  const logGrowth = Float64Array.from(pairs, ([x]) => x);
  return { logGrowth, growth: logGrowth.map(Math.exp), volShock: Float64Array.from(pairs, ([, v]) => v) };
}

function pnl(by: Kernels, terms: OptionTerms, moves: CoinMoves, quantity = 1): Float64Array {
  const total = new Float64Array(moves.growth.length);
  by.addOptionPnl(terms, quantity, moves, total);
  return total;
}

describe('addOptionPnl', () => {
  property.prop([optionTerms, scenarios], { numRuns: 2000 })(
    'agrees with the reference to 1e-12 on options worth 1e-7 of their forward, and to 1e-9 on all',
    (terms, pairs) => {
      const moves = movesOf(pairs);
      const found = pnl(kernels, terms, moves);
      const expected = pnl(referenceKernels, terms, moves);
      expected.forEach((value, s) => {
        const tolerance = value > 1e-7 * FORWARD * moves.growth[s]! ? 1e-12 : 1e-9;
        expect(Math.abs(found[s]! - value)).toBeLessThanOrEqual(tolerance * value);
      });
    },
  );

  property.prop([optionTerms, scenarios, fc.nat(40)])(
    'gives a scenario the same bits wherever it stands, copied or in the memory of the kernels',
    (terms, pairs, cut) => {
      const moves = movesOf(pairs);
      const whole = pnl(kernels, terms, moves);
      const parts = [pairs.slice(0, cut), pairs.slice(cut)].flatMap((part) => [...pnl(kernels, terms, movesOf(part))]);
      expect(parts).toEqual([...whole]);
      const columns = [1, 2, 3, 4].map(() => residentColumn(pairs.length));
      const [growth, logGrowth, volShock, total] = columns as [Float64Array, Float64Array, Float64Array, Float64Array];
      growth.set(moves.growth);
      logGrowth.set(moves.logGrowth);
      volShock.set(moves.volShock);
      kernels.addOptionPnl(terms, 1, { growth, logGrowth, volShock }, total);
      expect([...total]).toEqual([...whole]);
    },
  );

  property.prop([optionTerms, fc.double({ min: -50, max: 50, noNaN: true })])(
    'is exactly nothing for an option that does not move',
    (terms, quantity) => {
      const still = movesOf([[0, 0]]);
      const [presentUsd] = pnl(kernels, terms, still);
      expect(pnl(kernels, { ...terms, presentUsd: presentUsd! }, still, quantity)[0]).toBe(0);
    },
  );

  it('writes nothing beyond the end of a part of a column', () => {
    const column = residentColumn(16);
    column.fill(7);
    const moves = movesOf([[0.1, 0.1]]);
    kernels.addOptionPnl(sample, 1, moves, column.subarray(3, 4));
    expect([...column].filter((value) => value !== 7)).toHaveLength(1);
  });

  it('settles an expired option at its intrinsic value', () => {
    const moves = movesOf([[0.1, 0]]);
    const terms = { ...sample, timeToExpiryYears: 0 };
    expect([...pnl(kernels, terms, moves)]).toEqual([...pnl(referenceKernels, terms, moves)]);
  });

  it('handles more scenarios than it copies at a time', () => {
    const pairs = Array.from({ length: 10_001 }, (_, i): [number, number] => [0.3 * Math.sin(i), 0.2 * Math.cos(i)]);
    const moves = movesOf(pairs);
    const [found, expected] = [pnl(kernels, sample, moves, -3), pnl(referenceKernels, sample, moves, -3)];
    expected.forEach((value, s) => expect(Math.abs(found[s]! - value)).toBeLessThan(1e-11 * FORWARD));
  });
});

const sample: OptionTerms = {
  sign: -1,
  forward: FORWARD,
  strike: 55_000,
  timeToExpiryYears: 0.1,
  volatility: 0.6,
  volPerShock: 0.6,
  leastVol: 0,
  premiumToUsd: 1,
  presentUsd: 0,
};

/** Columns of the kernels are for good, so tests share one stretch. */
const shared = kernels.column(4096);
let used = 0;
function residentColumn(length: number): Float64Array {
  if (used + length > shared.length) used = 0;
  used += length;
  return shared.subarray(used - length, used).fill(0);
}
