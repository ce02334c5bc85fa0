import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import type { AnyDetector, Fitted, Run } from '../model.ts';
import { detectors } from '../models/index.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { normal, seeded } from '../rng.ts';
import { adam } from '../tensor/adam.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import * as tf from '../tensor/tf.ts';
import { cutStarts, inOrder } from '../window.ts';
import { columnMeans, cutLesson, lessonStarts, maskLabelled, startsWithin } from './lesson.ts';
import type { Lesson } from './lesson.ts';
import { hiddenError, hideSteps, phaseLoss, phaseStep } from './minimax.ts';
import { boundedBy, teach } from './teach.ts';
import { paperFeedback, teachParams } from './teachParams.ts';

const T = 400;
const TRAIN = { start: 0, end: 240 };
const STRETCH = [{ start: 0, end: T }];
/** Anomalous steps and normal ones that a person has labelled. */
const ODD = { start: 300, end: 312 };

const quiet = (seed = 3, stopAfter = Infinity): Run => {
  let left = stopAfter;
  return {
    rng: seeded(seed),
    checkpoint: () =>
      left-- > 0 ? Promise.resolve() : Promise.reject(new EngineError('cancelled', 'cancelled', 'cancelled')),
    progress: () => undefined,
  };
};

/** Two coupled waves and a covariate; in `ODD` the second sensor leaves its course a little. */
function rows(): Float32Array {
  const rng = seeded(8);
  const x_TF = new Float32Array(T * 3);
  for (let t = 0; t < T; t++) {
    const off = t >= ODD.start && t < ODD.end ? 0.15 : 0;
    x_TF[3 * t] = 0.5 + 0.3 * Math.sin(t / 3) + 0.01 * normal(rng);
    x_TF[3 * t + 1] = 0.5 + 0.3 * Math.sin(t / 3 + 1) + 0.01 * normal(rng) + off;
    x_TF[3 * t + 2] = (t % 24) / 24;
  }
  return x_TF;
}

const SMALL: AnyValues = { window: 8, stride: 2, hidden: 8, heads: 2, layers: 2, epochs: 4, rate: 0.01, patience: 0 };

const settings = (detector: AnyDetector): AnyValues =>
  resolve(detector.params, Object.fromEntries(Object.entries(SMALL).filter(([key]) => key in detector.params)));

function labels(): Uint8Array {
  const label_T = new Uint8Array(T).fill(255);
  label_T.fill(0, 280, 340);
  label_T.fill(1, ODD.start, ODD.end);
  return label_T;
}

type Case = { readonly fitted: Fitted; readonly lesson: Lesson };

async function fit(detector: AnyDetector, label_T = labels()): Promise<Case> {
  const p = settings(detector);
  const { W, horizon, stride } = detector.windowing(p);
  const base = { x_TF: rows(), seen_TS: new Uint8Array(T * 2).fill(1), T, S: 2, C: 1, W, horizon };
  const fitted = await detector.fit({ ...base, start_N: cutStarts([TRAIN], { W, horizon, stride }) }, p, quiet());
  const taught = lessonStarts(label_T, STRETCH, W);
  return {
    fitted,
    lesson: {
      windows: { ...base, horizon: 0, start_N: taught.start_N },
      first_N: taught.first_N,
      label_T,
      fill_F: columnMeans(base, TRAIN),
      rehearsal: startsWithin(cutStarts([TRAIN], { W, horizon: 0, stride }), STRETCH),
    },
  };
}

const teaching = (given: AnyValues = {}) =>
  resolve(teachParams, { ...paperFeedback, epochs: 25, rate: 3e-3, ...given });

const bytes = async (fitted: Fitted): Promise<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(await fitted.snapshot()).map(([name, { data }]) => [
      name,
      Buffer.from(data.slice().buffer).toString('hex'),
    ]),
  );

const teachable = [...detectors.values()].filter(({ teaches }) => teaches === true);

/** Weights that the reconstruction of a model does not pass through; all others lie on its way. */
const OFF_PATH: Readonly<Partial<Record<string, RegExp>>> = {
  usad: /^decoder2\./,
  'lstm-vae': /^logvar\./,
  'omni-anomaly': /^(qSigma|pSigma)\./,
  'anomaly-transformer': /\.sigma\./,
};

