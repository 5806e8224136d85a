// npm run bench: how fast Headroom is here, in a browser and in Node, against its floors and aims. Milliseconds depend on the
// machine; ratios less so. Ends with an error when a floor is missed.
// npm run bench -- --only kernels,page   some groups of the table; --json FILE writes the rows as well.
// npm run -s bench -- --serve --data DIR answers lines "CASE THREADS", so that other engines can be set beside this one.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { benchContext } from './bench/BenchContext.mjs';
import { benchOptions } from './bench/benchOptions.mjs';
import { batchRows } from './bench/groups/batchRows.mjs';
import { engineRows } from './bench/groups/engineRows.mjs';
import { kernelRows, nodeKernelRows } from './bench/groups/kernelRows.mjs';
import { pageRows } from './bench/groups/pageRows.mjs';
import { proxyRows } from './bench/groups/proxyRows.mjs';
import { tabRows } from './bench/groups/tabRows.mjs';
import { questionRows } from './bench/groups/questionRows.mjs';
import { samplingRows } from './bench/groups/samplingRows.mjs';
import { serveKernels } from './bench/kernelServer.mjs';
import { missedRows, tableText } from './bench/table.mjs';
import { findBrowser } from './findBrowser.mjs';
import { installMissing } from './installMissing.mjs';

/** @type {Readonly<Record<string, (context: import('./bench/BenchContext.mjs').BenchContext) => Promise<import('./bench/table.mjs').Section[]>>>} */
const GROUPS = {
  kernels: kernelRows,
  node: nodeKernelRows,
  proxy: proxyRows,
  questions: questionRows,
  engine: engineRows,
  batch: batchRows,
  sampling: samplingRows,
  page: pageRows,
  tabs: tabRows,
};

const options = benchOptions(Object.keys(GROUPS));
// Standard output belongs to the answers.
if (options.serve) console.log = console.error;
await installMissing();
const browserPath = await findBrowser();
if (browserPath === null) process.exit(1);
if (options.serve) {
  await serveKernels(browserPath, options.data);
  process.exit(0);
}

const context = await benchContext(browserPath);
/** @type {import('./bench/table.mjs').Section[]} */
const sections = [];
for (const [name, rows] of Object.entries(GROUPS)) {
  if (options.only !== null && !options.only.includes(name)) continue;
  console.log(`Timing the ${name} ...`);
  try {
    sections.push(...(await rows(context)));
  } catch (error) {
    // One group that fails must not take the figures of the others with it.
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    sections.push({ title: name, rows: [{ what: 'could not be measured', measured: reason, holds: false }] });
  }
}

const cpus = os.cpus();
const machine =
  `${cpus.length} x ${cpus[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}, ` +
  `Node ${process.versions.node}; load ${os.loadavg()[0]?.toFixed(1)} at the end`;
console.log(`\n${machine}\n\n${tableText(sections)}`);
if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ machine, sections }, null, 2)}\n`);
const missed = missedRows(sections).length;
console.log(missed === 0 ? '\nEvery floor holds.' : `\n${missed} missed.`);
process.exit(missed === 0 ? 0 : 1);
