/**
 * Drift of inputs or residuals: portraits of a moving window held against those of training. How far a window may stray
 * without meaning anything is learned from training windows themselves, so that daily rhythms and slow noise are no drift.
 * Dimensions: T steps, S sensors, N windows.
 */
import { percentileSorted, sortedFinite } from '../math/quantile.ts';
import type { Run } from '../model.ts';
import type { Column, Series, Span } from '../types.ts';
import { DRIFT_KINDS, portraits } from './blocks.ts';
import type { DriftKind, Portrait } from './blocks.ts';

export type DriftSettings = {
  /** Steps of a portrait. */
  readonly window: number;
  /** Steps between portraits. */
  readonly hop: number;
  /** Strength from which a window counts as drifted; 1 is the farthest that training strayed. */
  readonly limit: number;
  /** Steps that a change must last to be a new regime. */
  readonly stay: number;
};

export const DRIFT_SETTINGS: DriftSettings = { window: 500, hop: 25, limit: 1.25, stay: 600 };

export type DriftWindow = Span & {
  /** How far each sensor strayed, by kind; 1 is the farthest in training. [S] */
  readonly by: Readonly<Record<DriftKind, Float64Array>>;
  /** The largest over sensors and kinds, against the largest in training. */
  readonly joint: number;
};

/** What is usual, per sensor, and how far training strays from it. */
type Reference = {
  readonly centre: readonly Portrait[];
  /** The farthest that training windows strayed. */
  readonly most_S: Readonly<Record<DriftKind, Float64Array>>;
};

const median = (values: readonly number[]): number => percentileSorted(sortedFinite(values), 50);

/** Medians of all numbers over windows: the usual portrait. */
function centreOf(all: readonly (readonly Portrait[])[]): Portrait[] {
  return all[0].map((first, s) => ({
    level: median(all.map((one) => one[s].level)),
    scale: median(all.map((one) => one[s].scale)),
    shape: first.shape.map((_, i) => median(all.map((one) => one[s].shape[i]))),
    correlation: first.correlation.map((_, i) => median(all.map((one) => one[s].correlation[i]))),
  }));
}

const rms = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum / Math.max(1, a.length));
};

const distance: Readonly<Record<DriftKind, (a: Portrait, b: Portrait) => number>> = {
  level: (a, b) => Math.abs(a.level - b.level),
  scale: (a, b) => Math.abs(a.scale - b.scale),
  shape: (a, b) => rms(a.shape, b.shape),
  correlation: (a, b) => rms(a.correlation, b.correlation),
};

/** No sensor is so steady that less than this is a change: shares of the range, logarithms, Fisher's z. */
const LEAST: Readonly<Record<DriftKind, number>> = { level: 0.02, scale: 0.3, shape: 0.25, correlation: 0.2 };

const byKind = (of: (kind: DriftKind) => Float64Array): Record<DriftKind, Float64Array> =>
  Object.fromEntries(DRIFT_KINDS.map((kind) => [kind, of(kind)])) as Record<DriftKind, Float64Array>;

function reference(all: readonly (readonly Portrait[])[], range_S: Float64Array): Reference {
  const centre = centreOf(all);
  const far = (kind: DriftKind, s: number): Float64Array =>
    sortedFinite(all.map((one) => distance[kind](one[s], centre[s])));
  const least = (kind: DriftKind, s: number): number => LEAST[kind] * (kind === 'level' ? range_S[s] : 1);
  const most_S = byKind((kind) => range_S.map((_, s) => Math.max(least(kind, s), far(kind, s).at(-1) ?? 0)));
  return { centre, most_S };
}

function strengths(now: readonly Portrait[], { centre, most_S }: Reference): DriftWindow['by'] {
  return byKind((kind) =>
    most_S[kind].map((most, s) => {
      const far = distance[kind](now[s], centre[s]) / most;
      return Number.isNaN(far) ? 0 : far;
    }),
  );
}

const largest = (by: DriftWindow['by']): number => Math.max(0, ...DRIFT_KINDS.map((kind) => Math.max(...by[kind])));

