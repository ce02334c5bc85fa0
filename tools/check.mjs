/** `npm run check`: format, types, lint, import rules, unit and conformance tests, build, size budgets. */
import { ensurePackages } from './lib/setup.mjs';
import { report, runChecks } from './lib/checks.mjs';

ensurePackages();
process.exitCode = report(await runChecks());
