import { asEngineError, EngineError } from '../errors.ts';
import { peek, readTable } from './csv.ts';
import { gunzip, isGzip, type OpenStream } from './inflate.ts';
import { LIMITS, count, within } from './limits.ts';
import { DEEPEST, nestsTooDeep } from './nesting.ts';
import { isNpy, readNpy } from './npy.ts';
import { digestOf, sha256 } from './sha256.ts';
import { numberTable, type Table } from './table.ts';
import type { InputFile, ReadRun } from './types.ts';
import { safeName, zipEntries } from './zip.ts';

/** One line `a-b:d1,d2` of an interpretation label file: rows a to b, sensors counted from 1. */
export type Range = { readonly from: number; readonly to: number; readonly sensors: readonly number[] };

export type Content =
  | { readonly kind: 'table'; readonly table: Table; readonly dtype: string | null; readonly shape: readonly number[] }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'ranges'; readonly ranges: readonly Range[] }
  | { readonly kind: 'failed'; readonly error: EngineError }
  | { readonly kind: 'skipped'; readonly why: string };

/** A file after reading. `path` is cleaned and has no ".gz"; `order` counts files as they were dropped. */
export type ReadFile = { readonly path: string; readonly order: number } & Content;

export type ReadResult = { readonly files: readonly ReadFile[]; readonly sizeBytes: number; readonly checksum: string };

const NOT_DATA =
  /(^|\/)(\.[^/]*|__MACOSX\/.*|readme[^/]*|licen[cs]e[^/]*|source\.md|manifest[^/]*|thumbs\.db|desktop\.ini)$/i;
const NOT_DATA_EXTENSION = /\.(md|py|ipynb|pdf|png|jpe?g|gif|svg|html?|sh|ya?ml|pkl|pickle|mat|rdata|rds|docx?)$/i;

/** Reads every file of a drop, unpacking archives, with progress by bytes and a checkpoint each megabyte. */
export async function readFiles(files: readonly InputFile[], run: ReadRun): Promise<ReadResult> {
  within(files.length, LIMITS.files, 'files', 'The drop', 'Drop a smaller folder.');
  const order = new Map(files.map((file, i) => [file, i]));
  const sorted = [...files].sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : order.get(a)! - order.get(b)!,
  );
  const sizeBytes = sorted.reduce((sum, file) => sum + file.size, 0);
  const digests: string[] = [];
  const read: ReadFile[] = [];
  let before = 0;
  for (const file of sorted) {
    const { open, digest } = tracked(file, before, sizeBytes, run);
    for (const one of await contents(file, open, run)) read.push({ ...one, order: order.get(file)! });
    digests.push(await digest());
    before += file.size;
    await run.checkpoint();
  }
  return { files: read, sizeBytes, checksum: joinDigests(digests) };
}

/** The digest of a single file is its own; several are digested together, in path order. */
function joinDigests(digests: readonly string[]): string {
  if (digests.length === 1) return digests[0];
  const all = sha256();
  all.update(new TextEncoder().encode(digests.join('\n')));
  return all.hex();
}

/** Streams of one file that report progress, look for cancel and digest what passes. */
function tracked(
  file: InputFile,
  before: number,
  ofBytes: number,
  run: ReadRun,
): { open: OpenStream; digest: () => Promise<string> } {
  let known: (() => Promise<string>) | null = null;
  const open: OpenStream = () => {
    const reader = file.stream().getReader();
    const hash = known === null ? digestOf(file.size) : null;
    let at = 0;
    let since = 0;
    let isCancelled = false;
    return new ReadableStream<Uint8Array>({
      async pull(control) {
        const { done, value } = await reader.read();
        // A look at the first bytes is cancelled while more are on their way: then "done" is not the end of the file.
        if (isCancelled) return;
        if (done) {
          if (hash !== null) known ??= hash.hex;
          control.close();
          return;
        }
        hash?.update(value);
        at += value.length;
        since += value.length;
        control.enqueue(value);
        if (since < 1 << 18) return;
        since = 0;
        run.progress({ phase: 'reading', doneBytes: before + Math.min(at, file.size), ofBytes, file: file.path });
        await run.checkpoint();
      },
      cancel: (reason) => {
        isCancelled = true;
        return reader.cancel(reason);
      },
    });
  };
  const digest = async (): Promise<string> => {
    if (known === null) await drain(open());
    return known === null ? '' : known();
  };
  run.progress({ phase: 'reading', doneBytes: before, ofBytes, file: file.path });
  return { open, digest };
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  while (!(await reader.read()).done);
}

type Unordered = { readonly path: string } & Content;

async function contents(file: InputFile, raw: OpenStream, run: ReadRun): Promise<Unordered[]> {
  const path = safeName(file.path);
  if (NOT_DATA.test(path) || NOT_DATA_EXTENSION.test(path)) return [{ path, kind: 'skipped', why: 'not a data file' }];
  try {
    const head = await peek(raw, 16);
    const packed = isGzip(head.bytes) && /\.(gz|gzip)$/i.test(path);
    const open = packed ? gunzip(file.path, raw) : raw;
    const name = packed ? path.replace(/\.(gz|gzip)$/i, '') : path;
    if (/\.(zip|npz)$/i.test(name)) return await archive(file, name, open, run);
    return [await single(name, packed ? 0 : file.size, open, run)];
  } catch (thrown) {
    const error = asEngineError(thrown);
    if (error.code !== 'bad-input') throw error;
    return [{ path, kind: 'failed', error }];
  }
}

