/**
 * Where injected anomalies of a stress test go: to normal places of the judged part, so far apart that none is seen in the
 * window of another. Dimensions: N places, T steps of a window, P injections.
 */
import { EngineError } from '../errors.ts';
import { flagsOf } from '../eval/prepare.ts';
import { shuffle } from '../rng.ts';
import { stretches } from '../pipeline.ts';
import type { Series, Span } from '../types.ts';
import { inOrder } from '../window.ts';
import { normalAmong, picked } from './samples.ts';
import type { Samples } from './samples.ts';
import { cutSamples } from './seriesSamples.ts';

export type Places = {
  /** The windows as measured, gaps filled. */
  readonly samples: Samples;
  /** First step of each, [N]. */
  readonly start_N: Int32Array;
};

/**
 * Windows of T steps of the judged part without a labelled step, `gap` steps or more apart.
 * Throws EngineError('bad-input') as `cutSamples` does, 'no-normals' where every place is labelled.
 */
export function normalPlaces(series: Series, sensor: number, T: number, gap: number): Places {
  const label_T = flagsOf(series.labels ?? [], series.T);
  const { test } = series;
  const judged = stretches(series)
    .map((span): Span => ({ start: Math.max(span.start, test.start), end: Math.min(span.end, test.end) }))
    .filter(({ start, end }) => end > start);
  const { samples, start_N } = cutSamples(series, sensor, label_T, { window: T, stride: T + gap }, judged);
  const order = normalAmong(samples);
  return { samples: picked(samples, order), start_N: order.map((n) => start_N[n]) };
}

/** One injection: which cell of the table it counts for, and its place. */
export type Task = { readonly cell: number; readonly place: number };

/**
 * `count` injections for each of `cells` cells at places drawn at random, in rounds in which no place is used twice: each
 * round is one copy of the series.
 */
export function roundsOf(cells: number, count: number, places: number, rng: () => number): Task[][] {
  const rounds: { readonly tasks: Task[]; readonly taken: Set<number> }[] = [];
  const put = (task: Task): void => {
    let round = rounds.find(({ taken }) => !taken.has(task.place));
    if (!round) rounds.push((round = { tasks: [], taken: new Set() }));
    round.tasks.push(task);
    round.taken.add(task.place);
  };
  for (let cell = 0; cell < cells; cell++) {
    let order: Int32Array = inOrder(places);
    for (let n = 0; n < count; n++) {
      // A cell takes a place twice only when it has been to all of them.
      if (n % places === 0) order = shuffle(inOrder(places), rng);
      put({ cell, place: order[n % places] });
    }
  }
  return rounds.map(({ tasks }) => tasks);
}

/** A mask of `length` steps in the middle of a window. Throws EngineError('bad-input', 'bad-length') for one that has no room. */
export function middleMask(T: number, length: number): Float32Array {
  if (!Number.isInteger(length) || length < 1 || length > T)
    throw new EngineError(
      'bad-input',
      'bad-length',
      `an anomaly of ${length} steps does not fit into windows of ${T}`,
      `Choose whole lengths from 1 to ${T}, or a generator of longer windows.`,
    );
  const from = Math.floor((T - length) / 2);
  return new Float32Array(T).fill(1, from, from + length);
}
