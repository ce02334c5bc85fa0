/**
 * For browsers that tell nothing of their console: a copy of the build whose page has one more script, the first, that
 * keeps in the tab what went wrong. A script of the page's own origin, so its policy stays as it is.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EARS = `
const keep = (text) => sessionStorage.setItem('heard', (sessionStorage.getItem('heard') ?? '') + text + '\\n');
for (const kind of ['error', 'warn']) {
  const plain = console[kind];
  console[kind] = (...given) => {
    keep(kind + ': ' + given.map(String).join(' '));
    plain(...given);
  };
}
addEventListener('error', (event) => keep('page error: ' + event.message));
addEventListener('unhandledrejection', ({ reason }) => keep('page error: ' + reason));
document.addEventListener('securitypolicyviolation', (event) => keep('policy: ' + event.effectiveDirective + ' ' + event.blockedURI));
`;

export type Ears = { readonly folder: string; readonly remove: () => void };

/** `build`: the folder of the built page. */
export function withEars(build: string): Ears {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-ears-'));
  cpSync(build, folder, { recursive: true });
  writeFileSync(join(folder, 'ears.js'), EARS);
  const page = join(folder, 'index.html');
  const html = readFileSync(page, 'utf8');
  writeFileSync(page, html.replace('<meta charset', '<script src="./ears.js"></script><meta charset'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** What was heard, for `Hand.look`. */
export const heard = (): string => sessionStorage.getItem('heard') ?? '';

export const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
