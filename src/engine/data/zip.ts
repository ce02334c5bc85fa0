import { EngineError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { LIMITS, within } from './limits.ts';
import type { InputFile } from './types.ts';

type Entry = {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
};

const corrupt = (file: string, why: string): EngineError =>
  new EngineError(
    'bad-input',
    'corrupt-zip',
    `${file} is not a whole zip archive: ${why}.`,
    'The file was cut short or damaged: fetch or pack it again.',
    { file },
  );

/**
 * Entries of a zip as files to be read one after the other. Names are labels only: "..", drive letters and leading
 * slashes are dropped. Sizes are checked against the limits before anything is unpacked, and again while unpacking.
 */
export function zipEntries(file: string, bytes: Uint8Array): readonly InputFile[] {
  const entries = directory(file, bytes).filter((entry) => !entry.name.endsWith('/'));
  within(entries.length, LIMITS.zipEntries, 'entries', file, 'Unpack it and drop the part that you need.');
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0);
  within(unpacked, LIMITS.unpackedBytes, 'bytes when unpacked', file, 'Unpack it and drop the part that you need.');
  return entries.map((entry) => ({
    path: safeName(entry.name),
    size: entry.size,
    stream: () => unpack(file, bytes, entry),
  }));
}

export function safeName(name: string): string {
  const parts = name.split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.filter((part) => !/^[A-Za-z]:$/.test(part)).join('/') || 'unnamed';
}

function directory(file: string, bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(bytes, view);
  if (end < 0) throw corrupt(file, 'its directory is missing');
  const entries: Entry[] = [];
  try {
    let total = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    if (at === 0xffffffff || total === 0xffff) {
      const big = Number(view.getBigUint64(end - 20 + 8, true));
      total = Number(view.getBigUint64(big + 32, true));
      at = Number(view.getBigUint64(big + 48, true));
    }
    within(total, LIMITS.zipEntries, 'entries', file, 'Unpack it and drop the part that you need.');
    for (let i = 0; i < total; i++) {
      if (view.getUint32(at, true) !== 0x02014b50) throw corrupt(file, 'its directory is damaged');
      const nameLength = view.getUint16(at + 28, true);
      const extraLength = view.getUint16(at + 30, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      if (view.getUint16(at + 8, true) & 1) throw corrupt(file, `entry ${name} is encrypted`);
      const wide = wideSizes(view, at, at + 46 + nameLength, extraLength);
      entries.push({ name, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true), ...wide });
      at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    }
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    throw corrupt(file, 'its directory points outside of the file');
  }
  return entries;
}

function endRecord(bytes: Uint8Array, view: DataView): number {
  const first = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= first; at--) if (view.getUint32(at, true) === 0x06054b50) return at;
  return -1;
}

/** Sizes and offset; where the 32-bit fields are full, the zip64 extra field (id 1) holds them in this order. */
function wideSizes(view: DataView, at: number, extra: number, length: number): Pick<Entry, 'packed' | 'size' | 'at'> {
  const sizes = { size: view.getUint32(at + 24, true), packed: view.getUint32(at + 20, true), at: 0 };
  sizes.at = view.getUint32(at + 42, true);
  for (let p = extra; p + 4 <= extra + length; p += 4 + view.getUint16(p + 2, true)) {
    if (view.getUint16(p, true) !== 1) continue;
    let q = p + 4;
    for (const key of ['size', 'packed', 'at'] as const) {
      if (sizes[key] !== 0xffffffff) continue;
      sizes[key] = Number(view.getBigUint64(q, true));
      q += 8;
    }
  }
  return sizes;
}

function unpack(file: string, bytes: Uint8Array, entry: Entry): ReadableStream<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.at + 30 > bytes.length || view.getUint32(entry.at, true) !== 0x04034b50) {
    throw corrupt(file, `entry ${entry.name} is not where the directory says`);
  }
  const from = entry.at + 30 + view.getUint16(entry.at + 26, true) + view.getUint16(entry.at + 28, true);
  if (from + entry.packed > bytes.length) throw corrupt(file, `entry ${entry.name} is cut short`);
  if (entry.method !== 0 && entry.method !== 8) {
    throw corrupt(file, `entry ${entry.name} uses compression method ${entry.method}, only deflate is read`);
  }
  const packed = bytes.subarray(from, from + entry.packed);
  const source = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  if (entry.method === 0) return checked(file, entry, source);
  return checked(file, entry, source.pipeThrough(new DecompressionStream('deflate-raw')));
}

/** Stops as soon as more comes out than the directory says, and at the end when sum or size differ. */
function checked(file: string, entry: Entry, source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let crc = 0;
  let size = 0;
  return new ReadableStream<Uint8Array>({
    async pull(control) {
      let part: ReadableStreamReadResult<Uint8Array>;
      try {
        part = await reader.read();
      } catch {
        throw corrupt(file, `entry ${entry.name} does not unpack`);
      }
      if (!part.done) {
        size += part.value.length;
        crc = crc32(part.value, crc);
        if (size > entry.size) throw corrupt(file, `entry ${entry.name} is larger than its directory says`);
        control.enqueue(part.value);
        return;
      }
      if (size !== entry.size || crc !== entry.crc) throw corrupt(file, `entry ${entry.name} fails its checksum`);
      control.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
