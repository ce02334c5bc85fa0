/** Rounds and settings of labelling as they are read back from this browser's storage. */
import * as v from 'valibot';

const values = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));
const span = v.object({ start: v.number(), end: v.number() });

/** JSON has no infinity: it comes back as null. */
const distance = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Infinity),
);

const reason = v.variant('kind', [
  v.object({ kind: v.literal('top'), rank: v.number(), of: v.number() }),
  v.object({ kind: v.literal('interval'), bin: v.number(), of: v.number(), low: v.number(), high: v.number() }),
  v.object({ kind: v.literal('uncertain'), distance, threshold: v.number() }),
  v.object({ kind: v.literal('diverse'), distance }),
  v.object({ kind: v.literal('random'), of: v.number() }),
]);

const question = v.object({
  id: v.string(),
  span,
  score: v.number(),
  reason,
  top: v.array(v.object({ sensor: v.number(), share: v.number() })),
});

const pool = v.object({
  windows: v.number(),
  asked: v.number(),
  bins: v.array(v.object({ low: v.number(), high: v.number() })),
  histogram: v.object({ from: v.number(), to: v.number(), log: v.boolean(), count_K: v.array(v.number()) }),
});

const outcome = v.object({
  answers: v.number(),
  changed: v.number(),
  metric: v.nullable(v.object({ title: v.string(), before: v.number(), after: v.number() })),
});

const round = v.object({
  runId: v.string(),
  questions: v.array(question),
  pool: v.nullable(pool),
  window: v.number(),
  state: v.picklist(['open', 'taught', 'kept', 'rolled-back']),
  taught: v.nullable(v.string()),
  outcome: v.nullable(outcome),
});

export const teachingsSchema = v.record(v.string(), v.object({ rounds: v.array(round), atMs: v.number() }));

export const teachSettingsSchema = v.object({
  strategy: v.string(),
  strategyParams: values,
  score: v.picklist(['error', 'run']),
  window: v.pipe(v.number(), v.integer(), v.minValue(2)),
  budget: v.pipe(v.number(), v.integer(), v.minValue(1)),
  part: v.union([v.literal('all'), v.pipe(v.number(), v.minValue(0.01), v.maxValue(1))]),
  seed: v.number(),
  feedback: values,
});
