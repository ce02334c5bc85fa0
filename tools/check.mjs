/** `npm run check`: format, types, lint, import rules, unit and conformance tests (not the long ones), build, size budgets. */
import { ensurePackages } from './lib/setup.mjs';
import { report, runChecks } from './lib/checks.mjs';

ensurePackages();
process.exitCode = report(await runChecks());
