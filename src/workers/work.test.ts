/** Runs computed with helpers over a real channel, as the page's engine starts them. */
import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter';
import { MessageChannel } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { blankWindows } from '../engine/footprint.ts';
import type { AnyDetector, FitOptions, Fitted, Run } from '../engine/model.ts';
import { seeded } from '../engine/rng.ts';
import { useBackend } from '../engine/tensor/node.testkit.ts';
import { wasm } from './channel.testkit.ts';
import { absent, createHelper, startCrew } from './helpers.ts';
import type { Spawned } from './helpers.ts';
import { setupOf } from './engines.ts';
import { fitHere, planFor } from './plan.ts';
import type { RunJob } from './protocol.ts';

const dims = { S: 2, C: 1 };
const jobOf = (engine: string, params: RunJob['params'] = {}): RunJob => ({
  ...{ jobId: 'w', data: { datasetId: 'd', asset: 'a' }, engine, preset: 'lite', head: 'm2ad', headParams: {} },
  ...{ params: { window: 8, epochs: 2, batch: 12, ...params }, seed: 1, imputation: {} },
});

/** A helper at the other end of a channel; `die` ends it as a crash would. */
function spawned(): Spawned & { readonly die: () => void } {
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(createHelper(wasm, Comlink.transfer), nodeEndpoint(port1));
  let told: (why: string) => void = () => undefined;
  const end = (): void => {
    port1.close();
    port2.close();
  };
  return {
    endpoint: nodeEndpoint(port2),
    end,
    onGone: (call) => (told = call),
    die: () => {
      end();
      told('it crashed');
    },
  };
}

const quiet = (): Run => ({ rng: seeded(4), checkpoint: () => Promise.resolve(), progress: () => undefined });

const near = (got: Fitted['history'], want: Fitted['history']): void =>
  want.forEach((epoch, n) => {
    for (const [name, value] of Object.entries(epoch))
      expect(Math.abs((got[n]?.[name] ?? NaN) - value)).toBeLessThan(1e-4 * Math.abs(value));
  });

describe('helpers', () => {
  beforeAll(() => useBackend('wasm'));

  it('train as one worker does, to rounding; a helper that dies and one that is absent change no byte', async () => {
    const job = jobOf('transformer', { hidden: 8, heads: 2, layers: 1 });
    const { detector, values } = setupOf(job);
    const train = blankWindows(detector, values, dims, 132);
    const fit = async (options: FitOptions = {}) => {
      const fitted = await detector.fit(train, values, quiet(), options);
      const weights = await fitted.snapshot();
      fitted.dispose();
      return { weights, history: fitted.history };
    };
    const alone = await fit();
    const workers = [spawned(), spawned()];
    const crew = await startCrew(() => workers.shift()!, 2, job, dims, 'wasm');
    const work = { chunk: 12, judged: 256 };
    const shared = await fit({ work: { ...work, helpers: crew!.helpers } });
    crew!.end();
    near(shared.history, alone.history);

    const lost: unknown[] = [];
    const [first, second] = [spawned(), spawned()];
    const rest = [first, second];
    const other = await startCrew(() => rest.shift()!, 2, job, dims, 'wasm');
    let batches = 0;
    const dying = await detector.fit(
      train,
      values,
      {
        ...quiet(),
        progress: ({ kind }) => {
          if (kind === 'batch' && ++batches === 5) second.die();
        },
      },
      { work: { ...work, helpers: other!.helpers, onLost: (left) => lost.push(left) } },
    );
    expect(lost).toEqual([1]);
    expect(await dying.snapshot()).toEqual(shared.weights);
    dying.dispose();
    other!.end();

    const redone = await fit({ work: { ...work, helpers: [absent, absent] } });
    expect(redone.weights).toEqual(shared.weights);
  }, 60_000);

  it('are left out where they do not start', async () => {
    const job = jobOf('transformer', { hidden: 8, heads: 2, layers: 1 });
    const bad = { ...job, engine: 'none such' };
    expect(await startCrew(spawned, 2, bad, dims, 'wasm')).toBeNull();
  });
});

/** The same detector, whose replicas tell how many windows they compute before they do. */
const paced = (detector: AnyDetector, tell: (windows: number) => void): AnyDetector => ({
  ...detector,
  fit: (train, p, run, options) =>
    detector.fit(train, p, run, {
      ...options,
      serve: (replica) =>
        options!.serve!({
          ...replica,
          compute: (part, weights) => {
            tell(part.share.to - part.share.from);
            return replica.compute(part, weights);
          },
        }),
    }),
});

describe('plan', () => {
  beforeAll(() => useBackend('wasm'));

  const taskOf = (job: RunJob, count: number, now: () => number) => ({
    ...{ setup: setupOf(job), dims, count, now, checkpoint: () => Promise.resolve() },
  });

  it('does not measure what is short, and takes whole batches then', async () => {
    const task = taskOf(jobOf('m2ad'), 100, () => performance.now());
    const { fit } = await fitHere(task);
    expect(await planFor(task, fit, null)).toMatchObject({ chunk: 12, scored: null, workers: 1, note: '' });
  });

  it('takes the parts that are quickest by its clock, unless the same job shall give the same bytes every day', async () => {
    const job = jobOf('m2ad', { batch: 16 });
    let clock = 0;
    const task = taskOf(job, 1e6, () => clock);
    const { fit } = await fitHere(task);
    // Large parts are slow: time is the square of the windows.
    const slow = paced(task.setup.detector, (windows) => (clock += windows ** 2));
    const timed = { ...task, setup: { ...task.setup, detector: slow } };
    expect(await planFor(timed, fit, null)).toMatchObject({ chunk: 4 });
    expect(await planFor({ ...timed, isSteady: true }, fit, null)).toMatchObject({ chunk: 16, note: '' });
  });

  it('keeps helpers only where they are faster, by the clock that it is given', async () => {
    const job = jobOf('m2ad', { batch: 16 });
    let clock = 0;
    // Time passes only in replicas: as many milliseconds as windows; helpers work meanwhile and cost nothing.
    const task = taskOf(job, 1e6, () => clock);
    const counting = paced(task.setup.detector, (windows) => (clock += windows));
    const { fit } = await fitHere(task);
    const timed = { ...task, setup: { ...task.setup, detector: counting } };
    let ended = 0;
    const crewOf = (cost: number) => () =>
      Promise.resolve({
        helpers: [1, 2, 3].map(() => ({
          compute: () => {
            clock += cost;
            return Promise.resolve(new Float32Array(0));
          },
        })),
        end: () => {
          ended++;
        },
      });
    const good = await planFor(timed, fit, crewOf(0));
    expect(good).toMatchObject({ chunk: 16, workers: 4 });
    expect(good.note).toBe('4 workers are 4.0 times as fast as one here');
    expect(ended).toBe(0);
    const bad = await planFor(timed, fit, crewOf(10));
    expect(bad.workers).toBe(1);
    expect(ended).toBe(1);
  });
});