it('reaches every model that reconstructs a window or forecasts its steps', () => {
  expect(teachable.map(({ card }) => card.id)).toEqual(
    expect.arrayContaining([
      'm2ad',
      'amad',
      'anomaly-transformer',
      'transformer',
      'vtt-sat',
      'vtt-pat',
      'usad',
      'lstm-vae',
      'omni-anomaly',
    ]),
  );
});

describe.each(teachable.map((detector) => [detector.card.id, detector] as const))('feedback on %s', (id, detector) => {
  it('moves exactly the weights on the way to the reconstruction, the same for the same seed', async () => {
    await useBackend('wasm', true);
    const tensors = memoryNow().tensors;
    const [one, two] = [await fit(detector), await fit(detector)];
    const before = await bytes(one.fitted);
    await teach(one.fitted.rebuilds!, one.lesson, teaching({ epochs: 2 }), quiet(5));
    await teach(two.fitted.rebuilds!, two.lesson, teaching({ epochs: 2 }), quiet(5));
    const after = await bytes(one.fitted);
    expect(await bytes(two.fitted)).toEqual(after);
    const stayed = Object.keys(before).filter((name) => before[name] === after[name]);
    const off = Object.keys(before).filter((name) => OFF_PATH[id]?.test(name));
    if (id !== 'amsl') expect(stayed).toEqual(off);
    expect(stayed.length).toBeLessThan(Object.keys(before).length);
    [one, two].forEach(({ fitted }) => fitted.dispose());
    expect(memoryNow().tensors).toBe(tensors);
  });

  it.each([
    ['min', -1],
    ['max', 1],
  ] as const)('by a small step of the %s phase moves the error of its hidden steps its way', async (phase, way) => {
    await useBackend('wasm', true);
    const { fitted, lesson } = await fit(detector);
    const { weights, lead, reconstruct } = fitted.rebuilds!;
    const order = inOrder(lesson.windows.start_N.length);
    const batch = cutLesson(lesson, { order, from: 0, to: order.length, more: 0 }, lead, teaching(), seeded(4));
    const optimiser = adam(weights, { rate: 1e-5 });
    const error = (): number =>
      tf.tidy(() => Math.abs(phaseLoss(phase, hiddenError(reconstruct, batch), batch).dataSync()[0]));
    const before = error();
    phaseStep(phase, weights, Object.keys(weights), reconstruct, batch, { optimiser, longest: 1 })!.dispose();
    expect(way * (error() - before)).toBeGreaterThan(0);
    batch.x_BWF.dispose();
    optimiser.dispose();
    fitted.dispose();
  });

  it('leaves the weights as they were when it is cancelled, and no tensor', async () => {
    await useBackend('wasm', true);
    const one = await fit(detector);
    const tensors = memoryNow().tensors;
    const before = await bytes(one.fitted);
    await expect(teach(one.fitted.rebuilds!, one.lesson, teaching(), quiet(5, 3))).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(await bytes(one.fitted)).toEqual(before);
    expect(memoryNow().tensors).toBe(tensors);
    one.fitted.dispose();
  });
});

