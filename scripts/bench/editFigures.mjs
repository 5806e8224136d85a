import { median, percentile } from '../statistics.mjs';

const LONG_TASK_MS = 50;

/**
 * One event of a Chromium trace; times in microseconds. `tdur` is the processor time of a task, without what it waited for
 * a processor, and so depends less on what else the machine does than `dur`.
 * @typedef {{ name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number,
 *   args: { data?: { detail?: string } } }} TraceEvent
 */

/**
 * What a trace says of its edits, from the mark `headroom:edit` to the mark `headroom:painted` of the same or a newer version:
 * - `work`: processor time of the page's thread, in milliseconds;
 * - `wait`: the time that passes, with the waiting for the next frame and for a processor;
 * - `longTasks`: processor time of each task of the page's thread above 50 ms, whenever it ran.
 * @param {readonly TraceEvent[]} events
 */
export function editFigures(events) {
  const marks = events.filter(({ name, ph }) => ph === 'I' && name.startsWith('headroom:'));
  const [first] = marks;
  if (first === undefined) throw new Error('The trace holds no edit.');
  const page = events.filter(
    ({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && pid === first.pid && tid === first.tid,
  );
  const edits = marks
    .filter(({ name }) => name === 'headroom:edit')
    .map((mark) => ({ version: version(mark), ts: mark.ts }));
  const paints = marks
    .filter(({ name }) => name === 'headroom:painted')
    .map((mark) => ({ version: version(mark), ts: mark.ts }));
  /** @type {number[]} */
  const wait = [];
  /** @type {number[]} */
  const work = [];
  for (const [at, edit] of edits.entries()) {
    const painted = paints.find((paint) => paint.ts >= edit.ts && paint.version >= edit.version);
    // Overtaken by the next edit before it was painted: the next one's figures are what a person waits for.
    if (painted === undefined || (edits[at + 1]?.ts ?? Number.POSITIVE_INFINITY) < painted.ts) continue;
    wait.push((painted.ts - edit.ts) / 1000);
    work.push(overlap(page, edit.ts, painted.ts) / 1000);
  }
  const longTasks = page.map(({ tdur = 0 }) => tdur / 1000).filter((duration) => duration > LONG_TASK_MS);
  return { work: spread(work), wait: spread(wait), counted: work.length, longTasks };
}

/** @param {readonly number[]} values */
function spread(values) {
  return { median: median(values), p95: percentile(values, 0.95) };
}

/** @param {TraceEvent} mark */
function version(mark) {
  return /** @type {number} */ (JSON.parse(mark.args.data?.detail ?? '{}').inputVersion);
}

/**
 * Processor time of tasks between two instants; of a task that reaches over an end, its share.
 * @param {readonly TraceEvent[]} tasks
 * @param {number} from
 * @param {number} to
 */
function overlap(tasks, from, to) {
  let sum = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    const inside = Math.min(to, ts + dur) - Math.max(from, ts);
    if (inside > 0 && dur > 0) sum += (tdur * inside) / dur;
  }
  return sum;
}
