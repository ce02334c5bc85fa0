/** Windows that are normalised one by one: for every engine that looks at windows, by the same few lines. */
import { describe, expect, it } from 'vitest';
import { quietRun } from './detect/testData.testkit.ts';
import { cutLesson } from './feedback/lesson.ts';
import { teachParams } from './feedback/teachParams.ts';
import type { AnyDetector } from './model.ts';
import { detectors, quickDetectors } from './models/index.ts';
import { stepDetectors } from './models/steps.ts';
import { resolve } from './params.ts';
import type { AnyValues } from './params.ts';
import { normal, seeded } from './rng.ts';
import { glassOf, learnNorm } from './reversible.ts';
import type { WindowNorm } from './reversible.ts';
import { memoryNow } from './tensor/backend.ts';
import { useBackend } from './tensor/node.testkit.ts';
import type { Windows } from './types.ts';
import { cutStarts, gather, gatherOne, gatherTargets, inOrder, restore } from './window.ts';

const [T, TRAIN, S, F] = [400, 300, 2, 3];

/** Two waves and a covariate in steps of 1/256, so that sums of them and of whole numbers are exact. */
function rows(): Float32Array {
  const rng = seeded(8);
  const x_TF = new Float32Array(T * F);
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++)
      x_TF[t * F + s] = Math.round(256 * (0.5 + 0.25 * Math.sin(t / 4 + s) + 0.02 * normal(rng))) / 256;
    x_TF[t * F + S] = (t % 8) / 8;
  }
  return x_TF;
}

const normOf = (by: WindowNorm['by'], least = 0.1): WindowNorm =>
  learnNorm(by, least, rows(), { start: 0, end: TRAIN }, S, F);

function windows(x_TF: Float32Array, start_N: Int32Array, W: number, horizon: number, norm: WindowNorm): Windows {
  return { x_TF, seen_TS: new Uint8Array(T * S).fill(1), T, S, C: F - S, start_N, W, horizon, norm };
}

/** Rows in which the sensors lie higher over some steps. */
function raised(x_TF: Float32Array, start: number, end: number, by: number): Float32Array {
  const copy = x_TF.slice();
  for (let t = start; t < end; t++) for (let s = 0; s < S; s++) copy[t * F + s] += by;
  return copy;
}

describe('a normalised window', () => {
  const starts = Int32Array.of(40, 90, 200);
  const order = inOrder(3);

  it('has the level and spread of training, covariates as they were, and comes back as it was', () => {
    const norm = normOf('full');
    const given = windows(rows(), starts, 16, 0, norm);
    const seen = gather(given, order, 0, 3);
    for (let b = 0; b < 3; b++)
      for (let s = 0; s < S; s++) {
        const values = Array.from({ length: 16 }, (_, w) => seen[(b * 16 + w) * F + s]);
        const mean = values.reduce((a, x) => a + x, 0) / 16;
        const sd = Math.sqrt(values.reduce((a, x) => a + (x - mean) ** 2, 0) / 16);
        expect(mean).toBeCloseTo(norm.mean_S[s], 6);
        expect(sd).toBeCloseTo(norm.sd_S[s], 6);
      }
    const said = new Float32Array(3 * 16 * S);
    for (let i = 0; i < 3 * 16; i++) said.set(seen.subarray(i * F, i * F + S), i * S);
    restore(given, order, 0, 3, said);
    for (let b = 0; b < 3; b++)
      for (let w = 0; w < 16; w++) {
        const row = (starts[b] + w) * F;
        expect(seen[(b * 16 + w) * F + S]).toBe(given.x_TF[row + S]);
        for (let s = 0; s < S; s++)
          expect(Math.abs(said[(b * 16 + w) * S + s] - given.x_TF[row + s])).toBeLessThan(1e-6);
      }
    const one = new Float64Array(16 * S);
    const putBack = gatherOne(given, 90, one);
    expect([...Float32Array.from(one)]).toEqual(
      Array.from({ length: 16 * S }, (_, i) => seen[(16 + Math.floor(i / S)) * F + (i % S)]),
    );
    putBack(one);
    one.forEach((value, i) => expect(value).toBeCloseTo(given.x_TF[(90 + Math.floor(i / S)) * F + (i % S)], 12));
  });

  it('is the same at another level and, above the floor, with another spread', () => {
    const norm = normOf('full');
    const plain = gather(windows(rows(), starts, 16, 0, norm), order, 0, 1);
    const higher = gather(windows(raised(rows(), 40, 56, 3), starts, 16, 0, norm), order, 0, 1);
    expect([...higher]).toEqual([...plain]);
    const wider = rows();
    for (let t = 40; t < 56; t++) for (let s = 0; s < S; s++) wider[t * F + s] *= 4;
    gather(windows(wider, starts, 16, 0, norm), order, 0, 1).forEach((x, i) => expect(x).toBeCloseTo(plain[i], 6));
    const byLevel = gather(windows(wider, starts, 16, 0, normOf('level')), order, 0, 1);
    expect(Math.abs(byLevel[0] - plain[0])).toBeGreaterThan(0.05);
  });

  it('that stands still is blown up no further than to the floor', () => {
    const flat = rows();
    for (let t = 40; t < 56; t++) for (let s = 0; s < S; s++) flat[t * F + s] = 0.5 + (t === 50 ? 1 / 256 : 0);
    const norm = normOf('full', 0.25);
    const { gain_S } = glassOf(norm, flat, 40 * F, 16, F);
    expect([...gain_S]).toEqual([4, 4]);
    const still = glassOf({ ...norm, sd_S: Float64Array.of(0, 0) }, flat, 40 * F, 16, F);
    expect([...still.gain_S]).toEqual([1, 1]);
  });

  it('of a forecast knows nothing of its target', () => {
    const norm = normOf('full');
    const other = raised(rows(), 40 + 16, 40 + 17, 5);
    const [before, after] = [rows(), other].map((x_TF) => windows(x_TF, starts, 16, 1, norm));
    expect(gather(after, order, 0, 1)).toEqual(gather(before, order, 0, 1));
    const [was, is] = [before, after].map((one) => gatherTargets(one, order, 0, 1));
    const { gain_S } = glassOf(norm, rows(), 40 * F, 16, F);
    for (let s = 0; s < S; s++) expect(is[s] - was[s]).toBeCloseTo(5 * gain_S[s], 4);
    restore(after, order, 0, 1, is);
    for (let s = 0; s < S; s++) expect(is[s]).toBeCloseTo(other[(40 + 16) * F + s], 6);
  });

  it('is what a person’s answers teach, too', () => {
    const label_T = new Uint8Array(T).fill(255).fill(0, 90, 95);
    const lesson = (x_TF: Float32Array, lead: number) => {
      const given = windows(x_TF, Int32Array.of(90), 16, 0, normOf('full'));
      const rest = { first_N: Int32Array.of(0), label_T, fill_F: new Float32Array(F) };
      const { x_BWF } = cutLesson(
        { windows: given, ...rest, rehearsal: { start_N: new Int32Array(0), first_N: new Int32Array(0) } },
        { order: Int32Array.of(0), from: 0, to: 1, more: 0 },
        lead,
        resolve(teachParams),
        seeded(1),
      );
      return x_BWF;
    };
    const values = (x_TF: Float32Array, lead: number): number[] => {
      const held = lesson(x_TF, lead);
      const read = [...held.dataSync<'float32'>()];
      held.dispose();
      return read;
    };
    expect(values(raised(rows(), 90, 106, 2), 0)).toEqual(values(rows(), 0));
    expect(values(raised(rows(), 74, 106, 2), 16)).toEqual(values(rows(), 16));
    expect(values(raised(rows(), 90, 106, 2), 16)).not.toEqual(values(rows(), 16));
  });
});

