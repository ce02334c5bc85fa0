/**
 * Labelled windows of one sensor of a series, and whose word on what is anomalous counts. Dimensions: N windows,
 * T steps of a window (T of the series where an array is named `label_T` beside a series).
 */
import { EngineError } from '../errors.ts';
import { flagsOf } from '../eval/prepare.ts';
import { ANOMALOUS, NORMAL, stepLabels } from '../labels/steps.ts';
import type { Label } from '../labels/types.ts';
import { stretches } from '../pipeline.ts';
import { impute } from '../prepare.ts';
import type { Series, Span } from '../types.ts';
import { cutStarts, inOrder } from '../window.ts';
import { picked } from './samples.ts';
import type { Samples } from './samples.ts';

export type Whose = 'file' | 'mine' | 'both';

/** The sensor with this number. Throws EngineError('bad-input', 'no-such-sensor'). */
export function sensorAt(series: Series, sensor: number) {
  if (Number.isInteger(sensor) && sensor >= 0 && sensor < series.sensors.length) return series.sensors[sensor];
  throw new EngineError(
    'bad-input',
    'no-such-sensor',
    `${series.asset} has ${series.sensors.length} sensors; there is no number ${sensor}`,
    'Choose one of its sensors.',
  );
}

/** 1 where the file calls the sensor anomalous: a labelled step counts unless its causes are known and are others. */
function fileLabels({ T, labels, causes }: Series, sensor: number): Uint8Array {
  const label_T = flagsOf(labels ?? [], T);
  const others = causes.filter(({ sensors }) => !sensors.includes(sensor));
  const own = causes.filter(({ sensors }) => sensors.includes(sensor));
  for (const { span } of others) label_T.fill(0, span.start, span.end);
  for (const { span } of own) label_T.fill(1, span.start, span.end);
  return label_T;
}

/**
 * 1 at the steps at which one sensor is anomalous, 0 elsewhere, [T]: by the file, by what people said, or by the file
 * unless somebody said otherwise (`both`). A step of which nobody speaks counts as normal, and so does an unsure one.
 */
export function sensorLabels(series: Series, sensor: number, whose: Whose, said: readonly Label[]): Uint8Array {
  const channel = sensorAt(series, sensor);
  const label_T = whose === 'mine' ? new Uint8Array(series.T) : fileLabels(series, sensor);
  if (whose === 'file') return label_T;
  stepLabels(said, { T: series.T, sensors: [channel] }).forEach((code, t) => {
    if (code === ANOMALOUS || code === NORMAL) label_T[t] = code;
  });
  return label_T;
}

/** Blocks of time are this many windows long where the series has room for ten of them, and at least two. */
const BLOCK = 4;

/**
 * Windows in blocks of time that share no step, so that blocks can stand on either side of a split: windows that reach
 * from one block into the next are left out. Windows that do not overlap are a block each. Gives the number of the
 * block of each window, [N].
 */
export function inBlocks({ samples, start_N }: Cut): { readonly samples: Samples; readonly group_N: Int32Array } {
  const { T } = samples;
  const isApart = start_N.every((start, n) => n === 0 || start >= start_N[n - 1] + T);
  if (isApart) return { samples, group_N: start_N };
  const length = T * Math.max(2, Math.min(BLOCK, Math.floor((start_N[start_N.length - 1] + T) / (10 * T))));
  const blockOf = (step: number): number => Math.floor(step / length);
  const order = inOrder(start_N.length).filter((n) => blockOf(start_N[n]) === blockOf(start_N[n] + T - 1));
  return { samples: picked(samples, order), group_N: order.map((n) => blockOf(start_N[n])) };
}

export type Cut = {
  readonly samples: Samples;
  /** First step of each window, [N]. */
  readonly start_N: Int32Array;
};

/** More windows than this take no part in a studio session: their copies would fill the memory. */
const MOST_WINDOWS = 20_000;
/** Windows of which less was observed are no example of anything. */
const LEAST_SEEN = 0.5;

function tooFew(series: Series, within: readonly Span[], T: number): EngineError {
  const longest = within.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  if (longest < T)
    return new EngineError(
      'bad-input',
      'series-too-short',
      `a window of ${T} steps is longer than the longest stretch of ${series.asset} (${longest} steps)`,
      `Choose a window of at most ${longest} steps.`,
    );
  return new EngineError(
    'bad-input',
    'too-many-gaps',
    `every window of ${T} steps misses more than half of its values`,
    'Choose another sensor or a shorter window.',
  );
}

/**
 * Windows of T steps, `stride` steps apart, none across a border of the ranges `within`; windows with fewer than half of their values are left
 * out, other gaps are filled by straight lines. All are of one series (source 0).
 * Throws EngineError('bad-input'): 'no-such-sensor', 'bad-window', 'series-too-short', 'too-many-gaps',
 * 'too-many-windows'.
 */
export function cutSamples(
  series: Series,
  sensor: number,
  label_T: Uint8Array,
  { window: T, stride }: { readonly window: number; readonly stride: number },
  within: readonly Span[] = stretches(series),
): Cut {
  sensorAt(series, sensor);
  const x = series.columns[sensor];
  const all_N = cutStarts(within, { W: T, horizon: 0, stride });
  if (all_N.length > MOST_WINDOWS)
    throw new EngineError(
      'bad-input',
      'too-many-windows',
      `${all_N.length} windows are more than the ${MOST_WINDOWS} that fit`,
      `Take a stride of at least ${Math.ceil((stride * all_N.length) / MOST_WINDOWS)} steps.`,
    );
  const seen = (start: number): number => {
    let count = 0;
    for (let t = start; t < start + T; t++) if (!Number.isNaN(x[t])) count++;
    return count;
  };
  const start_N = all_N.filter((start) => seen(start) >= LEAST_SEEN * T);
  const N = start_N.length;
  if (N === 0) throw tooFew(series, within, T);
  const samples: Samples = {
    T,
    x_NT: new Float32Array(N * T),
    label_NT: new Float32Array(N * T),
    source_N: new Int32Array(N),
  };
  start_N.forEach((start, n) => {
    samples.x_NT.set(impute(x.subarray(start, start + T), 'linear', 0), n * T);
    samples.label_NT.set(label_T.subarray(start, start + T), n * T);
  });
  return { samples, start_N };
}
