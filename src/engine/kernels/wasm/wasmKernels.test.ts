import { describe, expect, it } from 'vitest';
import { test as property, fc } from '@fast-check/vitest';
import type { CoinMoves, EllipticalDraws, GreekColumns, Kernels, OptionTerms } from '../Kernels.ts';
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

const manyOptions = fc.array(
  fc.record({
    sign: fc.constantFrom(1, -1),
    forward: fc.double({ min: 1, max: 1e5, noNaN: true }),
    distance: fc.double({ min: -37, max: 37, noNaN: true }),
    timeToExpiryYears: fc.double({ min: Math.log(1 / 365 / 24 / 4), max: Math.log(1.5), noNaN: true }).map(Math.exp),
    volatility: fc.double({ min: 0.05, max: 2.4, noNaN: true }),
    rate: fc.double({ min: -0.02, max: 0.1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 30 },
);

type Option = typeof manyOptions extends fc.Arbitrary<(infer O)[]> ? O : never;

function columnsOf(options: readonly Option[]) {
  const column = (value: (option: Option) => number) => Float64Array.from(options, value);
  return {
    sign: column((o) => o.sign),
    forward: column((o) => o.forward),
    strike: column((o) => o.forward * Math.exp(o.distance * o.volatility * Math.sqrt(o.timeToExpiryYears))),
    timeToExpiryYears: column((o) => o.timeToExpiryYears),
    volatility: column((o) => o.volatility),
    discount: column((o) => Math.exp(-o.rate * o.timeToExpiryYears)),
  };
}

describe('prices', () => {
  property.prop([manyOptions], { numRuns: 1000 })(
    'agree with the reference out to 37 standard deviations',
    (options) => {
      const columns = columnsOf(options);
      const [found, expected] = [kernels, referenceKernels].map((by) => {
        const out = new Float64Array(options.length);
        by.prices(columns, out);
        return out;
      }) as [Float64Array, Float64Array];
      expected.forEach((price, i) => {
        expect(found[i]!).toBeGreaterThan(0);
        const tolerance = price > 1e-7 * columns.forward[i]! ? 1e-12 : 1e-9;
        expect(Math.abs(found[i]! - price)).toBeLessThanOrEqual(tolerance * price);
      });
    },
  );

  it('are intrinsic without time, without vol and without a forward', () => {
    const columns = {
      sign: Float64Array.of(1, -1, 1, -1),
      forward: Float64Array.of(110, 90, 90, 0),
      strike: Float64Array.of(100, 100, 100, 100),
      timeToExpiryYears: Float64Array.of(0, 1, -1, 1),
      volatility: Float64Array.of(0.5, 0, 0.5, 0.5),
      discount: Float64Array.of(1, 0.5, 1, 1),
    };
    const out = new Float64Array(4);
    kernels.prices(columns, out);
    expect([...out]).toEqual([10, 5, 0, 100]);
  });
});

describe('greeks', () => {
  property.prop([manyOptions], { numRuns: 500 })('agree with black76Greeks', (options) => {
    const columns = columnsOf(options);
    const rate = Float64Array.from(options, (o) => o.rate);
    const [found, expected] = [kernels, referenceKernels].map((by) => {
      const column = () => new Float64Array(options.length);
      const out = {
        price: column(),
        delta: column(),
        gamma: column(),
        vega: column(),
        theta: column(),
        rho: column(),
        vanna: column(),
        volga: column(),
      };
      by.greeks(columns, rate, out);
      return out;
    }) as [GreekColumns, GreekColumns];
    options.forEach((option, i) => {
      const isDesk = expected.price[i]! > 1e-7 * option.forward;
      const tolerance = isDesk ? 1e-11 : 1e-9;
      for (const name of ['price', 'delta', 'gamma', 'vega', 'rho'] as const)
        expect(Math.abs(found[name][i]! - expected[name][i]!)).toBeLessThanOrEqual(
          tolerance * Math.abs(expected[name][i]!),
        );
      // These are differences that may vanish: to within a part of what they are the difference of.
      const decay =
        Math.abs(option.rate * expected.price[i]!) + (expected.vega[i]! * option.volatility) / option.timeToExpiryYears;
      expect(Math.abs(found.theta[i]! - expected.theta[i]!)).toBeLessThanOrEqual(tolerance * decay);
      const size = expected.vega[i]! / (option.volatility * Math.sqrt(option.timeToExpiryYears));
      expect(Math.abs(found.vanna[i]! - expected.vanna[i]!)).toBeLessThanOrEqual(
        tolerance * (Math.abs(expected.vanna[i]!) + size / option.forward),
      );
      expect(Math.abs(found.volga[i]! - expected.volga[i]!)).toBeLessThanOrEqual(
        tolerance * (Math.abs(expected.volga[i]!) + expected.vega[i]! / option.volatility),
      );
    });
  });
});

describe('impliedVolatilities', () => {
  property.prop([manyOptions], { numRuns: 500 })(
    'give back the vol behind a price, wherever a price can tell',
    async (options) => {
      const near = options.map((option) => ({ ...option, distance: option.distance / 8 }));
      const columns = columnsOf(near);
      const price = new Float64Array(near.length);
      referenceKernels.prices(columns, price);
      const { volatility, refusals } = await kernels.impliedVolatilities({ ...columns, price });
      const scalar = await referenceKernels.impliedVolatilities({ ...columns, price });
      expect([...refusals.keys()]).toEqual([...scalar.refusals.keys()]);
      near.forEach(({ forward, sign, volatility: vol, timeToExpiryYears }, i) => {
        const strike = columns.strike[i]!;
        const timeValue = price[i]! / columns.discount[i]! - Math.max(sign * (forward - strike), 0);
        // In the money the digits of the time value are those that the intrinsic value leaves.
        if (timeValue < 1e-7 * forward) return;
        const conditioning = 1 + (1e-16 * Math.max(forward, strike)) / (timeValue * 1e-12);
        expect(Math.abs(volatility[i]! - vol)).toBeLessThan(
          1e-10 * conditioning * (1 + 1 / Math.sqrt(timeToExpiryYears)),
        );
      });
    },
  );

  it('refuses what the scalar solver refuses, in its words', async () => {
    const columns = {
      sign: Float64Array.of(1, -1, 1, 1),
      forward: Float64Array.of(100, 100, -1, 100),
      strike: Float64Array.of(90, 100, 100, 110),
      timeToExpiryYears: Float64Array.of(1, 0, 1, 1),
      price: Float64Array.of(9, 5, 1, 3),
      discount: Float64Array.of(1, 1, 1, 1),
    };
    const [found, expected] = await Promise.all(
      [kernels, referenceKernels].map((by) => by.impliedVolatilities(columns)),
    );
    expect(found!.refusals).toEqual(expected!.refusals);
    expect([...found!.refusals.keys()]).toEqual([0, 1, 2]);
    expect([...found!.volatility].map((vol) => vol > 0)).toEqual([false, false, false, true]);
  });
});

describe('normals', () => {
  property.prop([
    fc.nat(2 ** 31),
    fc.nat(5),
    fc.nat(2 ** 32 - 100),
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 5 }),
  ])('are those of the reference, by path', (seed, stream, firstPath, count, dimensions) => {
    const [found, expected] = [kernels, referenceKernels].map((by) => {
      const out = new Float64Array(count * dimensions);
      by.normals(seed, stream, firstPath, count, dimensions, out);
      return out;
    }) as [Float64Array, Float64Array];
    expected.forEach((z, i) => expect(Math.abs(found[i]! - z)).toBeLessThanOrEqual(2e-14 * Math.abs(z)));
  });

  it('are the same for a path wherever the run is cut', () => {
    const whole = new Float64Array(5000);
    kernels.normals(7, 1, 100, 5000, 1, whole);
    const part = new Float64Array(13);
    kernels.normals(7, 1, 3217, 13, 1, part);
    expect([...part]).toEqual([...whole.subarray(3117, 3130)]);
  });
});

describe('ellipticalMoves', () => {
  const factor = Float64Array.of(0.03, 0, 0, 0, 0.025, 0.02, 0, 0, -0.015, 0.004, 0.03, 0, -0.01, -0.01, 0.02, 0.03);
  const coins = (count: number): CoinMoves[] =>
    [0, 1].map(() => ({
      growth: new Float64Array(count),
      logGrowth: new Float64Array(count),
      volShock: new Float64Array(count),
    }));
  const draws = (degreesOfFreedom: number | null): EllipticalDraws => ({
    seed: 3,
    normalStream: 0,
    chiSquareStream: 1,
    degreesOfFreedom,
    factor,
    mostLogMove: 0.2,
    volShockRange: [-0.1, 0.1],
  });

  it.each([null, 4, 5.5])('are those of the reference with %s degrees of freedom, bounds included', (degrees) => {
    const [found, expected] = [coins(4321), coins(4321)];
    kernels.ellipticalMoves(draws(degrees), 999, 4321, found);
    referenceKernels.ellipticalMoves(draws(degrees), 999, 4321, expected);
    let bounded = 0;
    expected.forEach((coin, u) =>
      (['growth', 'logGrowth', 'volShock'] as const).forEach((name) =>
        coin[name].forEach((value, s) => {
          if (name === 'volShock' && value === 0.1) bounded += 1;
          expect(Math.abs(found[u]![name][s]! - value)).toBeLessThan(1e-15 + 4e-14 * Math.abs(value));
        }),
      ),
    );
    expect(bounded).toBeGreaterThan(0);
  });
});

describe('columns in place', () => {
  const close = (found: Float64Array, expected: Float64Array) =>
    expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(2e-14 * Math.abs(value)));

  property.prop([fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1, maxLength: 40 })])(
    'exponentials are those of the machine',
    (values) => {
      const column = Float64Array.from(values);
      kernels.exponentials(column);
      close(column, Float64Array.from(values, Math.exp));
    },
  );

  property.prop([
    fc.array(fc.double({ min: 1e-300, max: 1 - 2 ** -53, noNaN: true }), { minLength: 1, maxLength: 40 }),
  ])('normals are those of the inverse distribution, to its far tail', (values) => {
    const column = Float64Array.from(values);
    const expected = column.slice();
    kernels.inverseNormals(column);
    referenceKernels.inverseNormals(expected);
    close(column, expected);
  });

  it.each([1, 6, 12, 18, 25])('leave what stands beyond %i elements alone', (length) => {
    for (const change of ['exponentials', 'inverseNormals'] as const) {
      const column = residentColumn(64).fill(0.25);
      kernels[change](column.subarray(0, length));
      expect([...column].filter((value) => value === 0.25)).toHaveLength(64 - length);
    }
  });

  it('moves are held', () => {
    const many = Float64Array.from({ length: 2500 }, (_, i) => 3 * Math.sin(i));
    const scale = Float64Array.from({ length: 2500 }, (_, i) => 1 + 0.5 * Math.cos(2 * i));
    const limits = { mostLogMove: 2, volShockRange: [-0.5, 3] as const };
    const [found, expected] = [kernels, referenceKernels].map((by) => {
      const out = { growth: many.slice(), logGrowth: many.slice(), volShock: many.slice() };
      by.heldMoves(many, many.slice().reverse(), scale, limits, out);
      return out;
    });
    close(found!.growth, expected!.growth);
    close(found!.logGrowth, expected!.logGrowth);
    expected!.volShock.forEach((value, i) =>
      expect(Math.abs(found!.volShock[i]! - value)).toBeLessThan(1e-15 + 2e-14 * Math.abs(value)),
    );
  });
});

describe('addScaled', () => {
  it('adds a multiple, whatever the length', () => {
    const [column, total] = [Float64Array.from({ length: 4001 }, (_, i) => i), new Float64Array(4001).fill(1)];
    kernels.addScaled(2, column, total);
    expect([...total]).toEqual(Array.from(column, (value) => 1 + 2 * value));
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
