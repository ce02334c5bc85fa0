/**
 * Scores rows as they come, as scoring the whole series at once would, in memory that does not grow: the newest rows are
 * given to the detector, its residuals to the head, each in batches with as many steps around them as it looks at.
 * Dimensions: n new steps, S sensors, C covariates, F = S + C.
 */
import { EngineError } from '../errors.ts';
import type { HeadState, Run, WeightArray } from '../model.ts';
import { residualOf, scoreIn } from '../pipeline.ts';
import type { Setup } from '../pipeline.ts';
import { unscale } from '../prepare.ts';
import type { Learned } from '../prepare.ts';
import type { Channel, Residual, Score, ScorePart, Span } from '../types.ts';
import { cutStarts } from '../window.ts';
import { filler } from './fill.ts';
import { detectorReach, headReach } from './reach.ts';
import { Tail, bytes, floats } from './tail.ts';

/** Steps that are settled: what they are now they stay. */
export type Settled = Span & {
  /** As they came, rounded to float32, NaN where missing, [n, F]. */
  readonly x_TF: Float32Array;
  /** In the units of the source; NaN where nothing is expected, [n, S]. */
  readonly y_TS: Float32Array;
  readonly score: Score;
};

/** What the stream goes on from: rows and residuals right before its first step. */
export type Before = {
  /** Number of the first step of the stream. */
  readonly step: number;
  /** Step that windows are counted from: the first of the stretch that the stream goes on. */
  readonly origin: number;
  /** Rows from `origin` or later to `step`, [., F]; none where no window may reach back. */
  readonly rows: Float64Array;
  /** Residuals and score parts of the steps before `step`, the last ones or all. */
  readonly residual: Residual;
  readonly parts: readonly ScorePart[];
};

export type LiveModel = {
  readonly setup: Setup;
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly headState: HeadState;
  readonly learned: Learned;
  readonly sensors: readonly Channel[];
  readonly covariates: readonly Channel[];
  /** What is added to expected values, in scaled units, where a range was confirmed as normal since, [S]. */
  readonly offset_S?: Float64Array;
  /** Scores as they are told: in the law of the run, where another head judges. */
  readonly told?: (score: number, logP: number) => number;
};

export type LiveScorer = {
  /** Rows that have to come after a step before it is settled. */
  readonly lag: number;
  /** Steps that are remembered. */
  readonly memory: number;
  /** What its arrays take; the same from the first row on. */
  readonly bytes: () => number;
  /** Takes rows [n, F] of any number and gives what they settle, oldest first. Throws as detector and head do. */
  readonly push: (rows: Float64Array, run: Run) => AsyncGenerator<Settled, void>;
  readonly dispose: () => void;
};

/** Rows that are scored at a time: more share the steps around them, fewer are stopped sooner. */
const BATCH = 256;

const FRESH: Before = {
  step: 0,
  origin: 0,
  rows: new Float64Array(0),
  residual: { T: 0, S: 0, r_TS: new Float32Array(0) },
  parts: [],
};

/** Appends the last rows of `values`, at most `most` of them, in batches. */
function fill(tail: Tail<Float32Array>, values: Float32Array, batch: number): void {
  for (let at = 0; at < values.length; at += batch * tail.width)
    tail.append(values.subarray(at, at + batch * tail.width));
}

const lastOf = <A extends Float32Array | Float64Array>(values: A, most: number): A =>
  values.subarray(Math.max(0, values.length - most)) as A;

/** First settled step of a detector, and of its residuals on. */
type Expected = Span & {
  readonly r_TS: Float32Array;
  readonly y_TS: Float32Array;
  readonly parts: readonly ScorePart[];
};

