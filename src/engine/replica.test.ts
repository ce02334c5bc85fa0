/** Batches in parts, here and on helpers, must train as whole batches do. Every detector is in by itself. */
import { describe, expect, it } from 'vitest';
import type { AnyDetector, FitOptions, Fitted, Run, TrainState } from './model.ts';
import { detectors } from './models/index.ts';
import { resolve } from './params.ts';
import type { AnyValues } from './params.ts';
import { sharesOf } from './replica.ts';
import type { Helper, Replica } from './replica.ts';
import { normal, seeded } from './rng.ts';
import { memoryNow } from './tensor/backend.ts';
import { useBackend } from './tensor/node.testkit.ts';
import { noiseOf, standardNormal } from './tensor/noise.ts';
import type { Windows } from './types.ts';
import { cutStarts } from './window.ts';

const quiet = (): Run => ({ rng: seeded(11), checkpoint: () => Promise.resolve(), progress: () => undefined });

/** What every detector understands of these; dropout and noise are on, so that parts must draw the same numbers. */
const SMALL: AnyValues = {
  ...{ window: 8, stride: 2, hidden: 8, heads: 2, layers: 1, epochs: 2, batch: 15, rate: 0.01, patience: 0 },
  ...{ dropout: 0.2, inputNoise: 0.1, latent: 3, flows: 2, validation: 0.2, contrastive: false },
};

/** M2AD has dropout from three layers on. */
const LAYERS: Readonly<Partial<Record<string, AnyValues>>> = { m2ad: { layers: 3 } };

const settings = (detector: AnyDetector, given: AnyValues = {}): AnyValues =>
  resolve(
    detector.params,
    Object.fromEntries(
      Object.entries({ ...SMALL, ...LAYERS[detector.card.id], ...given }).filter(([key]) => key in detector.params),
    ),
  );

/** 7 batches an epoch, the last one small. */
function windowsOf(detector: AnyDetector, p: AnyValues): Windows {
  const [T, S] = [240, 2];
  const rng = seeded(3);
  const x_TF = Float32Array.from({ length: T * (S + 1) }, (_, i) => 0.5 + 0.3 * Math.sin(i / 7) + 0.05 * normal(rng));
  const { W, horizon, stride } = detector.windowing(p);
  const start_N = cutStarts([{ start: 0, end: T }], { W, horizon, stride });
  return { x_TF, seen_TS: new Uint8Array(T * S).fill(1), T, S, C: 1, start_N, W, horizon };
}

/** The replica that `fit` hands over, until `close` is called. */
async function served(detector: AnyDetector, p: AnyValues, train: Windows) {
  let close: () => void = () => undefined;
  let ended: Promise<unknown> = Promise.resolve();
  const replica = await new Promise<Replica>((resolved, failed) => {
    const serve = (made: Replica): Promise<void> => {
      resolved(made);
      return new Promise((end) => (close = end));
    };
    ended = detector.fit(train, p, quiet(), { serve }).catch(failed);
  });
  return {
    replica,
    close: async () => {
      close();
      await ended;
    },
  };
}

const closeTo = (got: Fitted['history'], want: Fitted['history'], tolerance: number): void => {
  expect(got.length).toBe(want.length);
  want.forEach((epoch, n) => {
    for (const [name, value] of Object.entries(epoch)) {
      const off = Math.abs(got[n][name] - value) / Math.max(Math.abs(value), 1e-3);
      expect(off, `${name} of epoch ${String(n + 1)}: ${String(got[n][name])}, ${String(value)}`).toBeLessThan(
        tolerance,
      );
    }
  });
};

const bytes = (weights: Readonly<Record<string, { data: Float32Array }>>): string[] =>
  Object.entries(weights).map(([name, { data }]) => `${name} ${Buffer.from(data.slice().buffer).toString('hex')}`);

