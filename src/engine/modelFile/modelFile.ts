/**
 * A trained model as a file for others: TensorFlow.js's `model.json` with its weights beside it in a zip, and a card that
 * says what it is, what it was learned from, how inputs are scaled, which columns it reads and how its scores are judged.
 * TensorFlow.js reads weights and card of any such file (`tf.io`); what the numbers mean is the engine's.
 */
import * as v from 'valibot';
import {
  channel,
  count,
  imputation,
  metrics,
  number,
  scaleLimits,
  sha256,
  span,
  text,
  values,
  windowNorm,
} from '../bundle/shapes.ts';
import { refusalsOf } from '../bundle/refusals.ts';
import type { HeadState, WeightArray } from '../model.ts';
import type { Scaler } from '../prepare.ts';

/** Ending of a model's file name; inside is a zip that any program opens. */
export const MODEL_EXTENSION = '.tfjs.zip';

export const VERSION = 1;

export const MODEL_FILE = refusalsOf('model', 'model file', {
  choose: 'Choose a .tfjs.zip file that this program wrote.',
  smaller: 'Export the model of a smaller preset, or make sure that the file comes from this program.',
});

const numbers = v.array(number);

/** What `model.json` holds under `userDefinedMetadata.telltale`, beside version and hashes. Strict: nothing else is read. */
export const cardShape = v.strictObject({
  engine: v.strictObject({ title: text, summary: text, cite: text, deviations: v.array(text) }),
  head: v.strictObject({ title: text, summary: text, cite: text }),
  job: v.strictObject({
    ...{ engine: text, preset: text, params: values, head: text, headParams: values, seed: v.number() },
    imputation: v.record(v.string(), imputation),
  }),
  /** Columns in the order in which the model reads them, sensors first. */
  roles: v.strictObject({ sensors: v.pipe(v.array(channel), v.minLength(1)), covariates: v.array(channel) }),
  scaler: v.strictObject({
    kind: v.picklist(['minmax01', 'minmax11', 'zscore']),
    shift: v.number(),
    offset_F: numbers,
    width_F: numbers,
    limits: v.exactOptional(scaleLimits),
    windows: v.exactOptional(v.strictObject({ ...windowNorm, mean_S: numbers, sd_S: numbers })),
  }),
  /** Training mean of each column, with which gaps at the ends are filled. */
  mean_F: numbers,
  headState: v.record(v.string(), v.unknown()),
  threshold: v.strictObject({ value: number, rule: text, source: text, oracle: v.boolean() }),
  data: v.strictObject({ name: text, asset: text, series: sha256, checksum: text, T: count, train: span, test: span }),
  run: v.strictObject({ name: text, madeAt: text, seconds: v.number(), backend: text }),
  /** What the run reached, with how each number came about; they say nothing of other data. */
  metrics,
});

type Fixed<T> = T extends object ? { readonly [K in keyof T]: Fixed<T[K]> } : T;
type Written = Fixed<v.InferOutput<typeof cardShape>>;

/** A model with its card; arrays in place of lists. */
export type ModelFile = Omit<Written, 'scaler' | 'mean_F' | 'headState'> & {
  /** Without ranges of judged steps: those belong to the data that was learned from. */
  readonly scaler: Omit<Scaler, 'refitted'>;
  readonly mean_F: Float64Array;
  readonly headState: HeadState;
  readonly weights: Readonly<Record<string, WeightArray>>;
};

/** Members of the zip, as TensorFlow.js names them, and the card for people. */
export const MEMBERS = { model: 'model.json', weights: 'group1-shard1of1.bin', card: 'README.md' } as const;

/** "asset-engine-preset.tfjs.zip" in letters that every file system takes. */
export const modelName = (asset: string, { engine, preset }: Pick<Written['job'], 'engine' | 'preset'>): string =>
  `${[asset, engine, preset].join('-').replaceAll(/[^\w.-]+/g, '_')}${MODEL_EXTENSION}`;
