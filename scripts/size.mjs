// npm run size: the gzipped size of what must load before the verdict bar can be read, against its budget.
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
const { files, kilobytes } = firstLoad(outDir);
for (const file of files.toSorted((a, b) => b.kilobytes - a.kilobytes))
  console.log(`${file.kilobytes.toFixed(1).padStart(8)} kB  ${file.file}`);
console.log(
  `${kilobytes.toFixed(1).padStart(8)} kB  needed before the verdict bar, gzip; the budget is ${BUDGET_KB} kB`,
);
if (kilobytes > BUDGET_KB) {
  console.error(
    `That is ${(kilobytes - BUDGET_KB).toFixed(1)} kB too much. Load later what the verdict bar does not need.`,
  );
  process.exit(1);
}
