import { describe, expect, it } from 'vitest';
import { normals } from '../numerics/sampling.ts';
import { ewmaFit, ewmaLogLikelihood, garchFit, garchForecast, garchLogLikelihood, garchVariances } from './garch.ts';

/** A GARCH(1,1) series that starts at its long-run variance. */
function simulated(parameters: { omega: number; alpha: number; beta: number }, count: number, seed: number) {
  const z = new Float64Array(count);
  normals(seed, 0, 0, count, 1, z);
  let variance = parameters.omega / (1 - parameters.alpha - parameters.beta);
  return z.map((shock) => {
    const value = Math.sqrt(variance) * shock;
    variance = parameters.omega + parameters.alpha * value * value + parameters.beta * variance;
    return value;
  });
}

const TRUE = { omega: 2e-5, alpha: 0.09, beta: 0.88 };

describe('GARCH(1,1)', () => {
  it('agrees with an independent implementation on the same series', () => {
    // The `arch` package for Python, 8.0.0: ZeroMean, GARCH(1, 0, 1), classic errors, on this series; its first variance is
    // omega + (alpha + beta) x mean square where ours is the mean square, which moves estimates by a thousandth of an error.
    const fit = garchFit(simulated(TRUE, 2000, 42), 'series');
    expect(Math.abs(fit.alpha - 0.091569)).toBeLessThan(3e-5);
    expect(Math.abs(fit.beta - 0.879228)).toBeLessThan(3e-5);
    expect(Math.abs(fit.omega - 0.174579e-4)).toBeLessThan(5e-9);
    expect(fit.logLikelihood).toBeCloseTo(4690.21927, 2);
    expect(Math.abs(fit.standardErrors!.alpha / 0.013982 - 1)).toBeLessThan(2e-3);
    expect(Math.abs(fit.standardErrors!.beta / 0.017819 - 1)).toBeLessThan(2e-3);
  });

  it('recovers the parameters of simulated series within three standard errors', () => {
    for (const [seed, parameters] of [
      [1, TRUE],
      [2, { omega: 1e-4, alpha: 0.2, beta: 0.5 }],
      [3, { omega: 5e-6, alpha: 0.04, beta: 0.95 }],
    ] as const) {
      const fit = garchFit(simulated(parameters, 4000, seed), 'series');
      const errors = fit.standardErrors!;
      expect(Math.abs(fit.alpha - parameters.alpha)).toBeLessThan(3 * errors.alpha);
      expect(Math.abs(fit.beta - parameters.beta)).toBeLessThan(3 * errors.beta);
      const longRun = parameters.omega / (1 - parameters.alpha - parameters.beta);
      expect(Math.abs(fit.longRunVariance - longRun)).toBeLessThan(3 * errors.longRunVariance);
    }
  });

  it('is at a maximum: no neighbour is likelier', () => {
    const returns = simulated(TRUE, 1500, 5);
    const fit = garchFit(returns, 'series');
    for (const [a, b, w] of [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, -1],
    ] as const) {
      const near = { alpha: fit.alpha + a * 1e-3, beta: fit.beta + b * 1e-3, omega: fit.omega * (1 + w * 1e-2) };
      expect(garchLogLikelihood(returns, near)).toBeLessThan(fit.logLikelihood);
    }
  });

  it('forecasts what the recursion expects', () => {
    const next = 4 * TRUE.omega;
    // Step by step: E[r^2] takes the place of r^2.
    let [variance, sum] = [next, 0];
    for (let k = 0; k < 25; k += 1) {
      sum += variance;
      variance = TRUE.omega + (TRUE.alpha + TRUE.beta) * variance;
    }
    expect(garchForecast(TRUE, next, 25)).toBeCloseTo(sum, 15);
    expect(garchVariances(Float64Array.of(0.01, -0.02), TRUE).length).toBe(3);
  });

  it('stays stationary where variance has no long run, and finds no clustering where there is none', () => {
    const wandering = simulated({ omega: 1e-7, alpha: 0.05, beta: 0.9499 }, 3000, 9);
    const { alpha, beta } = garchFit(wandering, 'series');
    expect(alpha + beta).toBeLessThan(1);
    const plain = new Float64Array(1500);
    normals(10, 0, 0, 1500, 1, plain);
    const none = garchFit(
      plain.map((x) => 0.02 * x),
      'series',
    );
    expect(none.alpha).toBeLessThan(0.05);
    expect(none.longRunVariance).toBeCloseTo(4e-4, 4);
  });

  it('refuses what cannot be fitted, by name', () => {
    expect(() => garchFit(new Float64Array(99).fill(0.01), 'BTC spot')).toThrow(
      'GARCH(1,1) needs at least 100 moves; BTC spot has 99. Choose the filter riskmetrics (decay 0.94) or set its numbers by hand',
    );
    expect(() => garchFit(new Float64Array(200), 'BTC spot')).toThrow('BTC spot does not move in this history');
  });
});

describe('EWMA', () => {
  it('is the decay that a search over a fine grid finds', () => {
    const returns = simulated(TRUE, 1200, 21);
    const fit = ewmaFit(returns, 'series');
    let best = { decay: 0, value: -Infinity };
    for (let decay = 0.5; decay < 0.9999; decay += 1e-4) {
      const value = ewmaLogLikelihood(returns, decay);
      if (value > best.value) best = { decay, value };
    }
    expect(Math.abs(fit.decay - best.decay)).toBeLessThan(1e-4);
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(best.value);
    expect(fit.standardError).toBeGreaterThan(0.002);
    expect(fit.standardError).toBeLessThan(0.05);
  });

  it('says that the decay is at its bound by having no error', () => {
    const plain = new Float64Array(800);
    normals(4, 0, 0, 800, 1, plain);
    expect(ewmaFit(plain, 'series')).toMatchObject({ standardError: null });
  });
});
