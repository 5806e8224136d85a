import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import { uniforms } from '../../numerics/sampling.ts';
import { BANDS, CELL, type CoinProxy } from '../CoinProxy.ts';
import type { CoinMoves, Kernels } from '../Kernels.ts';
import { referenceKernels } from '../referenceKernels.ts';
import { KernelMemory } from './KernelMemory.ts';
import { kernelModule } from './kernelModule.ts';
import { ProxyTables } from './ProxyTables.ts';
import { proxyBytes } from './proxyLayout.ts';
import { wasmKernels } from './wasmKernels.ts';
import { wasmProxyReads } from './wasmProxyReads.ts';

const kernels = wasmKernels(
  new WebAssembly.Instance(new WebAssembly.Module(kernelModule('simd'))).exports,
  'simd',
  wasmProxyReads,
);

const LEFT = -0.3;
const RIGHT = 0.4;
const FOOT = -0.5;
const TOP = 1.5;

/** A table of random polynomials over strips that end at `cuts`, shares of the box; every so many cells one is not covered. */
function randomProxy(seed: number, cuts: readonly number[], holeEvery: number): CoinProxy {
  const random = new Float64Array(2 * 4_096);
  uniforms(seed, 0, 0, 4_096, 2, random);
  let next = 0;
  const draw = (): number => random[next++ % random.length]!;
  const inner = [...new Set(cuts)].sort((a, b) => a - b).map((share) => LEFT + share * (RIGHT - LEFT));
  const edges = Float64Array.of(LEFT, ...inner, RIGHT);
  const bandHeight = (TOP - FOOT) / BANDS;
  const blocks: number[] = [];
  let cells = 0;
  for (let strip = 0; strip < edges.length - 1; strip += 1)
    for (let band = 0; band < BANDS; band += 1) {
      const [columns, rows] = [1 + Math.floor(5 * draw()), 1 + Math.floor(5 * draw())];
      const width = edges[strip + 1]! - edges[strip]!;
      const [perMove, perShock] = [columns / width, rows / bandHeight];
      const first = cells * CELL.coefficients;
      blocks.push(columns, rows, edges[strip]!, perMove, FOOT + band * bandHeight, perShock, first, 0);
      cells += columns * rows;
    }
  const coefficients = Float64Array.from({ length: cells * CELL.coefficients }, () => 1e5 * (draw() - 0.5));
  for (let cell = holeEvery; cell < cells; cell += holeEvery) coefficients[cell * CELL.coefficients] = Number.NaN;
  const stripAt = Int32Array.from({ length: 64 }, (_, part) => {
    const start = LEFT + ((RIGHT - LEFT) * part) / 64;
    return Math.max(
      0,
      edges.findLastIndex((edge) => edge <= start - 1e-12),
    );
  });
  return {
    box: { logGrowth: [LEFT, RIGHT], volShock: [FOOT, TOP] },
    usdPerMove: 1e4 * (draw() - 0.5),
    edges,
    stripAt,
    blocks: Float64Array.from(blocks),
    coefficients,
  };
}

function movesOf(pairs: readonly (readonly [number, number])[]): CoinMoves {
  const logGrowth = Float64Array.from(pairs, ([x]) => x);
  return { logGrowth, growth: logGrowth.map(Math.exp), volShock: Float64Array.from(pairs, ([, v]) => v) };
}

/** Totals as bits, and the moves that were missed. */
function read(by: Kernels, proxy: CoinProxy, units: number, moves: CoinMoves) {
  const count = moves.growth.length;
  const total = Float64Array.from({ length: count }, (_, s) => s - 2.5);
  const missed = new Int32Array(count);
  const misses = by.addProxyPnl(proxy, units, moves, total, missed);
  return { total: [...new BigUint64Array(total.buffer)], missed: [...missed.subarray(0, misses)] };
}

const proxies = fc
  .tuple(
    fc.nat(1e6),
    fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 12 }),
    fc.integer({ min: 2, max: 30 }),
  )
  .map(([seed, cuts, holeEvery]) => randomProxy(seed, cuts, holeEvery));

/** In the box and beside it; and the very edges of strips, bands and box. */
const moves = fc.array(
  fc.tuple(
    fc.oneof(
      fc.double({ min: LEFT - 0.1, max: RIGHT + 0.1, noNaN: true }),
      fc.constantFrom(LEFT, RIGHT, 0, -0, Number.NaN, Infinity),
    ),
    fc.oneof(
      fc.double({ min: FOOT - 0.1, max: TOP + 0.1, noNaN: true }),
      fc.constantFrom(
        ...Array.from({ length: BANDS + 1 }, (_, band) => FOOT + (band * (TOP - FOOT)) / BANDS),
        Number.NaN,
      ),
    ),
  ),
  { minLength: 1, maxLength: 60 },
);

