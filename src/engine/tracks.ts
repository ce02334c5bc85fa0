/** Min/max pyramids of everything that can be drawn, made when first asked for and kept with their data set or run. */
import { EngineError } from './errors.ts';
import { scaleAt } from './prepare.ts';
import type { Scaler } from './prepare.ts';
import { createPyramid } from './pyramid.ts';
import type { Pyramid, TrackValues } from './pyramid.ts';
import type { Score, ScorePart, Series } from './types.ts';

/**
 * One drawable track. `observed` and `covariate` need no run; the others belong to one.
 * `system` is the largest −log10 p over the system's sensors; `nlp` is −log10 p of one sensor.
 */
export type TrackRef =
  | { readonly of: 'observed'; readonly index: number }
  | { readonly of: 'covariate'; readonly index: number }
  | { readonly of: 'expected'; readonly index: number }
  | { readonly of: 'residual'; readonly index: number }
  | { readonly of: 'nlp'; readonly index: number }
  | { readonly of: 'system'; readonly name: string }
  | { readonly of: 'part'; readonly name: string }
  | { readonly of: 'score' };

/** The arrays of a run that lanes draw. Expected values are in the source's units, residuals in scaled units. */
export type RunArrays = {
  readonly scaler: Scaler;
  readonly expected_TS: Float32Array;
  readonly r_TS: Float32Array;
  readonly score: Score;
  readonly parts: readonly ScorePart[];
};

const keyOf = (track: TrackRef): string =>
  'index' in track ? `${track.of} ${track.index}` : 'name' in track ? `${track.of} ${track.name}` : track.of;

const missing = (what: string): EngineError => new EngineError('bug', 'no-track', `there is no track ${what}`);

/** −ln p → −log10 p, the unit that people read. */
const LOG10 = 1 / Math.LN10;

/** Column `s` of a row-major [T, S] array. */
const columnOf = (values_TS: Float32Array, S: number, s: number, factor = 1): TrackValues => ({
  T: values_TS.length / S,
  at: (t) => values_TS[t * S + s] * factor,
});

function systemTrack(series: Series, nlp_TS: Float32Array, name: string): TrackValues {
  const S = series.sensors.length;
  const members = series.sensors.flatMap((sensor, s) => (sensor.system === name ? [s] : []));
  return {
    T: series.T,
    at: (t) => {
      let largest = NaN;
      for (const s of members)
        if (!(nlp_TS[t * S + s] <= largest)) largest = Number.isNaN(nlp_TS[t * S + s]) ? largest : nlp_TS[t * S + s];
      return largest * LOG10;
    },
  };
}

/** Values of a track by step, as lanes draw them. Throws EngineError('bug') for one that is not there. */
export function valuesOf(track: TrackRef, series: Series, run: RunArrays | null): TrackValues {
  const S = series.sensors.length;
  if (track.of === 'observed' || track.of === 'covariate') {
    const column = series.columns[track.of === 'observed' ? track.index : S + track.index] as
      (typeof series.columns)[number] | undefined;
    if (!column) throw missing(keyOf(track));
    return { T: series.T, at: (t) => column[t] };
  }
  if (!run) throw missing(`${keyOf(track)} without a run`);
  switch (track.of) {
    case 'expected':
      return columnOf(run.expected_TS, S, track.index);
    case 'residual':
      // In the source's units, so that it can be read against the 95 % band.
      return {
        T: series.T,
        at: (t) => run.r_TS[t * S + track.index] * scaleAt(run.scaler, t).width_F[track.index],
      };
    case 'nlp':
      return columnOf(run.score.nlp_TS, S, track.index, LOG10);
    case 'system':
      return systemTrack(series, run.score.nlp_TS, track.name);
    case 'score':
      return { T: series.T, at: (t) => run.score.score_T[t] };
    case 'part': {
      const part = run.parts.find(({ name }) => name === track.name);
      if (!part) throw missing(keyOf(track));
      return { T: series.T, at: (t) => part.value_T[t] };
    }
  }
}

/** Pyramids of one series (run null) or of one run over it. */
export class Tracks {
  #pyramids = new Map<string, Pyramid>();
  #series: Series;
  #run: RunArrays | null;

  constructor(series: Series, run: RunArrays | null) {
    this.#series = series;
    this.#run = run;
  }

  get(track: TrackRef): Pyramid {
    const key = keyOf(track);
    let pyramid = this.#pyramids.get(key);
    if (!pyramid) {
      pyramid = createPyramid(valuesOf(track, this.#series, this.#run));
      this.#pyramids.set(key, pyramid);
    }
    return pyramid;
  }
}
