/** `npm test`: everything `check` does, the long tests too, then the browser journeys on the production build. Ends with a line `N passed, N failed`. */
import { ensureChromium, ensurePackages } from './lib/setup.mjs';
import { report, runChecks, runJourneys } from './lib/checks.mjs';

ensurePackages();
const results = await runChecks({ all: true });
results.push(await runJourneys(await ensureChromium()));
process.exitCode = report(results);
