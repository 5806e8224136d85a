import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { MOST_DIMENSIONS, scrambledSobol, sobolCoordinate, sobolDimension, sobolDirections } from './sobol.ts';

describe('Joe and Kuo', () => {
  // From the published table new-joe-kuo-6 as SciPy ships it.
  it.each([
    [1, 0, '1', []],
    [2, 1, '11', [1]],
    [3, 2, '111', [1, 3]],
    [7, 4, '11001', [1, 3, 5, 13]],
    [32, 7, '11010101', [1, 3, 7, 3, 13, 59, 17]],
    [64, 9, '1001111101', [1, 1, 3, 13, 25, 47, 39, 87, 257]],
    [128, 10, '10111100101', [1, 3, 3, 7, 5, 41, 127, 61, 261, 717]],
  ])('dimension %i', (dimension, degree, bits, initialNumbers) => {
    const found = sobolDimension(dimension);
    expect(found.degree).toBe(degree);
    expect(found.polynomial.toString(2)).toBe(bits);
    expect(found.initialNumbers).toEqual(initialNumbers);
  });

  it('point 1023 agrees with SciPy', () => {
    expect([1, 2, 3, 10, 50, 100, 128, 200, 255, 256].map((dimension) => sobolCoordinate(1023, dimension))).toEqual([
      0.0009765625, 0.7529296875, 0.6123046875, 0.8505859375, 0.8232421875, 0.5302734375, 0.7001953125, 0.1865234375,
      0.3408203125, 0.8427734375,
    ]);
  });

  // Words of all 1111 coordinates from SciPy, summed by dimension number modulo 2^32.
  it.each([
    [777, 1283457024],
    [2047, 1862270976],
  ])('point %i agrees with SciPy in every dimension', (index, expected) => {
    let total = 0;
    for (let dimension = 1; dimension <= MOST_DIMENSIONS; dimension += 1) {
      total = (total + Math.imul(dimension, sobolCoordinate(index, dimension) * 2 ** 32)) >>> 0;
    }
    expect(total).toBe(expected);
  });

  it('every dimension has a primitive polynomial of its own and odd numbers that fit', () => {
    const polynomials = new Set<number>();
    for (let dimension = 2; dimension <= MOST_DIMENSIONS; dimension += 1) {
      const { degree, polynomial, initialNumbers } = sobolDimension(dimension);
      expect(initialNumbers).toHaveLength(degree);
      initialNumbers.forEach((number, j) => {
        expect(number % 2).toBe(1);
        expect(number).toBeLessThan(2 ** (j + 1));
      });
      expect(orderOfX(polynomial, degree)).toBe(2 ** degree - 1);
      polynomials.add(polynomial);
    }
    expect(polynomials.size).toBe(MOST_DIMENSIONS - 1);
  });

  it('refuses dimensions and indices that it does not have', () => {
    for (const dimension of [0, 1.5, MOST_DIMENSIONS + 1])
      expect(() => sobolDirections(dimension)).toThrow('dimensions 1 to');
    for (const index of [-1, 0.5, 2 ** 32]) expect(() => sobolCoordinate(index, 1)).toThrow('index');
  });
});

/** How many multiplications by x lead back to 1 modulo the polynomial over two elements. */
function orderOfX(polynomial: number, degree: number): number {
  let power = 1;
  for (let order = 1; ; order += 1) {
    power <<= 1;
    if (power >> degree) power ^= polynomial;
    if (power === 1) return order;
  }
}

/** Points first to first + count - 1 of one dimension. */
function plain(first: number, count: number, dimension: number): number[] {
  return Array.from({ length: count }, (_, i) => sobolCoordinate(first + i, dimension));
}

function scrambled(seed: number, first: number, count: number, dimensions: number, dimension: number): number[] {
  const out = new Float64Array(count * dimensions);
  scrambledSobol(seed, first, count, dimensions, out);
  return Array.from({ length: count }, (_, i) => out[i * dimensions + dimension - 1]!);
}

const seeds = fc.nat(2 ** 31);
const dimensions = fc.integer({ min: 1, max: MOST_DIMENSIONS });

