import { describe, expect, it } from 'vitest';
import type { Run } from '../../model.ts';
import { normal, seeded } from '../../rng.ts';
import type { Channel, Residual, ScorePart } from '../../types.ts';
import { attribute, scoreWithout } from '../attribution.ts';
import { headEvidence } from '../evidence.ts';
import type { M2adState } from './m2ad.ts';
import { own } from './own.ts';

const run: Run = { rng: seeded(1), checkpoint: () => Promise.resolve(), progress: () => undefined };
const sensors: Channel[] = ['a', 'b', 'c'].map((name) => ({ name, unit: '', system: '' }));
const T = 400;
const S = 3;

/** Three sensors of unit noise; the second leaves its course at step 300. */
function noise(): Residual {
  const rng = seeded(5);
  const r_TS = Float32Array.from({ length: T * S }, () => normal(rng));
  r_TS[300 * S + 1] = 12;
  return { T, S, r_TS };
}

const partOf = (value: (t: number) => number): ScorePart => ({
  name: 'score',
  title: 'Score',
  value_T: Float32Array.from({ length: T }, (_, t) => value(t)),
});

const head = (residual: Residual, parts?: ScorePart[]) => own.fit(residual, sensors, {}, run, parts);

describe('the head of the engine’s own score', () => {
  it('passes the score part on, with a tail that falls as the score rises', async () => {
    const part = partOf((t) => 1 + (t % 7) / 7);
    const { score_T, logP_T } = await (await head(noise(), [part])).score(noise(), run, [part]);
    expect(score_T).toEqual(Float64Array.from(part.value_T));
    expect(logP_T[6]).toBeLessThan(logP_T[1]);
    expect(logP_T.every((p) => p <= 0)).toBe(true);
  });

  it('takes the mean square of the residuals where there is no such part, missing sensors left out', async () => {
    const residual = noise();
    residual.r_TS[7 * S] = NaN;
    residual.r_TS.fill(NaN, 9 * S, 10 * S);
    const { score_T, logP_T } = await (await head(residual)).score(residual, run);
    const [, b, c] = residual.r_TS.subarray(7 * S, 8 * S);
    expect(score_T[7]).toBeCloseTo((b * b + c * c) / 2, 5);
    expect(score_T[9]).toBeNaN();
    expect(logP_T[9]).toBeNaN();
    expect(score_T.indexOf(Math.max(...score_T.map((x) => (Number.isNaN(x) ? 0 : x))))).toBe(300);
  });

  it('attributes a step to the sensor that left its course, and lowers the score by its share', async () => {
    const residual = noise();
    const score = await (await head(residual)).score(residual, run);
    const event = { start: 298, end: 303, peak: 300 };
    expect(attribute(score, sensors, event, 'error').sensors[0].sensor).toBe(1);
    expect(attribute(score, sensors, event, 'p').sensors[0].sensor).toBe(1);
    const rest = scoreWithout(score, event, [1], score.score_T[300] / 2);
    expect(rest.score).toBeLessThan(score.score_T[300] / 5);
    expect(rest.score).toBeGreaterThan(0);
    expect(scoreWithout(score, event, [0, 1, 2], 0).score).toBeCloseTo(0, 9);
  });

  it('comes back from plain JSON, refuses another head’s state and other sensors', async () => {
    const residual = noise();
    const fitted = await head(residual);
    const back = own.restore(JSON.parse(JSON.stringify(fitted.state())) as never, sensors, {});
    expect(await back.score(residual, run)).toEqual(await fitted.score(residual, run));
    expect(() => own.restore({ kind: 'm2ad' }, sensors, {})).toThrow(/not one of/);
    const two = { T: 1, S: 2, r_TS: new Float32Array(2) };
    await expect(back.score(two, run)).rejects.toMatchObject({ kind: 'other-sensors' });
  });

  it('gives evidence for a step: errors and scores of training, no mixture', async () => {
    const residual = noise();
    const fitted = await head(residual);
    const score = await fitted.score(residual, run);
    const range = { start: 0, end: T };
    const asked = { sensor: 1, step: 300, range, train: range, significance: 0.01 };
    const shown = headEvidence(fitted.state() as unknown as M2adState, residual, score, asked);
    expect(shown.error).toBeCloseTo(12, 5);
    expect(shown.components).toEqual([]);
    expect(shown.score).toBe(score.score_T[300]);
    expect(shown.logP).toBeLessThan(-20);
  });

  it('does not count a sensor that never moved, and refuses a training part without a score', async () => {
    const residual = noise();
    for (let t = 0; t < T; t++) residual.r_TS[t * S] = 0;
    const score = await (await head(residual)).score(residual, run);
    expect([...score.weight_S]).toEqual([0, 1, 1]);
    const nothing = { T: 4, S, r_TS: new Float32Array(4 * S).fill(NaN) };
    await expect(head(nothing)).rejects.toMatchObject({ kind: 'nothing-to-calibrate' });
  });
});
