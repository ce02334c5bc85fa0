/** The table of contents of a project file: which data, which runs, and which members belong to it. */
import * as v from 'valibot';
import { parsedAs } from '../bundle/read.ts';
import { channel, count, plan, sha256, text } from '../bundle/shapes.ts';
import { PROJECT_FILE } from './refusals.ts';

/** The version that is written; older ones are brought up to it by `migrations`. 1 was the run file. */
export const VERSION = 2;
export const FORMAT = 'telltale-project';
export const MANIFEST = 'manifest.json';

/** Letters that are safe in a database key. */
export const key = v.pipe(v.string(), v.regex(/^[\w:. -]{1,200}$/));

export const time = v.pipe(v.string(), v.isoTimestamp());

const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  writer: v.strictObject({ program: text, version: text }),
  savedAt: time,
  data: v.strictObject({
    id: key,
    name: text,
    origin: v.picklist(['bundled', 'file']),
    layout: text,
    /** Of the files, as the page shows it. */
    checksum: text,
    plan: v.nullable(plan),
    /** True where the values are in the file. */
    copied: v.boolean(),
    assets: v.pipe(
      v.array(
        v.strictObject({
          name: text,
          series: sha256,
          T: count,
          sensors: v.pipe(v.array(channel), v.minLength(1)),
          covariates: v.array(channel),
        }),
      ),
      v.minLength(1),
      v.check((assets) => new Set(assets.map(({ name }) => name)).size === assets.length, 'an asset is there twice'),
    ),
  }),
  /** In the order of the members `runs/<n>.telltale`. */
  runs: v.array(v.strictObject({ id: key, asset: count, changedAtMs: v.nullable(v.number()) })),
  /** How many there are: members `generators/<n>.json` and `sets/<n>.json`. */
  generators: count,
  sets: count,
  members: v.record(v.string(), v.strictObject({ bytes: count, sha256 })),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Throws EngineError('bad-input', 'project-content') that names the first wrong place. */
export function checkManifest(raw: unknown): Manifest {
  const manifest = parsedAs(manifestSchema, MANIFEST, raw, PROJECT_FILE);
  const far = manifest.runs.find(({ asset }) => asset >= manifest.data.assets.length);
  if (far !== undefined) throw PROJECT_FILE.badContent(MANIFEST, `run ${far.id} belongs to no asset`);
  return manifest;
}

/** Names of members; none of them comes from a name that a person chose. */
export const memberOf = {
  facts: (asset: number) => `data/${asset}/series.json`,
  singles: (asset: number) => `data/${asset}/f4.npy`,
  doubles: (asset: number) => `data/${asset}/f8.npy`,
  stamps: (asset: number) => `data/${asset}/stamps.bin`,
  labels: (asset: number) => `labels/${asset}.json`,
  run: (n: number) => `runs/${n}.telltale`,
  generator: (n: number) => `generators/${n}.json`,
  weights: (n: number) => `generators/${n}.weights.bin`,
  marked: (n: number) => `generators/${n}.labels.bin`,
  set: (n: number) => `sets/${n}.json`,
  windows: (n: number) => `sets/${n}.bin`,
  settings: 'settings.json',
} as const;
