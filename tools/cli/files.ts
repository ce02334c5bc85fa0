/** Files in and out of the command line. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { BUNDLE_EXTENSION } from '../../src/engine/bundle/bundle.ts';
import { readBundle } from '../../src/engine/bundle/read.ts';
import type { Bundle } from '../../src/engine/bundle/bundle.ts';
import { EngineError } from '../../src/engine/errors.ts';
import type { InputFile } from '../../src/engine/data/types.ts';
import { filesBelow, inputFile } from '../files.ts';
import { misuse } from './failure.ts';

const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.'));

/**
 * Files at the given paths, named as a browser names what is dropped: folders keep their own name, hidden files are left
 * out. Throws EngineError('bad-input', 'usage') for a path where nothing is.
 */
export function filesAt(paths: readonly string[]): InputFile[] {
  return paths.flatMap((given) => {
    const path = resolve(given);
    if (!existsSync(path)) throw misuse(`there is no file or folder ${given}`);
    if (!statSync(path).isDirectory()) return [inputFile(dirname(path), basename(path))];
    const name = basename(path);
    return filesBelow(path)
      .filter((below) => !isHidden(below))
      .map((below) => inputFile(dirname(path), `${name}/${below}`));
  });
}

/** Writes all or nothing: whoever reads the file sees the old or the new one, also when this is stopped half way. */
export function writeWhole(path: string, bytes: Uint8Array | string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(part, bytes);
    renameSync(part, path);
  } catch (thrown) {
    if (existsSync(part)) rmSync(part);
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EngineError('storage', 'not-written', `${path} could not be written: ${why}`, 'Choose another place.');
  }
}

/** Makes a folder for results where none is. Throws EngineError('bad-input', 'usage') where nothing can be written. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw misuse(`nothing can be written into ${folder}: ${why}`, 'Name another place with --out.');
  }
}

export const isBundle = (path: string): boolean => path.endsWith(BUNDLE_EXTENSION);

/** Bytes of a file that must be there. Throws EngineError('bad-input', 'usage'). */
export function bytesAt(path: string): Uint8Array {
  if (!existsSync(path) || !statSync(path).isFile()) throw misuse(`there is no file ${path}`);
  return new Uint8Array(readFileSync(path));
}

/** What reading a file gives, or its error with the file's name. */
export async function inFile<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    throw new EngineError(thrown.code, thrown.kind, `${path}: ${thrown.message}`, thrown.cure, { file: path });
  }
}

/** Throws as `readBundle` does, with the file's name. */
export const bundleAt = (path: string): Promise<Bundle> =>
  inFile(
    path,
    readBundle(bytesAt(path), () => Promise.resolve()),
  );

/** True where a path is meant as a folder: it is one, or ends as one. */
export const isFolder = (path: string): boolean =>
  /[\\/]$/.test(path) || (existsSync(path) && statSync(path).isDirectory());
