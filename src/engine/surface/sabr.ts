/**
 * SABR, dF = a F^beta dW, da = nu a dZ, dW dZ = rho dt, a(0) = alpha: two closed approximations of its Black vol.
 * P. Hagan, D. Kumar, A. Lesniewski and D. Woodward, "Managing smile risk", Wilmott (September 2002), equation 2.17;
 * F. Le Floc'h and G. Kennedy, "Explicit SABR calibration through simple expansions" (2014), SSRN 2467231.
 */
import { RiskError } from '../domain/failure.ts';
import type { Vol, YearFraction } from '../domain/units.ts';

export interface SabrParameters {
  /** Vol of the forward at the start, above 0, in units of F^(1 - beta). */
  readonly alpha: number;
  /** From 0 (normal) to 1 (lognormal). */
  readonly beta: number;
  /** Vol of vol, at least 0. */
  readonly nu: number;
  /** Within -1 and 1. */
  readonly rho: number;
}

/**
 * Black vol by Hagan's lognormal expansion, first order in time, with (1 - beta)^4 ln^4 / 1920 in the denominator. Limits
 * are taken, not stepped over: K = F, nu = 0, rho = -1 and 1.
 * @throws RiskError `bad-value` for parameters out of bounds, and where the expansion has no vol above zero.
 */
export function haganVol(
  parameters: SabrParameters,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
): Vol {
  const { alpha, beta, nu, rho } = sound(parameters, forward, strike, timeToExpiryYears);
  const log = logRatio(forward, strike);
  const backbone = (forward * strike) ** ((1 - beta) / 2);
  const spread = ((1 - beta) * log) ** 2;
  const z = (nu / alpha) * backbone * log;
  const level = alpha / backbone;
  const correction =
    ((1 - beta) ** 2 * level * level) / 24 + (rho * beta * nu * level) / 4 + ((2 - 3 * rho * rho) * nu * nu) / 24;
  const vol =
    (level / (1 + spread / 24 + (spread * spread) / 1920) / stretch(z, rho)) * (1 + correction * timeToExpiryYears);
  return aboveZero(vol);
}

/**
 * Black vol by the expansion of Le Floc'h and Kennedy, which holds further from the money than Hagan's. Its singularity at
 * K = F is removable: close to the money it is interpolated through eight strikes around it, which is exact to
 * about 1e-10.
 * @throws RiskError `bad-value` for parameters out of bounds, and where the expansion has no vol above zero.
 */
export function leFlochKennedyVol(
  parameters: SabrParameters,
  forward: number,
  strike: number,
  timeToExpiryYears: YearFraction,
): Vol {
  const p = sound(parameters, forward, strike, timeToExpiryYears);
  const log = logRatio(forward, strike);
  // The smile bends over |ln(F / K)| of about alpha F^(beta - 1) / nu.
  const step = 0.005 * Math.min(1, p.nu > 0 ? (5 * p.alpha * forward ** (p.beta - 1)) / p.nu : 1);
  if (Math.abs(log) >= step) return aboveZero(expansion(p, forward, strike, log, timeToExpiryYears));
  const nodes = [-4, -3, -2, -1, 1, 2, 3, 4];
  const at = log / step;
  let vol = 0;
  for (const node of nodes) {
    let weight = 1;
    for (const other of nodes) if (other !== node) weight *= (at - other) / (node - other);
    vol += weight * expansion(p, forward, forward * Math.exp(-node * step), node * step, timeToExpiryYears);
  }
  return aboveZero(vol);
}

/** The expansion away from the money: its leading order ln(F/K) / integral of 1/D, and the term of first order in time. */
function expansion(
  { alpha, beta, nu, rho }: SabrParameters,
  forward: number,
  strike: number,
  log: number,
  timeToExpiryYears: number,
): number {
  // (F^(1-beta) - K^(1-beta)) / (1-beta), which is ln(F/K) at beta = 1.
  const power = (1 - beta) * log;
  const span = power === 0 ? log : (strike ** (1 - beta) * Math.expm1(power)) / (1 - beta);
  const z = (nu / alpha) * span;
  const distance = (span / alpha) * stretch(z, rho);
  const leading = log / distance;
  const localVol = (level: number, at: number) =>
    alpha * level ** beta * Math.sqrt(Math.max(0, 1 - 2 * rho * at + at * at));
  const secant = (strike ** beta - forward ** beta) / (strike - forward);
  const curve = Math.log(leading) + 0.5 * Math.log((forward * strike) / (localVol(forward, 0) * localVol(strike, z)));
  return leading * (1 + ((rho * nu * alpha * secant) / 4 - curve / (distance * distance)) * timeToExpiryYears);
}

/**
 * x(z) / z with x(z) = ln((sqrt(1 - 2 rho z + z^2) + z - rho) / (1 - rho)), without cancellation and with its limits: 1 at
 * z = 0, -ln(1 - z) / z at rho = 1. Infinite where x is (rho = 1 and z >= 1, and its mirror image).
 */
function stretch(z: number, rho: number): number {
  if (z === 0) return 1;
  // x(z; rho) = -x(-z; -rho).
  if (z < 0) return stretch(-z, -rho);
  const root = Math.sqrt((1 - z) * (1 - z) + 2 * z * (1 - rho));
  const rest = 1 + z - 2 * rho;
  // (root + rest) / (1 - rho), rationalised where root and rest cancel.
  const slope = rest >= 0 ? (root + rest) / (1 - rho) : (4 * rho - 2 * z) / (root - rest);
  return Math.log1p((z * slope) / (root + 1)) / z;
}

/** ln(F / K), with its digits kept close to the money. */
function logRatio(forward: number, strike: number): number {
  const excess = (forward - strike) / strike;
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(forward / strike);
}

function sound(p: SabrParameters, forward: number, strike: number, timeToExpiryYears: number): SabrParameters {
  if (!(forward > 0 && Number.isFinite(forward))) throw refused(`the forward is ${forward}; it must be above 0`);
  if (!(strike > 0 && Number.isFinite(strike))) throw refused(`the strike is ${strike}; it must be above 0`);
  if (!(timeToExpiryYears >= 0 && Number.isFinite(timeToExpiryYears))) {
    throw refused(`the time to expiry is ${timeToExpiryYears}; it must be at least 0`);
  }
  if (!(p.alpha > 0 && Number.isFinite(p.alpha))) throw refused(`alpha is ${p.alpha}; it must be above 0`);
  if (!(p.beta >= 0 && p.beta <= 1)) throw refused(`beta is ${p.beta}; it must be from 0 to 1`);
  if (!(p.nu >= 0 && Number.isFinite(p.nu))) throw refused(`nu is ${p.nu}; it must be at least 0`);
  if (!(Math.abs(p.rho) <= 1)) throw refused(`rho is ${p.rho}; it must be within -1 and 1`);
  return p;
}

function aboveZero(vol: number): Vol {
  if (vol > 0 && Number.isFinite(vol)) return vol;
  throw refused('its expansion gives no vol above zero here: the time is too long or the strike too far for it');
}

function refused(reason: string): RiskError {
  return new RiskError('bad-value', `This SABR smile has no vol: ${reason}`);
}
