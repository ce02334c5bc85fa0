/** Jobs as the page gives them, over real channels: all assets at once, what does not fit, and doing a run again. */
import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { beforeAll, describe, expect, it } from 'vitest';
import { normal, seeded } from '../engine/rng.ts';
import { memoryNow } from '../engine/tensor/backend.ts';
import type { Series } from '../engine/types.ts';
import type { Outside } from './api.ts';
import { engine, job, value } from './channel.testkit.ts';
import type { AssetProgress, DatasetInfo, EngineApi, RunInfo, RunJob } from './protocol.ts';
import { Session, summaryOf } from './session.ts';

function seriesOf(asset: string, T: number, seed: number): Series {
  const rng = seeded(seed);
  const column = () => Float32Array.from({ length: T }, (_, t) => Math.sin(t / 6) + 0.1 * normal(rng));
  const half = Math.floor(T * 0.6);
  return {
    ...{ asset, T, covariates: [], columns: [column(), column()], clock: { kind: 'index' } },
    sensors: ['flow', 'level'].map((name) => ({ name, unit: '', system: '' })),
    ...{ train: { start: 0, end: half }, test: { start: half, end: T }, contiguous: true, labels: null, causes: [] },
  };
}

const ASSETS = ['north', 'south', 'short', 'west'];
const dataset = [
  seriesOf('north', 400, 1),
  seriesOf('south', 400, 2),
  seriesOf('short', 12, 3),
  seriesOf('west', 400, 4),
];
const info: DatasetInfo = {
  ...{ id: 'stations', name: 'Stations', origin: 'file', layout: 'CSV', checksum: 'x', plan: null, savedAtMs: 1 },
  assets: dataset.map(summaryOf),
};

let started = 0;

const spawn: Outside['spawn'] = (role, shared) => {
  expect(role).toBe('engine');
  started++;
  return engine(new Session(), { shared });
};

describe('one engine over all assets', () => {
  const session = new Session();
  const { endpoint } = engine(session, { cores: 3, spawn });
  const api = Comlink.wrap<EngineApi>(endpoint);
  const all = async (request: RunJob, onRow: (row: AssetProgress) => void = () => undefined) =>
    value(await api.runAll(request, ASSETS, Comlink.proxy(onRow))).assets;

  beforeAll(() => session.keepDataset(info, dataset));

  it('keeps a run for each asset, as a single run would be, and tells the error of the one that fails', async () => {
    const single = value(
      await api.run(
        job('single'),
        Comlink.proxy(() => undefined),
      ),
    );
    const told: AssetProgress[] = [];
    const rows = await all(job('first'), (row) => told.push(row));
    expect(rows.map(({ asset, is }) => [asset, is])).toEqual([
      ['north', 'done'],
      ['south', 'done'],
      ['short', 'failed'],
      ['west', 'done'],
    ]);
    expect(rows[2]?.error).toMatchObject({ kind: 'series-too-short' });
    expect(started).toBe(2);
    const north = value(await api.loadRun('first-1'));
    expect(north.result).toEqual(single.result);
    expect(north.data.asset).toBe('north');
    expect(
      value(await api.runs('stations'))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['first-1', 'first-2', 'first-4', 'single'].sort());
    expect(told.filter(({ asset, is }) => asset === 'south' && is === 'running').length).toBeGreaterThan(1);
    expect(value(await api.unfinished())).toEqual([]);
  }, 60_000);

  it('is one job: another one is refused meanwhile, and a cancel ends it', async () => {
    const rows = all(job('second', { params: { window: 12, hidden: 8, epochs: 500, patience: 0 } }), ({ share }) => {
      if (share !== null) void api.cancel('second');
    });
    expect(
      await api.run(
        job('other'),
        Comlink.proxy(() => undefined),
      ),
    ).toMatchObject({ error: { kind: 'busy' } });
    expect((await rows).filter(({ is }) => is === 'cancelled').length).toBeGreaterThanOrEqual(3);
  }, 60_000);

  it('is done here, one after another, where the data set is not kept or no worker can be started', async () => {
    const before = started;
    const unkept = new Session();
    const alone = engine(unkept, { cores: 3, spawn });
    await unkept.keepDataset({ ...info, id: 'unkept' }, dataset);
    await unkept.vault.deleteDataset('unkept');
    const rows = value(
      await Comlink.wrap<EngineApi>(alone.endpoint).runAll(
        job('third', { data: { datasetId: 'unkept', asset: 'north' } }),
        ['north', 'west'],
        Comlink.proxy(() => undefined),
      ),
    ).assets;
    expect(rows.map(({ is }) => is)).toEqual(['done', 'done']);
    expect(started).toBe(before);
    alone.end();
  }, 60_000);
});

/** What other test files of this process hold. */
const held = memoryNow().tensors;

describe('one run', () => {
  const session = new Session();
  const { endpoint } = engine(session);
  const api = Comlink.wrap<EngineApi>(endpoint);
  const run = (request: RunJob) =>
    api.run(
      request,
      Comlink.proxy(() => undefined),
    );
  let first: RunInfo;

  beforeAll(async () => {
    await session.keepDataset(info, dataset);
    first = value(await run(job('one')));
  });

  it('says how it was computed, and can be computed so again', async () => {
    expect(first.work).toEqual({ batch: 64, chunk: 64, judged: 256, scored: null, workers: 1 });
    // Two workers named, none here: the same shares, computed by one.
    const work = { batch: 64, chunk: 16, judged: 20, scored: 50, workers: 2 };
    expect(value(await run(job('same'))).work).toEqual(first.work);
    const shared = value(await run(job('two', { work })));
    expect(shared.work).toEqual(work);
    const again = value(await run(job('three', { work })));
    expect(again.history).toEqual(shared.history);
    expect(again.result).toEqual(shared.result);
    const [epoch] = first.history;
    expect(Math.abs(shared.history[0]['mse'] / epoch['mse'] - 1)).toBeLessThan(1e-4);
  }, 60_000);

  const LARGE = { window: 100, heads: 8, hidden: 16, layers: 4, batch: 1024 };

  it('is refused before it starts where memory is short, with settings that fit; the run before stays', async () => {
    const large = job('large', { engine: 'amad', params: LARGE });
    const estimated = value(await api.estimate(large));
    expect(estimated.seconds).toBeNaN();
    expect(estimated.memory.needed).toBeGreaterThan(estimated.memory.available);
    const { smaller, refusal } = estimated.memory;
    expect(refusal?.kind).toBe('too-large');
    expect(smaller.length).toBeGreaterThan(0);
    expect(await run(large)).toMatchObject({ ok: false, error: { kind: 'too-large', cure: refusal?.cure } });
    expect(value(await api.loadRun('one')).id).toBe('one');
    expect(value(await api.device()).tensors).toBe(held);
  }, 120_000);
});
