/**
 * What a model is taught from: windows over the labelled steps, cut anew into batches with new masks every time.
 * Dimensions: T steps, N windows, B batch, W window, L lead, F = S sensors + C covariates.
 */
import { UNKNOWN } from '../labels/steps.ts';
import * as tf from '../tensor/tf.ts';
import { glassOf, through } from '../reversible.ts';
import { shuffle } from '../rng.ts';
import type { Span, Windows } from '../types.ts';
import { inOrder } from '../window.ts';
import { maskRuns } from './minimax.ts';
import type { LabelledBatch } from './minimax.ts';

/** Windows by first step, and the first step of the stretch that each lies in: no lead reaches before it. */
export type Starts = { readonly start_N: Int32Array; readonly first_N: Int32Array };

export type Lesson = {
  /** Rows and windows; `start_N` are windows with at least one labelled step. */
  readonly windows: Windows;
  /** First step of the stretch that each window lies in: no lead reaches before it. */
  readonly first_N: Int32Array;
  /** 0 normal, 1 anomalous, 255 unknown. */
  readonly label_T: Uint8Array;
  /** What stands in hidden steps, by column: the mean over the training steps. */
  readonly fill_F: Float32Array;
  /** Windows of the training part to rehearse: all their steps are taken for normal but those labelled otherwise. */
  readonly rehearsal: Starts;
};

/** Runs of labelled steps within a span. */
function labelledRuns(label_T: Uint8Array, { start, end }: Span): Span[] {
  const runs: Span[] = [];
  for (let t = start; t < end; t++) {
    if (label_T[t] === UNKNOWN) continue;
    const from = t;
    while (t < end && label_T[t] !== UNKNOWN) t++;
    runs.push({ start: from, end: t });
  }
  return runs;
}

/**
 * Starts of windows of W steps that hold every labelled step of the stretches: side by side through a long run, with a
 * last one at its end; around the middle of a run shorter than a window. Stretches shorter than a window give none.
 */
export function lessonStarts(label_T: Uint8Array, stretches: readonly Span[], W: number): Starts {
  const first = new Map<number, number>();
  for (const stretch of stretches.filter(({ start, end }) => end - start >= W)) {
    const last = stretch.end - W;
    for (const { start, end } of labelledRuns(label_T, stretch)) {
      const length = end - start;
      const from = length >= W ? start : start - Math.floor((W - length) / 2);
      for (let at = from; at === from || at < end; at += W)
        first.set(Math.max(stretch.start, Math.min(last, length >= W ? Math.min(at, end - W) : at)), stretch.start);
    }
  }
  const start_N = Int32Array.from(first.keys()).sort();
  return { start_N, first_N: start_N.map((start) => first.get(start)!) };
}

/** Windows with the stretch that each lies in; one that lies in none is its own. */
export const startsWithin = (start_N: Int32Array, stretches: readonly Span[]): Starts => ({
  start_N,
  first_N: start_N.map((at) => stretches.find(({ start, end }) => start <= at && at < end)?.start ?? at),
});

/** Mean of each column over the training steps, in scaled units. */
export function columnMeans({ x_TF, S, C }: Pick<Windows, 'x_TF' | 'S' | 'C'>, { start, end }: Span): Float32Array {
  const F = S + C;
  return Float32Array.from({ length: F }, (_, f) => {
    let sum = 0;
    for (let t = start; t < end; t++) sum += x_TF[t * F + f];
    return end > start ? sum / (end - start) : 0;
  });
}

export type Masking = {
  /** Share of the labelled steps of a window that is masked, and the mean length of a run of them. */
  readonly ratio: number;
  readonly meanRun: number;
  /** Off: no step is hidden and all labelled ones are judged. */
  readonly hide: boolean;
  /** `hidden` steps alone, as in the paper, or all `labelled` ones. */
  readonly judged: string;
};

/** A mask over the labelled steps of one window: unknown steps are never hidden, for nothing is known to hold them to. */
export function maskLabelled(label_W: Uint8Array, { ratio, meanRun }: Masking, rng: () => number): Float32Array {
  const known = [...label_W.keys()].filter((w) => label_W[w] !== UNKNOWN);
  const mask_W = new Float32Array(label_W.length);
  const drawn = maskRuns(known.length, ratio, meanRun, rng);
  known.forEach((w, n) => (mask_W[w] = drawn[n]));
  return mask_W;
}

/** `count` windows drawn to be rehearsed, none twice, and at most all. */
const rehearsed = ({ start_N }: Starts, count: number, rng: () => number): Int32Array =>
  count === 0 ? new Int32Array(0) : shuffle(inOrder(start_N.length), rng).subarray(0, count);

/**
 * Windows number `from` to `to` of `order` with their lead and new masks, then `more` windows of the training part as they
 * are: none of their steps is hidden, all are judged. The caller frees `x_BWF`.
 */
export function cutLesson(
  { windows, first_N, label_T, fill_F, rehearsal }: Lesson,
  {
    order,
    from,
    to,
    more,
  }: { readonly order: Int32Array; readonly from: number; readonly to: number; readonly more: number },
  lead: number,
  masking: Masking,
  rng: () => number,
): LabelledBatch {
  const { x_TF, start_N, W, S, C, norm } = windows;
  const F = S + C;
  const again = rehearsed(rehearsal, more, rng);
  const cuts = [
    ...Array.from(order.subarray(from, to), (n) => ({ start: start_N[n], first: first_N[n], old: false })),
    ...Array.from(again, (n) => ({ start: rehearsal.start_N[n], first: rehearsal.first_N[n], old: true })),
  ];
  const [B, long] = [cuts.length, lead + W];
  const rows = new Float32Array(B * long * F);
  const mask_BW = new Float32Array(B * long);
  const judged_BW = new Float32Array(B * long);
  const label_BW = new Float32Array(B * long);
  cuts.forEach(({ start, first, old }, b) => {
    for (let w = 0; w < long; w++) {
      const t = Math.max(first, start - lead + w);
      rows.set(x_TF.subarray(t * F, (t + 1) * F), (b * long + w) * F);
    }
    // A forecast is seen through its past, a window that is filled in through all of it, as in scoring.
    if (norm) through(norm, glassOf(norm, rows, b * long * F, lead > 0 ? lead : W, F), rows, b * long * F, long, F);
    const label_W = label_T.subarray(start, start + W);
    const isHiding = masking.hide && !old;
    const mask_W = isHiding ? maskLabelled(label_W, masking, rng) : new Float32Array(W);
    mask_BW.set(mask_W, b * long + lead);
    const known_W = Float32Array.from(label_W, (code) => (old || code !== UNKNOWN ? 1 : 0));
    judged_BW.set(isHiding && masking.judged === 'hidden' ? mask_W : known_W, b * long + lead);
    label_BW.set(
      Float32Array.from(label_W, (code) => (code === 1 ? 1 : 0)),
      b * long + lead,
    );
  });
  return { x_BWF: tf.tensor3d(rows, [B, long, F]), mask_BW, judged_BW, label_BW, fill_F };
}