/** Rows → expected values and residuals of settled steps. */
function expecting(model: LiveModel, before: Before) {
  const { setup, weights, learned, sensors, covariates, offset_S } = model;
  const [S, C] = [sensors.length, covariates.length];
  const F = S + C;
  const reach = detectorReach(setup.detector, setup.values);
  const { W, horizon, scoreStride } = setup.detector.windowing(setup.values);
  // Rows wait for the head as well, and at the beginning for a whole window.
  const keep = reach.back + reach.align + reach.ahead + headReach(model.headState).ahead + BATCH + W + horizon;
  const how_F = [...sensors, ...covariates].map(({ name }) => setup.imputation[name] ?? 'linear');
  const filled = filler(how_F, S, learned);
  const rows = lastOf(before.rows, keep * F);
  const first = before.step - rows.length / F;
  const raw = new Tail(floats, F, keep, BATCH, first);
  const x = new Tail(floats, F, keep, BATCH, first);
  const seen = new Tail(bytes, S, keep, BATCH, first);
  const fitted = setup.detector.restore(weights, setup.values, { S, C });

  function take(rows: Float64Array): void {
    raw.append(rows);
    const { x_TF, seen_TS } = filled(rows);
    x.append(x_TF);
    seen.append(seen_TS);
  }
  for (let at = 0; at < rows.length; at += BATCH * F) take(rows.subarray(at, at + BATCH * F));
  let next = before.step;

  async function settle(run: Run): Promise<Expected | null> {
    const until = x.end - reach.ahead;
    // Windows are cut where those of the whole series are.
    const wanted = Math.max(first, next - reach.back);
    const from = before.origin + Math.ceil(Math.max(0, first - before.origin) / reach.align) * reach.align;
    const start = Math.max(from, before.origin + Math.floor((wanted - before.origin) / reach.align) * reach.align);
    if (until <= next || x.end - start < W + horizon) return null;
    const T = x.end - start;
    const held = { T, S, C, x_TF: x.view(start, x.end), seen_TS: seen.view(start, x.end) };
    const start_N = cutStarts([{ start: 0, end: T }], { W, horizon, stride: scoreStride });
    const norm = learned.scaler.windows;
    const said = await fitted.expect({ ...held, start_N, W, horizon, ...(norm && { norm }) }, run);
    const { r_TS } = residualOf({ ...held, constant_S: new Uint8Array(S) }, said);
    offset_S?.forEach((offset, s) => {
      for (let i = s; i < r_TS.length; i += S) r_TS[i] -= offset;
    });
    const [a, b] = [next - start, until - start];
    const span = { start: next, end: until };
    next = until;
    return {
      ...span,
      r_TS: r_TS.slice(a * S, b * S),
      y_TS: said.y_TS
        .slice(a * S, b * S)
        .map((y, i) => unscale(learned.scaler, i % S, y + (offset_S?.[i % S] ?? 0), -1)),
      parts: said.parts.map((part) => ({ ...part, value_T: part.value_T.slice(a, b) })),
    };
  }

  return {
    take,
    settle,
    raw,
    reach,
    dispose: () => fitted.dispose(),
    bytes: () => raw.bytes + x.bytes + seen.bytes,
    keep,
  };
}

const asTold = (score: Score, told: LiveModel['told']): Score =>
  told ? { ...score, score_T: score.score_T.map((value, t) => told(value, score.logP_T[t])) } : score;

