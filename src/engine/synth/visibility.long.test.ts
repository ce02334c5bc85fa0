/**
 * What the bundled data sets promise: a threshold on one sensor does not find the anomalies, the sensors together (or
 * the habit of the day) do. Measured on the bundled seeds; the regression and the profile know nothing of the labels.
 */
import { describe, expect, it } from 'vitest';
import { RECIPES } from './generate.ts';
import type { SynthSystem } from './system.ts';
import { bestSingleF1, excess, outOfRange, profileResidual, regressionResidual } from './visibility.testkit.ts';

type Seen = {
  readonly kind: string;
  readonly out: number;
  readonly regression: number;
  readonly profile: number;
  /** Sensor with the largest regression excess, and whether the anomaly is one of that sensor alone. */
  readonly top: string;
  readonly sensors: readonly string[];
};

function look(system: SynthSystem, stepsPerDay: number): readonly Seen[] {
  const regression = system.sensors.map((_, s) => regressionResidual(system, s));
  const profile = system.sensors.map((_, s) => profileResidual(system, s, stepsPerDay));
  return system.anomalies.map(({ kind, span, sensors }) => {
    const at = sensors.map((name) => system.sensors.findIndex((sensor) => sensor.name === name));
    const byRegression = regression.map((z_T) => excess(system, z_T, span));
    return {
      kind,
      out: outOfRange(system, span),
      regression: Math.max(...at.map((s) => byRegression[s])),
      profile: Math.max(...at.map((s) => excess(system, profile[s], span))),
      top: system.sensors[byRegression.indexOf(Math.max(...byRegression))].name,
      sensors,
    };
  });
}

const CASES = [
  { id: 'pump-station', stepsPerDay: 288 },
  { id: 'server-rack', stepsPerDay: 1440 },
].map((row) => {
  const recipe = RECIPES.find((r) => r.id === row.id)!;
  const system = recipe.make(recipe.seed);
  return { ...row, system, seen: look(system, row.stepsPerDay) };
});

describe.each(CASES)('$id', ({ system, seen }) => {
  const share = system.labels.reduce((sum, l) => sum + l.end - l.start, 0) / (system.test.end - system.test.start);

  it('no threshold on one sensor, chosen with the labels, does much better than to flag everything', () => {
    const everything = (2 * share) / (1 + share);
    for (const [s, sensor] of system.sensors.entries()) {
      expect(bestSingleF1(system, s), sensor.name).toBeLessThan(Math.max(0.4, everything + 0.1));
    }
  });

  it('nearly every anomaly keeps every sensor inside its training range', () => {
    for (const { kind, out } of seen) expect(out, kind).toBeLessThan(0.2);
    expect(seen.filter(({ out }) => out === 0).length / seen.length).toBeGreaterThanOrEqual(0.7);
  });

  it('every anomaly stands out in a sensor it names: against the other sensors or the habit of the day', () => {
    for (const { kind, regression, profile } of seen) expect(Math.max(regression, profile), kind).toBeGreaterThan(3);
  });

  it('a plain regression on the other sensors sees most of them', () => {
    expect(seen.filter(({ regression }) => regression > 3).length).toBeGreaterThanOrEqual(10);
  });

  it('a fault of one sensor shows most in that sensor', () => {
    const single = seen.filter(({ sensors }) => sensors.length === 1);
    expect(single.length).toBeGreaterThan(0);
    for (const { top, sensors, kind } of single) expect(top, kind).toBe(sensors[0]);
  });

  it('has no label in training, and a judged part that is mostly normal', () => {
    for (const label of system.labels) expect(label.start).toBeGreaterThanOrEqual(system.test.start);
    expect(share).toBeLessThan(0.16);
  });

  it('has gaps that touch no label', () => {
    expect(system.gaps.length).toBeGreaterThan(2);
    for (const gap of system.gaps) {
      for (const label of system.labels) expect(gap.end <= label.start || gap.start >= label.end).toBe(true);
    }
  });
});

describe('the pumping station is physics', () => {
  const { system } = CASES[0];
  const column = (name: string): Float64Array =>
    system.columns[[...system.sensors, ...system.covariates].findIndex((c) => c.name === name)];
  const { start, end } = system.train;

  it('the tank holds what the flows leave in it', () => {
    const [level, inflow, outflow, mode] = ['tank_level', 'supply_flow', 'network_flow', 'operating_mode'].map(column);
    const errors: number[] = [];
    for (let t = start; t + 72 < end; t += 72) {
      let volume = 0;
      for (let k = t; k < t + 72; k++) volume += (inflow[k] - outflow[k] - (mode[k] === 2 ? 240 : 0)) / 12;
      const error = level[t + 72] - level[t] - volume / 600;
      if (!Number.isNaN(error)) errors.push(Math.abs(error));
    }
    expect(errors.length).toBeGreaterThan(150);
    // Six hours of flow against two level readings: the meters' noise adds up to some centimetres.
    expect(Math.max(...errors)).toBeLessThan(0.05);
  });

  it('every reading is plausible for such a plant', () => {
    const limits: Readonly<Record<string, readonly [number, number]>> = {
      supply_flow: [0, 185],
      supply_pressure: [1.6, 3.5],
      supply_current: [0, 40],
      supply_bearing_temp: [10, 60],
      booster_speed: [1900, 3100],
      booster_pressure: [4, 5.6],
      booster_current: [8, 75],
      booster_bearing_temp: [20, 65],
      booster_vibration: [0.8, 3],
      tank_level: [1.5, 5],
      network_flow: [20, 215],
      network_pressure: [2.5, 4.2],
      ambient_temp: [3, 36],
    };
    for (const [name, [low, high]] of Object.entries(limits)) {
      const seen = column(name).filter((x) => !Number.isNaN(x));
      expect(
        seen.reduce((a, b) => Math.min(a, b)),
        name,
      ).toBeGreaterThanOrEqual(low);
      expect(
        seen.reduce((a, b) => Math.max(a, b)),
        name,
      ).toBeLessThanOrEqual(high);
    }
  });
});
