import type { Vol, YearFraction } from '../domain/units.ts';
import { inverseNormalCdf } from '../numerics/normal.ts';

/**
 * A smile in the terms in which it is traded: vols at Black forward deltas, N(d1) for a call and -N(-d1) for a put, with
 * d1 = (ln(F / K) + w / 2) / sqrt(w). No premium is taken off the delta and nothing is discounted, so that the delta of an
 * inverse option at which its smile is read is that of the linear one.
 */

/** Vol of a smile at k = ln(K / F). */
export type SmileFunction = (logMoneyness: number) => Vol;

/** Where the option of some delta stands on a smile. */
export interface DeltaPoint {
  /** k = ln(K / F). */
  readonly logMoneyness: number;
  readonly vol: Vol;
}

/** Vol of 25-delta and 10-delta risk reversals and butterflies, and at the money. Decimals. */
export interface SmileQuotes {
  readonly atm: Vol;
  readonly put25: DeltaPoint;
  readonly call25: DeltaPoint;
  readonly put10: DeltaPoint;
  readonly call10: DeltaPoint;
  /** Call minus put. */
  readonly riskReversal25: Vol;
  readonly riskReversal10: Vol;
  /** Mean of call and put minus at the money. */
  readonly butterfly25: Vol;
  readonly butterfly10: Vol;
}

/** d1 of the call of a forward delta, or of the put of minus that delta. */
export function deltaQuantile(delta: number, type: 'C' | 'P'): number {
  const quantile = inverseNormalCdf(delta);
  return type === 'C' ? quantile : -quantile;
}

/** k = ln(K / F) at which an option of this vol has this d1. */
export function logMoneynessAt(d1: number, vol: Vol, timeToExpiryYears: YearFraction): number {
  const deviation = vol * Math.sqrt(timeToExpiryYears);
  return deviation * (deviation / 2 - d1);
}

/**
 * How far in k the search for a strike goes. A smile whose total variance grows almost by Lee's 2 per unit of k may have the delta
 * farther out still.
 */
const FARTHEST = 100;
/** A d1 is met within this: a delta to its last digits. */
const CLOSE_ENOUGH = 1e-14;
const MOST_STEPS = 100;

/**
 * The option nearest to the money whose d1 on the smile is the one asked for. The search walks outward from the forward, to
 * where d1 passes the value, and closes in by false position (Illinois); null when it is never reached.
 */
export function pointAtQuantile(smile: SmileFunction, timeToExpiryYears: YearFraction, d1: number): DeltaPoint | null {
  const root = Math.sqrt(timeToExpiryYears);
  // Above zero where the strike is still too low.
  const excess = (k: number): number => {
    const deviation = smile(k) * root;
    return -k / deviation + deviation / 2 - d1;
  };
  let near = 0;
  let nearExcess = excess(0);
  const outward = nearExcess > 0 ? 1 : -1;
  let far = 0;
  let farExcess = nearExcess;
  for (let step = 0.25 * smile(0) * root; farExcess * outward > 0; step *= 1.5) {
    [near, nearExcess] = [far, farExcess];
    far += outward * step;
    if (Math.abs(far) > FARTHEST || !(step > 0)) return null;
    farExcess = excess(far);
  }
  let lastSide = 0;
  let k = far;
  for (let i = 0; i < MOST_STEPS && nearExcess !== farExcess; i += 1) {
    k = far - (farExcess * (far - near)) / (farExcess - nearExcess);
    const here = excess(k);
    if (Math.abs(here) < CLOSE_ENOUGH || k === near || k === far) break;
    const side = here * outward > 0 ? 1 : -1;
    if (side > 0) [near, nearExcess] = [k, here];
    else [far, farExcess] = [k, here];
    // The end that stands still twice in a row is given half its weight.
    if (side === lastSide) {
      if (side > 0) farExcess /= 2;
      else nearExcess /= 2;
    }
    lastSide = side;
  }
  return { logMoneyness: k, vol: smile(k) };
}

/** The point of a forward delta, `delta` above zero for puts too; null as in `pointAtQuantile`. */
export function pointAtDelta(
  smile: SmileFunction,
  timeToExpiryYears: YearFraction,
  delta: number,
  type: 'C' | 'P',
): DeltaPoint | null {
  return pointAtQuantile(smile, timeToExpiryYears, deltaQuantile(delta, type));
}

/** Null when one of the deltas is not on the smile. */
export function smileQuotes(smile: SmileFunction, timeToExpiryYears: YearFraction): SmileQuotes | null {
  const at = (delta: number, type: 'C' | 'P') => pointAtDelta(smile, timeToExpiryYears, delta, type);
  const [put25, call25, put10, call10] = [at(0.25, 'P'), at(0.25, 'C'), at(0.1, 'P'), at(0.1, 'C')];
  if (put25 === null || call25 === null || put10 === null || call10 === null) return null;
  const atm = smile(0);
  return {
    atm,
    put25,
    call25,
    put10,
    call10,
    riskReversal25: call25.vol - put25.vol,
    riskReversal10: call10.vol - put10.vol,
    butterfly25: (call25.vol + put25.vol) / 2 - atm,
    butterfly10: (call10.vol + put10.vol) / 2 - atm,
  };
}
