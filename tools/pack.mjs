/**
 * `npm run pack`: builds, and puts the folder that any static host serves into release/telltale-VERSION.zip with its
 * SHA-256. Its files bear the time of the commit, or SOURCE_DATE_EPOCH, so the same commit gives the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root } from './lib/setup.mjs';

ensurePackages();
const { build } = await import('vite');
const { zipOf } = await import('./lib/zip.mjs');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Of what is packed, in seconds since 1970; that of now where there is no repository. */
function versionTime() {
  if (process.env.SOURCE_DATE_EPOCH) return Number(process.env.SOURCE_DATE_EPOCH);
  try {
    return Number(
      execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return Math.floor(Date.now() / 1000);
  }
}

await build({ root, logLevel: 'warn' });
const bytes = zipOf(join(root, 'dist'), `telltale-${version}`, versionTime());
const sum = createHash('sha256').update(bytes).digest('hex');
const name = `telltale-${version}.zip`;
const folder = join(root, 'release');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, name), bytes);
writeFileSync(join(folder, `${name}.sha256`), `${sum}  ${name}\n`);
console.log(
  `\n  release/${name}, ${(bytes.length / 1e6).toFixed(1)} MB, sha256 ${sum}\n  How to serve it: docs/HOSTING.md\n`,
);
