import {
  type AtTouch,
  FAN_LEVELS,
  type MeanUsd,
  type Share,
  TOUCH_LEVELS,
  type TouchByDay,
} from '../domain/marginPaths.ts';
import { sampleQuantile } from '../numerics/sampleQuantile.ts';

/** A share of `paths`, with the error of a binomial count. */
export function shareOf(count: number, paths: number): Share {
  const probability = count / paths;
  return { probability, standardError: Math.sqrt((probability * (1 - probability)) / paths) };
}

/** @param touchDays day of the first touch by path, infinite where there is none. */
export function touchByDay(touchDays: Float64Array, days: number): TouchByDay[] {
  const counts = new Float64Array(days + 1);
  for (const at of touchDays) if (Number.isFinite(at)) counts[Math.ceil(at)] = counts[Math.ceil(at)]! + 1;
  let count = 0;
  return Array.from(counts, (added, day) => {
    count += added;
    return { day, ...shareOf(count, touchDays.length) };
  });
}

export function atTouch(touchDays: Float64Array, belowUsd: Float64Array, lostUsd: Float64Array): AtTouch | null {
  const touching = [...touchDays.keys()].filter((i) => Number.isFinite(touchDays[i]!));
  if (touching.length === 0) return null;
  const times = Float64Array.from(touching, (i) => touchDays[i]!).sort();
  return {
    paths: touching.length,
    timeQuantilesDays: TOUCH_LEVELS.map((level) => sampleQuantile(times, level, 1)),
    belowMaintenanceUsd: meanOf(touching.map((i) => belowUsd[i]!)),
    equityLostUsd: meanOf(touching.map((i) => lostUsd[i]!)),
  };
}

function meanOf(values: readonly number[]): MeanUsd {
  const n = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / n;
  if (n === 1) return { mean, standardError: null };
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n) };
}

/**
 * Extrapolation to a path that is looked at without pause. What discrete looks miss falls with the root of the step (Broadie, Glasserman
 * and Kou 1997, "A continuity correction for discrete barrier options"): from steps of one length and of four times that length,
 * P(0) = 2 P(1) - P(4), taken path by path.
 */
export function continuousShare(fine: Uint8Array, coarse: Uint8Array): Share {
  const n = fine.length;
  let [total, squares] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const value = 2 * fine[i]! - coarse[i]!;
    total += value;
    squares += value * value;
  }
  const mean = total / n;
  return {
    probability: Math.min(mean, 1),
    standardError: Math.sqrt(Math.max(squares / n - mean * mean, 0) / n),
  };
}

/** Quantiles across the first `paths` paths of figures kept by time, then path. */
export function fanRows(kept: Float64Array, times: number, stride: number, paths: number): number[][] {
  const rows: number[][] = FAN_LEVELS.map(() => []);
  for (let t = 0; t < times; t += 1) {
    const sorted = kept.slice(t * stride, t * stride + paths).sort();
    FAN_LEVELS.forEach((level, row) => rows[row]!.push(sampleQuantile(sorted, level, 7)));
  }
  return rows;
}
