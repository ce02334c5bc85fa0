/** The table of contents of a bundle: what was run, on what, how, and which members belong to it. */
import * as v from 'valibot';
import { badContent } from './refusals.ts';
import { channel, count, imputation, plan, scaleLimits, sha256, span, text, values, windowNorm } from './shapes.ts';

/** The version that is written; older ones are brought up to it by `migrations`. */
export const VERSION = 1;
export const FORMAT = 'telltale-run';

const factsEntries = {
  run: v.strictObject({
    /** Letters that are safe in a file name and a database key. */
    id: v.pipe(v.string(), v.regex(/^[\w:. -]{1,200}$/)),
    name: text,
    engineTitle: text,
    /** UTC with milliseconds. */
    createdAt: v.pipe(v.string(), v.isoTimestamp()),
    seconds: v.number(),
    backend: text,
    shipped: v.boolean(),
    /** Its model came in a file: scale and means of the bundle are those that it learned with other data. */
    foreign: v.exactOptional(v.literal(true)),
    /** What a person said of it. */
    tags: v.exactOptional(v.array(text)),
    note: v.exactOptional(text),
    /** How batches were computed, to do the run again to the byte; absent where nothing was trained. */
    work: v.exactOptional(
      v.strictObject({ batch: count, chunk: count, judged: count, scored: v.nullable(count), workers: count }),
    ),
    /** Where a fine-tuned run comes from. */
    descent: v.exactOptional(
      v.strictObject({
        ...{ runId: text, round: count, anomalous: count, normal: count },
        generated: v.exactOptional(count),
      }),
    ),
    /** Ranges that people confirmed as normal, one for each of the pieces. */
    confirmed: v.exactOptional(
      v.array(
        v.strictObject({
          ...{
            runId: text,
            confirmed: span,
            learned: span,
            applies: span,
            retrain: v.boolean(),
            by: text,
            words: text,
          },
          ...{
            kind: v.nullable(v.picklist(['level', 'scale', 'shape', 'correlation'])),
            atMs: v.number(),
            leftOut: count,
          },
        }),
      ),
    ),
  }),
  job: v.strictObject({
    engine: text,
    preset: text,
    /** Only what differs from the preset. */
    params: values,
    head: text,
    headParams: values,
    seed: v.number(),
    imputation: v.record(v.string(), imputation),
  }),
  data: v.strictObject({
    name: text,
    origin: v.picklist(['bundled', 'file']),
    layout: text,
    /** Of the files, as the page shows it. */
    checksum: text,
    /** Roles and split; null for bundled data. */
    plan: v.nullable(plan),
    asset: text,
    /** Of the asset's values: `seriesDigest`. */
    series: sha256,
    T: count,
    sensors: v.array(channel),
    covariates: v.array(channel),
    train: span,
    test: span,
  }),
  scaler: v.strictObject({
    kind: v.picklist(['minmax01', 'minmax11', 'zscore']),
    shift: v.number(),
    refitted: v.nullable(span),
    limits: v.exactOptional(scaleLimits),
    /** Windows are normalised one by one; the members `arrays/window_mean_S.npy` and `window_sd_S.npy` belong to it. */
    windows: v.exactOptional(v.strictObject(windowNorm)),
  }),
  leftOut: v.array(v.strictObject({ sensor: count, why: text })),
  /** Score parts, in the order of the members `arrays/part_<n>_T.npy`. */
  parts: v.array(v.strictObject({ name: text, title: text })),
};

const manifestSchema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  writer: v.strictObject({ program: text, version: text }),
  ...factsEntries,
  members: v.record(v.string(), v.strictObject({ bytes: count, sha256 })),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
type Fixed<T> = T extends object ? { readonly [K in keyof T]: Fixed<T[K]> } : T;
export type Facts = Fixed<Omit<Manifest, 'format' | 'version' | 'writer' | 'members'>>;
export type Members = Manifest['members'];

/** Throws EngineError('bad-input', 'bundle-content') that names the first wrong place. */
export function checkManifest(raw: unknown): Manifest {
  const parsed = v.safeParse(manifestSchema, raw, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw badContent(`manifest.json, ${v.getDotPath(issue) ?? 'top level'}`, issue.message);
}
