/** A zip of a few named files, written to the same bytes for the same content, read with limits. */
import { Zip, ZipDeflate } from 'fflate';
import { EngineError } from '../errors.ts';
import { zipEntries } from '../data/zip.ts';
import { damaged, notABundle, tooLarge } from './refusals.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export const BUNDLE_LIMITS = {
  /** Bytes of the file; it is held whole. */
  packed: 2 ** 30,
  /** Bytes of all members; more than any browser could show as a run. */
  unpacked: 2 * 2 ** 30,
  /** Bytes of a member that is parsed as JSON. */
  json: 64 * 2 ** 20,
  members: 1000,
} as const;

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

/** Members in the order of `files`. */
export async function zipOf(files: Files, checkpoint: () => Promise<void>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  // fflate tells errors of its own use only; they are bugs of this file.
  const zip = new Zip((_error, part) => parts.push(part));
  for (const [name, bytes] of files) {
    const member = new ZipDeflate(name, { level: LEVEL });
    member.mtime = DAY;
    zip.add(member);
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
      await checkpoint();
      member.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
    }
  }
  zip.end();
  return joined(parts);
}

async function all(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts);
    parts.push(value);
  }
}

const ZIP_MAGIC = 0x04034b50;

const isZip = (bytes: Uint8Array): boolean =>
  bytes.length > 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === ZIP_MAGIC;

/** Errors of the zip itself in words about the run file. */
function inWords(thrown: unknown): unknown {
  return thrown instanceof EngineError && thrown.kind === 'corrupt-zip' ? damaged(thrown.message) : thrown;
}

/**
 * All members by name, or those `wanted`, each no larger than the directory says and with the right checksum. Throws
 * EngineError('bad-input') 'not-a-bundle', 'bundle-damaged' or 'bundle-too-large'; sizes are looked at before anything is
 * unpacked, and again while unpacking.
 */
export async function filesIn(
  bytes: Uint8Array,
  checkpoint: () => Promise<void>,
  wanted?: readonly string[],
): Promise<Map<string, Uint8Array>> {
  if (!isZip(bytes)) throw notABundle('it is no zip archive');
  if (bytes.length > BUNDLE_LIMITS.packed) throw tooLarge('a size', bytes.length, BUNDLE_LIMITS.packed);
  try {
    const entries = zipEntries('it', bytes);
    if (entries.length > BUNDLE_LIMITS.members) throw notABundle(`it has ${entries.length} members`);
    const unpacked = entries.reduce((sum, { size }) => sum + size, 0);
    if (unpacked > BUNDLE_LIMITS.unpacked) throw tooLarge('members', unpacked, BUNDLE_LIMITS.unpacked);
    const files = new Map<string, Uint8Array>();
    for (const { path, size, stream } of entries) {
      if (wanted?.includes(path) === false) continue;
      await checkpoint();
      if (files.has(path)) throw damaged(`${path} is there twice`);
      if (/\.json$/.test(path) && size > BUNDLE_LIMITS.json) throw tooLarge(path, size, BUNDLE_LIMITS.json);
      files.set(path, await all(stream()));
    }
    return files;
  } catch (thrown) {
    throw inWords(thrown);
  }
}