describe('equidistribution', () => {
  property.prop([dimensions, fc.integer({ min: 0, max: 10 }), fc.nat(1000)], { seed: 81 })(
    'every aligned block of 2^m points has one in each interval of 2^-m',
    (dimension, m, block) => {
      const cells = new Set(plain(block * 2 ** m, 2 ** m, dimension).map((x) => Math.floor(x * 2 ** m)));
      expect(cells.size).toBe(2 ** m);
    },
  );

  property.prop([seeds, dimensions, fc.integer({ min: 0, max: 10 }), fc.nat(1000)], { seed: 82, numRuns: 40 })(
    'and scrambling keeps it so',
    (seed, dimension, m, block) => {
      const points = scrambled(seed, block * 2 ** m, 2 ** m, dimension, dimension);
      expect(new Set(points.map((x) => Math.floor(x * 2 ** m))).size).toBe(2 ** m);
    },
  );

  it.each([[null], [7], [20260]])(
    'the first two dimensions fill every dyadic box of area 2^-8 once (seed %s)',
    (seed) => {
      const [x, y] = [1, 2].map((j) => (seed === null ? plain(256, 256, j) : scrambled(seed, 256, 256, 2, j))) as [
        number[],
        number[],
      ];
      for (let bits = 0; bits <= 8; bits += 1) {
        const boxes = x.map((u, i) => `${Math.floor(u * 2 ** bits)} ${Math.floor(y[i]! * 2 ** (8 - bits))}`);
        expect(new Set(boxes).size).toBe(256);
      }
    },
  );
});

describe('scrambled points', () => {
  property.prop([seeds, fc.nat(1e6), fc.integer({ min: 1, max: 40 })], { seed: 83, numRuns: 40 })(
    'depend on seed, index and dimension alone',
    (seed, first, split) => {
      const whole = scrambled(seed, first, 41, 7, 3);
      expect([...scrambled(seed, first, split, 7, 3), ...scrambled(seed, first + split, 41 - split, 7, 3)]).toEqual(
        whole,
      );
      expect(scrambled(seed, first, 41, 3, 3)).toEqual(whole);
    },
  );

  it('lie strictly inside the cube, also at the last index', () => {
    for (const x of [...scrambled(3, 0, 4096, 5, 5), ...scrambled(3, 2 ** 32 - 4, 4, 5, 5)]) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(1);
    }
    expect(() => scrambled(3, 2 ** 32 - 4, 5, 5, 5)).toThrow('index');
  });

  it('are uniform over seeds: the mean and the variance of a fixed point', () => {
    const draws = Array.from({ length: 4000 }, (_, seed) => scrambled(seed, 5, 1, 3, 3)[0]!);
    const mean = draws.reduce((total, x) => total + x, 0) / draws.length;
    const variance = draws.reduce((total, x) => total + (x - mean) ** 2, 0) / draws.length;
    // Standard errors: 0.0046 and 0.0012.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.005);
  });

  it('of different dimensions are unrelated, and of different seeds as often alike as opposed', () => {
    const count = 1024;
    const correlation = (a: number[], b: number[]) =>
      a.reduce((total, x, i) => total + (x - 0.5) * (b[i]! - 0.5), 0) / count / (1 / 12);
    expect(Math.abs(correlation(scrambled(1, 0, count, 2, 1), scrambled(1, 0, count, 2, 2)))).toBeLessThan(0.05);
    // Two scrambles share the cells but not their order: each pair is correlated, by chance one way or the other.
    const pairs = Array.from({ length: 200 }, (_, i) =>
      correlation(scrambled(2 * i, 0, count, 1, 1), scrambled(2 * i + 1, 0, count, 1, 1)),
    );
    expect(Math.abs(pairs.reduce((total, each) => total + each, 0) / pairs.length)).toBeLessThan(0.25);
    expect(scrambled(1, 0, count, 1, 1)).not.toEqual(scrambled(2 ** 32 + 1, 0, count, 1, 1));
  });

  it('integrate a smooth function far better than chance: error falls like n^-1.5', () => {
    const error = (count: number) => {
      let square = 0;
      for (let seed = 1; seed <= 40; seed += 1) {
        const points = scrambled(seed, 0, count, 1, 1);
        square += (points.reduce((total, x) => total + Math.exp(x), 0) / count - Math.expm1(1)) ** 2 / 40;
      }
      return Math.sqrt(square);
    };
    // Chance alone: 0.49 / sqrt(n), so a quotient of 4.
    expect(error(1024)).toBeLessThan(1e-4);
    expect(error(64) / error(1024)).toBeGreaterThan(30);
  });
});
