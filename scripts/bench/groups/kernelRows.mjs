import { median } from '../../statistics.mjs';
import { openKernelPage } from '../kernelPage.mjs';
import { atLeast, atMost, exponential, milliseconds, times } from '../table.mjs';

/** Of W1 in the table; five million only make it longer. */
export const TABLE_OPTIONS = 1_000_000;
const ROUNDS = 11;
/**
 * How often a job runs within one call: what takes less than the clock can tell apart is repeated.
 * @type {Readonly<Record<Case, number>>}
 */
const REPEATED = { W1: 1, W2R: 1, W2: 1, W2I: 5, W3: 200, W4: 10, W5: 1 };

/** @typedef {import('../kernelPage.mjs').Case} Case */
/** @typedef {import('../kernelPage.mjs').KernelBuild} KernelBuild */
/** @typedef {{ build: KernelBuild, name: Case, threads: number }} Job */
/** @typedef {ReadonlyMap<string, readonly import('../kernelPage.mjs').KernelRun[]>} Runs by job, a run a round */

/** @type {Readonly<Record<KernelBuild, { gain: { floor: number, aim: number }, title: string }>>} */
const BUILDS = {
  'relaxed-simd': { gain: { floor: 3.5, aim: 4.4 }, title: 'relaxed SIMD' },
  simd: { gain: { floor: 2.4, aim: 3.1 }, title: 'SIMD' },
  typescript: { gain: { floor: 1, aim: 1 }, title: 'TypeScript' },
};

/**
 * The kernels in workers of a page: each job once a round, whichever build runs it, and the medians of the rounds.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function kernelRows({ browserPath, inputs }) {
  const page = await openKernelPage(browserPath, (name) => inputs().files.get(name) ?? null);
  try {
    // All builds of a job after one another, so that what is compared meets the same weather.
    const jobs = /** @type {Case[]} */ (Object.keys(REPEATED)).flatMap((name) =>
      page.builds.flatMap((build) => [
        { build, name, threads: 1 },
        ...(name === 'W2R' && page.cores > 1 ? [{ build, name, threads: 2 }] : []),
      ]),
    );
    const runs = await interleaved(jobs, page);
    const sections = [];
    for (const build of page.builds)
      sections.push({
        title: `Kernels in workers of Chromium ${page.version}: ${BUILDS[build].title}`,
        rows: [...rowsOf(build, runs), ...(await errorRows(build, page))],
      });
    return sections;
  } finally {
    await page.close();
  }
}

/**
 * The same jobs in this process, one thread.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function nodeKernelRows({ inputs, nodeKernels }) {
  const node = nodeKernels(inputs().files);
  const cases = /** @type {Case[]} */ (Object.keys(REPEATED));
  const runs = await interleaved(
    cases.flatMap((name) => node.builds.map((build) => ({ build, name, threads: 1 }))),
    node,
  );
  return node.builds.map((build) => ({
    title: `Kernels in Node ${process.versions.node}, one thread: ${BUILDS[build].title}`,
    // The floors are the browser's.
    rows: rowsOf(build, runs).map(({ what, measured }) => ({ what, measured })),
  }));
}

/**
 * @param {readonly Job[]} jobs
 * @param {Pick<import('../kernelPage.mjs').KernelPage, 'prepare' | 'run'>} page
 * @returns {Promise<Runs>}
 */
async function interleaved(jobs, page) {
  /** @type {Map<string, import('../kernelPage.mjs').KernelRun[]>} */
  const runs = new Map(jobs.map((job) => [key(job), []]));
  for (const { build, name, threads } of jobs) await page.prepare(build, name, threads);
  // The first round lets the compiler reach its best and is not counted.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const job of jobs) {
      const run = await page.run(job.build, job.name, job.threads, REPEATED[job.name]);
      if (round > 0) runs.get(key(job))?.push(run);
    }
  return runs;
}

