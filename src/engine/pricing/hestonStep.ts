import { normalCdf } from '../numerics/normal.ts';

/** One step of Heston's model for a given length of it. */
export interface HestonStep {
  /** V at the end of a step for a standard normal z. */
  nextVariance(v: number, z: number): number;
  /** Log-move of spot over a step on which V went from v to `later`, for a standard normal z apart from it. */
  logMove(v: number, later: number, z: number): number;
}

/** dV = kappa (theta - V) dt + xi sqrt(V) dZ. */
export interface HestonVariance {
  /** kappa, a year. */
  readonly meanReversion: number;
  /** theta. */
  readonly longRunVariance: number;
  /** xi, a year. */
  readonly volOfVol: number;
}

/** psi at which the quadratic form of QE gives way to the exponential one; anything from 1 to 2 will do. */
const SWITCH = 1.5;

/**
 * Andersen's quadratic-exponential scheme (2008, "Simple and efficient simulation of the Heston stochastic volatility model"), central
 * discretisation, with his martingale correction. Mean and variance of V are exact at every step. Equations (17) to (33),
 * (61) to (64) and propositions 5 to 9 of Andersen (2008), gamma1 = gamma2 = 1/2.
 */
export function hestonStep(
  { meanReversion: kappa, longRunVariance: theta, volOfVol: xi }: HestonVariance,
  rho: number,
  dt: number,
): HestonStep {
  const decay = Math.exp(-kappa * dt);
  const gone = -Math.expm1(-kappa * dt);
  const perVariance = (xi * xi * decay * gone) / kappa;
  const constant = (theta * xi * xi * gone * gone) / (2 * kappa);
  const drift = (dt / 2) * ((kappa * rho) / xi - 0.5);
  const k1 = drift - rho / xi;
  const k2 = drift + rho / xi;
  const k3 = (dt / 2) * (1 - rho * rho);
  const exponent = k2 + k3 / 2;
  const plain = (-rho * kappa * theta * dt) / xi;
  const form = (v: number): { m: number; psi: number } => {
    const m = theta + (v - theta) * decay;
    return { m, psi: (v * perVariance + constant) / (m * m) };
  };
  const quadratic = (m: number, psi: number): { a: number; b2: number } => {
    const ratio = 2 / psi;
    const b2 = ratio - 1 + Math.sqrt(ratio) * Math.sqrt(ratio - 1);
    return { a: m / (1 + b2), b2 };
  };
  return {
    nextVariance(v, z) {
      const { m, psi } = form(v);
      if (psi <= SWITCH) {
        const { a, b2 } = quadratic(m, psi);
        return a * (Math.sqrt(b2) + z) ** 2;
      }
      const p = (psi - 1) / (psi + 1);
      const above = normalCdf(-z);
      return above >= 1 - p ? 0 : (Math.log((1 - p) / above) * m) / (1 - p);
    },
    logMove(v, later, z) {
      const { m, psi } = form(v);
      // ln E[exp(A V)] of the step's V: infinite where A is too large for its tail, and the correction is then left out.
      let k0 = plain;
      if (psi <= SWITCH) {
        const { a, b2 } = quadratic(m, psi);
        const rest = 1 - 2 * exponent * a;
        if (rest > 0) k0 = -(exponent * b2 * a) / rest + Math.log(rest) / 2 - (k1 + k3 / 2) * v;
      } else {
        const p = (psi - 1) / (psi + 1);
        const beta = (1 - p) / m;
        if (exponent < beta) k0 = -Math.log(p + (beta * (1 - p)) / (beta - exponent)) - (k1 + k3 / 2) * v;
      }
      return k0 + k1 * v + k2 * later + Math.sqrt(k3 * (v + later)) * z;
    },
  };
}
