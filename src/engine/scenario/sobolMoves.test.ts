import { describe, expect, it } from 'vitest';
import { studentTCdf } from '../numerics/studentTCdf.ts';
import type { CoinMoves } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { MOVE_LIMITS } from './jointMoves.ts';
import { MODE_SLOTS, type SobolDraws, type SobolMode } from './pathPlan.ts';
import { consecutive } from './pathSampler.ts';
import { replicateOf, sobolPoints, sobolSampler } from './sobolMoves.ts';

const COINS = 2;
const D = 2 * COINS + 1;
/** L of two spots and two vols. */
const FACTOR = Float64Array.of(0.04, 0, 0, 0, 0.03, 0.03, 0, 0, -0.02, 0, 0.05, 0, -0.02, -0.01, 0.03, 0.04);
const IDENTITY = Float64Array.from({ length: D * D }, (_, i) => (i % (D + 1) === 0 ? 1 : 0));
/** Turns the first two axes by 30 degrees. */
const TURNED = IDENTITY.slice();
TURNED[0] = TURNED[D + 1] = Math.cos(Math.PI / 6);
TURNED[1] = -Math.sin(Math.PI / 6);
TURNED[D] = Math.sin(Math.PI / 6);

const mode = (slots: number, centre: readonly number[], spread: number, axes = IDENTITY): SobolMode => ({
  slots,
  centre: Float64Array.from(centre),
  axes,
  deviations: Float64Array.from({ length: D }, (_, j) => (j === 1 ? spread : 1)),
});
const EVEN = [mode(MODE_SLOTS, [0, 0, 0, 0, 0], 1)];
const MIXED = [
  mode(4, [0, 0, 0, 0, 0], 1),
  mode(7, [1.5, -1.5, -0.5, 0, 0], 1),
  mode(5, [1.2, 1.8, 0, 0, 0], 0.6, TURNED),
];

const draws = (modes: readonly SobolMode[], seed = 1): SobolDraws => ({
  kind: 'sobol',
  seed,
  stream: 1,
  degreesOfFreedom: 4,
  factor: FACTOR,
  replicates: 16,
  modes,
  ...MOVE_LIMITS,
});

function paths(plan: SobolDraws, firstPath: number, count: number): { moves: CoinMoves[]; weights: Float64Array } {
  const column = (): Float64Array => new Float64Array(count);
  const moves = Array.from({ length: COINS }, () => ({ growth: column(), logGrowth: column(), volShock: column() }));
  const weights = column();
  sobolSampler(plan, COINS, referenceKernels)(consecutive(firstPath, count), moves, weights);
  return { moves, weights };
}

/** Mean and standard error of a figure of each path, from the replicates. */
function replicated(plan: SobolDraws, count: number, figure: (path: number) => number): readonly [number, number] {
  const sums = new Float64Array(plan.replicates);
  const counts = new Float64Array(plan.replicates);
  for (let i = 0; i < count; i += 1) {
    const r = replicateOf(i, plan.replicates);
    sums[r] = sums[r]! + figure(i);
    counts[r] = counts[r]! + 1;
  }
  const means = sums.map((sum, r) => sum / counts[r]!);
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const squares = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (means.length * (means.length - 1)))];
}