/**
 * @param {KernelBuild} build
 * @param {Runs} runs
 * @returns {import('../table.mjs').Row[]}
 */
function rowsOf(build, runs) {
  /** @param {Job} job */
  const found = (job) => {
    const all = runs.get(key(job));
    if (all === undefined) throw new Error(`${job.name} has not been run.`);
    return all;
  };
  /** @param {Case} name @param {KernelBuild} [by] */
  const alone = (name, by = build) => found({ build: by, name, threads: 1 });
  /** @param {Case} name */
  const inside = (name) => median(alone(name).map(({ insideMs }) => insideMs));
  /**
   * The median of what a round's runs come to, one over the other.
   * @param {readonly import('../kernelPage.mjs').KernelRun[]} above
   * @param {readonly import('../kernelPage.mjs').KernelRun[]} below
   * @param {'ms' | 'insideMs'} clock
   */
  const ratio = (above, below, clock) => median(above.map((run, round) => run[clock] / (below[round]?.[clock] ?? 0)));
  /** @param {Case} name */
  const perOption = (name) =>
    `${milliseconds(inside(name))}, ${((inside(name) * 1e6) / (alone(name)[0]?.options ?? 0)).toFixed(1)} ns an option`;
  const twoThreads = runs.has(key({ build, name: 'W2R', threads: 2 }));
  const fast = build !== 'typescript';
  const w2r = alone('W2R');
  /** Only what the product runs by has floors. @param {import('../table.mjs').Row} row @returns {import('../table.mjs').Row} */
  const judged = (row) => (fast ? row : { what: row.what, measured: row.measured });
  return [
    { what: 'W1: a price for each of 1,000,000 options', measured: perOption('W1') },
    { what: 'W2R: 50 legs in 100,000 given moves', measured: perOption('W2R') },
    ...(fast
      ? [atLeast('  TypeScript over it', ratio(alone('W2R', 'typescript'), w2r, 'insideMs'), times, BUILDS[build].gain)]
      : []),
    ...(twoThreads
      ? [
          judged(
            atLeast('  one worker over two', ratio(w2r, found({ build, name: 'W2R', threads: 2 }), 'ms'), times, {
              floor: 1.5,
              aim: 1.8,
            }),
          ),
        ]
      : []),
    judged(
      atMost('W2: moves drawn, VaR and ES too; over W2R', ratio(alone('W2'), w2r, 'insideMs'), times, {
        floor: 1.25,
        aim: 1.1,
      }),
    ),
    judged(
      atLeast(
        'W2I: one leg edited; W2R over it',
        ratio(w2r, alone('W2I'), 'insideMs'),
        times,
        { floor: 12, aim: 20 },
        milliseconds(inside('W2I')),
      ),
    ),
    judged(atMost('W3: price and Greeks of 1,000 legs', inside('W3'), milliseconds, { floor: 0.06, aim: 0.023 })),
    judged(atMost('W4: 50 legs in a grid of 41 x 21', inside('W4'), milliseconds, { floor: 1, aim: 0.5 })),
    judged(atMost('W5: implied vol of 100,000 quotes', inside('W5'), milliseconds, { floor: 15, aim: 8.5 })),
  ];
}

/**
 * @param {KernelBuild} build
 * @param {Pick<import('../kernelPage.mjs').KernelPage, 'error'>} page
 * @returns {Promise<import('../table.mjs').Row[]>}
 */
async function errorRows(build, page) {
  const [prices, vols] = [await page.error(build, 'W1'), await page.error(build, 'W5')];
  return [
    atMost('W1: worst relative error, prices above 1e-7 F', prices ?? Number.NaN, exponential, { floor: 1e-12 }),
    atMost('W5: worst relative error of a vol', vols ?? Number.NaN, exponential, { floor: 1e-10 }),
  ];
}

/** @param {Job} job */
function key({ build, name, threads }) {
  return `${build} ${name} ${threads}`;
}
