/** The promises that every detector keeps on every backend. */
import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors.ts';
import type { AnyDetector, Fitted, Run, TrainState } from '../model.ts';
import { resolve } from '../params.ts';
import type { AnyValues } from '../params.ts';
import { normal, seeded } from '../rng.ts';
import { memoryNow } from '../tensor/backend.ts';
import type { BackendName } from '../tensor/backend.ts';
import { useBackend } from '../tensor/node.testkit.ts';
import type { Windows } from '../types.ts';
import { cutStarts } from '../window.ts';
import { detectors } from './index.ts';

/** Small settings, so that the table stays quick; models may name other keys. */
export const SMALL: AnyValues = {
  window: 8,
  stride: 2,
  hidden: 8,
  heads: 2,
  layers: 3,
  epochs: 3,
  batch: 16,
  rate: 0.01,
  patience: 0,
  views: 3,
  filters1: 2,
  filters: 4,
  items: 10,
  decoder: 8,
  classifier: 4,
};

export const TINY: AnyValues = { ...SMALL, window: 4, hidden: 4, heads: 2, layers: 1 };

export const settings = (detector: AnyDetector, given: AnyValues = {}): AnyValues =>
  resolve(
    detector.params,
    Object.fromEntries(Object.entries({ ...SMALL, ...given }).filter(([key]) => key in detector.params)),
  );

const SPIKES = [0.62, 0.71, 0.8, 0.88, 0.95];

/** Two coupled waves and a covariate; in the last part, steps at which the second sensor leaves its course. */
export function series(
  T: number,
  S: number,
  seed: number,
  anomalous: boolean,
): { rows: Float32Array; odd: Set<number> } {
  const rng = seeded(seed);
  const rows = new Float32Array(T * (S + 1));
  const odd = new Set(anomalous ? SPIKES.map((share) => Math.floor(share * T)) : []);
  for (let t = 0; t < T; t++) {
    for (let s = 0; s < S; s++) rows[t * (S + 1) + s] = 0.5 + 0.3 * Math.sin(t / 3 + s) + 0.01 * normal(rng);
    rows[t * (S + 1) + S] = (t % 24) / 24;
    if (odd.has(t)) rows[t * (S + 1) + (S - 1)] += 0.4;
  }
  return { rows, odd };
}

export function windowsOf(detector: AnyDetector, p: AnyValues, T: number, S = 2, from = 0, training = true): Windows {
  const { W, horizon, stride, scoreStride } = detector.windowing(p);
  const start_N = cutStarts([{ start: from, end: T }], { W, horizon, stride: training ? stride : scoreStride });
  const { rows } = series(T, S, 3, !training);
  return { x_TF: rows, seen_TS: new Uint8Array(T * S).fill(1), T, S, C: 1, start_N, W, horizon };
}

export const quiet = (seed = 11): Run => ({
  rng: seeded(seed),
  checkpoint: () => Promise.resolve(),
  progress: () => undefined,
});

/** Share of (odd, ordinary) pairs of steps in which the odd one has the larger error. */
export function auc(error_T: Float64Array, odd: Set<number>): number {
  const steps = [...error_T.keys()].filter((t) => !Number.isNaN(error_T[t]));
  let wins = 0;
  let pairs = 0;
  for (const a of steps.filter((t) => odd.has(t)))
    for (const b of steps.filter((t) => !odd.has(t))) {
      pairs++;
      wins += error_T[a] > error_T[b] ? 1 : error_T[a] === error_T[b] ? 0.5 : 0;
    }
  return wins / pairs;
}

const bytes = (weights: Readonly<Record<string, { data: Float32Array }>>): string[] =>
  Object.entries(weights).map(([name, { data }]) => `${name} ${Buffer.from(data.slice().buffer).toString('hex')}`);

/** A backend with the sizes that it computes in good time. */
export type Place = {
  readonly name: string;
  readonly backend: BackendName;
  /** Our kernels, or the stock ones. */
  readonly ours: boolean;
  /** False skips the rows. */
  readonly usable: boolean;
  readonly small: AnyValues;
  /** Steps of the series. */
  readonly T: number;
};