describe('feedback', () => {
  const transformer = detectors.get('transformer')!;

  it('restores the model and says what to do when the numbers run away', async () => {
    await useBackend('wasm', true);
    const one = await fit(transformer);
    const before = await bytes(one.fitted);
    const broken = { ...one.lesson, windows: { ...one.lesson.windows, x_TF: one.lesson.windows.x_TF.slice() } };
    broken.windows.x_TF.fill(1e30, 3 * 285, 3 * 290);
    await expect(teach(one.fitted.rebuilds!, broken, teaching(), quiet())).rejects.toMatchObject({
      kind: 'diverged',
      cure: expect.stringContaining('learning rate') as string,
    });
    expect(await bytes(one.fitted)).toEqual(before);
    one.fitted.dispose();
  });

  it('has nothing to learn where nothing is known', async () => {
    await useBackend('wasm', true);
    const one = await fit(transformer, new Uint8Array(T).fill(255));
    await expect(teach(one.fitted.rebuilds!, one.lesson, teaching(), quiet())).rejects.toMatchObject({
      kind: 'no-labels',
    });
    one.fitted.dispose();
  });

  it('skips the maximise phase where nothing is anomalous, and either phase when asked', async () => {
    await useBackend('wasm', true);
    const keysOf = async (label_T: Uint8Array, given: AnyValues): Promise<string[]> => {
      const one = await fit(transformer, label_T);
      const [first] = await teach(one.fitted.rebuilds!, one.lesson, teaching({ epochs: 1, ...given }), quiet());
      one.fitted.dispose();
      return Object.keys(first);
    };
    expect(await keysOf(new Uint8Array(T).fill(0), {})).toEqual(['normal']);
    expect(await keysOf(labels(), { phases: 'min' })).toEqual(['normal']);
    expect(await keysOf(labels(), { phases: 'max' })).toEqual(['anomalous']);
  });

  it('never ends with training windows rebuilt worse than the bound, and does without one', async () => {
    await useBackend('wasm', true);
    const growth = async (keep: number): Promise<{ readonly times: number; readonly epochs: number }> => {
      const { fitted, lesson } = await fit(transformer);
      const { W, S, C } = lesson.windows;
      const trained = Array.from(lesson.rehearsal.start_N.slice(0, 100), (start) => start * (S + C));
      const rows = Float32Array.from(trained.flatMap((at) => [...lesson.windows.x_TF.subarray(at, at + W * (S + C))]));
      const error = (): number =>
        tf.tidy(() => {
          const x_BWF = tf.tensor3d(rows, [trained.length, W, S + C]);
          const none = new Float32Array(trained.length * W);
          const { reconstruct } = fitted.rebuilds!;
          return tf.mean(hiddenError(reconstruct, { x_BWF, mask_BW: none, label_BW: none })).dataSync()[0];
        });
      const before = error();
      const history = await teach(
        fitted.rebuilds!,
        lesson,
        teaching({ epochs: 30, rate: 0.01, phases: 'max', keep }),
        quiet(),
      );
      const times = error() / before;
      fitted.dispose();
      return { times, epochs: history.length };
    };
    expect((await growth(0)).times).toBeGreaterThan(3);
    const bounded = await growth(1.2);
    expect(bounded.times).toBeLessThanOrEqual(1.21);
    expect(bounded.epochs).toBe(30);
  });

  it('takes no epoch and says so where all of them go beyond the bound', async () => {
    await useBackend('wasm', true);
    const { fitted, lesson } = await fit(transformer);
    const before = await bytes(fitted);
    const p = teaching({ epochs: 3, rate: 0.01, phases: 'max', keep: 0.5 });
    const bounded = boundedBy(await teach(fitted.rebuilds!, lesson, p, quiet()));
    expect(await bytes(fitted)).toEqual(before);
    fitted.dispose();
    expect(bounded).toMatchObject({ taken: 0, epochs: 3 });
    expect(bounded?.closest).toBeGreaterThan(1);
  });

  it('says which epoch was taken, counted from the last one within the bound', () => {
    const epoch = (training: number) => ({ training, 'training (bound)': 2 });
    expect(boundedBy([epoch(1), epoch(3), epoch(2), epoch(4)])).toEqual({ taken: 3, epochs: 4, closest: 0.5 });
    expect(boundedBy([{ normal: 1 }])).toBeNull();
  });

  it('stops making anomalous steps worse at the cap', async () => {
    await useBackend('wasm', true);
    const lastError = async (cap: number): Promise<number> => {
      const one = await fit(transformer);
      const history = await teach(one.fitted.rebuilds!, one.lesson, teaching({ epochs: 80, rate: 0.01, cap }), quiet());
      one.fitted.dispose();
      return history.slice(70).reduce((sum, { anomalous }) => sum + anomalous, 0) / 10;
    };
    expect(await lastError(2)).toBeLessThan(0.6 * (await lastError(0)));
  });
});