/** Windows of a span, the last one at its end. */
function windowsOf({ start, end }: Span, { window, hop }: DriftSettings): Span[] {
  const spans: Span[] = [];
  for (let from = start; from + window <= end; from += hop) spans.push({ start: from, end: from + window });
  return spans;
}

/** Largest minus smallest training value of each sensor; 1 for a sensor at rest. */
export function rangesIn(x_ST: readonly Column[], { start, end }: Span): Float64Array {
  return Float64Array.from(x_ST, (x_T) => {
    const sorted = sortedFinite(x_T.subarray(start, end));
    const range = sorted.length > 0 ? sorted[sorted.length - 1] - sorted[0] : 0;
    return range > 0 ? range : 1;
  });
}

/** A new regime: what is usual from its start on differs from what was usual before. */
export type Regime = Span & {
  /** What changed most. */
  readonly kind: DriftKind;
  /** Sensors that changed, the most first. */
  readonly sensors: readonly number[];
  /** Median strength of what changed most. */
  readonly strength: number;
};

export type Drift = {
  /** Joint strength at each step of the series, of the window that ends there; NaN before the first judged window. */
  readonly drift_T: Float64Array;
  readonly windows: readonly DriftWindow[];
  readonly regimes: readonly Regime[];
};

const medianOver = (windows: readonly DriftWindow[], kind: DriftKind, s: number): number =>
  median(windows.map(({ by }) => by[kind][s]));

function regimeOf(run: readonly DriftWindow[], limit: number, S: number, at: Span): Regime {
  const all = DRIFT_KINDS.flatMap((kind) =>
    Array.from({ length: S }, (_, s) => ({ kind, s, strength: medianOver(run, kind, s) })),
  ).sort((a, b) => b.strength - a.strength);
  const changed = all.filter(({ strength }, i) => i === 0 || strength > limit);
  return { ...at, kind: all[0].kind, sensors: [...new Set(changed.map(({ s }) => s))], strength: all[0].strength };
}

/**
 * The step at which a sensor changes most between two: the split with the largest difference of means against its
 * standard error, of the values (level) or of their sizes around the median (scale).
 */
export function splitOf(x_T: Column, kind: 'level' | 'scale', { start, end }: Span): number {
  const x = Float64Array.from(x_T.subarray(start, end));
  const centre = median([...x]);
  const y = kind === 'level' ? x : x.map((value) => Math.abs(value - centre));
  const total = y.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
  const seen = y.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  let [sum, n] = [0, 0];
  let best = { at: start, gain: -1 };
  for (let t = 0; t < y.length; t++) {
    if (n > 0 && n < seen) {
      const gain = (sum / n - (total - sum) / (seen - n)) ** 2 * ((n * (seen - n)) / seen);
      if (gain > best.gain) best = { at: start + t, gain };
    }
    if (Number.isNaN(y[t])) continue;
    sum += y[t];
    n++;
  }
  return best.at;
}

/** The regime that a run of drifted windows speaks of. */
function proposed(
  run: readonly DriftWindow[],
  x_ST: readonly Column[],
  judged: Span,
  { limit, window }: DriftSettings,
): Regime {
  const [first] = run;
  // The newest windows lie behind the change; those before straddle it, and are strange in every way.
  const changed = regimeOf(run.slice(-Math.ceil(run.length / 4)), limit, x_ST.length, judged);
  const { kind, sensors } = changed;
  // Correlations and shapes cannot be told step by step: they show once half of the window is new.
  const isSlow = kind === 'correlation' || kind === 'shape';
  const within = { start: Math.max(judged.start, first.start), end: first.end };
  const start = isSlow ? Math.max(judged.start, first.end - (window >> 1)) : splitOf(x_ST[sensors[0]], kind, within);
  return { ...changed, start };
}

