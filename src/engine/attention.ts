/**
 * What is read off the attention maps of one window: averages over heads and layers, rollout over layers, how far two
 * maps differ row by row, and learned frequencies as periods beside the spectrum of the series. Plain arrays.
 * Dimension key: N maps in a set, H heads, R rows, C columns (R = C), K periods.
 */
import type { AttentionMap, Evidence, MapAxis, MapDivergence } from './model.ts';
import { fft } from './math/fft.ts';
import type { Span } from './types.ts';

export type LayerPick = number | 'mean' | 'rollout';
export type HeadPick = number | 'mean';
export type MapPick = { readonly layer: LayerPick; readonly head: HeadPick };

/** All maps of one name: each layer and head, their means, and the rollout. */
export type MapSet = {
  readonly name: string;
  readonly title: string;
  readonly axis: MapAxis;
  readonly size: number;
  /** Which map stands at which place of the array. */
  readonly picks: readonly MapPick[];
  /** [N, size, size], row = query. */
  readonly value_NRC: Float32Array;
};

export type DivergenceKind = NonNullable<MapDivergence['kind']>;

/** How far two sets differ row by row, in nats, for the same picks. */
export type DivergenceSet = {
  readonly title: string;
  readonly kind: DivergenceKind;
  readonly between: readonly [string, string];
  readonly size: number;
  readonly picks: readonly MapPick[];
  /** [N, size] */
  readonly value_NR: Float32Array;
};

/** Learned periods of one layer in steps; Infinity where a head learned no rotation at all. */
export type LearnedPeriods = { readonly layer: number; readonly period_H: Float32Array };

/** Share of each period in the variance of the sensors around the window, long periods first; shares add to 1. */
export type Spectrum = { readonly region: Span; readonly period_K: Float32Array; readonly share_K: Float32Array };

/** Everything that the attention inspector shows of one window. */
export type AttentionView = {
  readonly window: Span;
  readonly maps: readonly MapSet[];
  readonly divergences: readonly DivergenceSet[];
  readonly periods: readonly LearnedPeriods[];
  readonly spectrum: Spectrum;
  /** Share of `A` in the mixture that is applied; null where nothing is mixed. */
  readonly mixing: number | null;
  /** Rollout of the applied mixture, [size, size]; null without mixture or with one layer only. */
  readonly mixedRollout_RC: Float32Array | null;
};

/** Place of a pick in a set, -1 when the set has no such map. */
export const placeOf = (picks: readonly MapPick[], { layer, head }: MapPick): number =>
  picks.findIndex((pick) => pick.layer === layer && pick.head === head);

/** Mean of arrays of one length. */
export function meanOf(arrays: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(arrays[0].length);
  for (const values of arrays) for (let i = 0; i < out.length; i++) out[i] += values[i] / arrays.length;
  return out;
}

/** Rows scaled to a sum of 1; a row of zeros stays. */
function normaliseRows(map_RC: Float32Array, size: number): Float32Array {
  for (let r = 0; r < size; r++) {
    const row = map_RC.subarray(r * size, (r + 1) * size);
    let sum = 0;
    for (const value of row) sum += value;
    if (sum > 0) for (let c = 0; c < size; c++) row[c] /= sum;
  }
  return map_RC;
}

function product(a_RC: Float32Array, b_RC: Float32Array, size: number): Float32Array {
  const out = new Float32Array(size * size);
  for (let r = 0; r < size; r++) {
    const row = out.subarray(r * size, (r + 1) * size);
    for (let k = 0; k < size; k++) {
      const weight = a_RC[r * size + k];
      if (weight === 0) continue;
      const from = k * size;
      for (let c = 0; c < size; c++) row[c] += weight * b_RC[from + c];
    }
  }
  return out;
}

/**
 * Attention rollout: how much of each input step reaches each output step when every layer passes half of its input on
 * unchanged (the residual connection). `layers_LRC`: one map [size, size] a layer, from the input up.
 * Abnar & Zuidema, "Quantifying Attention Flow in Transformers", 2020, section 3.
 */
export function rollout(layers_LRC: readonly Float32Array[], size: number): Float32Array {
  const half = (map: Float32Array): Float32Array => {
    const out = map.map((value) => value / 2);
    for (let r = 0; r < size; r++) out[r * size + r] += 0.5;
    return normaliseRows(out, size);
  };
  return layers_LRC.slice(1).reduce((below, map) => product(half(map), below, size), half(layers_LRC[0]));
}

/** Smallest probability that symmetric KL reads, so that a zero gives a large number and not infinity. */
const FLOOR = 1e-12;