const SMALL: AnyValues = {
  ...{ window: 8, stride: 4, hidden: 8, heads: 2, layers: 2, epochs: 1, batch: 32, patience: 0 },
  ...{ views: 3, filters1: 2, filters: 4, items: 10, decoder: 8, classifier: 4, clusters: 5, cover: 4 },
};

const valuesOf = (detector: AnyDetector, given: AnyValues): AnyValues =>
  resolve(
    detector.params,
    Object.fromEntries(Object.entries({ ...SMALL, ...given }).filter(([key]) => key in detector.params)),
  );

const windowed = [...detectors.values(), ...quickDetectors.values()].filter((one) => one.windowed !== false);

describe.each(windowed.map((detector) => ({ id: detector.card.id, detector })))('$id', ({ detector }) => {
  it.each(['level', 'full'] as const)(
    'does not see at which level a window lies (%s), and draws as ever',
    async (by) => {
      await useBackend('wasm', true);
      const tensors = memoryNow().tensors;
      const p = valuesOf(detector, { perWindow: by });
      const { W, horizon, stride } = detector.windowing(p);
      const norm = normOf(by);
      const learn = cutStarts([{ start: 0, end: TRAIN }], { W, horizon, stride });
      const fitted = await detector.fit(windows(rows(), learn, W, horizon, norm), p, quietRun());
      const again = await detector.fit(windows(rows(), learn, W, horizon, norm), p, quietRun());
      expect(await again.snapshot()).toEqual(await fitted.snapshot());
      again.dispose();
      const [start, up] = [320, 2];
      const say = (x_TF: Float32Array, given: WindowNorm) =>
        fitted.expect(windows(x_TF, Int32Array.of(start), W, horizon, given), quietRun());
      const plain = await say(rows(), norm);
      const higher = await say(raised(rows(), start, start + W + horizon, up), norm);
      const [from, to] = horizon === 0 ? [start, start + W] : [start + W - 1 + horizon, start + W + horizon];
      // The council's members with windows of their own speak of a part of its windows.
      let said = 0;
      for (let i = from * S; i < to * S; i++) {
        if (Number.isNaN(plain.y_TS[i])) continue;
        said++;
        expect(Math.abs(higher.y_TS[i] - plain.y_TS[i] - up)).toBeLessThan(2e-5);
      }
      expect(said).toBeGreaterThan(0);
      for (const [n, { name, value_T }] of plain.parts.entries())
        for (let t = from; t < to; t++) {
          if (Number.isNaN(value_T[t])) continue;
          const scale = 1 + Math.abs(value_T[t]);
          expect(Math.abs(higher.parts[n].value_T[t] - value_T[t]) / scale, name).toBeLessThan(1e-4);
        }
      fitted.dispose();
      expect(memoryNow().tensors).toBe(tensors);
    },
    120_000,
  );
});

it('is offered by every engine that looks at windows, and by no other', () => {
  for (const detector of [...detectors.values(), ...quickDetectors.values(), ...stepDetectors.values()]) {
    const { params } = detector;
    expect('inputScale' in params, detector.card.id).toBe(true);
    expect('perWindow' in params, detector.card.id).toBe(detector.windowed !== false);
    expect(resolve(detector.params)).toMatchObject({ inputScale: 'own' });
  }
});
