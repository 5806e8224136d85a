import { describe, expect, it } from 'vitest';
import type { CoinMoves, OptionTerms } from '../kernels/Kernels.ts';
import { referenceKernels } from '../kernels/referenceKernels.ts';
import { uniforms } from '../numerics/sampling.ts';
import { addProxyPnl } from '../kernels/addProxyPnl.ts';
import type { CoinProxy } from '../kernels/CoinProxy.ts';
import type { OptionPathRow, ProxyPathRow } from '../scenario/pathPlan.ts';
import { addProxyRowPnl } from '../scenario/proxyRow.ts';
import { coinProxy } from './coinProxy.ts';
import type { AddRowPnl, HeldRow } from './valueGroups.ts';

const MINUTE = 1 / (365 * 24 * 60);
const FORWARD = 90_000;
const add: AddRowPnl = (row, units, moves, total) =>
  referenceKernels.addOptionPnl((row as OptionPathRow).terms, units, moves, total);

/** A leg of a strike and minutes to live at the horizon, worth one vol per shock times `following` more under a shock. */
function held(strike: number, minutes: number, sign: 1 | -1, quantity: number, following = 1): HeldRow<OptionPathRow> {
  const free = {
    sign,
    strike,
    forward: FORWARD,
    timeToExpiryYears: minutes * MINUTE,
    volatility: 0.6,
    volPerShock: 0.6 * following,
    leastVol: 0,
    premiumToUsd: 1,
    presentUsd: 0,
  } as const satisfies OptionTerms;
  // Valued an hour before, so that an expired option has a premium too.
  const before = { ...free, timeToExpiryYears: free.timeToExpiryYears + 60 * MINUTE };
  const premium = new Float64Array(1);
  referenceKernels.addOptionPnl(before, 1, movesAt([0], [0]), premium);
  return { row: { kind: 'option', coin: 0, vols: null, terms: { ...free, presentUsd: premium[0]! } }, quantity };
}

function movesAt(logGrowth: ArrayLike<number>, volShock: ArrayLike<number>): CoinMoves {
  const x = Float64Array.from(logGrowth);
  return { logGrowth: x, growth: x.map(Math.exp), volShock: Float64Array.from(volShock) };
}

/** Correlated moves with normal tails: 3 % spot, 8 % vol. */
function drawnMoves(stream: number, count = 10_000): CoinMoves {
  const z = new Float64Array(2 * count);
  referenceKernels.normals(5, stream, 0, count, 2, z);
  const x = z.subarray(0, count).map((value) => 0.03 * value);
  return movesAt(
    x,
    z.subarray(count).map((value, i) => Math.expm1(0.08 * value - 0.8 * x[i]!)),
  );
}

const sample = drawnMoves(0);
const judges = drawnMoves(1);

function fit(options: readonly HeldRow<OptionPathRow>[]) {
  const gross = options.reduce((sum, { row, quantity }) => sum + Math.abs(quantity) * row.terms.presentUsd, 0);
  return { ...coinProxy({ options, linear: [] }, sample, judges, 1e-6 * gross, add), tolerance: 1e-6 * gross };
}

/** The largest difference where covered, and the share that is not. */
function compared(proxy: CoinProxy, options: readonly HeldRow<OptionPathRow>[], at: CoinMoves) {
  const count = at.growth.length;
  const [found, exact, missed] = [new Float64Array(count), new Float64Array(count), new Int32Array(count)];
  const misses = addProxyPnl(proxy, 1, at, found, missed);
  for (const { row, quantity } of options) add(row, quantity, at, exact);
  const outside = new Set(missed.subarray(0, misses));
  let worst = 0;
  for (let i = 0; i < count; i += 1) if (!outside.has(i)) worst = Math.max(worst, Math.abs(found[i]! - exact[i]!));
  return { worst, outside: misses / count };
}

function randomPoints(proxy: CoinProxy, count: number, nearStrikes: readonly number[] = []): CoinMoves {
  const u = new Float64Array(2 * count);
  uniforms(77, 3, 0, count, 2, u);
  const [left, right] = proxy.box.logGrowth;
  const [foot, top] = proxy.box.volShock;
  const xs = Array.from({ length: count }, (_, i) => {
    const anywhere = left + u[2 * i]! * (right - left);
    if (nearStrikes.length === 0) return anywhere;
    const strike = Math.log(nearStrikes[i % nearStrikes.length]! / FORWARD);
    return strike + (u[2 * i]! - 0.5) * 10 ** -(1 + (i % 7));
  });
  return movesAt(
    xs,
    Array.from({ length: count }, (_, i) => foot + u[2 * i + 1]! * (top - foot)),
  );
}

