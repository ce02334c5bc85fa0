/** Bytes to a bundle: nothing of it is believed before it was checked. */
import * as v from 'valibot';
import type { HeadState } from '../model.ts';
import { LABELS } from './bundle.ts';
import type { Bundle, Facts } from './bundle.ts';
import { filesIn } from './archive.ts';
import { hexDigest } from './digest.ts';
import { jsonValue } from './json.ts';
import { checkManifest, FORMAT, VERSION } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { arraysFrom } from './members.ts';
import { upToDate, versionOf } from './migrations/index.ts';
import type { Raw } from './migrations/index.ts';
import { piecesFrom } from './pieces.ts';
import { badContent, damaged, notABundle, RUN_FILE } from './refusals.ts';
import type { Refusals } from './refusals.ts';
import { count, history, journal, metrics, result, sha256 } from './shapes.ts';
import { unpackWeights } from './weights.ts';

/** The same in every version, so that damage is told from age. */
const envelope = v.looseObject({
  format: v.literal(FORMAT),
  members: v.record(v.string(), v.strictObject({ bytes: count, sha256 })),
});

const MANIFEST = 'manifest.json';

function openManifest(
  bytes: Uint8Array | undefined,
): Readonly<Record<string, unknown>> & v.InferOutput<typeof envelope> {
  if (bytes === undefined) throw notABundle('it has no manifest.json');
  const raw = jsonValue(MANIFEST, bytes);
  if (typeof raw !== 'object' || raw === null || (raw as Record<string, unknown>)['format'] !== FORMAT)
    throw notABundle(`its manifest is not one of a ${FORMAT}`);
  versionOf(raw as Record<string, unknown>, VERSION);
  const parsed = v.safeParse(envelope, raw, { abortEarly: true });
  if (!parsed.success) throw badContent(MANIFEST, parsed.issues[0].message);
  return parsed.output;
}

/** Each member that the manifest names is there with its bytes, and nothing else is. */
export async function checkMembers(
  { members }: Pick<v.InferOutput<typeof envelope>, 'members'>,
  files: ReadonlyMap<string, Uint8Array>,
  checkpoint: () => Promise<void>,
  { damaged }: Refusals = RUN_FILE,
): Promise<void> {
  for (const [name, { bytes, sha256: wanted }] of Object.entries(members)) {
    const found = files.get(name);
    if (found === undefined) throw damaged(`${name} is missing`);
    if (found.length !== bytes) throw damaged(`${name} has ${found.length} bytes, the manifest says ${bytes}`);
    if ((await hexDigest([found], checkpoint)) !== wanted)
      throw damaged(`${name} is not what the manifest's sha256 says`);
  }
  const strange = [...files.keys()].find((name) => name !== MANIFEST && !Object.hasOwn(members, name));
  if (strange !== undefined) throw damaged(`${strange} is not in the manifest`);
}

/** A value that a schema takes. Throws EngineError('bad-input') that names the first wrong place. */
export function parsedAs<S extends v.GenericSchema>(
  schema: S,
  name: string,
  value: unknown,
  { badContent }: Refusals = RUN_FILE,
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw badContent(`${name}, ${v.getDotPath(issue) ?? 'top level'}`, issue.message);
}

function headState(value: unknown): HeadState {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badContent('head.json', 'an object is needed');
  return value as HeadState;
}

function factsOf({ format, version, writer, members, ...facts }: Manifest): Facts {
  return facts;
}

function member(raw: Raw, name: string): Uint8Array {
  const found = raw.members.get(name);
  if (found === undefined) throw damaged(`${name} is missing`);
  return found;
}

const resultOf = (raw: Raw): Pick<Bundle, 'result' | 'metrics'> => ({
  result: parsedAs(result, 'events.json', jsonValue('events.json', member(raw, 'events.json'))),
  metrics: parsedAs(metrics, 'metrics.json', jsonValue('metrics.json', member(raw, 'metrics.json'))),
});

function journalOf({ members }: Raw, { data }: Facts): Bundle['journal'] {
  const bytes = members.get(LABELS);
  if (bytes === undefined) return [];
  const entries = parsedAs(journal, LABELS, jsonValue(LABELS, bytes));
  const far = entries
    .flatMap(({ act }) => (act.kind === 'change' ? act.changes : []))
    .find((change) => change.kind === 'put' && change.label.span.end > data.T);
  if (far?.kind === 'put') throw badContent(LABELS, `a label ends at step ${far.label.span.end} of ${data.T}`);
  return entries;
}

function assembled(raw: Raw, manifest: Manifest): Bundle {
  const facts = factsOf(manifest);
  const value = (name: string): unknown => jsonValue(name, member(raw, name));
  return {
    facts,
    weights: unpackWeights(value('weights.json'), member(raw, 'weights.bin')),
    headState: headState(value('head.json')),
    ...arraysFrom(facts, raw.members),
    history: parsedAs(history, 'history.json', value('history.json')),
    ...resultOf(raw),
    journal: journalOf(raw, facts),
    pieces: piecesFrom(facts, raw.members),
  };
}

/** Parts of the series lie in it, and every index in it. */
function checkSpans({ data, leftOut }: Manifest): void {
  for (const { start, end } of [data.train, data.test])
    if (start > end || end > data.T)
      throw badContent('manifest.json, data', `[${start}, ${end}) leaves ${data.T} steps`);
  const far = leftOut.find(({ sensor }) => sensor >= data.sensors.length);
  if (far !== undefined) throw badContent('manifest.json, leftOut', `there is no sensor ${far.sensor}`);
}

/**
 * Reads what `writeBundle` wrote. Throws EngineError('bad-input'): 'not-a-bundle', 'bundle-version', 'bundle-damaged',
 * 'bundle-too-large' or 'bundle-content', each with what is wrong and what to do.
 */
export async function readBundle(bytes: Uint8Array, checkpoint: () => Promise<void>): Promise<Bundle> {
  const files = await filesIn(bytes, checkpoint);
  const opened = openManifest(files.get(MANIFEST));
  await checkMembers(opened, files, checkpoint);
  const raw = upToDate({ manifest: opened, members: files }, VERSION);
  const manifest = checkManifest(raw.manifest);
  checkSpans(manifest);
  return assembled(raw, manifest);
}

/** What a list of runs shows. */
export type Glance = Pick<Bundle, 'facts' | 'result' | 'metrics'>;

/** Facts, events and metrics of a bundle without its arrays. Throws as `readBundle`, of these members alone. */
export async function glanceAt(bytes: Uint8Array, checkpoint: () => Promise<void>): Promise<Glance> {
  const names = ['events.json', 'metrics.json'];
  const files = await filesIn(bytes, checkpoint, { wanted: [MANIFEST, ...names] });
  const { members, ...opened } = openManifest(files.get(MANIFEST));
  const few = Object.fromEntries(Object.entries(members).filter(([name]) => names.includes(name)));
  await checkMembers({ ...opened, members: few }, files, checkpoint);
  const raw = upToDate({ manifest: { ...opened, members }, members: files }, VERSION);
  const manifest = checkManifest(raw.manifest);
  return { facts: factsOf(manifest), ...resultOf(raw) };
}
