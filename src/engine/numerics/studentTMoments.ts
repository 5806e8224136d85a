/** Variance and excess kurtosis of a standard Student-t. Infinity where the moment is infinite. */
export interface StudentTMoments {
  readonly variance: number;
  readonly excessKurtosis: number;
}

/** n / (n - 2) and 6 / (n - 4). Refused up to one degree of freedom, and a kurtosis needs a finite variance. */
export function studentTMoments(degreesOfFreedom: number): StudentTMoments {
  const n = degreesOfFreedom;
  if (!(n > 1 && n < Infinity)) {
    throw new RangeError(`A Student-t with ${n} degrees of freedom has no variance; give a finite number above 1`);
  }
  return { variance: n > 2 ? n / (n - 2) : Infinity, excessKurtosis: n > 4 ? 6 / (n - 4) : Infinity };
}
