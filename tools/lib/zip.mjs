/** A folder as a zip. The same files give the same bytes: names in order, no times of this day. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { zipSync } from 'fflate';

/** The earliest time that a zip can hold. */
const MTIME = '1980-01-01T00:00:00';
/** Packed already: packing them again makes them no smaller. */
const PACKED = new Set(['.gz', '.png']);

/** Bytes of a zip that unpacks to the folder `name` with all files of `folder`. */
export function zipOf(folder, name) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const entries = files.map((path) => {
    const inside = path
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    return [`${name}/${inside}`, [readFileSync(path), { mtime: MTIME, level: PACKED.has(extname(path)) ? 0 : 9 }]];
  });
  return zipSync(Object.fromEntries(entries));
}
