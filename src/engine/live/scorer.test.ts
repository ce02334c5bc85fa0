/** Live scores are those of the whole series, for every engine and head. A new engine is in by itself. */
import { beforeAll, describe, expect, it } from 'vitest';
import { heads } from '../detect/heads/index.ts';
import { quietRun } from '../detect/testData.testkit.ts';
import { detectors, quickDetectors } from '../models/index.ts';
import { stepDetectors } from '../models/steps.ts';
import type { AnyValues } from '../params.ts';
import { scoreWith } from '../pipeline.ts';
import { memoryNow } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import { resolve } from '../params.ts';
import type { Series } from '../types.ts';
import { kmeans } from '../models/kmeans.ts';
import { m2ad } from '../models/m2ad.ts';
import { council } from '../council/council.ts';
import { T, TRAIN, beforeTest, fit, machine, modelOf, rowsOf, scoresOf, setupFor, stream } from './live.testkit.ts';
import { createLive } from './scorer.ts';

const SMALL: AnyValues = {
  ...{ window: 16, stride: 4, hidden: 8, heads: 2, layers: 2, epochs: 1, batch: 32, patience: 0, validation: 0 },
  ...{ views: 3, filters1: 2, filters: 4, items: 10, decoder: 8, classifier: 4 },
  ...{ clusters: 5, cover: 4, around: 8, width: 6, factor: 0.5, suspect: 4, channels: 6, pool: 6, embedding: 8 },
};

const engines = [...detectors.values(), ...quickDetectors.values(), ...stepDetectors.values()];
// Random scores have nothing to do with rows.
const streamed = engines.filter(({ card }) => card.id !== 'case-1');

/** The labelled machine, for engines that learn from labels. */
const labelled = (series: Series): Series => {
  const columns = series.columns.map((column) => column.slice());
  for (let t = 60; t < TRAIN; t += 45) columns[1].fill(70, t, t + 3);
  const labels = Array.from({ length: 5 }, (_, n) => ({ start: 60 + 45 * n, end: 63 + 45 * n })).filter(
    ({ end }) => end <= TRAIN,
  );
  return { ...series, columns, labels };
};

const F = 4;

beforeAll(() => useBackend('wasm', true));

/** Largest difference beside the size of what is compared. */
function apart(live: readonly number[], whole: ArrayLike<number>, from: number): number {
  let most = 0;
  live.forEach((value, i) => {
    const want = whole[from + i];
    expect(Number.isNaN(value), `step ${from + i}: ${value}, whole ${want}`).toBe(Number.isNaN(want));
    if (!Number.isNaN(want)) most = Math.max(most, Math.abs(value - want) / (1 + Math.abs(want)));
  });
  return most;
}

/** One more window at the end of a series gives its last steps an answer; a stream has no end. */
const EDGE = 60;

const AS_THEY_COME: AnyValues = {};
const NORMALISED: AnyValues = { inputScale: 'robust', inputClip: 4, perWindow: 'full' };

const cases = streamed.flatMap((detector) =>
  [AS_THEY_COME, ...(detector.windowed === false ? [] : [NORMALISED])].map((inputs) => ({
    ...{ id: detector.card.id, detector, inputs },
  })),
);

describe.each(cases)('$id, live, $inputs', ({ detector, inputs }) => {
  it('says what scoring the whole series says, of the judged part and from nothing', async () => {
    const tensors = memoryNow().tensors;
    const series = detector.supervised ? labelled(machine()) : machine();
    const setup = setupFor(detector, { ...SMALL, ...inputs });
    const done = await fit(series, setup);
    const model = modelOf(done);

    const going = createLive(model, beforeTest(done));
    const rows = rowsOf(series, TRAIN, T);
    const size = going.bytes();
    const settled = await stream(going, rows, F, [1, 7, 64, 30]);
    going.dispose();
    expect(going.bytes() - size).toBeLessThan(1e6);
    expect(settled[0].start).toBe(TRAIN);
    settled.forEach(({ start }, n) => n > 0 && expect(start).toBe(settled[n - 1].end));
    const until = settled.at(-1)!.end;
    expect(until).toBe(T - going.lag);
    const sure = scoresOf(settled).slice(0, Math.min(until, T - EDGE) - TRAIN);
    expect(sure.length).toBeGreaterThan(200);
    expect(apart(sure, done.result.score.score_T, TRAIN)).toBeLessThan(2e-4);

    const alone = { ...series, T: T - TRAIN, columns: series.columns.map((c) => c.slice(TRAIN)) };
    const part = { ...alone, train: { start: 0, end: 0 }, test: { start: 0, end: T - TRAIN }, labels: null };
    const whole = await scoreWith(part, setup, model.weights, model.headState, quietRun(), done.learned);
    const fresh = createLive(model);
    const anew = await stream(fresh, rows, F, [50]);
    fresh.dispose();
    expect(apart(scoresOf(anew).slice(0, T - TRAIN - EDGE), whole.score.score_T, 0)).toBeLessThan(2e-4);
    expect(memoryNow().tensors).toBe(tensors);
  }, 120_000);
});

