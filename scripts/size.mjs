// npm run size: the gzipped size of the JavaScript that must load before the verdict bar can be read, against its budget.
// Judges `dist`; run `npm run build` first.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { firstLoad } from './firstLoad.mjs';
import { projectFolder } from './projectFolder.mjs';

const BUDGET_KB = 180;

const outDir = path.join(projectFolder, 'dist');
if (!existsSync(path.join(outDir, 'index.html'))) {
  console.error('There is no build in dist. Run npm run build first.');
  process.exit(1);
}
const { files, scriptKilobytes, kilobytes } = firstLoad(outDir);
/** @param {number} size @param {string} what */
const line = (size, what) => console.log(`${size.toFixed(1).padStart(8)} kB  ${what}`);
for (const { file, kilobytes: size } of files.toSorted((a, b) => b.kilobytes - a.kilobytes)) line(size, file);
line(kilobytes, 'needed before the verdict bar can be read, gzip');
line(scriptKilobytes, `of it JavaScript, the worker's included; the budget is ${BUDGET_KB} kB`);
if (scriptKilobytes > BUDGET_KB) {
  console.error(
    `That is ${(scriptKilobytes - BUDGET_KB).toFixed(1)} kB too much. Load later what the verdict bar does not need.`,
  );
  process.exit(1);
}