describe('the windows of a lesson', () => {
  const starts = (spans: readonly (readonly [number, number])[], W = 10): number[] => {
    const label_T = new Uint8Array(100).fill(255);
    for (const [from, to] of spans) label_T.fill(0, from, to);
    return [
      ...lessonStarts(
        label_T,
        [
          { start: 0, end: 60 },
          { start: 60, end: 100 },
        ],
        W,
      ).start_N,
    ];
  };

  it('lie side by side over labelled steps, around short runs, within one stretch', () => {
    expect(starts([[20, 40]])).toEqual([20, 30]);
    expect(starts([[20, 35]])).toEqual([20, 25]);
    expect(starts([[24, 26]])).toEqual([20]);
    expect(starts([[0, 2]])).toEqual([0]);
    expect(starts([[58, 62]])).toEqual([50, 60]);
    expect(starts([])).toEqual([]);
    expect(starts([[20, 40]], 70)).toEqual([]);
  });

  it('hold every labelled step of a stretch that is long enough', () => {
    const rng = seeded(2);
    for (let n = 0; n < 100; n++) {
      const label_T = Uint8Array.from({ length: 100 }, () => (rng() < 0.2 ? 0 : 255));
      const { start_N, first_N } = lessonStarts(
        label_T,
        [
          { start: 0, end: 60 },
          { start: 60, end: 100 },
        ],
        7,
      );
      label_T.forEach((code, t) => {
        if (code === 0) expect([...start_N].some((start) => start <= t && t < start + 7)).toBe(true);
      });
      start_N.forEach((start, i) => expect(first_N[i]).toBe(start >= 60 ? 60 : 0));
      expect(new Set(start_N).size).toBe(start_N.length);
    }
  });

  it('hide exactly their share of the labelled steps and no other', () => {
    const label_W = Uint8Array.from({ length: 50 }, (_, w) => (w % 5 === 0 ? 255 : w % 2));
    const masking = { ratio: 0.3, meanRun: 3, hide: true, judged: 'hidden' };
    for (let seed = 0; seed < 50; seed++) {
      const mask = maskLabelled(label_W, masking, seeded(seed));
      expect(mask.filter((m) => m === 1)).toHaveLength(12);
      expect(mask.every((m, w) => m === 0 || label_W[w] !== 255)).toBe(true);
    }
    expect(maskLabelled(new Uint8Array(50), masking, seeded(1)).filter((m) => m === 1)).toHaveLength(15);
  });
});

describe('a batch', () => {
  /** Steps 20 to 30 of 60 are labelled, the last three of them anomalous; training is everything before 20. */
  const label_T = new Uint8Array(60).fill(255).fill(0, 20, 30).fill(1, 27, 30);
  const x_TF = Float32Array.from({ length: 60 }, (_, t) => t + 1);
  const windows = { x_TF, seen_TS: new Uint8Array(60).fill(1), T: 60, S: 1, C: 0, W: 10, horizon: 0 };
  const lesson: Lesson = {
    windows: { ...windows, start_N: Int32Array.of(15, 20) },
    first_N: Int32Array.of(0, 0),
    label_T,
    fill_F: Float32Array.of(-7),
    rehearsal: { start_N: Int32Array.of(2, 5, 8), first_N: Int32Array.of(0, 0, 0) },
  };
  const cut = async (given: AnyValues, more = 0) => {
    await useBackend('cpu');
    const order = Int32Array.of(1, 0);
    const batch = cutLesson(lesson, { order, from: 0, to: 2, more }, 2, resolve(teachParams, given), seeded(3));
    const seen = tf.tidy(() => [...hideSteps(batch.x_BWF, batch.mask_BW, batch.fill_F).dataSync()]);
    const firsts = batch.x_BWF.dataSync().filter((_, i) => i % 12 === 2);
    batch.x_BWF.dispose();
    const count = (values: ArrayLike<number>, value: number) => Array.from(values).filter((v) => v === value).length;
    const { mask_BW, judged_BW = mask_BW, label_BW } = batch;
    return { hidden: count(seen, -7), firsts: [...firsts], judged: count(judged_BW, 1), mask_BW, judged_BW, label_BW };
  };

  it('is judged at its hidden steps alone, or at all that are labelled while only some are hidden', async () => {
    const literal = await cut({ hide: true, judged: 'hidden', rehearse: 0 });
    expect(literal).toMatchObject({ hidden: 5, judged: 5, firsts: [21, 16] });
    expect(literal.judged_BW).toEqual(literal.mask_BW);
    expect(await cut({ hide: true, judged: 'labelled' })).toMatchObject({ hidden: 5, judged: 15 });
    expect(await cut({ hide: false, judged: 'hidden' })).toMatchObject({ hidden: 0, judged: 15 });
  });

  it('rehearses as many training windows as asked, at most all, shown and taken for normal', async () => {
    const some = await cut({ hide: true, judged: 'hidden' }, 2);
    expect(some).toMatchObject({ hidden: 5, judged: 25 });
    expect(some.label_BW.subarray(24)).toEqual(new Float32Array(24));
    some.firsts.slice(2).forEach((first) => expect([3, 6, 9]).toContain(first));
    expect(new Set(some.firsts).size).toBe(4);
    expect((await cut({}, 99)).firsts).toHaveLength(5);
  });
});
