/** Zip and gzip files that lie: sizes, sums, places, names, numbers of entries, methods and nesting as they are asked for. */
import { crc32 } from '../../src/engine/data/crc32.ts';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { NAMES, PATHS } from './dictionary.ts';
import { bytesOfText, mutateBytes, mutateContent, spliced } from './mutate.ts';
import type { Random } from './random.ts';
import type { FuzzFile } from './types.ts';

type Lies = {
  readonly method?: number;
  readonly size?: number;
  readonly packed?: number;
  readonly crc?: number;
  readonly at?: number;
  readonly flags?: number;
  readonly extra?: Uint8Array;
  readonly nameLength?: number;
};

type Entry = FuzzFile & { readonly lies?: Lies };

const record = (length: number, fill: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return bytes;
};

/** Level 1: most of the time is to go into reading. */
const deflated = (bytes: Uint8Array): Uint8Array => deflateRawSync(bytes, { level: constants.Z_BEST_SPEED });

/** A zip of these entries; `total` lies about how many there are. */
export function zipped(
  entries: readonly Entry[],
  total = entries.length,
  comment: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { path, bytes, lies = {} } of entries) {
    const { method = 8, flags = 0, extra = new Uint8Array(0) } = lies;
    const data = method === 8 ? deflated(bytes) : bytes;
    const name = bytesOfText(path).subarray(0, 65_535);
    const sums = (view: DataView, from: number): void => {
      view.setUint16(from, flags, true);
      view.setUint16(from + 2, method, true);
      view.setUint32(from + 8, lies.crc ?? crc32(bytes, 0), true);
      view.setUint32(from + 12, lies.packed ?? data.length, true);
      view.setUint32(from + 16, lies.size ?? bytes.length, true);
      view.setUint16(from + 20, lies.nameLength ?? name.length, true);
    };
    const local = record(30, (view) => {
      view.setUint32(0, 0x04034b50, true);
      sums(view, 6);
    });
    const central = record(46, (view) => {
      view.setUint32(0, 0x02014b50, true);
      sums(view, 8);
      view.setUint16(30, extra.length, true);
      view.setUint32(42, lies.at ?? at, true);
    });
    parts.push(local, name, data);
    directory.push(central, name, extra);
    at += 30 + name.length + data.length;
  }
  const list = spliced(directory);
  const end = record(22, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, total, true);
    view.setUint16(10, total, true);
    view.setUint32(12, list.length, true);
    view.setUint32(16, at, true);
    view.setUint16(20, comment.length, true);
  });
  return spliced([...parts, list, end, comment]);
}

/** A zip64 field whose numbers may be anything. */
const wide = (r: Random): Uint8Array =>
  record(r.pick([4, 12, 20, 28]), (view) => {
    view.setUint16(0, r.pick([1, 1, 1, 2]), true);
    view.setUint16(2, r.pick([view.byteLength - 4, 0, 65_535]), true);
    for (let p = 4; p + 8 <= view.byteLength; p += 8)
      view.setBigUint64(p, r.pick([0n, 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 64n - 1n, BigInt(r.int(1000))]), true);
  });

const lie = (r: Random): Lies =>
  r.pick<() => Lies>([
    () => ({ size: r.pick([0, 1, 2 ** 20, 2 ** 31, 2 ** 32 - 1]) }),
    () => ({ packed: r.pick([0, 1, 2 ** 20, 2 ** 32 - 1]) }),
    () => ({ crc: r.int(2 ** 32) }),
    () => ({ at: r.pick([0, 1, 30, 2 ** 31, 2 ** 32 - 1]) }),
    () => ({ method: r.pick([0, 1, 9, 12, 14, 99, 65_535]) }),
    () => ({ flags: r.pick([1, 8, 64, 2048, 65_535]) }),
    () => ({ extra: wide(r) }),
    () => ({ extra: wide(r), size: 2 ** 32 - 1, packed: r.chance(0.5) ? 2 ** 32 - 1 : 5 }),
    () => ({ nameLength: r.pick([0, 1, 65_535]) }),
    () => ({}),
  ])();

/** These files as an archive with something wrong, or nothing. */
export function hostileZip(files: readonly FuzzFile[], r: Random): Uint8Array {
  let entries: Entry[] = files.map((file) => (r.chance(0.2) ? { ...file, lies: lie(r) } : file));
  if (r.chance(0.15)) entries.push({ path: r.pick([...PATHS, ...NAMES]), bytes: r.pick(files).bytes });
  if (r.chance(0.1)) entries.push(r.pick(entries));
  if (r.chance(0.03)) {
    const one = r.pick(entries);
    entries = [
      ...entries,
      ...Array.from({ length: r.int(400) }, (_, n) => ({
        ...one,
        path: `${n}${one.path}`,
        bytes: one.bytes.subarray(0, 40),
      })),
    ];
  }
  // Much that packs to little.
  if (r.chance(0.02))
    entries.push({
      path: 'bomb.csv',
      bytes: new Uint8Array(r.pick([1, 4, 12]) * 2 ** 20).fill(r.pick([10, 44, 48, 0])),
    });
  // An archive inside of an archive.
  if (r.chance(0.03)) entries.push({ path: r.pick(['in.zip', 'in.npz', 'in.zip.csv']), bytes: zipped(files) });
  const total = r.chance(0.03) ? r.pick([0, 1, 65_535, entries.length + 1]) : entries.length;
  const whole = zipped(entries, total, r.chance(0.05) ? bytesOfText('PK\x05\x06'.repeat(1 + r.int(40))) : undefined);
  return r.chance(0.25) ? mutateBytes(whole, r, whole) : whole;
}

/** Content packed with gzip, at times twice over, damaged, or much larger than it looks. */
export function hostileGzip(bytes: Uint8Array, r: Random): Uint8Array {
  const content = r.chance(0.03)
    ? new Uint8Array(r.pick([1, 6]) * 2 ** 20).fill(r.pick([10, 44, 48, 34]))
    : mutateContent(bytes, r, bytes);
  const whole = new Uint8Array(gzipSync(content, { level: constants.Z_BEST_SPEED }));
  if (r.chance(0.05)) return spliced([whole, whole]);
  if (r.chance(0.05)) return new Uint8Array(gzipSync(whole));
  return r.chance(0.4) ? mutateBytes(whole, r, whole) : whole;
}
