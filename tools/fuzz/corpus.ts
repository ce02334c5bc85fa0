/** Inputs as files that can be read and kept: text as text, other bytes as base64. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Input } from './types.ts';

type Kept = { readonly path: string } & ({ readonly text: string } | { readonly base64: string });
type Case = { readonly about: string; readonly files: readonly Kept[] };
export type CorpusCase = { readonly name: string; readonly about: string; readonly input: Input };

function keptOf({ path, bytes }: Input[number]): Kept {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { path, text }
    : { path, base64: Buffer.from(bytes).toString('base64') };
}

const inputOf = ({ files }: Case): Input =>
  files.map((file) => ({
    path: file.path,
    bytes: new Uint8Array('text' in file ? Buffer.from(file.text, 'utf8') : Buffer.from(file.base64, 'base64')),
  }));

/** The file that was written. */
export function keep(folder: string, target: string, name: string, about: string, input: Input): string {
  const place = join(folder, target);
  mkdirSync(place, { recursive: true });
  const path = join(place, `${name}.json`);
  writeFileSync(path, `${JSON.stringify({ about, files: input.map(keptOf) } satisfies Case, null, 1)}\n`);
  return path;
}

export const readCase = (path: string): { readonly about: string; readonly input: Input } => {
  const read = JSON.parse(readFileSync(path, 'utf8')) as Case;
  return { about: read.about, input: inputOf(read) };
};

/** What is kept of a target. */
export function casesOf(folder: string, target: string): readonly CorpusCase[] {
  const place = join(folder, target);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, ...readCase(join(place, name)) }));
}
