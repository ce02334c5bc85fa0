/** A folder as a zip. The same files and the same time give the same bytes: names in order, no times of this day. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { zipSync } from 'fflate';

/** Packed already: packing them again makes them no smaller. */
const PACKED = new Set(['.gz', '.png']);

/**
 * Bytes of a zip that unpacks to the folder `name` with all files of `folder`, each as if written at `seconds` (since
 * 1970, even, from 1980 on). Hosts tell versions of a file by its time and size, and two versions of the page may be of
 * one size: the time has to be that of the version.
 */
export function zipOf(folder, name, seconds) {
  // Zips hold a clock's face without its zone; without a Z it is read and written in the same zone, whichever it is.
  const mtime = new Date(seconds * 1000).toISOString().slice(0, 19);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const entries = files.map((path) => {
    const inside = path
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    return [`${name}/${inside}`, [readFileSync(path), { mtime, level: PACKED.has(extname(path)) ? 0 : 9 }]];
  });
  return zipSync(Object.fromEntries(entries));
}