/** Settings that suit a series: a window is at most a quarter of training, and a long series is read in larger hops. */
export function settingsFor({ train, test, T }: Pick<Series, 'train' | 'test' | 'T'>): DriftSettings {
  const { window: usual, limit } = DRIFT_SETTINGS;
  const window = Math.min(usual, Math.floor((train.end - train.start) / 4));
  const longest = Math.max(train.end - train.start, test.end - test.start, T);
  const hop = Math.max(1, Math.min(window >> 1, Math.max(Math.round(window / 20), Math.ceil(longest / MOST_WINDOWS))));
  return { window, hop, limit, stay: Math.round(1.2 * window) };
}

/** Windows of one part of a series at most. */
const MOST_WINDOWS = 4000;

/** Shorter windows make no portrait: quantiles of fewer than 16 values, correlations of fewer than 16 a fifth. */
const LEAST_WINDOW = 80;

/** Whether training is long enough to say how far it strays by itself. */
export const canTell = ({ window }: DriftSettings): boolean => window >= LEAST_WINDOW;

/** How far a reading is: windows read of all. */
type Read = { readonly done: number; readonly of: number };

/** As `detectDrift`, in steps of one window. */
function* reading(x_ST: readonly Column[], train: Span, judged: Span, settings: DriftSettings): Generator<Read, Drift> {
  const T = x_ST[0]?.length ?? 0;
  const S = x_ST.length;
  const drift_T = new Float64Array(T).fill(NaN);
  const range_S = rangesIn(x_ST, train);
  const portrait = ({ start, end }: Span) => portraits(x_ST, start, end, range_S);
  const [before, after] = [windowsOf(train, settings), windowsOf(judged, settings)];
  const of = before.length + after.length;
  if (S === 0 || before.length < 2) return { drift_T, windows: [], regimes: [] };
  const learned: (readonly Portrait[])[] = [];
  for (const span of before) {
    learned.push(portrait(span));
    yield { done: learned.length, of };
  }
  let known = reference(learned, range_S);
  const windows: DriftWindow[] = [];
  const regimes: Regime[] = [];
  // Windows, in a row, that have been over the limit.
  let run: { window: DriftWindow; now: readonly Portrait[] }[] = [];
  for (const span of after) {
    yield { done: before.length + windows.length, of };
    const now = portrait(span);
    const by = strengths(now, known);
    const window = { ...span, by, joint: largest(by) };
    windows.push(window);
    drift_T.fill(window.joint, span.end - 1, Math.min(T, span.end - 1 + settings.hop));
    if (window.joint > settings.limit) run.push({ window, now });
    else run = [];
    const first = run.at(0)?.window;
    if (first === undefined || span.end - first.end < settings.stay) continue;
    const found = proposed(
      run.map((one) => one.window),
      x_ST,
      judged,
      settings,
    );
    const last = regimes.at(-1);
    if (last !== undefined) regimes[regimes.length - 1] = { ...last, end: found.start };
    regimes.push(found);
    const settled = run.filter((one) => one.window.start >= found.start);
    known = { ...known, centre: centreOf((settled.length > 0 ? settled : run).map((one) => one.now)) };
    run = [];
  }
  return { drift_T, windows, regimes };
}

/**
 * Reads the judged span window by window. Once a change has lasted for `stay` steps it is a regime, and what follows is
 * held against the regime's own first windows: a machine that has changed is judged by what it has become.
 * Looks back only; a regime is known `stay` steps after it began. `x_ST`: one row of T values a sensor, NaN where not seen.
 */
export function detectDrift(
  x_ST: readonly Column[],
  train: Span,
  judged: Span,
  settings: DriftSettings = DRIFT_SETTINGS,
): Drift {
  const steps = reading(x_ST, train, judged, settings);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `detectDrift`, as a job: yields to others after each window and stops when `run` is cancelled. */
export async function readDrift(
  x_ST: readonly Column[],
  { train, test }: Pick<Series, 'train' | 'test'>,
  settings: DriftSettings,
  run: Pick<Run, 'checkpoint' | 'progress'>,
): Promise<Drift> {
  const steps = reading(x_ST, train, test, settings);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    run.progress({ kind: 'scoring', ...value });
    await run.checkpoint();
  }
}
