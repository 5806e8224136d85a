// npm run soak: ten minutes of random edits in the built app. Ends with an error when the heap grows, when the page reports an
// error, when NaN and the like is on the screen, or when the book does not hold the legs that it should.
// npm run soak -- --minutes 2 --seed 7   a seed repeats the draws; what they meet also depends on time.
// npm run soak -- --live   instead of edits, a local exchange that moves 900 options 50 times a second: ends with an error as well
// when a price takes too long to the painted margin, or a task holds up the page. --instruments 1412 lists all of the demo market.
import { parseArgs } from 'node:util';
import { findBrowser } from './findBrowser.mjs';
import { installMissing } from './installMissing.mjs';
import { buildApp, serveApp, temporaryBuildFolder } from './productionBuild.mjs';
import { heapTrend, MOST_GROWTH } from './soak/heapTrend.mjs';

const FIRST_PORT = 4473;
const UPDATES_PER_SECOND = 50;
const INSTRUMENTS = '900';
/** From a message to the painted margin, for 95 of 100. */
const MOST_TICK_MS = 100;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    live: { type: 'boolean' },
    instruments: { type: 'string', default: INSTRUMENTS },
  },
});
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const leastOptions = Number(values.instruments);
if (!(minutes > 0 && minutes <= 24 * 60) || !Number.isInteger(seed) || seed < 0) {
  console.error('--minutes takes a number above 0, --seed a whole number from 0 up.');
  process.exit(2);
}
if (!Number.isInteger(leastOptions) || leastOptions < 1) {
  console.error('--instruments takes a whole number from 1 up.');
  process.exit(2);
}

await installMissing();
const browserPath = await findBrowser();
if (browserPath === null) process.exit(1);
const { tsImport } = await import('tsx/esm/api');
console.log('Building ...');
const outDir = temporaryBuildFolder();
await buildApp(outDir);
const server = await serveApp(outDir, FIRST_PORT);
const mb = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
const { samples, faults } = values.live ? await followed(browserPath) : await edited(browserPath);
await server.close();

for (const fault of faults) console.error(fault);
const trend = heapTrend(samples);
const grown = trend !== null && trend.growth > MOST_GROWTH;
if (trend === null) console.log('Too short to judge the heap: it takes four minutes.');
else
  console.log(
    `Heap of page and workers from ${mb(trend.from)} MB after the first minute to ${mb(trend.to)} MB: ` +
      `${(100 * trend.growth).toFixed(1)} %, of at most ${100 * MOST_GROWTH} %; slope ${(trend.slope / 1000).toFixed(1)} kB a minute`,
  );
console.log(faults.length > 0 || grown ? `Failed with seed ${seed}.` : `Nothing went wrong with seed ${seed}.`);
process.exit(faults.length > 0 || grown ? 1 : 0);

/** @param {string} browserPath */
async function edited(browserPath) {
  /** @type {typeof import('./soak/soak.ts')} */
  const { soak } = await tsImport('./soak/soak.ts', import.meta.url);
  console.log(`Editing at random for ${minutes} minutes, seed ${seed} ...`);
  console.log('minutes  actions  page MB  workers MB  all MB');
  const { samples, faults, lastActions } = await soak({
    browserPath,
    url: server.url,
    minutes,
    seed,
    onSample: ({ minutes, actions, page, workers, total }) =>
      console.log(
        `${minutes.toFixed(1).padStart(7)}  ${String(actions).padStart(7)}  ${mb(page).padStart(7)}  ${mb(workers).padStart(10)}  ${mb(total).padStart(6)}`,
      ),
  });
  const after = lastActions.map((action) => `  ${action}`).join('\n');
  return { samples, faults: faults.length === 0 ? [] : [...faults, `After:\n${after}`] };
}

/** @param {string} browserPath */
async function followed(browserPath) {
  /** @type {typeof import('./soak/liveSoak.ts')} */
  const { liveSoak } = await tsImport('./soak/liveSoak.ts', import.meta.url);
  console.log(`Following a local exchange for ${minutes} minutes, seed ${seed} ...`);
  console.log('minutes  prices  painted  median ms  95 % ms  long tasks  longest ms  page MB  workers MB  all MB');
  const ms = (/** @type {number | null} */ time) => (time === null ? '-' : time.toFixed(0));
  const { instruments, samples, faults, exchangeCpuShare } = await liveSoak({
    browserPath,
    url: server.url,
    minutes,
    seed,
    updatesPerSecond: UPDATES_PER_SECOND,
    instruments: leastOptions,
    onSample: ({ minutes, ticks, page, workers, total }) =>
      console.log(
        [
          minutes.toFixed(1).padStart(7),
          String(ticks.messages).padStart(6),
          String(ticks.painted).padStart(7),
          ms(ticks.medianMs).padStart(9),
          ms(ticks.p95Ms).padStart(7),
          String(ticks.longTasks).padStart(10),
          ms(ticks.longestTaskMs).padStart(10),
          mb(page).padStart(7),
          mb(workers).padStart(10),
          mb(total).padStart(6),
        ].join('  '),
      ),
  });
  console.log(
    `${UPDATES_PER_SECOND} steps a second of ${instruments} options; the exchange took ${(100 * exchangeCpuShare).toFixed(0)} % of a core.`,
  );
  // The first minute loads and compiles.
  const later = samples.filter(({ minutes }) => minutes > 1);
  const late = later.filter(({ ticks }) => (ticks.p95Ms ?? Number.POSITIVE_INFINITY) > MOST_TICK_MS);
  const held = later.filter(({ ticks }) => ticks.longTasks > 0);
  return {
    samples,
    faults: [
      ...faults,
      ...(late.length === 0 ? [] : [`In ${late.length} of ${later.length} samples 95 % took over ${MOST_TICK_MS} ms.`]),
      ...(held.length === 0 ? [] : [`In ${held.length} of ${later.length} samples a task took over 50 ms.`]),
    ],
  };
}
