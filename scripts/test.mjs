// npm test: installs what is missing, runs the unit tests, then the journeys in a real browser.
import path from 'node:path';
import { runJourneys } from './runJourneys.mjs';
import { installMissing } from './installMissing.mjs';
import { projectFolder } from './projectFolder.mjs';
import { runCommand } from './runCommand.mjs';

await installMissing();
const vitest = path.join(projectFolder, 'node_modules', 'vitest', 'vitest.mjs');
const unit = await runCommand(process.execPath, [vitest, 'run'], { cwd: projectFolder });
// The journeys run in any case: whoever waited for the tests wants to know all that is wrong.
const journeys = await runJourneys();
if (unit !== 0) console.error('The unit tests failed (see above).');
if (journeys !== 0) console.error('The browser tests failed (see above).');
process.exit(unit === 0 && journeys === 0 ? 0 : 1);
