// npm run soak: ten minutes of random edits in the built app. Ends with an error when the heap grows, when the page reports an
// error, when NaN and the like is on the screen, or when the book does not hold the legs that it should.
// npm run soak -- --minutes 2 --seed 7   a seed repeats the draws; what they meet also depends on time.
import { parseArgs } from 'node:util';
import { findBrowser } from './findBrowser.mjs';
import { installMissing } from './installMissing.mjs';
import { buildApp, serveApp, temporaryBuildFolder } from './productionBuild.mjs';
import { heapTrend, MOST_GROWTH } from './soak/heapTrend.mjs';

const FIRST_PORT = 4473;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 10);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(minutes > 0 && minutes <= 24 * 60) || !Number.isInteger(seed) || seed < 0) {
  console.error('--minutes takes a number above 0, --seed a whole number from 0 up.');
  process.exit(2);
}

await installMissing();
const browserPath = await findBrowser();
if (browserPath === null) process.exit(1);
const { tsImport } = await import('tsx/esm/api');
/** @type {typeof import('./soak/soak.ts')} */
const { soak } = await tsImport('./soak/soak.ts', import.meta.url);

console.log('Building ...');
const outDir = temporaryBuildFolder();
await buildApp(outDir);
const server = await serveApp(outDir, FIRST_PORT);
console.log(`Editing at random for ${minutes} minutes, seed ${seed} ...`);
console.log('minutes  actions  page MB  workers MB  all MB');
const mb = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
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
await server.close();

for (const fault of faults) console.error(fault);
if (faults.length > 0) console.error(`After:\n${lastActions.map((action) => `  ${action}`).join('\n')}`);
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
