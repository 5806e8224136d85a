import { median } from '../statistics.mjs';

/** The heap may end so much above where it stood after the first minute. */
export const MOST_GROWTH = 0.1;
/** Samples whose median stands for a moment. */
const WINDOW = 3;

/**
 * How the heap went after the first minute, in which code is compiled and caches fill.
 * @param {readonly { minutes: number, total: number }[]} samples in the order of time
 * @returns {{ from: number, to: number, growth: number, slope: number } | null} bytes, as a share, bytes a minute; null for fewer
 * samples than that takes
 */
export function heapTrend(samples) {
  const later = samples.filter(({ minutes }) => minutes >= 1);
  if (later.length < 2 * WINDOW) return null;
  const totals = later.map(({ total }) => total);
  const from = median(totals.slice(0, WINDOW));
  const to = median(totals.slice(-WINDOW));
  const meanMinutes = mean(later.map(({ minutes }) => minutes));
  const meanTotal = mean(totals);
  let [joint, own] = [0, 0];
  for (const { minutes, total } of later) {
    joint += (minutes - meanMinutes) * (total - meanTotal);
    own += (minutes - meanMinutes) ** 2;
  }
  return { from, to, growth: to / from - 1, slope: joint / own };
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