/** Residuals → scores of settled steps. `batch`: settled steps that may come at a time. */
function heading({ setup, headState, sensors, told: inLaw }: LiveModel, before: Before, batch: number) {
  const S = sensors.length;
  const { back, ahead } = headReach(headState);
  const keep = back + ahead + batch;
  const head = setup.head.restore(headState, sensors, setup.headValues);
  const first = before.step - Math.min(keep, before.residual.T);
  const r = new Tail(floats, S, keep, batch, first);
  fill(r, lastOf(before.residual.r_TS, keep * S), batch);
  const parts = new Map<string, { readonly title: string; readonly tail: Tail<Float32Array> }>();
  // What is remembered is that of steps whose errors are smoothed to both sides: the last ones before come again.
  const again = head.goOn ? Math.min(ahead, before.residual.T) : 0;
  let next = before.step - again;
  let memory: HeadState | null = null;

  function partOf({ name, title }: ScorePart): Tail<Float32Array> {
    const known = parts.get(name);
    if (known) return known.tail;
    const tail = new Tail(floats, 1, keep, batch, first);
    const said = before.parts.find((part) => part.name === name)?.value_T;
    const count = before.step - first;
    fill(tail, said ? lastOf(said, count) : new Float32Array(count).fill(NaN), batch);
    parts.set(name, { title, tail });
    return tail;
  }

  /** What the head remembers of all steps before the first one. */
  async function remember(run: Run): Promise<void> {
    if (!head.goOn || before.residual.T === 0) return;
    const known = { start: 0, end: before.residual.T - again };
    ({ memory } = await head.goOn(before.residual, known, null, run, before.parts));
  }
  let remembered: Promise<void> | null = null;

  async function settle(expected: Expected, run: Run): Promise<(Span & { readonly score: Score }) | null> {
    for (const part of expected.parts) partOf(part).append(part.value_T);
    r.append(expected.r_TS);
    const until = expected.end - ahead;
    if (until <= next) return null;
    await (remembered ??= remember(run));
    const start = Math.max(r.start, next - back);
    const fresh = { start: next - start, end: until - start };
    const residual = { T: r.end - start, S, r_TS: r.view(start, r.end) };
    const own = [...parts].map(([name, { title, tail }]) => ({ name, title, value_T: tail.view(start, r.end) }));
    const going = await head.goOn?.(residual, fresh, memory, run, own);
    const score = going?.score ?? (await head.score(residual, run, own));
    if (going) ({ memory } = going);
    next = until;
    const told = Math.max(start + fresh.start, before.step);
    return until <= told
      ? null
      : { start: told, end: until, score: asTold(scoreIn(score, { start: told - start, end: fresh.end }), inLaw) };
  }

  const size = (): number => r.bytes + [...parts.values()].reduce((sum, { tail }) => sum + tail.bytes, 0);
  return { settle, ahead, keep, bytes: size };
}

/**
 * Restores a fitted run for rows that come. Without `before` the stream begins anew; with it, it goes on. A line over a
 * gap is only known when the gap has ended, so filled values are held ones until then, and the windows that see them may
 * say other things than those of the whole series.
 * Throws EngineError('bad-input', 'needs-whole') for engines that compare all steps of a series.
 */
export function createLive(model: LiveModel, before: Before = FRESH): LiveScorer {
  const F = model.sensors.length + model.covariates.length;
  const detector = expecting(model, before);
  // Steps that had to wait for the first window come at once.
  const { W, horizon } = model.setup.detector.windowing(model.setup.values);
  const batch = BATCH + W + horizon;
  const head = heading(model, before, batch);
  // Expected values of steps that the head has not settled yet.
  const waiting = new Tail(floats, model.sensors.length, head.ahead + batch, batch, before.step);
  return {
    lag: detector.reach.ahead + head.ahead,
    memory: Math.max(detector.keep, head.keep),
    bytes: () => detector.bytes() + head.bytes() + waiting.bytes,
    async *push(rows, run) {
      if (rows.length % F !== 0)
        throw new EngineError('bug', 'bad-shape', `rows of F=${F} values are wanted; got ${rows.length} values`);
      for (let at = 0; at < rows.length; at += BATCH * F) {
        await run.checkpoint();
        detector.take(rows.subarray(at, Math.min(rows.length, at + BATCH * F)));
        const expected = await detector.settle(run);
        if (expected === null) continue;
        waiting.append(expected.y_TS);
        const scored = await head.settle(expected, run);
        if (scored === null) continue;
        const { start, end, score } = scored;
        yield {
          start,
          end,
          score,
          x_TF: detector.raw.view(start, end).slice(),
          y_TS: waiting.view(start, end).slice(),
        };
      }
    },
    dispose: () => detector.dispose(),
  };
}