describe.each([...detectors.values()].map((detector) => ({ detector, id: detector.card.id })))(
  '$id',
  ({ detector }) => {
    const p = settings(detector);
    const train = windowsOf(detector, p);
    const fit = async (options: FitOptions) => {
      const fitted = await detector.fit(train, p, quiet(), options);
      const result = { history: fitted.history, weights: bytes(await fitted.snapshot()) };
      fitted.dispose();
      return result;
    };

    it('learns the same in parts, on helpers, and with a helper that dies', async () => {
      await useBackend('wasm');
      const before = memoryNow().tensors;
      const whole = await fit({});
      const first = await served(detector, p, train);
      const second = await served(detector, p, train);
      if (first.replica.separable) {
        closeTo((await fit({ work: { chunk: 4, judged: 7 } })).history, whole.history, 1e-4);
        const helpers = [first.replica, second.replica];
        const alone = await fit({ work: { chunk: Infinity, judged: Infinity, helpers } });
        closeTo(alone.history, whole.history, 1e-4);
        let calls = 0;
        const lost: number[] = [];
        const dying: Helper = {
          compute: (part, weights) =>
            ++calls > 5 ? Promise.reject(new Error('gone')) : second.replica.compute(part, weights),
        };
        const onLost = (left: number) => lost.push(left);
        const work = { chunk: Infinity, judged: Infinity, helpers: [first.replica, dying], onLost };
        const orphaned = await fit({ work });
        // The same shares of the same batches, only computed elsewhere: not a byte may differ.
        expect(orphaned).toEqual(alone);
        expect(lost).toEqual([1]);
      } else {
        const whatever = { chunk: 4, judged: Infinity, helpers: [first.replica] };
        expect(await fit({ work: whatever })).toEqual(whole);
      }
      await first.close();
      await second.close();
      expect(memoryNow().tensors, 'tensors left behind').toBe(before);
    });

    it.runIf(['m2ad', 'usad'].includes(detector.card.id))(
      'goes on from a saved state in parts to the bytes of an uninterrupted run',
      async () => {
        await useBackend('wasm');
        const work = { chunk: 4, judged: 16 };
        const whole = await fit({ work });
        const states: TrainState[] = [];
        await fit({ work, onState: (state) => states.push(structuredClone(state)) });
        expect(await fit({ work, from: states[0] })).toEqual(whole);
      },
    );
  },
);

it('is separable wherever a model is not known to compare windows with each other', async () => {
  await useBackend('wasm');
  for (const [id, detector] of detectors) {
    const p = settings(detector);
    const { replica, close } = await served(detector, p, windowsOf(detector, p));
    expect(replica.separable, id).toBe(true);
    await close();
  }
  // The contrastive loss compares windows; one random number of AMSL's fusion holds for a whole batch.
  for (const [id, given] of [
    ['amad', { contrastive: true }],
    ['amsl', { random: true }],
  ] as const) {
    const detector = detectors.get(id)!;
    const p = settings(detector, given);
    const { replica, close } = await served(detector, p, windowsOf(detector, p));
    expect(replica.separable, id).toBe(false);
    await close();
  }
});

it('frees everything when cancelled between two chunks', async () => {
  await useBackend('wasm');
  const before = memoryNow().tensors;
  const detector = detectors.get('transformer')!;
  const p = settings(detector);
  let calls = 0;
  const checkpoint = () => (++calls === 6 ? Promise.reject(new Error('stop')) : Promise.resolve());
  const run = { ...quiet(), checkpoint };
  const work = { chunk: 4, judged: 4 };
  await expect(detector.fit(windowsOf(detector, p), p, run, { work })).rejects.toThrow('stop');
  expect(memoryNow().tensors).toBe(before);
});

describe('noise of a batch', () => {
  const whole = noiseOf(5, { from: 0, to: 6, of: 6 });
  const part = noiseOf(5, { from: 2, to: 4, of: 6 });

  it('is the same for a part as in the whole, wherever windows lie', () => {
    // Windows first, then windows second with two rows each.
    const first = whole.fill([6, 3], 0, standardNormal);
    expect(part.fill([2, 3], 0, standardNormal)).toEqual(first.slice(6, 12));
    const second = whole.fill([2, 12, 3], 1, standardNormal);
    const got = part.fill([2, 4, 3], 1, standardNormal);
    expect(got.slice(0, 12)).toEqual(second.slice(4 * 3, 8 * 3));
    expect(got.slice(12)).toEqual(second.slice(36 + 4 * 3, 36 + 8 * 3));
    // Another draw, other numbers.
    expect(whole.fill([6, 3], 0, standardNormal)).not.toEqual(first);
  });

  it('refuses a part of what is not made of windows', () => {
    expect(whole.fill([5], 0, standardNormal).length).toBe(5);
    expect(() => part.fill([5], 0, standardNormal)).toThrow('no noise of 2 windows');
  });
});

it('cuts fair shares, never more than windows', () => {
  expect(sharesOf(10, 4).map(({ from, to }) => to - from)).toEqual([2, 3, 2, 3]);
  expect(sharesOf(2, 4)).toEqual([
    { from: 0, to: 1, of: 2 },
    { from: 1, to: 2, of: 2 },
  ]);
});
