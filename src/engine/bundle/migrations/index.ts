/**
 * Steps from one format version to the next, one file each: `1: v1to2` and so on. A step gets the members as they lie in
 * the file, the manifest parsed but not checked, and gives them in the form of the next version; `sha256` of members was
 * checked before, so a step may rewrite them freely.
 */
import { RUN_FILE } from '../refusals.ts';
import type { Refusals } from '../refusals.ts';

/** What a step changes: parsed manifest and unpacked members by name. */
export type Raw = {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly members: ReadonlyMap<string, Uint8Array>;
};
export type Migration = (raw: Raw) => Raw;

/** By the version that a step starts from. */
export const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

/** Version that a parsed manifest says it has. Throws EngineError('bad-input', 'bundle-version'). */
export function versionOf(
  manifest: Readonly<Record<string, unknown>>,
  known: number,
  { notOne, unknownVersion }: Refusals = RUN_FILE,
): number {
  const { version } = manifest;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw notOne('it names no format version');
  if (version > known) throw unknownVersion(String(version), known);
  return version;
}

/** Brings `raw` up to version `to`, step by step. Throws EngineError('bad-input', 'bundle-version') for a newer one. */
export function upToDate(
  raw: Raw,
  to: number,
  steps: ReadonlyMap<number, Migration> = MIGRATIONS,
  refusals: Refusals = RUN_FILE,
): Raw {
  let now = raw;
  for (let version = versionOf(raw.manifest, to, refusals); version < to; version++) {
    const step = steps.get(version);
    if (step === undefined) throw refusals.unknownVersion(String(version), to);
    const next = step(now);
    now = { ...next, manifest: { ...next.manifest, version: version + 1 } };
  }
  return now;
}
