/**
 * The three parameterisations of an SVI smile and the maps between them, after J. Gatheral and A. Jacquier,
 * "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014), arXiv:1204.0646, section 3, and the repair of a
 * jump-wing smile of section 5.1. Raw is what the engine computes with; natural is close to a model's parameters; jump wings
 * are what a trader sees: vol, skew and the two wings.
 */
import { RiskError } from '../domain/failure.ts';
import type { SviParameters } from '../domain/marketSnapshot.ts';
import type { YearFraction } from '../domain/units.ts';
import { sviMinimumVariance, sviTotalVariance } from './svi.ts';

/** w(k) = delta + omega / 2 (1 + zeta rho (k - mu) + sqrt((zeta (k - mu) + rho)^2 + 1 - rho^2)). */
export interface SviNatural {
  readonly delta: number;
  readonly mu: number;
  readonly rho: number;
  readonly omega: number;
  readonly zeta: number;
}

/** Jump wings of a smile, each a figure a year or a figure over the root of total variance at the money. */
export interface SviJumpWings {
  /** Variance a year at the money, w(0) / t. */
  readonly v: number;
  /** Skew at the money, d sqrt(w) / dk. */
  readonly psi: number;
  /** Slope of the left (put) wing of w over sqrt(w(0)), at least zero. */
  readonly p: number;
  /** Slope of the right (call) wing of w over sqrt(w(0)), at least zero. */
  readonly c: number;
  /** Least variance a year, min w / t. */
  readonly vTilde: number;
}

/**
 * The smile as given, when it is one: finite, b and sigma at least 0, rho within -1 and 1, total variance nowhere below 0.
 * @throws RiskError `bad-value` naming what is out of bounds.
 */
export function soundSvi(p: SviParameters): SviParameters {
  const { a, b, rho, m, sigma } = p;
  for (const [name, value] of Object.entries({ a, b, rho, m, sigma })) {
    if (!Number.isFinite(value)) throw refused(`${name} is not a finite number`);
  }
  if (b < 0) throw refused(`b is ${b}; wings need b at least 0`);
  if (Math.abs(rho) > 1) throw refused(`rho is ${rho}; it must be within -1 and 1`);
  if (sigma < 0) throw refused(`sigma is ${sigma}; it must be at least 0`);
  // A minimum of exactly zero may come out a rounding below it.
  if (sviMinimumVariance(p) < -1e-15 * (Math.abs(a) + b * sigma)) throw refused('its total variance falls below zero');
  return p;
}

/** @throws RiskError `bad-value` for |rho| = 1 or sigma = 0, which natural parameters cannot state. */
export function naturalOfRaw(raw: SviParameters): SviNatural {
  const { a, b, rho, m, sigma } = soundSvi(raw);
  const root = Math.sqrt((1 - rho) * (1 + rho));
  if (!(root > 0 && sigma > 0)) throw refused('natural parameters need sigma above 0 and rho inside -1 and 1');
  const omega = (2 * b * sigma) / root;
  return { delta: a - b * sigma * root, mu: m + (rho * sigma) / root, rho, omega, zeta: root / sigma };
}

/** @throws RiskError `bad-value` unless zeta is above 0, omega at least 0 and rho within -1 and 1. */
export function rawOfNatural({ delta, mu, rho, omega, zeta }: SviNatural): SviParameters {
  if (!(zeta > 0)) throw refused(`zeta is ${zeta}; it must be above 0`);
  const root2 = (1 - rho) * (1 + rho);
  return soundSvi({
    a: delta + (omega / 2) * root2,
    b: (omega * zeta) / 2,
    rho,
    m: mu - rho / zeta,
    sigma: Math.sqrt(Math.max(0, root2)) / zeta,
  });
}

/** @throws RiskError `bad-value` where total variance at the money or the time is not above zero. */
export function jumpWingsOfRaw(raw: SviParameters, timeToExpiryYears: YearFraction): SviJumpWings {
  const { b, rho, m, sigma } = soundSvi(raw);
  const w = sviTotalVariance(raw, 0);
  if (!(w > 0)) throw refused('its total variance at the money is zero, which has no jump wings');
  requireTime(timeToExpiryYears);
  const root = Math.sqrt(w);
  const distance = Math.hypot(m, sigma);
  return {
    v: w / timeToExpiryYears,
    psi: (b / (2 * root)) * (rho - (distance > 0 ? m / distance : 0)),
    p: (b * (1 - rho)) / root,
    c: (b * (1 + rho)) / root,
    vTilde: sviMinimumVariance(raw) / timeToExpiryYears,
  };
}

