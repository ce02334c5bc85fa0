import { describe, expect, it } from 'vitest';
import { quietRun } from '../detect/testData.testkit.ts';
import type { Progress } from '../model.ts';
import { normal, seeded } from '../rng.ts';
import { driftCase, DRIFTS } from '../synth/drifts.ts';
import { portraits } from './blocks.ts';
import { canTell, detectDrift, DRIFT_SETTINGS, readDrift, settingsFor } from './detect.ts';
import type { Regime } from './detect.ts';
import { judgeEvent, markEvent } from './mark.ts';

const found = (name: (typeof DRIFTS)[number], hasAnomalies: boolean, seed = 1) => {
  const { series, sensors, changed } = driftCase(name, hasAnomalies, seed);
  const x_ST = series.columns.map((column) => Float64Array.from(column));
  return { ...detectDrift(x_ST, series.train, series.test), x_ST, series, sensors, changed };
};

describe('portraits', () => {
  const x = Float64Array.from({ length: 400 }, (_, t) => Math.sin(t / 5) + 0.1 * Math.cos(t));
  const at = (x_T: Float64Array, other: Float64Array = x) => portraits([x_T, other], 0, 400, Float64Array.of(2, 2))[0];
  it('a level moves the level only, a scale the scale only', () => {
    const [plain, raised, wide] = [at(x), at(x.map((v) => v + 3)), at(x.map((v) => 4 * v))];
    expect(raised.level - plain.level).toBeCloseTo(3, 10);
    expect(raised.scale).toBeCloseTo(plain.scale, 10);
    expect(raised.shape[2]).toBeCloseTo(plain.shape[2], 10);
    expect(wide.scale - plain.scale).toBeCloseTo(Math.log(4), 2);
    expect(wide.shape[0]).toBeCloseTo(plain.shape[0], 2);
  });
  it('company is lost when the other goes its own way, and unseen steps say nothing', () => {
    const rng = seeded(1);
    const noise = x.map(() => normal(rng));
    expect(
      at(
        x,
        x.map((v) => 2 * v - 1),
      ).correlation[1],
    ).toBe(2);
    expect(Math.abs(at(x, noise).correlation[1])).toBeLessThan(0.2);
    expect(at(x.map(() => NaN)).level).toBeNaN();
    expect(
      at(
        x,
        x.map(() => 5),
      ).correlation[1],
    ).toBe(0);
  });
});

describe('drift', () => {
  it.each(DRIFTS.filter((name) => name !== 'none'))('%s is noticed as one regime with its sensors', (name) => {
    const { regimes, sensors, changed } = found(name, false);
    expect(regimes.length).toBeGreaterThan(0);
    const [first] = regimes;
    expect(first.start).toBeGreaterThanOrEqual(changed! - 150);
    expect(first.start).toBeLessThan(changed! + (name === 'trend' ? 1200 : 300));
    expect(sensors).toContain(first.sensors[0]);
    if (name === 'level' || name === 'scale') expect(first.kind).toBe(name);
    // A trend is several steps; everything else is one change.
    if (name !== 'trend') expect(regimes).toHaveLength(1);
  });

  it.each([true, false])('no change, no regime (anomalies: %s)', (hasAnomalies) => {
    expect(found('none', hasAnomalies).regimes).toEqual([]);
  });

  it('the lane looks back only and is 1 where training strayed farthest', () => {
    const { drift_T, series, x_ST } = found('level', false);
    expect(drift_T[series.test.start]).toBeNaN();
    expect(drift_T[4900]).toBeLessThan(DRIFT_SETTINGS.limit);
    expect(drift_T[5500]).toBeGreaterThan(2);
    const cut = x_ST.map((x_T) => x_T.map((x, t) => (t > 6000 ? 0 : x)));
    const early = detectDrift(cut, series.train, series.test).drift_T.subarray(4000, 6000);
    expect(early).toEqual(drift_T.subarray(4000, 6000));
  });

  it('says nothing without enough training', () => {
    const x_ST = [new Float64Array(300)];
    expect(detectDrift(x_ST, { start: 0, end: 100 }, { start: 100, end: 300 }).regimes).toEqual([]);
  });
});

describe('marks of events', () => {
  const x_ST = [0, 1].map((s) =>
    Float64Array.from(
      { length: 2000 },
      (_, t) => (s === 0 && t >= 1000 ? 8 : 0) + Math.sin(t) + (s === 0 && t >= 1600 && t < 1640 ? 9 : 0),
    ),
  );
  const regime: Regime = { start: 1000, end: 2000, kind: 'level', sensors: [0], strength: 9 };
  it.each([
    ['the whole regime, flagged as one long event', { start: 998, end: 1500, sensors: [0] }, 'regime'],
    ['another sensor inside the regime', { start: 1200, end: 1240, sensors: [1] }, 'fault'],
    ['before it', { start: 300, end: 320, sensors: [0] }, 'fault'],
    ['the same sensor, far from what it has become', { start: 1600, end: 1640, sensors: [0] }, 'fault'],
  ] as const)('%s', (_, event, mark) => {
    expect(markEvent(event, [regime], x_ST)).toBe(mark);
  });
});

describe('why an event is marked as it is', () => {
  const { regimes, x_ST, series } = found('level', true);
  const judged = (start: number, end: number, sensors: number[]) => judgeEvent({ start, end, sensors }, regimes, x_ST);
  it.each([
    ['the changed sensor, as in the rest of the regime', judged(5300, 5500, [2]), 'regime', 'usual-in-regime'],
    ['before any regime', judged(4100, 4140, [1]), 'fault', 'no-regime'],
    ['in the regime, another sensor', judged(6200, 6240, [3]), 'fault', 'other-sensors'],
  ] as const)('%s', (_, { mark, reason }, wanted, is) => {
    expect(mark).toBe(wanted);
    expect(reason.is).toBe(is);
  });

  it('names the sensor that reads otherwise', () => {
    const odd = x_ST.map((x_T, s) => x_T.map((x, t) => (s === 2 && t >= 6000 && t < 6050 ? x + 30 : x)));
    const { mark, reason } = judgeEvent({ start: 6000, end: 6050, sensors: [2] }, regimes, odd);
    expect(mark).toBe('fault');
    expect(reason).toEqual({ is: 'unlike-regime', regime: 0, sensor: 2, share: 0 });
  });

  it('read as a job: the same, and stopped at once', async () => {
    const settings = settingsFor(series);
    expect(settings).toEqual(DRIFT_SETTINGS);
    const told: number[] = [];
    const progress = (report: Progress): void => {
      if (report.kind === 'scoring') told.push(report.done);
    };
    const run = { ...quietRun(), progress };
    expect((await readDrift(x_ST, series, settings, run)).regimes).toEqual(regimes);
    expect(told.length).toBeGreaterThan(200);
    const stop = { ...run, checkpoint: () => Promise.reject(new Error('cancelled')) };
    await expect(readDrift(x_ST, series, settings, stop)).rejects.toThrow('cancelled');
  });

  it('a short training part gets short windows, too short a one none', () => {
    const parts = (end: number, T: number) => ({ train: { start: 0, end }, test: { start: end, end: T }, T });
    expect(settingsFor(parts(1000, 2000))).toEqual({ window: 250, hop: 13, limit: 1.25, stay: 300 });
    expect(canTell(settingsFor(parts(300, 2000)))).toBe(false);
    expect(settingsFor(parts(1e5, 1e6)).hop).toBe(250);
  });
});