describe.each([
  ['even points', EVEN],
  ['a mixture', MIXED],
])('%s', (_name, modes) => {
  it('gives path i the same bits in any block', () => {
    const plan = draws(modes);
    const whole = paths(plan, 0, 3_000);
    for (const [from, count] of [
      [0, 1],
      [17, 300],
      [1_023, 1_977],
    ] as const) {
      const part = paths(plan, from, count);
      expect(part.weights).toEqual(whole.weights.slice(from, from + count));
      part.moves.forEach((coin, u) => {
        expect(coin.growth).toEqual(whole.moves[u]!.growth.slice(from, from + count));
        expect(coin.logGrowth).toEqual(whole.moves[u]!.logGrowth.slice(from, from + count));
        expect(coin.volShock).toEqual(whole.moves[u]!.volShock.slice(from, from + count));
      });
    }
  });

  it('gives chosen paths the bits that they have in a block', () => {
    const plan = draws(modes);
    const whole = paths(plan, 0, 3_000);
    const chosen = Int32Array.of(2, 3, 17, 18, 256, 512, 513, 2_047, 2_048, 2_999, 5, 272);
    const column = (): Float64Array => new Float64Array(chosen.length);
    const moves = Array.from({ length: COINS }, () => ({ growth: column(), logGrowth: column(), volShock: column() }));
    const weights = column();
    sobolSampler(plan, COINS, referenceKernels)(chosen, moves, weights);
    expect([...weights]).toEqual(Array.from(chosen, (path) => whole.weights[path]));
    expect([...moves[1]!.growth]).toEqual(Array.from(chosen, (path) => whole.moves[1]!.growth[path]));
  });

  it('has weights that average to 1 within their error, and none above the bound of the first mode', () => {
    const count = 40_960;
    for (const seed of [1, 2, 3]) {
      const plan = draws(modes, seed);
      const { weights } = paths(plan, 0, count);
      const [mean, error] = replicated(plan, count, (i) => weights[i]!);
      expect(Math.abs(mean - 1)).toBeLessThan(4 * error + 1e-15);
      expect(weights.every((weight) => weight > 0 && weight <= (MODE_SLOTS / modes[0]!.slots) * (1 + 1e-12))).toBe(
        true,
      );
    }
  });

  it('has the tails of the distribution that it stands for', () => {
    const count = 40_960;
    const plan = draws(modes, 7);
    const { moves, weights } = paths(plan, 0, count);
    // Each log-move is Student-t with the deviation of its row of the factor.
    const deviations = [FACTOR.subarray(0, 4), FACTOR.subarray(4, 8)].map((row) => Math.hypot(...row));
    for (const [u, deviation] of deviations.entries()) {
      for (const multiple of [-4, -2.5, -1, 1, 2.5, 4]) {
        const edge = multiple * deviation;
        const outside = (i: number): boolean => {
          const x = moves[u]!.logGrowth[i]!;
          return multiple < 0 ? x < edge : x > edge;
        };
        const [share, error] = replicated(plan, count, (i) => (outside(i) ? weights[i]! : 0));
        const exact = studentTCdf(-Math.abs(multiple) * Math.SQRT2, 4);
        expect(Math.abs(share - exact)).toBeLessThan(4.5 * error);
        expect(error).toBeLessThan(0.15 * exact);
      }
    }
  });
});

it('weighs by the density of the normal over that of the mixture, computed on its own', () => {
  const { normals, weights } = sobolPoints(draws(MIXED), COINS, referenceKernels, 400);
  for (let i = 0; i < 400; i += 1) {
    const point = normals.slice(i * D, (i + 1) * D);
    const density = MIXED.reduce((sum, { slots, centre, axes, deviations }) => {
      const away = point.map((value, j) => value - centre[j]!);
      let exponent = 0;
      let deviation = 1;
      for (let k = 0; k < D; k += 1) {
        let along = 0;
        for (let j = 0; j < D; j += 1) along += axes[j * D + k]! * away[j]!;
        exponent += (along / deviations[k]!) ** 2;
        deviation *= deviations[k]!;
      }
      return sum + ((slots / MODE_SLOTS) * Math.exp(-exponent / 2)) / deviation;
    }, 0);
    const normal = Math.exp(-point.reduce((sum, value) => sum + value * value, 0) / 2);
    expect(weights[i]! / (normal / density)).toBeCloseTo(1, 11);
  }
});

it('refuses modes that do not share out all slots', () => {
  expect(() => sobolSampler(draws([MIXED[0]!]), COINS, referenceKernels)).toThrow('own 4 of 16 slots');
});