function klTerm(p: number, q: number): number {
  return p > 0 ? p * Math.log(p / q) : 0;
}

/**
 * Divergence of two maps at each row, in nats: Jensen-Shannon (0 to ln 2) or symmetric Kullback-Leibler,
 * KL(a‖b) + KL(b‖a) (Anomaly Transformer, eq. 3). Rows must add to 1.
 */
export function rowDivergence(a_RC: Float32Array, b_RC: Float32Array, size: number, kind: DivergenceKind) {
  const out_R = new Float32Array(size);
  for (let r = 0; r < size; r++) {
    let sum = 0;
    for (let i = r * size; i < (r + 1) * size; i++) {
      if (kind === 'js') {
        const middle = (a_RC[i] + b_RC[i]) / 2;
        sum += (klTerm(a_RC[i], middle) + klTerm(b_RC[i], middle)) / 2;
      } else {
        const a = Math.max(a_RC[i], FLOOR);
        const b = Math.max(b_RC[i], FLOOR);
        sum += (a - b) * Math.log(a / b);
      }
    }
    out_R[r] = Math.max(0, sum);
  }
  return out_R;
}

/**
 * Period of a learned frequency in steps. Positions are whole steps, so a frequency beyond π turns as its mirror image
 * below π does; no rotation gives Infinity.
 */
export function periodOf(omega: number): number {
  const turn = 2 * Math.PI;
  const rest = Math.abs(omega) % turn;
  return turn / Math.min(rest, turn - rest);
}

/**
 * Hann-windowed periodogram of each sensor over `region`, each with the mean taken out and scaled to one, averaged over
 * the sensors that vary. `x_TF`: scaled rows without NaN, F a row, of which the first S are sensors.
 */
export function spectrumOf(x_TF: Float32Array, F: number, S: number, region: Span): Spectrum {
  const n = region.end - region.start;
  const K = Math.floor(n / 2);
  const share_K = new Float64Array(K);
  let counted = 0;
  for (let s = 0; s < S; s++) {
    const x = Float64Array.from({ length: n }, (_, t) => x_TF[(region.start + t) * F + s]);
    const mean = x.reduce((sum, value) => sum + value, 0) / n;
    const { re, im } = fft(x.map((value, t) => (value - mean) * (1 - Math.cos((2 * Math.PI * (t + 0.5)) / n))));
    const power_K = share_K.map((_, k) => re[k + 1] ** 2 + im[k + 1] ** 2);
    const sum = power_K.reduce((total, value) => total + value, 0);
    if (!(sum > 1e-9 * n)) continue;
    counted++;
    for (let k = 0; k < K; k++) share_K[k] += power_K[k] / sum;
  }
  return {
    region,
    period_K: Float32Array.from({ length: K }, (_, k) => n / (k + 1)),
    share_K: Float32Array.from(share_K, (value) => (counted > 0 ? value / counted : 0)),
  };
}

/** Longest region whose spectrum is taken. */
const MAX_REGION = 8192;

/** Four windows around the window, inside its stretch: periods longer than the window show as well. */
export function spectrumRegion(window: Span, stretch: Span): Span {
  const W = window.end - window.start;
  const length = Math.min(stretch.end - stretch.start, Math.max(W, Math.min(4 * W, MAX_REGION)));
  const centred = Math.round((window.start + window.end - length) / 2);
  const start = Math.max(stretch.start, Math.min(stretch.end - length, centred));
  return { start, end: start + length };
}

/**
 * Start of the window that best covers `range`: centred on it when it fits in, else on `step`; moved as little as need
 * be to stay in the stretch that holds `step`. Null when the step lies in no stretch that is long enough.
 */
export function windowStart(
  stretches: readonly Span[],
  { W, horizon }: { readonly W: number; readonly horizon: number },
  range: Span,
  step: number,
): number | null {
  const home = stretches.find(({ start, end }) => step >= start && step < end && end - start >= W + horizon);
  if (!home) return null;
  const fits = range.end - range.start <= W;
  const middle = fits ? (range.start + range.end) / 2 : step + 0.5;
  let start = Math.round(middle - W / 2);
  // The step itself is always in sight.
  start = Math.max(step - W + 1, Math.min(step, start));
  return Math.max(home.start, Math.min(home.end - W - horizon, start));
}

const headsOf = ({ heads, size, value_HRC }: AttentionMap): Float32Array[] =>
  Array.from({ length: heads }, (_, h) => value_HRC.subarray(h * size * size, (h + 1) * size * size));

type Named = { readonly pick: MapPick; readonly values: Float32Array };

