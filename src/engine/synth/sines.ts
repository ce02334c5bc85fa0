/**
 * The simulated data set of the C-GATS paper (supplement 6.2): sine windows of 240 steps of random frequency and phase,
 * half of them with one anomaly of 1 to 10 steps. The paper leaves the time scale and the size of the spike open: here
 * the time runs to 10 so that a window holds up to ten cycles and none aliases, and the spike adds 1 to 3.
 */
import type { Span } from '../types.ts';
import { quantise, signal, stream } from './parts.ts';
import type { SynthChannel, SynthSystem } from './system.ts';

/** Steps per window. */
export const SINES_W = 240;

const SENSOR: SynthChannel = { name: 'value', unit: '', system: '', decimals: 2, about: 'The sine, with its anomaly' };

export type SineWindow = { readonly x_W: Float64Array; readonly anomaly: Span | null };

export type SinesOptions = {
  /** Share of the anomalous windows that hold a level shift of 20 to 60 steps instead of a spike (Figure 1's set). */
  readonly levelShiftShare?: number;
  /** `paper` takes the step number itself as time, as the text reads; most windows then alias. */
  readonly time?: 'scaled' | 'paper';
};

const integer = (rng: () => number, low: number, high: number): number => low + Math.floor(rng() * (high - low + 1));

/** One window: x = sin(2πηt + θ), η ~ U[0, 1], θ ~ U[−π, π], then with probability ½ d·U(1, 3) added over l steps. */
export function sineWindow(rng: () => number, options: SinesOptions = {}): SineWindow {
  const cycles = rng();
  const phase = Math.PI * (2 * rng() - 1);
  const unit = options.time === 'paper' ? 1 : 24;
  const x_W = signal(SINES_W, (n) => Math.sin((2 * Math.PI * cycles * n) / unit + phase));
  if (rng() >= 0.5) return { x_W, anomaly: null };
  const start = integer(rng, 0, SINES_W - 1);
  const isShift = rng() < (options.levelShiftShare ?? 0);
  const end = Math.min(SINES_W, start + (isShift ? integer(rng, 20, 60) : integer(rng, 1, 10)));
  const size = (rng() < 0.5 ? 1 : -1) * (1 + 2 * rng());
  for (let n = start; n < end; n++) x_W[n] += size;
  return { x_W, anomaly: { start, end } };
}

/** `windows` sine windows end to end; the first 80 % train, anomalies among them, as in the paper. */
export function sines(seed: number, windows: number, options: SinesOptions = {}): SynthSystem {
  const rng = stream(seed, 'sines');
  const T = windows * SINES_W;
  const x_T = new Float64Array(T);
  const labels: Span[] = [];
  for (let i = 0; i < windows; i++) {
    const { x_W, anomaly } = sineWindow(rng, options);
    const at = i * SINES_W;
    x_T.set(
      x_W.map((x) => quantise(x, SENSOR.decimals)),
      at,
    );
    if (anomaly === null) continue;
    const last = labels.at(-1);
    // Two anomalies that meet at the border of two windows are one labelled range.
    if (last?.end === at + anomaly.start) labels[labels.length - 1] = { start: last.start, end: at + anomaly.end };
    else labels.push({ start: at + anomaly.start, end: at + anomaly.end });
  }
  const border = Math.round(windows * 0.8) * SINES_W;
  return {
    asset: 'sines',
    T,
    sensors: [SENSOR],
    covariates: [],
    columns: [x_T],
    clock: { kind: 'index' },
    train: { start: 0, end: border },
    test: { start: border, end: T },
    contiguous: false,
    gaps: [],
    anomalies: [],
    labels,
  };
}
