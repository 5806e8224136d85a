// npm run bench: how fast Headroom is here, in Node and in a browser, against the budgets. Figures in milliseconds depend on the
// machine; ratios less so. Ends with an error when a budget is missed.
import os from 'node:os';
import { benchBrowser } from './benchBrowser.mjs';
import { findBrowser } from './findBrowser.mjs';
import { installMissing } from './installMissing.mjs';

await installMissing();
const { tsImport } = await import('tsx/esm/api');
/** @type {typeof import('./benchEngine.ts')} */
const { benchEngine, benchLink } = await tsImport('./benchEngine.ts', import.meta.url);

const browser = await findBrowser();
if (browser === null) process.exit(1);
console.log('Timing the engine ...');
const engine = await benchEngine();
console.log('Timing the page ...');
const { code, legs } = await benchLink();
const page = await benchBrowser(browser, code, legs);

const ms = (/** @type {number} */ x) => `${x < 10 ? x.toFixed(2) : x.toFixed(1)} ms`;
/**
 * The work of an edit is the page's and the engine's, one after the other; waiting for the next frame is not work.
 * @param {string} pace
 * @param {ReturnType<typeof import('./editFigures.mjs').editFigures>} figures
 * @param {boolean} hasBudget an edit right after another also pays for the panels and pictures of those before it
 * @returns {Row[]}
 */
function editRows(pace, { work, wait, counted }, hasBudget) {
  const typical = work.median + engine.evaluateMs.median;
  const slow = work.p95 + engine.evaluateMs.p95;
  return [
    {
      what: `${pace}, ${counted} edits: work, median`,
      measured: ms(typical),
      ...(hasBudget && { budget: 'under 16 ms', holds: typical < 16 }),
    },
    {
      what: '  95th percentile',
      measured: ms(slow),
      ...(hasBudget && { budget: 'under 50 ms', holds: slow < 50 }),
    },
    { what: '  with the wait for frame and processor', measured: `${ms(wait.median)}; ${ms(wait.p95)}` },
  ];
}

/** @typedef {{ what: string, measured: string, budget?: string, holds?: boolean }} Row */
/** @type {(Row | string)[]} */
const rows = [
  'Engine in Node: 64 legs, 20,000 scenarios',
  {
    what: 'reprice everything',
    measured: `${ms(engine.repricingMs)}, ${engine.nanosecondsPerOption.toFixed(1)} ns an option`,
  },
  { what: 'portfolio P&L after a quantity change', measured: ms(engine.quantityChangeMs) },
  { what: 'ratio', measured: `${engine.ratio.toFixed(1)} x`, budget: 'at least 20 x', holds: engine.ratio >= 20 },
  'Engine in Node: report of a 40-leg book after a quantity change',
  { what: 'median; 95th percentile', measured: `${ms(engine.evaluateMs.median)}; ${ms(engine.evaluateMs.p95)}` },
  `Engine in Node: the same book under all ${engine.rulebooksMs.count} rulebooks`,
  {
    what: 'first answer',
    measured: ms(engine.rulebooksMs.first),
    budget: 'under 1000 ms',
    holds: engine.rulebooksMs.first < 1000,
  },
  { what: 'after a quantity change, median', measured: ms(engine.rulebooksMs.median) },
  `Engine in Node: vol surface of a chain of ${engine.surface.quotes} quotes, median`,
  { what: 'fit', measured: ms(engine.surface.fitMs), budget: 'under 50 ms', holds: engine.surface.fitMs < 50 },
  { what: 'repair of its arbitrage', measured: ms(engine.surface.repairMs) },
  `Page in Chromium ${page.version}: 40 legs, demo market, quantity edit to painted verdict bar`,
  ...editRows("at a person's pace", page.paced, true),
  ...editRows('one after the other', page.rapid, false),
  {
    what: `tasks over 50 ms in ${page.edits} edits`,
    measured:
      page.longTasks.length === 0 ? 'none' : `${page.longTasks.length}, the longest ${ms(Math.max(...page.longTasks))}`,
    budget: 'none',
    holds: page.longTasks.length === 0,
  },
  'First load in a new browser',
  {
    what: 'verdict bar readable, median of 5; worst',
    measured: `${ms(page.firstLoadMs.median)}; ${ms(page.firstLoadMs.worst)}`,
    budget: 'under 2000 ms',
    holds: page.firstLoadMs.median < 2000,
  },
  {
    what: 'JavaScript needed before it, gzip',
    measured: `${page.firstLoadKb.toFixed(1)} kB`,
    budget: 'under 180 kB',
    holds: page.firstLoadKb < 180,
  },
  { what: 'cross-origin isolated', measured: page.isolated ? 'yes' : 'no', budget: 'yes', holds: page.isolated },
];

const cpus = os.cpus();
console.log(
  `\n${cpus.length} x ${cpus[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}, ` +
    `Node ${process.versions.node}; load ${os.loadavg()[0]?.toFixed(1)} at the end`,
);
for (const row of rows) {
  if (typeof row === 'string') console.log(`\n${row}`);
  else {
    const verdict = row.holds === undefined ? '' : row.holds ? '  ok' : '  MISSED';
    console.log(`  ${row.what.padEnd(42)} ${row.measured.padEnd(30)} ${(row.budget ?? '').padEnd(14)}${verdict}`);
  }
}
const missed = rows.filter((row) => typeof row !== 'string' && row.holds === false).length;
console.log(missed === 0 ? '\nEvery budget holds.' : `\n${missed} missed.`);
process.exit(missed === 0 ? 0 : 1);
