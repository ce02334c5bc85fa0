import 'fake-indexeddb/auto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from './api.ts';
import { value, wasm } from './channel.testkit.ts';
import type {
  EngineApi,
  GeneratorInfo,
  GeneratorJob,
  JobUpdate,
  Material,
  Outcome,
  RunInfo,
  SampleSet,
  TrialUpdate,
} from './protocol.ts';
import { Session } from './session.ts';
import { infoOf, sineSeries, W } from './studio.testkit.ts';
import { Vault } from './vault.ts';

let ids = 0;
const apiOn = (session: Session): EngineApi =>
  createApi(
    {
      wasm,
      base: { url: 'http://localhost/' },
      now: () => Date.now(),
      newId: () => `made ${String(++ids)}`,
      announce: () => undefined,
      cores: 1,
      shared: 1,
      spawn: null,
      transfer: (sent) => sent,
    },
    session,
  );

const quiet = (): undefined => undefined;
const data = { datasetId: 'd', asset: 'sines' };
const material: Material = { data, sensor: 0, window: W, stride: W, labels: 'file' };
const generatorJob: GeneratorJob = {
  jobId: 'g',
  material,
  preset: 'lite',
  params: { hidden1: 8, hidden2: 12, latent: 4, epochs1: 3, updates1: 0, epochs2: 6, updates2: 0, patience: 6 },
  seed: 5,
};
const series = sineSeries(96);

