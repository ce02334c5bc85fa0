/** A zip of a few named files, written to the same bytes for the same content, read with limits. */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { EngineError } from '../errors.ts';
import { zipEntries } from '../data/zip.ts';
import { RUN_FILE } from './refusals.ts';
import type { Refusals } from './refusals.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export type ArchiveLimits = {
  readonly packed: number;
  readonly unpacked: number;
  readonly json: number;
  readonly members: number;
};

export const BUNDLE_LIMITS: ArchiveLimits = {
  /** Bytes of the file; it is held whole. */
  packed: 2 ** 30,
  /** Bytes of all members; more than any browser could show as a run. */
  unpacked: 2 * 2 ** 30,
  /** Bytes of a member that is parsed as JSON. */
  json: 64 * 2 ** 20,
  members: 1000,
};

/** Bytes that are packed between two looks for cancel. */
const PIECE = 2 ** 20;
/** Numbers pack little better at higher levels, and much slower. */
const LEVEL = 1;
/** The first day that a zip can tell, in local time as zips have it, so that no clock and no zone gets into the bytes. */
const DAY = new Date(1980, 0, 1);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The parts of a zip in order. Members are in the order of `files`; those that `isPacked` already are kept as they are. */
export async function zipParts(
  files: Files,
  checkpoint: () => Promise<void>,
  isPacked: (name: string) => boolean = () => false,
): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  // fflate tells errors of its own use only; they are bugs of this file.
  const zip = new Zip((_error, part) => parts.push(part));
  for (const [name, bytes] of files) {
    const member = isPacked(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: LEVEL });
    member.mtime = DAY;
    zip.add(member);
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
      await checkpoint();
      member.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    }
  }
  zip.end();
  return parts;
}

/** Members in the order of `files`. */
export const zipOf = async (files: Files, checkpoint: () => Promise<void>): Promise<Uint8Array> =>
  joined(await zipParts(files, checkpoint));

async function all(stream: ReadableStream<Uint8Array>, checkpoint: () => Promise<void>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  let since = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts);
    parts.push(value);
    since += value.length;
    if (since < PIECE) continue;
    since = 0;
    await checkpoint();
  }
}

const ZIP_MAGIC = 0x04034b50;

const isZip = (bytes: Uint8Array): boolean =>
  bytes.length > 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === ZIP_MAGIC;

/** Errors of the zip itself in words about the kind of file. */
function inWords(thrown: unknown, { damaged }: Refusals): unknown {
  return thrown instanceof EngineError && thrown.kind === 'corrupt-zip' ? damaged(thrown.message) : thrown;
}

export type Wanted = {
  /** Members to unpack; all without it. */
  readonly wanted?: readonly string[];
  readonly limits?: ArchiveLimits;
  /** How refusals are worded. */
  readonly refusals?: Refusals;
};

/**
 * All members by name, or those `wanted`, each no larger than the directory says and with the right checksum. Throws
 * EngineError('bad-input') 'not-a-bundle', 'bundle-damaged' or 'bundle-too-large'; sizes are looked at before anything is
 * unpacked, and again while unpacking.
 */
export async function filesIn(
  bytes: Uint8Array,
  checkpoint: () => Promise<void>,
  { wanted, limits = BUNDLE_LIMITS, refusals = RUN_FILE }: Wanted = {},
): Promise<Map<string, Uint8Array>> {
  const { damaged, notOne, tooLarge } = refusals;
  if (!isZip(bytes)) throw notOne('it is no zip archive');
  if (bytes.length > limits.packed) throw tooLarge('a size', bytes.length, limits.packed);
  try {
    const entries = zipEntries('it', bytes);
    if (entries.length > limits.members) throw notOne(`it has ${entries.length} members`);
    const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
    if (unpacked > limits.unpacked) throw tooLarge('members', unpacked, limits.unpacked);
    const files = new Map<string, Uint8Array>();
    for (const { path, size, stream } of entries) {
      if (wanted?.includes(path) === false) continue;
      await checkpoint();
      if (files.has(path)) throw damaged(`${path} is there twice`);
      if (/\.json$/.test(path) && size > limits.json) throw tooLarge(path, size, limits.json);
      files.set(path, await all(stream(), checkpoint));
    }
    return files;
  } catch (thrown) {
    throw inWords(thrown, refusals);
  }
}
