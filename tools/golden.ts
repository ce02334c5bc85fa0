/**
 * `npm run golden -- [DIR]`: runs every golden file below DIR (default ../shared/golden) for which the engine has the
 * thing, prints a line a file and the sums, and exits 1 when one fails. What a file holds decides which checker reads it,
 * not where it lies or what it is called.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKERS, FORMATS } from './golden/checkers.ts';
import type { Check } from './golden/checkers.ts';

type Line = { readonly verdict: 'passed' | 'failed' | 'skipped'; readonly name: string; readonly detail: string };

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** One verdict for the checks of a file. No check at all is no pass. */
function verdictOf(name: string, checks: readonly Check[]): Line {
  const wrong = checks.filter(({ ok }) => !ok);
  if (checks.length === 0) return { verdict: 'failed', name, detail: 'the checker found nothing to check' };
  if (wrong.length === 0) return { verdict: 'passed', name, detail: `${checks.length} checks` };
  const [first] = wrong;
  return { verdict: 'failed', name, detail: `${wrong.length} of ${checks.length}: ${first.name}: ${first.detail}` };
}

/** A check that is a line of its own. */
function entryLine(name: string, { ok, skipped = false, detail }: Check): Line {
  return { verdict: skipped ? 'skipped' : ok ? 'passed' : 'failed', name, detail };
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The lines of one JSON file; none when it is no golden file. */
async function checkFile(path: string, name: string): Promise<Line[]> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    return [{ verdict: 'failed', name, detail: `not JSON: ${messageOf(thrown)}` }];
  }
  const checker = CHECKERS.find(({ reads }) => reads(json));
  if (checker === undefined) return [];
  if (checker.check === null) return [{ verdict: 'skipped', name, detail: `not built yet: ${checker.title}` }];
  try {
    return [verdictOf(name, await checker.check(json, name))];
  } catch (thrown) {
    return [{ verdict: 'failed', name, detail: messageOf(thrown) }];
  }
}

/** One line for each entry of a folder of format samples: file, layout or label file. */
async function checkFormatFolder(folder: string, name: string): Promise<Line[]> {
  if (FORMATS.check === null) return [{ verdict: 'skipped', name, detail: 'not built yet: import of formats' }];
  try {
    const entries = await FORMATS.check(folder, JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
    return entries.map((check) => entryLine(`${name}/${check.name}`, check));
  } catch (thrown) {
    return [{ verdict: 'failed', name, detail: messageOf(thrown) }];
  }
}

async function* walk(folder: string, root: string): AsyncGenerator<Line> {
  if (FORMATS.reads(folder)) {
    yield* await checkFormatFolder(folder, relative(root, folder) || '.');
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, root);
    else if (entry.name.endsWith('.json')) yield* await checkFile(path, relative(root, path));
  }
}

async function main(): Promise<number> {
  const repository = dirname(dirname(fileURLToPath(import.meta.url)));
  const root = resolve(process.argv[2] ?? join(repository, '..', 'shared', 'golden'));
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    say(`There is no folder ${root}. Give one: npm run golden -- DIR`);
    return 2;
  }
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { verdict, name, detail } of walk(root, root)) {
    count[verdict] += 1;
    say(`${verdict.padEnd(7)} ${name}${detail === '' ? '' : ` (${detail})`}`);
  }
  say(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed > 0 ? 1 : 0;
}

process.exitCode = await main();
