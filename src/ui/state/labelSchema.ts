/** Rounds and settings of labelling as they are read back from this browser's storage. */
import * as v from 'valibot';

/** JSON that others wrote may hold 1e999, which reads as an infinity and is not written again. */
const number = v.pipe(v.number(), v.finite());
const values = v.record(v.string(), v.union([v.string(), number, v.boolean()]));
const span = v.object({ start: number, end: number });

/** JSON has no infinity: it comes back as null. */
const distance = v.pipe(
  v.nullable(number),
  v.transform((value) => value ?? Infinity),
);

const reason = v.variant('kind', [
  v.object({ kind: v.literal('top'), rank: number, of: number }),
  v.object({ kind: v.literal('interval'), bin: number, of: number, low: number, high: number }),
  v.object({ kind: v.literal('uncertain'), distance, threshold: number }),
  v.object({ kind: v.literal('diverse'), distance }),
  v.object({ kind: v.literal('random'), of: number }),
]);

const question = v.object({
  id: v.string(),
  span,
  score: number,
  reason,
  top: v.array(v.object({ sensor: number, share: number })),
});

const pool = v.object({
  windows: number,
  asked: number,
  bins: v.array(v.object({ low: number, high: number })),
  histogram: v.object({ from: number, to: number, log: v.boolean(), count_K: v.array(number) }),
});

const outcome = v.object({
  answers: number,
  changed: number,
  metric: v.nullable(v.object({ title: v.string(), before: number, after: number })),
});

const round = v.object({
  runId: v.string(),
  questions: v.array(question),
  pool: v.nullable(pool),
  // Rounds of before this was kept were ranked by what is the default.
  by: v.optional(v.picklist(['error', 'run']), 'error'),
  window: number,
  state: v.picklist(['open', 'taught', 'kept', 'rolled-back']),
  taught: v.nullable(v.string()),
  outcome: v.nullable(outcome),
});

export const teachingsSchema = v.record(v.string(), v.object({ rounds: v.array(round), atMs: number }));

export const teachSettingsSchema = v.object({
  strategy: v.string(),
  strategyParams: values,
  score: v.picklist(['error', 'run']),
  window: v.pipe(number, v.integer(), v.minValue(2)),
  budget: v.pipe(number, v.integer(), v.minValue(1)),
  part: v.union([v.picklist(['all', 'auto']), v.pipe(number, v.minValue(0.01), v.maxValue(1))]),
  seed: number,
  feedback: values,
});