async function archive(file: InputFile, path: string, open: OpenStream, run: ReadRun): Promise<Unordered[]> {
  within(file.size, LIMITS.zipBytes, 'bytes', file.path, 'Unpack it and drop the folder.');
  const bytes = await all(file.path, open, LIMITS.zipBytes);
  const npz = /\.npz$/i.test(path);
  const found: Unordered[] = [];
  const entries = zipEntries(file.path, bytes);
  for (const entry of entries) {
    await run.checkpoint();
    if (/\.(zip|npz)$/i.test(entry.path)) {
      found.push({ path: entry.path, kind: 'skipped', why: 'an archive inside of an archive' });
    } else if (npz && !/\.npy$/i.test(entry.path)) {
      found.push({ path: entry.path, kind: 'skipped', why: 'not an array' });
    } else {
      found.push(...(await contents(entry, () => entry.stream(), run)));
    }
  }
  if (entries.length > 0) return found;
  const cure = 'Check the program that packed it.';
  throw new EngineError('bad-input', 'empty-file', `${file.path} is an empty archive.`, cure, { file: file.path });
}

async function single(path: string, size: number, open: OpenStream, run: ReadRun): Promise<Unordered> {
  const head = await peek(open, 4096);
  if (isNpy(head.bytes) || /\.npy$/i.test(path)) {
    const array = readNpy(path, await all(path, open, LIMITS.cells * 8 + 65_536));
    const names = array.columns.map((_, c) => `column ${c + 1}`);
    const table = numberTable(path, names, array.columns, [`${array.dtype} array`, array.shape.join(' x ')]);
    const notes = array.inexact === null ? [] : [inexactNote(array.inexact)];
    return { path, kind: 'table', table: { ...table, notes }, dtype: array.dtype, shape: array.shape };
  }
  const start = new TextDecoder().decode(head.bytes).trimStart();
  if (/\.json$/i.test(path) || (/^[[{]/.test(start) && !/\.(csv|tsv|txt|out)$/i.test(path))) {
    return {
      path,
      kind: 'json',
      value: parseJson(path, new TextDecoder().decode(await all(path, open, LIMITS.jsonBytes))),
    };
  }
  if (/^\d+-\d+:\s*\d+(\s*,\s*\d+)*\s*,?\s*$/.test(start.split(/[\r\n]/, 1)[0])) {
    return {
      path,
      kind: 'ranges',
      ranges: ranges(path, new TextDecoder().decode(await all(path, open, LIMITS.jsonBytes))),
    };
  }
  const table = await readTable({ file: path, size, open }, run);
  return { path, kind: 'table', table, dtype: null, shape: [table.rows, table.columns.length] };
}

const inexactNote = ([row, column]: readonly [number, number]): Table['notes'][number] => ({
  code: 'precision-loss',
  lines: [row + 1],
  detail: `whole numbers beyond 9,007,199,254,740,992 are rounded, first in row ${row + 1}, column ${column + 1}`,
});

async function all(file: string, open: OpenStream, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = open().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    within(size, limit, 'bytes', file, 'Split it, or keep fewer columns.');
  }
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** JSON with the line of the first fault. Throws EngineError('bad-input', 'bad-json'). */
function parseJson(file: string, text: string): unknown {
  if (nestsTooDeep(text)) {
    const cure = 'Export it again as a list of plain records.';
    throw new EngineError('bad-input', 'bad-json', `${file} nests deeper than ${DEEPEST} levels.`, cure, { file });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : '';
    const position = /position (\d+)/.exec(said)?.[1];
    const until = position === undefined ? text : text.slice(0, Number(position));
    const line = Number(/line (\d+)/.exec(said)?.[1] ?? until.trimEnd().split('\n').length);
    const cure = 'It was cut short or edited by hand: export it again.';
    throw new EngineError('bad-input', 'bad-json', `${file}: line ${line} is not valid JSON.`, cure, { file, line });
  }
}

function ranges(file: string, text: string): Range[] {
  return text.split(/\r\n?|\n/).flatMap((raw, i) => {
    if (raw.trim() === '') return [];
    const m = /^(\d+)-(\d+):([\d,\s]+)$/.exec(raw.trim());
    const bad = (why: string): EngineError => {
      const cure = 'A line reads "first-last:sensor,sensor" with sensors counted from 1.';
      return new EngineError('bad-input', 'bad-range', `${file}: line ${i + 1} ${why}.`, cure, { file, line: i + 1 });
    };
    if (m === null) throw bad('is no range with sensors');
    const [from, to] = [Number(m[1]), Number(m[2])];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) throw bad('counts further than rows can be counted');
    if (to < from) throw bad(`ends at ${count(to)} before it begins at ${count(from)}`);
    const sensors = m[3]
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(Number);
    if (!sensors.every(Number.isSafeInteger)) throw bad('counts further than sensors can be counted');
    return [{ from, to, sensors }];
  });
}
