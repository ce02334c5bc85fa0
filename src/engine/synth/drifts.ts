/** Series of six coupled sensors in which the machine changes for good, with or without anomalies before and after. */
import { normal, seeded } from '../rng.ts';
import type { Series, Span } from '../types.ts';

export const DRIFTS = ['none', 'level', 'scale', 'trend', 'mode', 'replaced', 'decoupled'] as const;

export type DriftName = (typeof DRIFTS)[number];

export const DRIFT_TITLES: Readonly<Record<DriftName, string>> = {
  none: 'No change',
  level: 'Level of one sensor rises',
  scale: 'One sensor swings three times as wide',
  trend: 'Slow trend of one sensor over 1500 steps',
  mode: 'New mode of operation, all sensors',
  replaced: 'One sensor replaced: other offset, gain and noise',
  decoupled: 'One sensor loses its correlation, nothing else',
};

export type DriftCase = {
  readonly series: Series;
  /** Step from which the machine is another; null for none. */
  readonly changed: number | null;
  /** Sensors that change. */
  readonly sensors: readonly number[];
};

const T = 7000;
const TRAIN = 3500;
const CHANGE = 5000;
const TREND = 1500;
const S = 6;

/** Two rhythms of the machine and a load that wanders. */
function drivers(rng: () => number): (t: number, speed: number) => readonly [number, number, number] {
  let load = 0;
  let at = -1;
  return (t, speed) => {
    if (t !== at) load = 0.97 * load + 0.25 * normal(rng);
    at = t;
    return [Math.sin((t * speed) / 8), Math.cos((t * speed) / 27), load];
  };
}

/** Bursts and excursions: short, and the machine is itself again afterwards. */
const ANOMALIES: readonly { span: Span; sensor: number; burst: boolean }[] = [
  { span: { start: 4100, end: 4140 }, sensor: 1, burst: true },
  { span: { start: 4500, end: 4560 }, sensor: 4, burst: false },
  { span: { start: 6200, end: 6240 }, sensor: 3, burst: true },
  { span: { start: 6600, end: 6660 }, sensor: 5, burst: false },
];

/** The sensor that changes; none of the anomalies is in it. */
const SENSOR = 2;

/** What becomes of a value after the change: of the sensor that changes, or in mode of every sensor. */
const CHANGES: Readonly<Record<DriftName, (x: number, s: number, t: number, rng: () => number) => number>> = {
  none: (x) => x,
  level: (x) => x + 4,
  scale: (x) => 3 * x,
  trend: (x, _s, t) => x + 5 * Math.min(1, (t - CHANGE) / TREND),
  mode: (x, s) => x + (s % 2 === 0 ? 1.5 : -1.5),
  replaced: (x, _s, _t, rng) => 2 + 0.4 * x + 0.5 * normal(rng),
  decoupled: (x) => x,
};

type Mix = readonly [number, number, number];

const mixed = (by: Mix, of: Mix): number => by[0] * of[0] + by[1] * of[1] + by[2] * of[2];

function anomalyAt(s: number, t: number, rng: () => number): number {
  const found = ANOMALIES.find(({ span, sensor }) => s === sensor && t >= span.start && t < span.end);
  return found === undefined ? 0 : found.burst ? 5 * normal(rng) : 7;
}

function columnsOf(name: DriftName, hasAnomalies: boolean, rng: () => number): Float64Array[] {
  const weights = Array.from({ length: S }, (): Mix => [0.5 + rng(), 0.5 + rng(), 0.5 + rng()]);
  const columns = weights.map(() => new Float64Array(T));
  const machine = drivers(rng);
  const stranger = drivers(rng);
  for (let t = 0; t < T; t++) {
    const isNewMode = name === 'mode' && t >= CHANGE;
    const usual = machine(t, isNewMode ? 1.9 : 1);
    const other = stranger(t + 1000, 1);
    for (let s = 0; s < S; s++) {
      const changes = t >= CHANGE && (s === SENSOR || name === 'mode');
      const x = mixed(weights[isNewMode ? (s + 1) % S : s], changes && name === 'decoupled' ? other : usual);
      const noisy = x + 0.15 * normal(rng);
      const changed = changes ? CHANGES[name](noisy, s, t, rng) : noisy;
      columns[s][t] = changed + (hasAnomalies ? anomalyAt(s, t, rng) : 0);
    }
  }
  return columns;
}

/** The series of one kind of change; the same seed gives the same machine and noise. */
export function driftCase(name: DriftName, hasAnomalies: boolean, seed: number): DriftCase {
  const columns = columnsOf(name, hasAnomalies, seeded(seed));
  const anomalies = hasAnomalies ? ANOMALIES : [];
  const series: Series = {
    asset: `${name}-${String(seed)}${hasAnomalies ? '-anomalies' : ''}`,
    T,
    sensors: columns.map((_, s) => ({ name: `s${String(s)}`, unit: '', system: '' })),
    covariates: [],
    columns,
    clock: { kind: 'index' },
    train: { start: 0, end: TRAIN },
    test: { start: TRAIN, end: T },
    contiguous: true,
    labels: anomalies.map(({ span }) => span),
    causes: anomalies.map(({ span, sensor }) => ({ span, sensors: [sensor] })),
  };
  return {
    series,
    changed: name === 'none' ? null : CHANGE,
    sensors: name === 'mode' ? columns.map((_, s) => s) : name === 'none' ? [] : [SENSOR],
  };
}
