import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Sensitivity } from './exposures.ts';
import { deltaGammaNormalVar, deltaNormalVar, type ParametricInputs } from './parametricVar.ts';

/** Spot exposures in USD, with annual vols and correlation, over a horizon in days; vols of options do not move. */
function linearInputs(
  exposure: Readonly<Record<string, number>>,
  annualVol: readonly number[],
  correlation: readonly (readonly number[])[],
  horizonDays: number,
): ParametricInputs {
  const underlyings = Object.keys(exposure);
  const n = underlyings.length;
  const covariance = Matrix.zeros(2 * n, 2 * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1)
      covariance.set(i, j, (correlation[i]![j]! * annualVol[i]! * annualVol[j]! * horizonDays) / 365);
  }
  const positions = underlyings.map((underlying) => position({ underlying, delta: exposure[underlying]! }));
  return { positions, underlyings, covariance, confidence: 0.99 };
}

function position(part: Partial<Sensitivity> & { underlying: string }): Sensitivity {
  return { id: part.underlying, delta: 0, gamma: 0, vega: 0, vanna: 0, volga: 0, ...part };
}

/** Linear books with VaR, ES and Euler components computed elsewhere in 60-digit arithmetic. */
const LINEAR_BOOKS = [
  {
    inputs: linearInputs(
      { BTC: -117800, ETH: -379800 },
      [1.4, 0.72],
      [
        [1, 0.146],
        [0.146, 1],
      ],
      10,
    ),
    valueAtRisk: 130662.7319781936,
    shortfall: 149695.65610693372,
    components: [38335.62185145813, 92327.11012673547],
  },
  {
    inputs: linearInputs(
      { BTC: -113700, ETH: -151500 },
      [0.838, 0.4],
      [
        [1, 0.244],
        [0.244, 1],
      ],
      1,
    ),
    valueAtRisk: 15193.26627355181,
    shortfall: 17406.3861117358,
    components: [10234.50671688967, 4958.759556662141],
  },
];

describe.each([
  ['variance-covariance', deltaNormalVar],
  ['delta-gamma-normal', deltaGammaNormalVar],
] as const)('%s VaR of linear books', (_, method) => {
  it.each(LINEAR_BOOKS)('is the published one: $valueAtRisk', ({ inputs, valueAtRisk, shortfall, components }) => {
    const result = method(inputs);
    expect(Math.abs(result.valueAtRiskUsd / valueAtRisk - 1)).toBeLessThan(1e-10);
    expect(Math.abs(result.expectedShortfallUsd / shortfall - 1)).toBeLessThan(1e-10);
    result.components.forEach((value, i) => {
      expect(Math.abs(value / components[i]! - 1)).toBeLessThan(1e-9);
    });
    expect(Math.abs(result.exceedance(valueAtRisk) / 0.01 - 1)).toBeLessThan(1e-9);
    expect(result.lossQuantile(0.01)).toBeCloseTo(result.valueAtRiskUsd, 6);
  });
});

