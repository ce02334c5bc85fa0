import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../engine/rng.ts';
import { engine, value } from './channel.testkit.ts';
import type { DatasetInfo, EngineApi, RunInfo, RunJob } from './protocol.ts';
import { Session } from './session.ts';

/** Three coupled sensors; `seed` and `lift` make other data of the same columns. */
function csv(seed: number, lift = 0, names = 'flow,pressure,current'): Blob {
  const rng = seeded(seed);
  const lines = [`time,${names}`];
  for (let t = 0; t < 500; t++) {
    const base = Math.sin(t / 9) + lift;
    const odd = t >= 420 && t < 440 ? 4 : 0;
    const cells = [base, 2 * base + odd, base - 1].map((x) => (x + 0.05 * rng()).toFixed(4));
    lines.push(`${new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString()},${cells.join(',')}`);
  }
  return new Blob([lines.join('\n')]);
}

let ids = 0;
const session = new Session();
const { endpoint, end } = engine(session, { now: () => Date.now(), newId: () => `id ${String(++ids)}` });
const api = Comlink.wrap<EngineApi>(endpoint);

async function opened(path: string, file: Blob): Promise<DatasetInfo> {
  const report = value(
    await api.open(
      [{ path, file }],
      Comlink.proxy(() => undefined),
    ),
  );
  return value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
}

const scoresOf = async (runId: string): Promise<Float64Array> => (await session.run(runId)).stored.score.score_T;

describe('a model over the wire', () => {
  let own: DatasetInfo;
  let run: RunInfo;
  let file: Blob;
  const at = (dataset: DatasetInfo) => ({ datasetId: dataset.id, asset: dataset.assets[0].name });

  beforeAll(async () => {
    await api.device();
    own = await opened('pump.csv', csv(5));
    const job: RunJob = {
      ...{ jobId: 'first', data: at(own), engine: 'm2ad', preset: 'lite', head: 'm2ad', headParams: {}, seed: 3 },
      params: { window: 12, hidden: 6, stride: 4, epochs: 2 },
      imputation: {},
    };
    run = value(
      await api.run(
        job,
        Comlink.proxy(() => undefined),
      ),
    );
    const out = value(await api.exportModel(run.id));
    expect(out.name).toMatch(/-m2ad-lite\.tfjs\.zip$/);
    file = out.blob;
  });
  afterAll(end);

  it('comes back beside its own data with the same scores to the last bit', async () => {
    const back = value(await api.openModel(file, at(own)));
    expect(back.id).not.toBe(run.id);
    expect(await scoresOf(back.id)).toEqual(await scoresOf(run.id));
    expect(back.result.events).toEqual(run.result.events);
    expect(value(await api.openModel(file, at(own))).id).toBe(back.id);
  });

  it('judges other data by its own scale and threshold, also after a run file', async () => {
    const other = await opened('other.csv', csv(6, 5));
    const there = value(await api.openModel(file, at(other)));
    expect(there.result.threshold).toMatchObject({ rule: 'manual', value: run.result.threshold.value });
    expect(there.note).toContain('nothing was learned here');
    // Everything is 5 higher than what it learned: under a scale that was learned here nothing would be strange.
    expect(there.result.flaggedShare).toBeGreaterThan(0.9);
    const { stored } = await session.run(there.id);
    expect(stored.scaler).toEqual((({ refitted: _, ...scaler }) => scaler)((await session.run(run.id)).stored.scaler));
    const saved = value(await api.exportBundle(there.id));
    const learned = there.job.learned;
    value(await api.deleteRun(there.id));
    const again = value(await api.openBundle(saved.blob));
    expect(again).toMatchObject({ is: 'run', notes: [] });
    expect(again.is === 'run' && again.run.job.learned).toEqual(learned);
  });

  it('is refused beside other columns, with the columns that it reads', async () => {
    const wrong = await opened('wrong.csv', csv(5, 0, 'pressure,flow,current'));
    const outcome = await api.openModel(file, at(wrong));
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'other-sensors' } });
    expect(!outcome.ok && outcome.error.cure).toContain('flow, pressure, current');
  });

  it('gives events as Parquet', async () => {
    const { name, blob } = value(await api.exportParquet(run.id, 'events'));
    expect(name).toMatch(/-events\.parquet$/);
    expect(await blob.slice(0, 4).text()).toBe('PAR1');
  });
});