const STRIKES = [84_000, 88_000, 89_500, 90_500, 92_000, 97_000];
const book = (minutes: readonly number[]): HeldRow<OptionPathRow>[] =>
  minutes.flatMap((m) => STRIKES.map((strike, i) => held(strike, m, i % 2 === 0 ? 1 : -1, (i % 3) * 2 - 3 + 0.5 * i)));

describe('the proxy of a coin', () => {
  it.each([
    ['a year, a month, a week', [525_600, 43_200, 10_080]],
    ['a day', [1_440]],
    ['an hour', [60]],
    ['five minutes', [5]],
    ['none: expired at the horizon', [0]],
    ['none and a month', [0, 43_200]],
  ])('holds its stated error at 10,000 random points and 10,000 near strikes; life left: %s', (_, minutes) => {
    const options = book(minutes);
    const { proxy, errorUsd, tolerance } = fit(options);
    expect(proxy).not.toBeNull();
    expect(errorUsd).toBeLessThanOrEqual(tolerance);
    for (const points of [randomPoints(proxy!, 10_000), randomPoints(proxy!, 10_000, STRIKES)]) {
      const { worst, outside } = compared(proxy!, options, points);
      expect(worst).toBeLessThanOrEqual(tolerance);
      // All but what lies beyond the ends of the box, as some points near the outer strikes do.
      expect(outside).toBeLessThan(0.05);
    }
  });

  it('has the strike of an expired option for an edge: either side is exact to rounding', () => {
    const options = [held(91_000, 0, 1, 10)];
    const { proxy } = fit(options);
    const x = Math.log(91_000 / FORWARD);
    expect([...proxy!.edges].some((edge) => Math.abs(edge - x) < 1e-15)).toBe(true);
    const near = [-1e-3, -1e-6, -1e-9, 0, 1e-9, 1e-6, 1e-3].map((step) => x + step);
    expect(
      compared(
        proxy!,
        options,
        movesAt(
          near,
          near.map(() => 0.1),
        ),
      ).worst,
    ).toBeLessThan(1e-8);
  });

  it('leaves vols near zero out of its box, where values bend without end, and revalues those paths in full', () => {
    // Vol is zero at a shock of -1 / 4, which one path in hundreds passes.
    const options = [...book([1_440]), held(90_000, 1_440, 1, 5, 4)];
    const { proxy } = fit(options);
    expect(proxy!.box.volShock[0]).toBeGreaterThan(-0.25);
    const { outside, worst } = compared(proxy!, options, judges);
    expect(outside).toBeGreaterThan(0);
    expect(worst).toBeLessThanOrEqual(fit(options).tolerance);
    const row: ProxyPathRow = {
      kind: 'proxy',
      coin: 0,
      proxy: proxy!,
      exact: { options: options.map((one) => ({ row: one.row, units: one.quantity })), usdPerMove: 0 },
    };
    const low = movesAt([-0.02, 0, 0.01, 0.6, -0.6], [-0.3, -0.249, -0.245, 0, 0]);
    const [found, exact] = [new Float64Array(5), new Float64Array(5)];
    addProxyRowPnl(row, 2, low, found, referenceKernels);
    for (const one of options) add(one.row, 2 * one.quantity, low, exact);
    found.forEach((value, i) => expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-9 * (1 + Math.abs(exact[i]!))));
  });

  it('costs a path the same whatever the number of legs: as many numbers are read', () => {
    const few = fit(book([43_200])).proxy!;
    const many = fit([...Array(40)].flatMap(() => book([43_200]))).proxy!;
    expect(many.coefficients.length).toBeLessThanOrEqual(2 * few.coefficients.length);
  });

  it('adds so many units of itself to what is there', () => {
    const options = book([10_080]);
    const { proxy } = fit(options);
    const [one, three] = [new Float64Array(100), new Float64Array(100).fill(7)];
    const at = drawnMoves(4, 100);
    addProxyPnl(proxy!, 1, at, one, new Int32Array(100));
    addProxyPnl(proxy!, -3, at, three, new Int32Array(100));
    three.forEach((value, i) => expect(value).toBeCloseTo(7 - 3 * one[i]!, 6));
  });

  it('is refused where too many paths would be left over, and says how many', () => {
    // An option that loses all of its vol at a shock of -0.5 %: half of all paths are lower.
    const { proxy, refusal } = fit([held(90_000, 1_440, 1, 5, 200)]);
    expect(proxy).toBeNull();
    expect(refusal).toMatch(/^\d+ % of paths would lie outside/);
  });
});
