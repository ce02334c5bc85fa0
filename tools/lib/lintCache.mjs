import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const declarations = join(root, 'node_modules', '.cache', 'tsc');
const folder = join(root, 'node_modules', '.cache', 'eslint');
const [cache, stamp] = [join(folder, 'files.json'), join(folder, 'types.txt')];

/** What besides declarations decides on types. ESLint itself looks after its own settings. */
const SETTINGS = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json'];
const PROJECTS = ['src/engine', 'src/workers', 'src/charts', 'src/ui', 'tools'].map((at) => `${at}/tsconfig.json`);

/** Comments have no say, unless they call something deprecated. */
const COMMENTS = /\/\*(?:(?!\*\/|@deprecated)[^])*\*\//g;

/** Changes with any type that one file can see of another. */
function typesSeen() {
  const digest = createHash('sha256');
  for (const name of [...SETTINGS, ...PROJECTS]) digest.update(readFileSync(join(root, name)));
  const found = readdirSync(declarations, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
  for (const name of found.sort())
    digest.update(name).update(readFileSync(join(declarations, name), 'utf8').replaceAll(COMMENTS, ''));
  return digest.digest('hex');
}

/**
 * Settings with which ESLint skips files that it has found in order before. Its cache goes by the text of a file, but
 * its rules also ask for types that come from other files: when any of those has changed, nothing is skipped. Without
 * declarations that are up to date (`built` false) neither.
 */
export function lintCache(built) {
  if (!built || !existsSync(declarations)) return [];
  const seen = typesSeen();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== seen) {
    rmSync(cache, { force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(stamp, seen);
  }
  return ['--cache', '--cache-strategy', 'content', '--cache-location', cache];
}
