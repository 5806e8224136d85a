import { chiSquareQuantile } from './chiSquare.ts';
import { normalCdf } from './normal.ts';

/** Beyond these the scale is held: below the 1e-23 quantile and above the 1 - 1e-50. */
const LEAST = -10;
const MOST = 15;
const DEGREE = 12;
const TERMS = DEGREE + 1;

/**
 * Logarithm of the scale that makes a vector of normals Student-t with unit variance, sqrt((degrees - 2) / chi-square), as a rising function of
 * one more standard normal z: the chi-square is the one with P(X <= x) = N(-z). So a draw takes one normal, whatever it is drawn with, and
 * neighbours in z are neighbours in scale, as even points and importance sampling ask.
 *
 * It is smooth on a strip around the real line: Chebyshev interpolation of degree 12 on panels of width one, made once
 * for each number of degrees, is good to 1e-12.
 */
export function logMixingScale(degreesOfFreedom: number): (z: number) => number {
  const coefficients = coefficientsOf(degreesOfFreedom);
  return (z) => {
    const held = z < LEAST ? LEAST : z > MOST ? MOST : z;
    const panel = Math.min(Math.floor(held) - LEAST, MOST - LEAST - 1);
    const x = 2 * (held - LEAST - panel) - 1;
    // Clenshaw's recurrence.
    let next = 0;
    let afterNext = 0;
    for (let k = panel * TERMS + DEGREE; k > panel * TERMS; k -= 1) {
      const here = 2 * x * next - afterNext + coefficients[k]!;
      afterNext = next;
      next = here;
    }
    return x * next - afterNext + coefficients[panel * TERMS]!;
  };
}

const known = new Map<number, Float64Array>();

function coefficientsOf(degreesOfFreedom: number): Float64Array {
  const found = known.get(degreesOfFreedom);
  if (found) return found;
  if (!(degreesOfFreedom > 2 && degreesOfFreedom < Infinity)) {
    throw new RangeError(
      `Student-t moves of unit variance need finite degrees of freedom above 2, not ${degreesOfFreedom}`,
    );
  }
  const coefficients = new Float64Array((MOST - LEAST) * TERMS);
  const values = new Float64Array(TERMS);
  for (let panel = 0; panel < MOST - LEAST; panel += 1) {
    for (let i = 0; i < TERMS; i += 1) {
      const x = Math.cos((Math.PI * (i + 0.5)) / TERMS);
      values[i] = logScale(LEAST + panel + (x + 1) / 2, degreesOfFreedom);
    }
    for (let k = 0; k < TERMS; k += 1) {
      let sum = 0;
      for (let i = 0; i < TERMS; i += 1) sum += values[i]! * Math.cos((Math.PI * k * (i + 0.5)) / TERMS);
      coefficients[panel * TERMS + k] = ((k === 0 ? 1 : 2) / TERMS) * sum;
    }
  }
  known.set(degreesOfFreedom, coefficients);
  return coefficients;
}

function logScale(z: number, degreesOfFreedom: number): number {
  // From the smaller of the two tails, so that no digit of it is lost.
  const chiSquare =
    z > 0
      ? chiSquareQuantile('lower', normalCdf(-z), degreesOfFreedom)
      : chiSquareQuantile('upper', normalCdf(z), degreesOfFreedom);
  return 0.5 * Math.log((degreesOfFreedom - 2) / chiSquare);
}