describe('delta-gamma-normal VaR', () => {
  const underlyings = ['BTC', 'ETH'];
  const covariance = new Matrix([
    [0.0016, 0.0015, -0.0008, -0.0007],
    [0.0015, 0.0025, -0.0007, -0.001],
    [-0.0008, -0.0007, 0.0025, 0.002],
    [-0.0007, -0.001, 0.002, 0.0036],
  ]);
  const shortStrangle = position({
    id: 'a',
    underlying: 'BTC',
    delta: 2_000,
    gamma: -900_000,
    vega: -30_000,
    vanna: 50_000,
    volga: -12_000,
  });
  const shortCall = position({
    id: 'b',
    underlying: 'ETH',
    delta: -20_000,
    gamma: -400_000,
    vega: -15_000,
    vanna: -90_000,
  });
  const hedge = position({ id: 'c', underlying: 'ETH', delta: 18_000 });
  const positions = [shortStrangle, shortCall, hedge];
  const result = deltaGammaNormalVar({ positions, underlyings, covariance, confidence: 0.99 });

  it('knows the loss of a short straddle, which is a square: VaR is gamma / 2 times a chi-square quantile', () => {
    const straddle = position({ underlying: 'BTC', gamma: -1_000_000 });
    const alone = deltaGammaNormalVar({
      positions: [straddle],
      underlyings: ['BTC'],
      covariance: new Matrix([
        [0.0016, 0],
        [0, 0],
      ]),
      confidence: 0.99,
    });
    // 99 % quantile of chi-square with one degree of freedom, from tables: 6.6349.
    expect(alone.valueAtRiskUsd / (500_000 * 0.0016)).toBeCloseTo(6.6349, 4);
    expect(
      deltaNormalVar({
        positions: [straddle],
        underlyings: ['BTC'],
        covariance: new Matrix([
          [0.0016, 0],
          [0, 0],
        ]),
        confidence: 0.99,
      }).valueAtRiskUsd,
    ).toBe(0);
  });

  it('has components that add up and are the derivatives of VaR in the size of each position', () => {
    expect(result.components.reduce((sum, value) => sum + value, 0)).toBeCloseTo(result.valueAtRiskUsd, 8);
    positions.forEach((moved, i) => {
      const bumped = (factor: number): number =>
        deltaGammaNormalVar({
          positions: positions.map((p) => (p === moved ? scaled(p, factor) : p)),
          underlyings,
          covariance,
          confidence: 0.99,
        }).valueAtRiskUsd;
      const slope = (bumped(1 + 1e-4) - bumped(1 - 1e-4)) / 2e-4;
      expect(Math.abs(result.components[i]! - slope)).toBeLessThan(1e-6 * result.valueAtRiskUsd);
    });
  });

  it('is the quadratic P&L of random draws, within four standard errors', () => {
    // Draws by the reference Box-Muller on a seeded congruential generator, independent of the engine's generators.
    let state = 12345n;
    const uniform = (): number => {
      state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
      return (Number(state >> 11n) + 0.5) / 2 ** 53;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const l = lower(covariance);
    const draws = 40_000;
    let beyond = 0;
    let excess = 0;
    for (let i = 0; i < draws; i += 1) {
      const y = [normal(), normal(), normal(), normal()];
      const u = l.map((row) => row.reduce((sum, value, j) => sum + value * y[j]!, 0));
      const pnl = positions.reduce((sum, p) => {
        const k = underlyings.indexOf(p.underlying);
        const [s, v] = [u[k]!, u[2 + k]!];
        return sum + p.delta * s + (p.gamma * s * s) / 2 + p.vega * v + p.vanna * s * v + (p.volga * v * v) / 2;
      }, 0);
      if (-pnl > result.valueAtRiskUsd) {
        beyond += 1;
        excess += -pnl;
      }
    }
    expect(Math.abs(beyond / draws - 0.01)).toBeLessThan(4 * Math.sqrt((0.01 * 0.99) / draws));
    expect(Math.abs(excess / beyond / result.expectedShortfallUsd - 1)).toBeLessThan(0.05);
  });

  it('scales with the book and grows with confidence, ES above VaR', () => {
    const at = (confidence: number, factor = 1) =>
      deltaGammaNormalVar({ positions: positions.map((p) => scaled(p, factor)), underlyings, covariance, confidence });
    expect(at(0.99, 7).valueAtRiskUsd / result.valueAtRiskUsd).toBeCloseTo(7, 9);
    expect(at(0.99, 7).expectedShortfallUsd / result.expectedShortfallUsd).toBeCloseTo(7, 9);
    let previous = at(0.9);
    for (const confidence of [0.95, 0.975, 0.99, 0.999]) {
      const next = at(confidence);
      expect(next.valueAtRiskUsd).toBeGreaterThan(previous.valueAtRiskUsd);
      expect(next.expectedShortfallUsd).toBeGreaterThan(next.valueAtRiskUsd);
      previous = next;
    }
    expect(
      deltaGammaNormalVar({ positions, underlyings, covariance, confidence: 0.99, shortfallConfidence: 0.975 })
        .expectedShortfallUsd,
    ).toBeCloseTo(at(0.975).expectedShortfallUsd, 8);
  });

  it('is zero, not minus zero or NaN, for positions that cancel', () => {
    const flat = deltaGammaNormalVar({
      positions: [shortStrangle, scaled(shortStrangle, -1)],
      underlyings,
      covariance,
      confidence: 0.99,
    });
    expect(flat.valueAtRiskUsd).toBe(0);
    expect(flat.expectedShortfallUsd).toBe(0);
    expect(flat.components).toEqual([0, 0]);
  });
});

function scaled(p: Sensitivity, factor: number): Sensitivity {
  return {
    ...p,
    delta: p.delta * factor,
    gamma: p.gamma * factor,
    vega: p.vega * factor,
    vanna: p.vanna * factor,
    volga: p.volga * factor,
  };
}

/** Cholesky factor, written out. */
function lower(covariance: Matrix): number[][] {
  const n = covariance.rows;
  const l = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = covariance.get(i, j);
      for (let k = 0; k < j; k += 1) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(sum) : sum / l[j]![j]!;
    }
  }
  return l;
}
