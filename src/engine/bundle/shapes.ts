/** Valibot schemas of the parts that a bundle shares with the rest of the engine. Strict: an unknown field is refused. */
import * as v from 'valibot';
import type { RolePlan } from '../data/types.ts';
import type { Entry } from '../labels/types.ts';
import type { MetricRow, RunEvents } from '../review.ts';

/** Any number, NaN and infinities included. */
export const number = v.union([v.number(), v.nan()]);
export const text = v.string();
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Of a sensor or covariate; paths in a bundle never come from it. */
export const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const span = v.strictObject({ start: count, end: count });
export const values = v.record(v.string(), v.union([v.number(), v.string(), v.boolean()]));
export const channel = v.strictObject({ name: text, unit: text, system: text });
export const imputation = v.picklist(['mean', 'linear', 'hold', 'zero']);
/** Of a scale (see prepare.ts): where sensors are cut, and how windows are normalised, without what is learned of it. */
export const scaleLimits = v.strictObject({ low: v.number(), high: v.number() });
export const windowNorm = { by: v.picklist(['level', 'full']), least: v.pipe(v.number(), v.minValue(1e-9)) };
export const history = v.array(v.record(v.string(), number));

const split = v.variant('kind', [
  v.strictObject({ kind: v.literal('layout') }),
  v.strictObject({ kind: v.literal('share'), share: v.number() }),
  v.strictObject({ kind: v.literal('step'), step: count }),
]);

export const plan = v.strictObject({
  name: text,
  columns: v.array(
    v.strictObject({
      role: v.picklist(['time', 'sensor', 'covariate', 'label', 'ignore']),
      unit: text,
      system: text,
      imputation,
    }),
  ),
  split,
  zone: text,
  dateOrder: v.picklist(['auto', 'day-first', 'month-first']),
  duplicates: v.picklist(['keep', 'first', 'last', 'mean']),
  timeReading: v.exactOptional(v.picklist(['auto', 's', 'ms', 'us', 'ns', 'days', 'index'])),
  swap: v.exactOptional(v.boolean()),
  segments: v.exactOptional(
    v.strictObject({ normal: v.array(text), by: v.picklist(['segment', 'subject']), judged: text }),
  ),
  group: v.exactOptional(text),
}) satisfies v.GenericSchema<unknown, RolePlan>;

const settings = v.strictObject({
  significance: v.number(),
  rule: text,
  manual: v.nullable(number),
  percentile: v.number(),
  numbers: v.exactOptional(
    v.strictObject({
      ratio: v.exactOptional(v.number()),
      level: v.exactOptional(v.number()),
      sigmas: v.exactOptional(v.number()),
    }),
  ),
  padding: count,
  mergeGap: count,
  minLength: count,
  spacing: v.exactOptional(count),
  attribution: v.picklist(['error', 'p']),
});

const event = v.strictObject({
  ...span.entries,
  flagged: count,
  peak: count,
  score: number,
  logP: number,
  severity: number,
  number: count,
  system: text,
  systemShare: number,
  top: v.array(v.strictObject({ sensor: count, share: number })),
  labelled: v.nullable(number),
});

export const result = v.strictObject({
  threshold: v.strictObject({ value: number, rule: text, source: text, oracle: v.boolean() }),
  settings,
  events: v.array(event),
  flaggedShare: number,
  paddedShare: number,
  trainFlaggedShare: number,
  classes: v.exactOptional(
    v.array(v.strictObject({ class: text, normal: v.boolean(), segments: count, flagged: count })),
  ),
});

export const metrics = v.array(
  v.strictObject({ id: text, title: text, value: v.nullable(number), provenance: text }),
) satisfies v.GenericSchema<unknown, readonly MetricRow[]>;

const scope = v.variant('kind', [
  v.strictObject({ kind: v.literal('all') }),
  v.strictObject({ kind: v.literal('system'), system: text }),
  v.strictObject({ kind: v.literal('sensors'), sensors: v.array(text) }),
]);

const label = v.strictObject({
  id: text,
  span: v.pipe(
    span,
    v.check(({ start, end }) => start < end, 'a label covers no step'),
  ),
  verdict: v.picklist(['anomalous', 'normal', 'unsure']),
  scope,
  author: text,
  layer: text,
  madeAtMs: v.number(),
  note: text,
  origin: v.picklist(['query', 'lane', 'event', 'similar', 'import', 'synthetic']),
});

const act = v.variant('kind', [
  v.strictObject({
    kind: v.literal('change'),
    changes: v.array(
      v.variant('kind', [
        v.strictObject({ kind: v.literal('put'), label }),
        v.strictObject({ kind: v.literal('remove'), id: text }),
      ]),
    ),
  }),
  v.strictObject({ kind: v.literal('undo'), of: count }),
  v.strictObject({ kind: v.literal('redo'), of: count }),
]);

/** Acts count from 1 without holes. */
export const journal = v.pipe(
  v.array(v.strictObject({ seq: count, atMs: v.number(), act })),
  v.check((entries) => entries.every(({ seq }, n) => seq === n + 1), 'acts are not numbered 1, 2, 3, …'),
) satisfies v.GenericSchema<unknown, readonly Entry[]>;

/** A field that one side knows and the other does not is a type error here. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Assert<T extends true> = T;
export type ResultIsWhole = Assert<Same<keyof v.InferOutput<typeof event>, keyof RunEvents['events'][number]>>;
export type SettingsAreWhole = Assert<Same<keyof v.InferOutput<typeof settings>, keyof RunEvents['settings']>>;
export type PlanIsWhole = Assert<Same<keyof v.InferOutput<typeof plan>, keyof RolePlan>>;
