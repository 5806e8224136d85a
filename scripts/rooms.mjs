// npm run rooms: the import rule of .dependency-cruiser.cjs. Fails as well when hardly anything was read, because then
// nothing was judged (with a TypeScript that dependency-cruiser cannot drive it finds no module at all and is content).
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { projectFolder } from './projectFolder.mjs';

const FEWEST_MODULES = 50;

process.chdir(projectFolder);
const { options, forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { output } = await cruise(['src', 'workers'], { ...options, ruleSet: { forbidden }, validate: true }, undefined, {
  tsConfig: extractTSConfig('tsconfig.json'),
});
if (typeof output === 'string') throw new Error('dependency-cruiser answered with text instead of its result.');
const ours = output.modules.filter(({ source }) => /^(src|workers)\//.test(source) && /\.tsx?$/.test(source));
for (const { rule, from, to, cycle } of output.summary.violations) {
  const comment = forbidden.find((/** @type {{ name: string }} */ { name }) => name === rule.name)?.comment ?? '';
  const path = cycle ? [from, ...cycle.map(({ name }) => name)].join(' -> ') : `${from} -> ${to}`;
  console.error(`${rule.name}: ${path}\n    ${comment}`);
}
const failed = output.summary.violations.length;
if (ours.length < FEWEST_MODULES)
  console.error(
    `Only ${ours.length} modules were read; at least ${FEWEST_MODULES} are expected. The check saw nothing.`,
  );
console.log(`rooms: ${ours.length} modules, ${output.summary.totalDependenciesCruised} imports, ${failed} forbidden`);
process.exit(failed === 0 && ours.length >= FEWEST_MODULES ? 0 : 1);