/** Every detector on each of `places`. */
export function conformanceTable(places: readonly Place[]): void {
  const cases = places.flatMap((place) =>
    [...detectors.values()].map((detector) => ({ ...place, detector, id: detector.card.id })),
  );

  describe.each(cases)('$id on $name', ({ backend, ours, usable, small, T, detector }) => {
    const test = (title: string, body: () => Promise<void>) =>
      it.skipIf(!usable)(
        title,
        async () => {
          await useBackend(backend, ours);
          const before = memoryNow().tensors;
          await body();
          expect(memoryNow().tensors, 'tensors left behind').toBe(before);
        },
        300_000,
      );

    test('expects finite values exactly where it may speak, the same bytes for the same seed, others for another', async () => {
      const p = settings(detector, { ...small, epochs: 1 });
      const train = windowsOf(detector, p, T);
      const first = await detector.fit(train, p, quiet());
      const again = await detector.fit(train, p, quiet());
      const other = await detector.fit(train, p, quiet(12));
      const judge = windowsOf(detector, p, T, 2, 0, false);
      const { y_TS, S } = await first.expect(judge, quiet());
      const { y_TS: same } = await again.expect(judge, quiet());
      expect(bytes(await again.snapshot())).toEqual(bytes(await first.snapshot()));
      expect(bytes(await other.snapshot())).not.toEqual(bytes(await first.snapshot()));
      expect(Buffer.from(same.buffer)).toEqual(Buffer.from(y_TS.buffer));
      expect(y_TS.length).toBe(T * S);
      const silent = judge.horizon === 0 ? 0 : judge.W - 1 + judge.horizon;
      expect([...y_TS].every((y, i) => Number.isFinite(y) === i >= silent * S)).toBe(true);
      for (const fitted of [first, again, other]) fitted.dispose();
    });

    test('learns, and goes on from a saved state to the bytes of an uninterrupted run', async () => {
      const p = settings(detector, small);
      const train = windowsOf(detector, p, T);
      const whole = await detector.fit(train, p, quiet());
      // The first term of a history is the loss that is trained.
      const [[name, start]] = Object.entries(whole.history[0]);
      expect(whole.history[2][name], name).toBeLessThan(start);
      const states: TrainState[] = [];
      const stopped = detector.fit(
        train,
        p,
        { ...quiet(), checkpoint: () => (states.length === 2 ? Promise.reject(new Error('stop')) : Promise.resolve()) },
        { onState: (state) => states.push(structuredClone(state)) },
      );
      await expect(stopped).rejects.toThrow('stop');
      const resumed = await detector.fit(train, p, quiet(), { from: states[1] });
      expect(bytes(await resumed.snapshot())).toEqual(bytes(await whole.snapshot()));
      expect(resumed.history).toEqual(whole.history);
      whole.dispose();
      resumed.dispose();
    });

    test('stops within one batch when cancelled, and leaves nothing', async () => {
      const p = settings(detector, small);
      let calls = 0;
      let batches = 0;
      const run: Run = {
        ...quiet(),
        checkpoint: () =>
          ++calls === 3 ? Promise.reject(new EngineError('cancelled', 'cancelled', 'stop')) : Promise.resolve(),
        progress: ({ kind }) => {
          if (kind === 'batch') batches++;
        },
      };
      await expect(detector.fit(windowsOf(detector, p, T), p, run)).rejects.toMatchObject({ code: 'cancelled' });
      expect(batches).toBe(2);
    });

    test('comes back from a snapshot with the same answers, and refuses one that does not fit', async () => {
      const p = settings(detector, { ...small, epochs: 1 });
      const fitted = await detector.fit(windowsOf(detector, p, T), p, quiet());
      const judge = windowsOf(detector, p, T, 2, T >> 1, false);
      const snapshot = structuredClone(await fitted.snapshot());
      const back = detector.restore(snapshot, p, { S: 2, C: 1 });
      expect((await back.expect(judge, quiet())).y_TS).toEqual((await fitted.expect(judge, quiet())).y_TS);
      expect(() => detector.restore(snapshot, p, { S: 3, C: 1 })).toThrow(/is needed/);
      const [gone, ...rest] = Object.entries(snapshot);
      expect(() => detector.restore(Object.fromEntries(rest), p, { S: 2, C: 1 })).toThrow(`"${gone[0]}" is missing`);
      fitted.dispose();
      back.dispose();
    });

    test('says clearly what is wrong with windows that do not fit, and with none', async () => {
      const p = settings(detector, { ...small, epochs: 1 });
      const good = windowsOf(detector, p, T);
      const fitted = await detector.fit(good, p, quiet());
      await expect(fitted.expect(windowsOf(detector, p, T, 3), quiet())).rejects.toThrow(/fitted for S=2.*got S=3/);
      await expect(fitted.expect({ ...good, T: T + 1 }, quiet())).rejects.toThrow(/expected x_TF/);
      const none = { ...good, start_N: new Int32Array(0) };
      expect((await fitted.expect(none, quiet())).y_TS.every(Number.isNaN)).toBe(true);
      await expect(detector.fit(none, p, quiet())).rejects.toMatchObject({ code: 'bad-input', kind: 'no-windows' });
      await expect(detector.fit({ ...good, T: T + 1 }, p, quiet())).rejects.toThrow(/expected x_TF/);
      const hollow = { ...good, x_TF: good.x_TF.with(7, NaN) };
      await expect(detector.fit(hollow, p, quiet())).rejects.toThrow('NaN at step 2, column 1');
      fitted.dispose();
    });

    test('works with one sensor and no covariate', async () => {
      const p = settings(detector, { ...small, epochs: 1 });
      const two = windowsOf(detector, p, T, 1);
      const one = { ...two, x_TF: two.x_TF.filter((_, i) => i % 2 === 0), C: 0 };
      const fitted = await detector.fit(one, p, quiet());
      expect([...(await fitted.expect(one, quiet())).y_TS].filter(Number.isFinite).length).toBeGreaterThan(0);
      fitted.dispose();
    });

    test('turns a loss that is no number into advice, or learns from what it has brought into range', async () => {
      const p = settings(detector, { ...small, epochs: 1 });
      const train = windowsOf(detector, p, T);
      // Finite, but its square is not.
      train.x_TF.fill(1e30, T);
      const outcome = await detector.fit(train, p, quiet()).catch((thrown: unknown) => thrown);
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ code: 'bad-input', kind: 'diverged' });
        return;
      }
      const fitted = outcome as Fitted;
      expect(fitted.history.flatMap((losses) => Object.values(losses)).every(Number.isFinite)).toBe(true);
      fitted.dispose();
    });
  });
}