/** Each layer and head, then the means over heads, over layers (where all have the same heads), and over both. */
function withMeans(layers: readonly { readonly layer: number; readonly heads: readonly Float32Array[] }[]): Named[] {
  const named: Named[] = [];
  const means = layers.map(({ heads }) => meanOf(heads));
  layers.forEach(({ layer, heads }, l) => {
    heads.forEach((values, head) => named.push({ pick: { layer, head }, values }));
    named.push({ pick: { layer, head: 'mean' }, values: means[l] });
  });
  if (layers.length < 2) return named;
  const count = layers[0].heads.length;
  if (layers.every(({ heads }) => heads.length === count))
    for (let head = 0; head < count; head++)
      named.push({ pick: { layer: 'mean', head }, values: meanOf(layers.map(({ heads }) => heads[head])) });
  named.push({ pick: { layer: 'mean', head: 'mean' }, values: meanOf(means) });
  return named;
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of arrays) {
    out.set(values, at);
    at += values.length;
  }
  return out;
}

/** A set's map at a pick; null when it has none. */
export function mapAt({ picks, size, value_NRC }: MapSet, pick: MapPick): Float32Array | null {
  const n = placeOf(picks, pick);
  return n < 0 ? null : value_NRC.subarray(n * size * size, (n + 1) * size * size);
}

const ROLLOUT: MapPick = { layer: 'rollout', head: 'mean' };

function mapSet(name: string, all: readonly AttentionMap[]): MapSet {
  const maps = all.filter((map) => map.name === name).sort((a, b) => a.layer - b.layer);
  const [{ title, axis, size }] = maps;
  const layers = maps.map((map) => ({ layer: map.layer, heads: headsOf(map) }));
  const named = withMeans(layers);
  if (layers.length > 1)
    named.push({
      pick: ROLLOUT,
      values: rollout(
        layers.map(({ heads }) => meanOf(heads)),
        size,
      ),
    });
  const picks = named.map(({ pick }) => pick);
  return { name, title, axis, size, picks, value_NRC: joined(named.map(({ values }) => values)) };
}

function divergenceSet(parts: readonly MapDivergence[], maps: readonly MapSet[]): DivergenceSet {
  const [{ title, between, size, kind = 'js' }] = parts;
  const layers = [...parts]
    .sort((a, b) => a.layer - b.layer)
    .map(({ layer, heads, value_HR }) => ({
      layer,
      heads: Array.from({ length: heads }, (_, h) => value_HR.subarray(h * size, (h + 1) * size)),
    }));
  const named = withMeans(layers);
  const [a, b] = between.map((name) => maps.find((set) => set.name === name));
  const [rolledA, rolledB] = [a && mapAt(a, ROLLOUT), b && mapAt(b, ROLLOUT)];
  if (rolledA && rolledB) named.push({ pick: ROLLOUT, values: rowDivergence(rolledA, rolledB, size, kind) });
  const picks = named.map(({ pick }) => pick);
  return { title, kind, between, size, picks, value_NR: joined(named.map(({ values }) => values)) };
}

/** Rollout of αA + (1 − α)S, the attention that is really applied. */
function mixedRollout({ mixing, maps }: Evidence): Float32Array | null {
  const named = (name: string) => maps.filter((map) => map.name === name).sort((a, b) => a.layer - b.layer);
  const [a, s] = [named('A'), named('S')];
  if (mixing === null || s.length < 2 || a.length !== s.length) return null;
  const layers = s.map((map, l) => {
    const own = meanOf(headsOf(map));
    const masked = meanOf(headsOf(a[l]));
    return own.map((value, i) => (1 - mixing) * value + mixing * masked[i]);
  });
  return rollout(layers, s[0].size);
}

/** What a model showed of a window, with everything that is derived from it. */
export function attentionView(evidence: Evidence, spectrum: Spectrum): AttentionView {
  const maps = [...new Set(evidence.maps.map(({ name }) => name))].map((name) => mapSet(name, evidence.maps));
  const pairs = [...new Set(evidence.divergences.map(({ between }) => between.join(' ')))];
  return {
    window: evidence.window,
    maps,
    divergences: pairs.map((pair) =>
      divergenceSet(
        evidence.divergences.filter(({ between }) => between.join(' ') === pair),
        maps,
      ),
    ),
    periods: evidence.frequencies.map(({ layer, omega_H }) => ({ layer, period_H: omega_H.map(periodOf) })),
    spectrum,
    mixing: evidence.mixing,
    mixedRollout_RC: mixedRollout(evidence),
  };
}
