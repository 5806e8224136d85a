// npm run e2e: the browser tests alone. Arguments go to Playwright: npm run e2e -- compare-margin --headed
import { runJourneys } from './runJourneys.mjs';

process.exit(await runJourneys(process.argv.slice(2)));
