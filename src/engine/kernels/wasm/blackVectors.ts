import { exponential, scaledExponential } from './elementary.ts';
import { TAIL_DENOMINATOR, TAIL_NUMERATOR, TAIL_REACH } from './scaledTails.ts';
import type { Lanes, Vectors } from './Vectors.ts';

/**
 * Below this half total vol, m(a - h) - m(a + h) loses more digits by cancellation than the kernels may lose: such options are left
 * to the scalar engine, which has a series for them.
 */
export const LEAST_HALF_VOL = 2e-3;

/** The parts of the out-of-the-money price of Black-76, as `pricing/black76.ts` has it: a = |ln(F/K)| / s, h = s / 2. */
export interface BlackParts {
  /** a - h and a + h. */
  readonly d: Lanes;
  readonly u: Lanes;
  readonly isNegative: Lanes;
  /** exp(-d^2 / 2) */
  readonly density: Lanes;
  /** Numerators and denominators of m(|d|) and m(u). */
  readonly dNumerator: Lanes;
  readonly dDenominator: Lanes;
  readonly uNumerator: Lanes;
  readonly uDenominator: Lanes;
  /** True where the parts hold: u within reach of the fraction and h above its least. */
  readonly holds: Lanes;
}

/** All that needs an exponential or a polynomial. Two lock-steps rather than one: what a step works on must fit the machine's sixteen registers. */
export function blackParts(v: Vectors, a: Lanes, h: Lanes): BlackParts {
  const d = v.sub(a, h);
  const u = v.add(a, h);
  const z = v.abs(d);
  const started = exponential(v, v.mul(v.mul(d, d), v.constant(-0.5)));
  const [dNumerator, dDenominator, series] = v.polynomials(
    { coefficients: TAIL_NUMERATOR, at: z },
    { coefficients: TAIL_DENOMINATOR, at: z },
    started.polynomial,
  ) as [Lanes, Lanes, Lanes];
  const [uNumerator, uDenominator] = v.polynomials(
    { coefficients: TAIL_NUMERATOR, at: u },
    { coefficients: TAIL_DENOMINATOR, at: u },
  ) as [Lanes, Lanes];
  return {
    d,
    u,
    isNegative: v.lessThan(d, v.constant(0)),
    density: scaledExponential(v, started, series),
    dNumerator,
    dDenominator,
    uNumerator,
    uDenominator,
    holds: v.and(v.lessThan(u, v.constant(TAIL_REACH)), v.greaterThan(h, v.constant(LEAST_HALF_VOL))),
  };
}

/** Value of the out-of-the-money option in units of min(F, K): E (m(d) - m(u)), or 1 - E (m(-d) + m(u)) where d is negative. */
export function timeValueShare(v: Vectors, parts: BlackParts): Lanes {
  const { d, isNegative, density, dNumerator, dDenominator, uNumerator, uDenominator } = parts;
  const sign = v.and(d, v.bits(0x8000000000000000n));
  const near = v.xor(v.mul(dNumerator, uDenominator), sign);
  const gap = v.sub(near, v.mul(uNumerator, dDenominator));
  const share = v.div(v.mul(density, gap), v.mul(dDenominator, uDenominator));
  return v.add(v.and(isNegative, v.constant(1)), share);
}
