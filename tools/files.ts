/** Files of this machine as the engine takes them. */
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { InputFile } from '../src/engine/data/types.ts';

/** Paths of all files below a folder, relative to it, with forward slashes. */
export function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
      : entry.isFile()
        ? [prefix + entry.name]
        : [],
  );
}

export const inputFile = (root: string, path: string): InputFile => ({
  path,
  size: statSync(join(root, path)).size,
  stream: () => Readable.toWeb(createReadStream(join(root, path))) as unknown as ReadableStream<Uint8Array>,
});

export const bytesOf = (root: string, path: string): Uint8Array => new Uint8Array(readFileSync(join(root, path)));
