/** Bytes to a project: nothing of it is believed before it was checked, and nothing is kept by reading it. */
import * as v from 'valibot';
import { BUNDLE_LIMITS, filesIn } from '../bundle/archive.ts';
import type { ArchiveLimits } from '../bundle/archive.ts';
import { seriesDigest } from '../bundle/digest.ts';
import { jsonValue } from '../bundle/json.ts';
import { FORMAT as RUN_FORMAT } from '../bundle/manifest.ts';
import { upToDate, versionOf } from '../bundle/migrations/index.ts';
import type { Raw } from '../bundle/migrations/index.ts';
import { checkMembers, parsedAs, readBundle } from '../bundle/read.ts';
import { count, journal, sha256 } from '../bundle/shapes.ts';
import { EngineError } from '../errors.ts';
import type { Entry } from '../labels/types.ts';
import { LIMITS } from '../data/limits.ts';
import type { Series } from '../types.ts';
import { checkManifest, FORMAT, MANIFEST, memberOf, VERSION } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { PROJECT_MIGRATIONS } from './migrations/index.ts';
import { WHOLE } from './migrations/v1.ts';
import type { Project, ProjectRun } from './project.ts';
import { PROJECT_FILE } from './refusals.ts';
import { seriesFrom } from './series.ts';
import { generatorFrom, setFrom } from './studio.ts';

const { badContent, damaged, notOne } = PROJECT_FILE;

export const PROJECT_LIMITS: ArchiveLimits = { ...BUNDLE_LIMITS, members: LIMITS.zipEntries };

/** The same in every version, so that damage is told from age. */
const envelope = v.looseObject({
  format: v.picklist([FORMAT, RUN_FORMAT]),
  members: v.record(v.string(), v.strictObject({ bytes: count, sha256 })),
});

type Files = ReadonlyMap<string, Uint8Array>;

/** The unpacked file, each member checked by its hash, in the form of its version. */
async function opened(bytes: Uint8Array, checkpoint: () => Promise<void>): Promise<Raw> {
  const files = await filesIn(bytes, checkpoint, { limits: PROJECT_LIMITS, refusals: PROJECT_FILE });
  const table = files.get(MANIFEST);
  if (table === undefined) throw notOne('it has no manifest.json');
  const raw = jsonValue(MANIFEST, table, PROJECT_FILE);
  if (typeof raw !== 'object' || raw === null) throw notOne('its manifest is none');
  const { format } = raw as Readonly<Record<string, unknown>>;
  if (format !== FORMAT && format !== RUN_FORMAT) throw notOne(`its manifest is not one of a ${FORMAT}`);
  const version = versionOf(raw as Readonly<Record<string, unknown>>, VERSION, PROJECT_FILE);
  const manifest = parsedAs(envelope, MANIFEST, raw, PROJECT_FILE);
  await checkMembers(manifest, files, checkpoint, PROJECT_FILE);
  if (format === FORMAT) return { manifest, members: files };
  return {
    manifest: { ...manifest, version: 1, runVersion: version },
    members: new Map([...files, [WHOLE, bytes]]),
  };
}

function journalsOf({ data }: Manifest, members: Files): Entry[][] {
  return data.assets.map(({ T }, n) => {
    const name = memberOf.labels(n);
    const bytes = members.get(name);
    if (bytes === undefined) return [];
    const entries: Entry[] = parsedAs(journal, name, jsonValue(name, bytes, PROJECT_FILE), PROJECT_FILE);
    const changes = entries.flatMap(({ act }) => (act.kind === 'change' ? act.changes : []));
    const far = changes.find((change) => change.kind === 'put' && change.label.span.end > T);
    if (far?.kind === 'put') throw badContent(name, `a label ends at step ${far.label.span.end} of ${T}`);
    return entries;
  });
}

async function seriesOf(
  { data }: Manifest,
  members: Files,
  checkpoint: () => Promise<void>,
): Promise<readonly Series[] | null> {
  if (!data.copied) return null;
  const all: Series[] = [];
  for (const [n, asset] of data.assets.entries()) {
    await checkpoint();
    const series = seriesFrom(n, asset, members);
    if ((await seriesDigest(series)) !== asset.series)
      throw badContent(memberOf.facts(n), 'its values are not those that the manifest names');
    all.push(series);
  }
  return all;
}

/** An error of a run file with the member that it is. */
const inMember = (name: string, thrown: unknown): unknown =>
  thrown instanceof EngineError && thrown.code === 'bad-input'
    ? new EngineError(thrown.code, thrown.kind, `${name}: ${thrown.message}`, thrown.cure, thrown.place)
    : thrown;

async function runsOf(
  { data, runs }: Manifest,
  members: Files,
  checkpoint: () => Promise<void>,
): Promise<ProjectRun[]> {
  const all: ProjectRun[] = [];
  for (const [n, { id, asset, changedAtMs }] of runs.entries()) {
    const name = memberOf.run(n);
    const bytes = members.get(name);
    if (bytes === undefined) throw damaged(`${name} is missing`);
    const bundle = await readBundle(bytes, checkpoint).catch((thrown: unknown) => {
      throw inMember(name, thrown);
    });
    if (bundle.facts.run.id !== id) throw badContent(name, 'it is another run than the manifest names');
    if (bundle.facts.data.series !== data.assets[asset].series) throw badContent(name, 'it was made on other data');
    if (all.some((one) => one.bundle.facts.run.id === id)) throw badContent(name, 'its run is there twice');
    all.push({ asset, changedAtMs, bundle: { ...bundle, journal: [] } });
  }
  return all;
}

const listed = <T>(length: number, read: (n: number) => T): T[] => Array.from({ length }, (_, n) => read(n));

function settingsOf(members: Files): Readonly<Record<string, unknown>> {
  const bytes = members.get(memberOf.settings);
  if (bytes === undefined) return {};
  const value = jsonValue(memberOf.settings, bytes, PROJECT_FILE);
  if (Array.isArray(value)) throw badContent(memberOf.settings, 'an object is needed');
  return parsedAs(v.record(v.string(), v.unknown()), memberOf.settings, value, PROJECT_FILE);
}

/**
 * Reads what `writeProject` wrote, and run files as the projects that they were. Throws EngineError('bad-input'):
 * 'not-a-project', 'project-version', 'project-damaged', 'project-too-large' or 'project-content', and the kinds of
 * `readBundle` for its runs, each with what is wrong and what to do.
 */
export async function readProject(bytes: Uint8Array, checkpoint: () => Promise<void>): Promise<Project> {
  const raw = upToDate(await opened(bytes, checkpoint), VERSION, PROJECT_MIGRATIONS, PROJECT_FILE);
  const manifest = checkManifest(raw.manifest);
  const { members } = raw;
  // As many as there are members for, before that many are asked for.
  if (manifest.generators + manifest.sets > members.size) throw damaged('generators or sets are missing');
  const generators = listed(manifest.generators, (n) => generatorFrom(n, manifest.data.assets, members));
  const { copied, ...data } = manifest.data;
  return {
    savedAtMs: Date.parse(manifest.savedAt),
    data,
    series: await seriesOf(manifest, members, checkpoint),
    runs: await runsOf(manifest, members, checkpoint),
    journals: journalsOf(manifest, members),
    generators,
    sets: listed(manifest.sets, (n) => setFrom(n, generators, members)),
    settings: settingsOf(members),
  };
}
