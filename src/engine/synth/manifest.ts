/** The table of contents of public/datasets: what each bundled data set holds, where it comes from, how to read it. */
import * as v from 'valibot';
import { EngineError } from '../errors.ts';
import { ANOMALY_KINDS } from './anomaly.ts';

const step = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.minLength(1));

/** Half-open range of steps. */
const spanSchema = v.pipe(
  v.strictObject({ start: step, end: step }),
  v.check((span) => span.end >= span.start, 'end must not be before start'),
);

const columnSchema = v.strictObject({
  name: text,
  role: v.picklist(['time', 'sensor', 'covariate', 'label']),
  unit: v.string(),
  system: v.string(),
  about: v.string(),
});

/** `start` is an ISO time in UTC; `zone` the zone in which people there read the clock. */
const clockSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('index') }),
  v.strictObject({
    kind: v.literal('regular'),
    start: v.pipe(v.string(), v.isoTimestamp()),
    stepSeconds: v.pipe(v.number(), v.integer(), v.minValue(1)),
    zone: text,
  }),
]);

const anomalySchema = v.strictObject({
  kind: v.picklist(ANOMALY_KINDS),
  title: text,
  span: spanSchema,
  /** Names of the sensors that it shows in. */
  sensors: v.pipe(v.array(text), v.minLength(1)),
});

const datasetSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  title: text,
  about: text,
  asset: text,
  /** CSV with a header line, gzipped; address relative to the manifest. */
  file: v.strictObject({
    path: text,
    format: v.literal('csv.gz'),
    bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    /** Data lines; fewer than `steps` where the recorder missed some. */
    rows: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  /** In file order. */
  columns: v.pipe(v.array(columnSchema), v.minLength(1)),
  /** Steps of the whole clock, missing rows included. */
  steps: v.pipe(v.number(), v.integer(), v.minValue(1)),
  clock: clockSchema,
  train: spanSchema,
  test: spanSchema,
  contiguous: v.boolean(),
  /** Steps of one window where the series is a row of independent windows, else null. */
  windowSteps: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  labels: v.strictObject({ segments: step, steps: step }),
  /** Kinds that the labels hold; `anomalies` lists them one by one where that is of use. */
  kinds: v.pipe(v.array(v.picklist(ANOMALY_KINDS)), v.minLength(1)),
  anomalies: v.array(anomalySchema),
  licence: text,
  source: text,
  generator: v.strictObject({ name: text, seed: v.pipe(v.number(), v.integer()) }),
});

export const manifestSchema = v.strictObject({
  version: v.literal(1),
  datasets: v.pipe(v.array(datasetSchema), v.minLength(1)),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type BundledDataset = v.InferOutput<typeof datasetSchema>;
export type BundledColumn = v.InferOutput<typeof columnSchema>;

/** Checks the parsed JSON of manifest.json. Throws EngineError('bug', 'bad-manifest') that names the first wrong place. */
export function readManifest(json: unknown): Manifest {
  const result = v.safeParse(manifestSchema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EngineError(
    'bug',
    'bad-manifest',
    `datasets/manifest.json: ${v.getDotPath(issue) ?? 'top level'}: ${issue.message}`,
    'Run tools/datasets.ts again.',
  );
}
