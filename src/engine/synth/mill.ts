/**
 * A mill that is overhauled: six sensors of one machine at five minutes, as `drifts.ts` makes them, in the units of their
 * instruments. In the third week a bearing is replaced, and from then on it runs warmer for good; four faults, two
 * before and two after, are something else. Made to show the difference between the two.
 */
import type { Anomaly } from './anomaly.ts';
import { driftCase } from './drifts.ts';
import { asRecorded } from './system.ts';
import type { SynthChannel, SynthSystem } from './system.ts';

/** Monday, 3 November 2025, 00:00 UTC. */
const START_NS = 1_762_128_000_000_000_000n;
const STEP_NS = 300_000_000_000n;

/** name, unit, system, decimals, about, reading at rest, reading of one unit of the machine. */
const TABLE = [
  ['feed_rate', 't/h', 'Feed', 2, 'Raw material into the mill', 42, 1.5],
  ['feed_moisture', '%', 'Feed', 3, 'Water in the raw material', 7, 0.25],
  ['bearing_temp', '°C', 'Drive', 2, 'Main bearing of the mill', 58, 1.8],
  ['motor_current', 'A', 'Drive', 2, 'Main drive', 310, 6],
  ['mill_pressure', 'mbar', 'Mill', 3, 'Pressure drop over the mill', 28, 0.8],
  ['classifier_speed', 'rpm', 'Mill', 1, 'Classifier above the mill', 640, 14],
] as const;

const TITLES = [
  'Feed moisture jumps about',
  'Mill filter clogs',
  'Motor current jumps about',
  'Classifier runs away',
] as const;

/** The same seed gives the same mill. */
export function mill(seed: number): SynthSystem {
  const { series } = driftCase('level', true, seed);
  const sensors = TABLE.map(([name, unit, system, decimals, about]): SynthChannel => ({
    ...{ name, unit, system, decimals, about },
  }));
  const raw = series.columns.map((x_T, s) => {
    const [, , , , , rest, gain] = TABLE[s];
    return Float64Array.from(x_T, (x) => rest + gain * x);
  });
  const anomalies = series.causes.map(({ span, sensors: [at] }, n): Anomaly => ({
    kind: n % 2 === 0 ? 'variance-change' : 'level-shift',
    title: TITLES[n],
    span,
    sensors: [sensors[at].name],
  }));
  return {
    asset: 'mill',
    T: series.T,
    sensors,
    covariates: [],
    columns: asRecorded(raw, sensors, []),
    clock: { kind: 'regular', startNs: START_NS, stepNs: STEP_NS, zone: 'UTC' },
    train: series.train,
    test: series.test,
    contiguous: true,
    gaps: [],
    anomalies,
    labels: anomalies.map(({ span }) => span),
  };
}