describe('addProxyPnl', () => {
  property.prop([proxies, moves, fc.double({ min: -50, max: 50, noNaN: true })], { numRuns: 300 })(
    'gives the bits of the reference, and misses the same moves',
    (proxy, pairs, units) => {
      const onEdges = [...proxy.edges].map((edge): [number, number] => [edge, 0.1]);
      const at = movesOf([...pairs, ...onEdges]);
      expect(read(kernels, proxy, units, at)).toEqual(read(referenceKernels, proxy, units, at));
    },
  );

  property.prop([proxies, moves, fc.nat(60)])(
    'gives a path the same bits wherever a run is cut',
    (proxy, pairs, cut) => {
      const of = (part: typeof pairs): number[] => {
        const at = movesOf(part);
        const total = new Float64Array(part.length);
        kernels.addProxyPnl(proxy, 3, at, total, new Int32Array(part.length));
        return [...total];
      };
      expect([...of(pairs.slice(0, cut)), ...of(pairs.slice(cut))]).toEqual(of(pairs));
    },
  );

  it.each(['copied', 'in the memory of the kernels'])(
    'numbers what it misses beyond what it works on at a time: %s',
    (where) => {
      const proxy = randomProxy(5, [0.3, 0.6], 9);
      const count = 5000;
      const column = (): Float64Array => (where === 'copied' ? new Float64Array(count) : kernels.column(count));
      const at = { logGrowth: column(), growth: column(), volShock: column() };
      for (let s = 0; s < count; s += 1) {
        at.logGrowth[s] = 0.42 * Math.sin(s);
        at.growth[s] = Math.exp(at.logGrowth[s]!);
        at.volShock[s] = 0.5 + 1.05 * Math.cos(3 * s);
      }
      const [found, expected] = [column(), new Float64Array(count)];
      const [missed, expectedMissed] = [new Int32Array(count), new Int32Array(count)];
      const misses = kernels.addProxyPnl(proxy, 1, at, found, missed);
      expect(misses).toBe(referenceKernels.addProxyPnl(proxy, 1, at, expected, expectedMissed));
      expect(misses).toBeGreaterThan(500);
      expect([...missed]).toEqual([...expectedMissed]);
      expect([...found]).toEqual([...expected]);
    },
  );

  it('reads more proxies than there is room for, one after the other and in turn', () => {
    const many = Array.from({ length: 40 }, (_, seed) => {
      const small = randomProxy(seed, [0.5], 1000);
      const coefficients = new Float64Array(150_000);
      coefficients.set(small.coefficients);
      return { ...small, coefficients };
    });
    const at = movesOf(Array.from({ length: 20 }, (_, s) => [0.3 * Math.sin(s), 0.4 * Math.cos(s)]));
    const inTurn = [...many, ...many];
    const oneByOne = many.slice(0, 12).flatMap((proxy) => Array.from({ length: 40 }, () => proxy));
    for (const proxy of [...inTurn, ...oneByOne])
      expect(read(kernels, proxy, 1, at)).toEqual(read(referenceKernels, proxy, 1, at));
  });
});

describe('the stretch for proxies', () => {
  const proxy = randomProxy(1, [], 1000);
  const other = { ...proxy };
  const third = { ...proxy };
  const bytes = Math.ceil(proxyBytes(proxy) / 64) * 64;
  const tablesFor = (count: number) => new ProxyTables(new KernelMemory(new ArrayBuffer(4 * bytes), 0), count * bytes);

  it('keeps a proxy where it is, and finds none for one that is larger than itself', () => {
    const tables = tablesFor(2);
    const address = tables.addressOf(proxy);
    expect(tables.addressOf(other)).toBe(address! + bytes);
    expect(tables.addressOf(proxy)).toBe(address);
    expect(tablesFor(0.5).addressOf(proxy)).toBeNull();
  });

  it('is begun anew once those in it have not been read for a while, not before', () => {
    const tables = tablesFor(2);
    tables.addressOf(proxy);
    tables.addressOf(other);
    let refused = 0;
    while (tables.addressOf(third) === null && refused < 1000) {
      refused += 1;
      if (refused < 200) tables.addressOf(proxy);
    }
    // As long as the first was read in between, and a while after.
    expect(refused).toBeGreaterThanOrEqual(200);
    expect(refused).toBeLessThan(300);
    expect(tables.addressOf(third)).toBe(0);
  });
});
