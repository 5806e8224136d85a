/**
 * Surface SVI: every expiry's smile from its total variance at the money and one function phi, after J. Gatheral and
 * A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014), arXiv:1204.0646, section 4.
 */
import { RiskError } from '../domain/failure.ts';
import type { SviParameters } from '../domain/marketSnapshot.ts';

/** w(k) = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)), theta the total variance at the money. */
export interface SsviSlice {
  readonly theta: number;
  readonly phi: number;
  readonly rho: number;
}

/** Total variance at log-moneyness k. */
export function ssviTotalVariance({ theta, phi, rho }: SsviSlice, k: number): number {
  const x = phi * k;
  return (theta / 2) * (1 + rho * x + Math.sqrt((x + rho) ** 2 + (1 - rho) * (1 + rho)));
}

/** The slice as raw SVI. @throws RiskError `bad-value` unless theta >= 0, phi > 0 and |rho| <= 1. */
export function rawOfSsvi(slice: SsviSlice): SviParameters {
  const { theta, phi, rho } = soundSlice(slice);
  if (!(phi > 0)) throw refused(`phi is ${phi}; a slice with wings needs it above 0`);
  const root2 = (1 - rho) * (1 + rho);
  return { a: (theta / 2) * root2, b: (theta * phi) / 2, rho, m: -rho / phi, sigma: Math.sqrt(root2) / phi };
}

/**
 * phi of Heston's form, 1 / (lambda theta) (1 - (1 - exp(-lambda theta)) / (lambda theta)); one half at theta = 0.
 * @throws RiskError `bad-value` unless lambda > 0 and theta >= 0.
 */
export function hestonPhi(theta: number, lambda: number): number {
  if (!(lambda > 0 && Number.isFinite(lambda))) throw refused(`lambda is ${lambda}; it must be above 0`);
  requireTheta(theta);
  const x = lambda * theta;
  if (x > 0.5) return (x + Math.expm1(-x)) / (x * x);
  // The quotient loses its digits near zero: sum of (-x)^n / (n + 2)!.
  let term = 0.5;
  let sum = term;
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= -x / (n + 2);
    sum += term;
  }
  return sum;
}

/**
 * phi of the power law, eta / (theta^gamma (1 + theta)^(1 - gamma)).
 * @throws RiskError `bad-value` unless eta > 0, 0 < gamma < 1 and theta > 0.
 */
export function powerLawPhi(theta: number, eta: number, gamma: number): number {
  if (!(eta > 0 && Number.isFinite(eta))) throw refused(`eta is ${eta}; it must be above 0`);
  if (!(gamma > 0 && gamma < 1)) throw refused(`gamma is ${gamma}; it must lie between 0 and 1`);
  requireTheta(theta);
  if (theta === 0) throw refused('theta is 0, where the power law has no finite phi');
  return eta / (theta ** gamma * (1 + theta) ** (1 - gamma));
}

/** What is known of butterflies from the parameters of a slice alone. */
export interface SsviConditions {
  /** theta phi (1 + |rho|). */
  readonly thetaPhi: number;
  /** theta phi^2 (1 + |rho|). */
  readonly thetaPhi2: number;
  /** Theorem 4.2: thetaPhi < 4 and thetaPhi2 <= 4 suffice. */
  readonly isFreeOfButterflies: boolean;
  /** Lemma 4.2: thetaPhi <= 4 is necessary, Lee's bound on the wings. */
  readonly meetsLee: boolean;
}

/** @throws RiskError `bad-value` unless theta >= 0, phi >= 0 and |rho| <= 1. */
export function ssviConditions(slice: SsviSlice): SsviConditions {
  const { theta, phi, rho } = soundSlice(slice);
  const thetaPhi = theta * phi * (1 + Math.abs(rho));
  const thetaPhi2 = thetaPhi * phi;
  return { thetaPhi, thetaPhi2, isFreeOfButterflies: thetaPhi < 4 && thetaPhi2 <= 4, meetsLee: thetaPhi <= 4 };
}

/** Heston's form is free of static arbitrage for every rising theta exactly from this lambda on: (1 + |rho|) / 4. */
export function hestonLeastLambda(rho: number): number {
  requireRho(rho);
  return (1 + Math.abs(rho)) / 4;
}

/**
 * Whether the power law is free of static arbitrage for every rising theta by eta (1 + |rho|) <= 2; null for gamma above one
 * half, where this condition says nothing (Remark 4.4).
 */
export function isPowerLawFree(eta: number, gamma: number, rho: number): boolean | null {
  requireRho(rho);
  return gamma > 0.5 ? null : eta * (1 + Math.abs(rho)) <= 2;
}

/** Whether total variance at the money never falls with time, without which no surface is free of calendar arbitrage. */
export function isRising(thetas: readonly number[]): boolean {
  return thetas.every((theta, i) => i === 0 || theta >= thetas[i - 1]!);
}

function soundSlice(slice: SsviSlice): SsviSlice {
  requireTheta(slice.theta);
  requireRho(slice.rho);
  if (!(slice.phi >= 0 && Number.isFinite(slice.phi))) throw refused(`phi is ${slice.phi}; it must be at least 0`);
  return slice;
}

function requireTheta(theta: number): void {
  if (!(theta >= 0 && Number.isFinite(theta))) throw refused(`theta is ${theta}; total variance must be at least 0`);
}

function requireRho(rho: number): void {
  if (!(Math.abs(rho) <= 1)) throw refused(`rho is ${rho}; it must be within -1 and 1`);
}

function refused(reason: string): RiskError {
  return new RiskError('bad-value', `This is no SSVI surface: ${reason}`);
}