describe('the studio', () => {
  const session = new Session();
  const api = apiOn(session);
  let generator: GeneratorInfo;
  let set: SampleSet;
  const told: JobUpdate[] = [];
  const mask_T = new Uint8Array(W).fill(1, 10, 15);

  beforeAll(async () => {
    await session.keepDataset(infoOf(series), [series]);
    generator = value(await api.trainGenerator(generatorJob, (u) => void told.push(u)));
    set = value(await api.makeSet({ generatorId: 'g', count: 40, seed: 1, source: 'posterior', mask_T: null }));
  }, 120_000);

  it('cuts windows of one sensor, labelled by the file where it names the sensor as the cause', async () => {
    const info = value(await api.material(material));
    expect(info.windows).toBe(96);
    expect(info.anomalous).toBe(series.labels?.length);
    expect(info.normal + info.anomalous).toBe(96);
    expect(value(await api.material({ ...material, sensor: 1 })).anomalous).toBe(0);
    const number = info.anomalous_N.indexOf(1);
    const window = value(await api.realWindow(material, number));
    expect(window.start).toBe(info.start_N[number]);
    expect([...window.x_T]).toEqual([...series.columns[0].subarray(window.start, window.start + W)]);
    expect(window.label_T).toContain(1);
  });

  it('takes the word of people, alone or over that of the file', async () => {
    const first = series.labels![0];
    const label = (id: string, span: { start: number; end: number }, verdict: 'normal' | 'anomalous') => ({
      kind: 'put' as const,
      label: {
        id,
        span,
        verdict,
        scope: { kind: 'sensors' as const, sensors: ['value'] },
        author: 'ada',
        layer: 'ada',
        madeAtMs: 1,
        note: '',
        origin: 'lane' as const,
      },
    });
    const changes = [label('x', first, 'normal'), label('y', { start: 5, end: 9 }, 'anomalous')];
    value(await api.act(data, { kind: 'change', changes }));
    const by = async (labels: Material['labels'], sensor = 0) => {
      const { anomalous_N } = value(await api.material({ ...material, labels, sensor }));
      return [...anomalous_N.keys()].filter((n) => anomalous_N[n] === 1);
    };
    const file = series.labels!.map(({ start }) => Math.floor(start / W));
    expect(await by('mine')).toEqual([0]);
    expect(await by('mine', 1)).toEqual([]);
    const both = new Set(file);
    both.delete(file[0]);
    both.add(0);
    expect(await by('both')).toEqual([...both].sort((a, b) => a - b));
    value(await api.act(data, { kind: 'undo', of: 1 }));
  });

  it('says in clear words what is missing', async () => {
    const kind = async (changed: Partial<Material>) => {
      const outcome = await api.trainGenerator(
        { ...generatorJob, jobId: 'x', material: { ...material, ...changed } },
        quiet,
      );
      return outcome.ok ? null : [outcome.error.kind, outcome.error.cure];
    };
    expect(await kind({ sensor: 7 })).toEqual(['no-such-sensor', expect.any(String)]);
    expect(await kind({ window: 5000 })).toEqual(['series-too-short', 'Choose a window of at most 1536 steps.']);
    expect(await kind({ sensor: 1 })).toEqual(['no-anomalies', expect.stringMatching(/Label some.*choose labels/)]);
    expect(await kind({ window: 800 })).toEqual(['no-normals', expect.stringMatching(/shorter window/)]);
    expect(await kind({ window: 0 })).toEqual(['bad-window', expect.any(String)]);
    expect(await api.decode('none', new Float32Array(4), mask_T, 0)).toMatchObject({ error: { kind: 'no-generator' } });
    expect(await api.decode('g', new Float32Array(3), mask_T, 0)).toMatchObject({ error: { kind: 'bad-length' } });
    expect(await api.describe('g', 96, mask_T)).toMatchObject({ error: { kind: 'no-window' } });
    expect(await api.realWindow(material, -1)).toMatchObject({ error: { kind: 'no-window' } });
  });

  it('trains as a job: phases, both steps, and its losses', () => {
    expect(told.flatMap((u) => (u.kind === 'phase' ? [u.phase] : []))).toEqual([
      'probing',
      'preparing',
      'training',
      'saving',
    ]);
    expect(told.filter((u) => u.kind === 'epoch').map((u) => u.epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(generator).toMatchObject({ id: 'g', T: W, latent: 4, shipped: false, name: 'C-GATS lite, value' });
    expect(generator.history.normal).toHaveLength(3);
    expect(generator.history.anomalous).toHaveLength(6);
  });

  it('is refused while another job computes, paused, resumed and cancelled within a batch', async () => {
    const before = value(await api.device()).tensors;
    const updates: JobUpdate[] = [];
    const job = { ...generatorJob, jobId: 'long', params: { ...generatorJob.params, epochs1: 400 } };
    let second: Outcome<GeneratorInfo> | null = null;
    const outcome = await api.trainGenerator(job, (u) => {
      updates.push(u);
      if (u.kind !== 'epoch') return;
      if (u.epoch === 2) {
        void api.pause('long');
        void api.trainGenerator({ ...job, jobId: 'other' }, quiet).then(async (answer) => {
          second = answer;
          await api.resume('long');
        });
      }
      if (u.epoch === 4) void api.cancel('long');
    });
    expect(second).toMatchObject({ ok: false, error: { kind: 'busy' } });
    expect(updates.flatMap((u) => (u.kind === 'paused' ? [u.paused] : []))).toEqual([true, false]);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(updates.filter((u) => u.kind === 'epoch').length).toBeLessThan(7);
    expect(value(await api.device()).tensors).toBe(before);
    expect(value(await api.generators('d')).map(({ id }) => id)).toEqual(['g']);
  });

  it('describes a window without what is masked, and decodes with the mask and without', async () => {
    const { mu_Z, sd_Z } = value(await api.describe('g', 3, mask_T));
    expect(mu_Z).toHaveLength(4);
    expect(sd_Z.every((sd) => sd > 0)).toBe(true);
    const decoded = value(await api.decode('g', mu_Z, mask_T, 3));
    const empty = value(await api.decode('g', mu_Z, new Uint8Array(W), 3));
    expect([...empty.x_T]).toEqual([...decoded.plain_T]);
    expect([...decoded.x_T]).not.toEqual([...decoded.plain_T]);
    const before = value(await api.device()).tensors;
    for (let n = 0; n < 5; n++) value(await api.decode('g', mu_Z, mask_T, n));
    expect(value(await api.device()).tensors).toBe(before);
  });

  it('makes sets: the same for the same seed, one mask for all where one is given, kept, written to a file', async () => {
    expect(set.x_NT).toHaveLength(40 * W);
    const again = value(await api.makeSet({ generatorId: 'g', count: 40, seed: 1, source: 'posterior', mask_T: null }));
    expect([...again.x_NT]).toEqual([...set.x_NT]);
    const masked = value(await api.makeSet({ generatorId: 'g', count: 3, seed: 2, source: 'prior', mask_T }));
    expect([...masked.label_NT]).toEqual([...mask_T, ...mask_T, ...mask_T]);
    expect([...masked.from_N]).toEqual([-1, -1, -1]);
    const fresh = apiOn(new Session());
    expect(value(await fresh.sets('d')).map(({ id }) => id)).toEqual([set.id, again.id, masked.id]);
    const { blob, name } = value(await fresh.exportSet(masked.id));
    const lines = (await blob.text()).trim().split('\n');
    expect(name).toBe('value-synthetic-windows.csv');
    expect(lines).toHaveLength(1 + 3 * W);
    expect(lines[0]).toBe('window,step,value,label,synthetic');
    expect(lines[1 + W + 10]).toMatch(/^1,10,-?\d+\.\d+(e-\d+)?,1,1$/);
    value(await api.deleteSet(again.id));
    expect(value(await api.sets('d'))).toHaveLength(2);
    expect(await api.makeSet({ generatorId: 'g', count: 0, seed: 1, source: 'prior', mask_T: null })).toMatchObject({
      error: { kind: 'bad-count' },
    });
    expect(
      await api.makeSet({ generatorId: 'g', count: 1, seed: 1, source: 'prior', mask_T: new Uint8Array(3) }),
    ).toMatchObject({ error: { kind: 'bad-mask' } });
  });

  it('a decoded window of a set is what is in the set, but for what chance adds at labelled steps', async () => {
    const Z = 4;
    const n = 7;
    const { x_T } = value(
      await api.decode('g', set.z_NZ.slice(n * Z, (n + 1) * Z), set.label_NT.slice(n * W, (n + 1) * W), set.from_N[n]),
    );
    const odd = [...x_T.keys()].filter((t) => set.label_NT[n * W + t] > 0);
    expect(odd.length).toBeGreaterThan(0);
    x_T.forEach((x, t) => {
      if (odd.includes(t)) expect(Math.abs(x - set.x_NT[n * W + t])).toBeGreaterThan(1e-3);
      else expect(x).toBeCloseTo(set.x_NT[n * W + t], 5);
    });
  });

  it('maps real and generated windows, the same for the same seed', async () => {
    const map = value(await api.mapSet(set.id, 4));
    expect(map.x_P).toHaveLength(96 + 40);
    expect(map.kind_P.filter((kind) => kind === 2)).toHaveLength(40);
    expect([...map.x_P, ...map.y_P].every(Number.isFinite)).toBe(true);
    const again = value(await api.mapSet(set.id, 4));
    expect([...again.x_P, ...again.y_P]).toEqual([...map.x_P, ...map.y_P]);
    const other = value(await api.mapSet(set.id, 5));
    expect([...other.x_P]).not.toEqual([...map.x_P]);
    const { anomalous_N } = value(await api.material(material));
    map.kind_P.forEach((kind, p) => {
      if (kind < 2) expect(anomalous_N[map.number_P[p]]).toBe(kind);
    });
  });

  it('tries augmentations on detectors and tells every row', async () => {
    const updates: TrialUpdate[] = [];
    const rows = value(
      await api.trial(
        {
          jobId: 'trial',
          material,
          detectors: ['sr-cnn', 'one-liner-a'],
          makers: ['mixup'],
          splits: ['window', 'source'],
          settings: ['TRTR', 'T(R+S)TR'],
          seeds: 1,
          epochs: 1,
        },
        (u) => void updates.push(u),
      ),
    );
    expect(rows.map(({ detector, maker, split, setting }) => [split, maker, detector, setting])).toEqual(
      ['window', 'source'].flatMap((split) => [
        [split, null, 'sr-cnn', 'TRTR'],
        [split, null, 'one-liner-a', 'TRTR'],
        [split, 'mixup', 'sr-cnn', 'T(R+S)TR'],
      ]),
    );
    const counted = updates.flatMap((u) => (u.kind === 'row' ? [[u.done, u.of]] : []));
    expect(counted).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
    for (const { macroOracle } of rows) expect(macroOracle).toBeGreaterThan(0);
    const bad = {
      jobId: 't',
      material,
      makers: [],
      splits: [],
      settings: [],
      seeds: 1,
      epochs: 1,
      detectors: ['none'],
    };
    expect(await api.trial(bad, quiet)).toMatchObject({ ok: false, error: { kind: 'unknown-engine' } });
  }, 120_000);

  it('a trial is cancelled within a batch and leaves no tensor', async () => {
    const before = value(await api.device()).tensors;
    const outcome = await api.trial(
      {
        jobId: 'stopped',
        material,
        detectors: ['sr-cnn'],
        makers: ['c-gats'],
        splits: ['window'],
        settings: ['T(R+S)TR'],
        seeds: 3,
        epochs: 50,
      },
      (u) => {
        if (u.kind === 'phase' && u.phase === 'training') setTimeout(() => void api.cancel('stopped'), 200);
      },
    );
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(value(await api.device()).tensors).toBe(before);
  });

  describe('injects', () => {
    const z_Z = Float32Array.of(1, 0, -1, 0.5);

    it('into a copy that says for good what is synthetic, also after a second one, a reload and in files', async () => {
      const start = 60 * W;
      const one = value(await api.inject({ generatorId: 'g', data, sensor: 0, start, z_Z, mask_T }));
      expect(one.injected).toEqual({ start: start + 10, end: start + 15 });
      expect(one.dataset.name).toBe('Sines, 1 injected');
      const again = { datasetId: one.dataset.id, asset: 'sines' };
      const two = value(await api.inject({ generatorId: 'g', data: again, sensor: 1, start: 0, z_Z, mask_T }));
      expect(two.dataset.name).toBe('Sines, 2 injected');
      expect(new Set([series, one, two].map((at) => ('dataset' in at ? at.dataset.checksum : 'c'))).size).toBe(3);

      const fresh = apiOn(new Session());
      const info = value(await fresh.loadDataset(two.dataset.id));
      expect(info.assets[0].synthetic).toEqual([
        { span: one.injected, sensors: [0] },
        { span: two.injected, sensors: [1] },
      ]);
      for (const span of [one.injected, two.injected])
        expect(info.assets[0].labels!.some(({ start: from, end }) => from <= span.start && end >= span.end)).toBe(true);
      const kept = (await new Session().dataset(two.dataset.id)).series[0];
      const moved = (sensor: number) =>
        [...kept.columns[sensor].keys()].filter((t) => kept.columns[sensor][t] !== series.columns[sensor][t]);
      expect(moved(0)).toEqual([10, 11, 12, 13, 14].map((t) => start + t));
      expect(moved(1)).toEqual([10, 11, 12, 13, 14]);
      expect([...(await session.series(data)).columns[0]]).toEqual([...series.columns[0]]);

      const run = value(
        await fresh.run(
          {
            jobId: 'on injected',
            data: { datasetId: two.dataset.id, asset: 'sines' },
            engine: 'm2ad',
            preset: 'lite',
            params: { window: 12, hidden: 8, epochs: 1 },
            head: 'm2ad',
            headParams: {},
            seed: 1,
            imputation: {},
          },
          quiet,
        ),
      );
      const table = async (what: 'events' | 'scores') =>
        (await value(await fresh.exportCsv(run.id, what)).blob.text()).trim().split('\n');
      const scores = await table('scores');
      expect(scores[0]).toMatch(/,event,synthetic$/);
      const marked = scores.slice(1).flatMap((line, t) => (line.endsWith(',1') ? [t] : []));
      expect(marked).toEqual([10, 11, 12, 13, 14, ...[10, 11, 12, 13, 14].map((t) => start + t)]);
      expect((await table('events'))[0]).toMatch(/,labelled_share,synthetic$/);
      value(await fresh.deleteDataset(one.dataset.id));
      value(await fresh.deleteDataset(two.dataset.id));
    });

    it('says why it cannot', async () => {
      const job = { generatorId: 'g', data, sensor: 0, start: 0, z_Z, mask_T };
      const kind = async (changed: object) => {
        const outcome = await api.inject({ ...job, ...changed });
        return outcome.ok ? null : outcome.error.kind;
      };
      expect(await kind({ sensor: 2 })).toBe('no-such-sensor');
      expect(await kind({ start: series.T - W + 1 })).toBe('no-room');
      expect(await kind({ mask_T: new Uint8Array(W) })).toBe('empty-mask');
      expect(await kind({ mask_T: new Uint8Array(W - 1) })).toBe('bad-length');
    });
  });

  describe('a stress test', () => {
    let run: RunInfo;
    beforeAll(async () => {
      const job = {
        jobId: 'run',
        data,
        engine: 'm2ad',
        preset: 'lite',
        params: { window: 12, hidden: 8, epochs: 2 },
        head: 'm2ad',
        headParams: {},
        seed: 1,
        imputation: {},
      };
      run = value(await api.run(job, quiet));
    });

    it('finds large anomalies more often than none, and is the same for the same seed', async () => {
      const job = {
        jobId: 'stress',
        runId: run.id,
        generatorId: 'g',
        sensor: 1,
        sizes: [0, 20],
        lengths: [3, 6],
        count: 6,
        seed: 1,
      };
      const updates: JobUpdate[] = [];
      const cells = value(await api.stress(job, (u) => void updates.push(u)));
      expect(cells.map(({ size, length, of }) => [size, length, of])).toEqual([
        [0, 3, 6],
        [0, 6, 6],
        [20, 3, 6],
        [20, 6, 6],
      ]);
      // Nothing was put in: what is found was flagged before.
      for (const { found, of, flaggedBefore } of cells.slice(0, 2)) expect(found / of).toBeCloseTo(flaggedBefore, 9);
      for (const { found, of } of cells.slice(2)) expect(found).toBe(of);
      expect(updates.some((u) => u.kind === 'scoring')).toBe(true);
      expect(value(await api.stress({ ...job, jobId: 'again' }, quiet))).toEqual(cells);
      expect(await api.stress({ ...job, lengths: [W + 1] }, quiet)).toMatchObject({ error: { kind: 'bad-length' } });
      expect(await api.stress({ ...job, sensor: 9 }, quiet)).toMatchObject({ error: { kind: 'no-such-sensor' } });
    });
  });

  it('teaches a run with a set, in the sensor of the set, and says that it did', async () => {
    const run = value(
      await api.run(
        {
          jobId: 'to teach',
          data,
          engine: 'transformer',
          preset: 'lite',
          params: { window: 16, hidden: 8, heads: 2, epochs: 1 },
          head: 'm2ad',
          headParams: {},
          seed: 1,
          imputation: {},
        },
        quiet,
      ),
    );
    const before = value(await api.device()).tensors;
    const updates: JobUpdate[] = [];
    const job = { jobId: 'taught', runId: run.id, params: { epochs: 1 }, seed: 1, setId: set.id };
    const taught = value(await api.teach(job, (u) => void updates.push(u)));
    expect(taught.descent).toEqual({ runId: run.id, round: 1, anomalous: 0, normal: 0, generated: 40 });
    expect(updates.some((u) => u.kind === 'note' && u.text.includes('labels of the file'))).toBe(true);
    const losses = updates.flatMap((u) => (u.kind === 'epoch' ? [Object.keys(u.losses)] : []));
    expect(losses[0]).toContain('anomalous');
    expect(value(await api.device()).tensors).toBe(before);
    const prior = value(await api.makeSet({ generatorId: 'g', count: 2, seed: 1, source: 'prior', mask_T: null }));
    expect(await api.teach({ ...job, setId: prior.id }, quiet)).toMatchObject({ error: { kind: 'no-place' } });
    expect(await api.teach({ ...job, setId: 'none' }, quiet)).toMatchObject({ error: { kind: 'no-set' } });
  });

  it('answers at once on the sines that are shipped with a generator', async () => {
    vi.stubGlobal('fetch', async (address: URL) => new Response(await readFile(`public${address.pathname}`)));
    const fresh = apiOn(new Session());
    value(await fresh.openBundled('sines'));
    const [shipped] = value(await fresh.generators('bundled:sines'));
    expect(shipped).toMatchObject({ shipped: true, T: 240, latent: 16 });
    const { windows } = value(await fresh.material(shipped.job.material));
    expect(windows).toBe(1600);
    const painted = new Uint8Array(240).fill(1, 20, 26);
    const { mu_Z } = value(await fresh.describe(shipped.id, 0, painted));
    const { x_T, plain_T } = value(await fresh.decode(shipped.id, mu_Z, painted, 0));
    expect(Math.abs(x_T[22] - plain_T[22])).toBeGreaterThan(3 * Math.abs(x_T[5] - plain_T[5]));
    expect(value(await fresh.generators('bundled:sines'))).toHaveLength(1);
    value(await fresh.deleteDataset('bundled:sines'));
    vi.unstubAllGlobals();
  }, 60_000);

  it('forgets a generator with its sets, and all of it with the data set', async () => {
    value(await api.trainGenerator({ ...generatorJob, jobId: 'h' }, quiet));
    value(await api.deleteGenerator('g'));
    expect(value(await api.generators('d')).map(({ id }) => id)).toEqual(['h']);
    expect(value(await api.sets('d'))).toEqual([]);
    value(await api.makeSet({ generatorId: 'h', count: 2, seed: 1, source: 'prior', mask_T: null }));
    value(await api.deleteDataset('d'));
    const vault = new Vault();
    expect(await vault.listGenerators('d')).toEqual([]);
    expect(await vault.listSets('d')).toEqual([]);
  });
});