const HEADS: readonly (readonly [string, AnyValues, number])[] = [
  ['m2ad', { error: 'area', halfWidth: 3 }, 2],
  ['m2ad', {}, 0],
  ['own', {}, 0],
  ['conformal', {}, 18],
  ['conformal', { smooth: 5, retire: 100 }, 4],
  ['conformal', { smooth: 5, follow: 60 }, 4],
  ['conformal', { read: 'own', follow: 60, held: 0 }, 18],
];

describe.each(HEADS)('head %s %j', (head, given, ahead) => {
  it.each([true, false])('says what it says of the whole series (rows go on: %s)', async (contiguous) => {
    const done = await fit(machine(contiguous), setupFor(kmeans, SMALL, head, given));
    const live = createLive(modelOf(done), beforeTest(done));
    expect(live.lag).toBe(15 + ahead);
    const settled = await stream(live, rowsOf(done.series, TRAIN, T), F, [9, 100]);
    const sure = scoresOf(settled, 'logP_T').slice(0, T - EDGE - TRAIN);
    expect(apart(sure, done.result.score.logP_T, TRAIN)).toBeLessThan(1e-9);
    const { S } = settled[0].score;
    const nlp = settled.flatMap(({ score }) => [...score.nlp_TS]).slice(0, (T - EDGE - TRAIN) * S);
    expect(apart(nlp, done.result.score.nlp_TS, TRAIN * S)).toBeLessThan(1e-6);
  });
});

it('every head says how it smooths', () => {
  expect(Object.keys(heads).sort()).toEqual(['conformal', 'm2ad', 'own']);
});

describe('a live scorer', () => {
  it('gives rows as they came and what was expected, with the lag that it says', async () => {
    const done = await fit(machine(), setupFor(m2ad, SMALL));
    const live = createLive(modelOf(done), beforeTest(done));
    expect(live.lag).toBe(0);
    const [first] = await stream(live, rowsOf(done.series, TRAIN, TRAIN + 40), F, [40]);
    expect(first.x_TF).toEqual(Float32Array.from(rowsOf(done.series, TRAIN, TRAIN + 40)));
    first.y_TS.forEach((y, i) => expect(y).toBeCloseTo(done.result.expected_TS[TRAIN * 3 + i], 3));
  });

  it('fills a gap with what it knows, and agrees again once the windows have left it', async () => {
    const setup = { ...setupFor(kmeans, SMALL), imputation: {} };
    const done = await fit(machine(), setup);
    const settled = await stream(createLive(modelOf(done), beforeTest(done)), rowsOf(done.series, TRAIN, T), F, [16]);
    const live = scoresOf(settled);
    const { score_T } = done.result.score;
    // Rows 331 to 341 are missing in a sensor: until a window after them nothing is promised but an answer.
    expect(apart(live.slice(0, 331 - 16 - TRAIN), score_T, TRAIN)).toBeLessThan(1e-9);
    expect(live.slice(331 - TRAIN, 342 - TRAIN).every((score) => Number.isFinite(score))).toBe(true);
    // The error of a step wears off in the moving average.
    const [a, b] = [404, 408];
    expect(apart(live.slice(a - TRAIN, b - TRAIN), score_T, a)).toBeLessThan(0.01);
  });

  it('takes the same memory after 40 000 rows as after none, and gives the same bytes for the same rows', async () => {
    const done = await fit(machine(true, 'none'), setupFor(kmeans, SMALL, 'conformal', { smooth: 5, retire: 50 }));
    const once = rowsOf(done.series, TRAIN, T);
    const rows = new Float64Array(40_000 * F).map((_, i) => once[i % once.length]);
    const all = async () => {
      const live = createLive(modelOf(done), beforeTest(done));
      const sizes = new Set<number>();
      const scores: number[] = [];
      await stream(live, rows.subarray(0, 400 * F), F, [100]);
      for (let at = 400 * F; at < rows.length; at += 4000 * F) {
        scores.push(...scoresOf(await stream(live, rows.subarray(at, at + 4000 * F), F, [900])));
        sizes.add(live.bytes());
      }
      expect(sizes.size).toBe(1);
      expect(Math.max(...sizes)).toBeLessThan(1e6);
      return Float64Array.from(scores);
    };
    const first = await all();
    expect(first.length).toBeGreaterThan(39_000);
    expect(Buffer.from((await all()).buffer)).toEqual(Buffer.from(first.buffer));
  });

  it('refuses what compares all steps of a series', async () => {
    const done = await fit(machine(), setupFor(kmeans, SMALL));
    const asked = (setup: typeof done.setup) => () => createLive({ ...modelOf(done), setup });
    const random = engines.find(({ card }) => card.id === 'case-1')!;
    expect(asked({ ...done.setup, detector: random })).toThrow('whole series');
    const values = resolve(council.params, { rule: 'rank' });
    expect(asked({ ...done.setup, detector: council, values })).toThrow('compares all steps');
  });

  it('stops at the next batch when it is cancelled', async () => {
    const done = await fit(machine(), setupFor(kmeans, SMALL));
    const live = createLive(modelOf(done));
    let left = 2;
    const checkpoint = () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('cancelled')));
    const rows = new Float64Array(5000 * F).fill(40);
    const pushed = async () => {
      for await (const settled of live.push(rows, { ...quietRun(), checkpoint })) expect(settled.end).toBeLessThan(600);
    };
    await expect(pushed()).rejects.toThrow('cancelled');
  });
});