/**
 * Raw parameters of jump wings. With beta = rho - 2 psi sqrt(w) / b = m / sqrt(m^2 + sigma^2), the height of the smile at
 * the money above its lowest point is b R (1 - rho beta - sqrt(1 - rho^2) sqrt(1 - beta^2)), R = sqrt(m^2 + sigma^2), which
 * gives R, and m = beta R, sigma = sqrt(1 - beta^2) R without a case for m = 0.
 * @throws RiskError `bad-value` where no smile has these wings, or several have (its lowest point at the money).
 */
export function rawOfJumpWings({ v, psi, p, c, vTilde }: SviJumpWings, timeToExpiryYears: YearFraction): SviParameters {
  requireTime(timeToExpiryYears);
  if (!(v > 0)) throw refused(`v is ${v}; variance at the money must be above 0`);
  if (!(p >= 0 && c >= 0)) throw refused('p and c, the slopes of the wings, must be at least 0');
  if (!(vTilde <= v)) throw refused('v_tilde, the least variance, is above v');
  const w = v * timeToExpiryYears;
  const root = Math.sqrt(w);
  const b = (root * (p + c)) / 2;
  if (b === 0) {
    if (psi !== 0 || vTilde !== v) throw refused('a smile without wings (p = c = 0) is flat: psi = 0 and v_tilde = v');
    return { a: w, b: 0, rho: 0, m: 0, sigma: 0 };
  }
  const rho = (c - p) / (c + p);
  const shift = (2 * psi * root) / b;
  const beta = rho - shift;
  if (!(Math.abs(beta) <= 1)) throw refused('psi, the skew at the money, is steeper than the wings: -p <= 2 psi <= c');
  const [rhoRoot, betaRoot] = [Math.sqrt((1 - rho) * (1 + rho)), Math.sqrt((1 - beta) * (1 + beta))];
  // 1 - cos of the angle between the two, free of cancellation: its sine is rho sqrt(1 - beta^2) - beta sqrt(1 - rho^2).
  const sine = rho * betaRoot - beta * rhoRoot;
  const cosine = rho * beta + rhoRoot * betaRoot;
  const height = cosine > 0 ? (sine * sine) / (1 + cosine) : 1 - cosine;
  const rise = (v - vTilde) * timeToExpiryYears;
  if (height === 0 || rise === 0) {
    throw refused('its lowest point is at the money (psi = 0 or v_tilde = v), where jump wings do not determine sigma');
  }
  const distance = rise / (b * height);
  const sigma = betaRoot * distance;
  return soundSvi({ a: vTilde * timeToExpiryYears - b * sigma * rhoRoot, b, rho, m: beta * distance, sigma });
}

/**
 * The smile with the same v, psi and p and with c and v_tilde chosen so that it is an SSVI slice, c' = p + 2 psi and
 * v_tilde' = v 4 p c' / (p + c')^2 (Gatheral and Jacquier, section 5.1). Free of butterfly arbitrage where the slice is:
 * sqrt(v t) max(p, c') < 2 and (p + c') max(p, c') <= 2 (their Theorem 4.2 in jump wings).
 * @throws RiskError `bad-value` where p + 2 psi is below zero.
 */
export function repairedJumpWings(wings: SviJumpWings): SviJumpWings {
  const { v, psi, p } = wings;
  const c = p + 2 * psi;
  if (!(c >= 0 && p + c > 0)) throw refused('p + 2 psi, the right wing of its repair, is not above zero');
  return { v, psi, p, c, vTilde: (v * 4 * p * c) / (p + c) ** 2 };
}

function requireTime(timeToExpiryYears: YearFraction): void {
  if (!(timeToExpiryYears > 0)) throw refused(`the time to expiry is ${timeToExpiryYears}; it must be above 0`);
}

function refused(reason: string): RiskError {
  return new RiskError('bad-value', `This is no SVI smile: ${reason}`);
}
