/** Packages on disk: which one a module belongs to, and what it says of its licence. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';

const manifest = v.object({
  name: v.string(),
  version: v.string(),
  license: v.optional(v.string()),
  homepage: v.optional(v.string()),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
});

export type Package = v.InferOutput<typeof manifest> & {
  /** Licence and notice files, in full; '' where the package has none. */
  readonly text: string;
};

/** The licences of which we know that they let anyone use, change and pass on. */
const PERMISSIVE = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);

/** True where one of the alternatives is permissive in all its parts; exceptions (`WITH`) are not known. */
export const isPermissive = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((one) => one.split(' AND ').every((id) => PERMISSIVE.has(id.trim())));

const TEXTS = /^(licen[cs]e|copying|notice)/i;

const read = new Map<string, Package | null>();

/** The package whose folder this is, read once. */
function packageIn(folder: string): Package | null {
  const known = read.get(folder);
  if (known !== undefined) return known;
  const found = readPackage(folder);
  read.set(folder, found);
  return found;
}

function readPackage(folder: string): Package | null {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return null;
  // A folder of a package may hold a package.json of its own that says no more than the kind of its modules.
  const parsed = v.safeParse(manifest, JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) return null;
  const text = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TEXTS.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').trim())
    .join('\n\n');
  return { ...parsed.output, text };
}

/** The package that a module of node_modules belongs to; null for modules of our own and of the bundler. */
export function packageOf(moduleId: string): Package | null {
  if (moduleId.startsWith('\0') || !moduleId.includes('/node_modules/')) return null;
  let folder = dirname(moduleId.replace(/\?.*$/, ''));
  while (!folder.endsWith('/node_modules') && folder !== dirname(folder)) {
    const found = packageIn(folder);
    if (found) return found;
    folder = dirname(folder);
  }
  return null;
}

/** A package by name. Throws where it is not installed. */
export function installed(root: string, name: string): Package {
  const found = packageIn(join(root, 'node_modules', name));
  if (!found) throw new Error(`${name} is not installed`);
  return found;
}

/** A package by name with all that it needs at run time. Throws where one is not installed. */
export function withNeeds(root: string, name: string): Package[] {
  const found = installed(root, name);
  return [found, ...Object.keys(found.dependencies).flatMap((next) => withNeeds(root, next))];
}
