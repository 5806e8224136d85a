import { studentTCdf } from './studentTCdf.ts';

/**
 * The limit, far out in either tail, of the chance that one variable is beyond its quantile given that the other is, under
 * a t copula: 2 T(-sqrt((n + 1)(1 - rho) / (1 + rho))) with n + 1 degrees of freedom (Embrechts, McNeil and Straumann,
 * "Correlation and dependence in risk management", 2002). A Gaussian copula has none below correlation 1.
 */
export function tailDependence(correlation: number, degreesOfFreedom: number): number {
  if (!(Math.abs(correlation) <= 1)) {
    throw new RangeError(`The correlation is ${correlation}; give a number from -1 to 1`);
  }
  if (!(degreesOfFreedom > 0 && degreesOfFreedom < Infinity)) {
    throw new RangeError(`The degrees of freedom are ${degreesOfFreedom}; give a finite number above zero`);
  }
  if (correlation === -1) return 0;
  const distance = Math.sqrt(((degreesOfFreedom + 1) * (1 - correlation)) / (1 + correlation));
  return 2 * studentTCdf(-distance, degreesOfFreedom + 1);
}
