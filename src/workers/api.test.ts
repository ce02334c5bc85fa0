import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seeded } from '../engine/rng.ts';
import { engine, value } from './channel.testkit.ts';
import type { DatasetInfo, EngineApi, JobUpdate, QueryJob, RunInfo, RunJob, TeachJob } from './protocol.ts';
import type { Change } from '../engine/labels/types.ts';
import { Session } from './session.ts';
import { Vault } from './vault.ts';
import type { Checkpoint } from './vault.ts';

/** Three coupled sensors with a level shift near the end, as a person's CSV file. */
function csv(rows = 900): Blob {
  const rng = seeded(5);
  const lines = ['time,flow,pressure,current'];
  for (let t = 0; t < rows; t++) {
    const base = Math.sin(t / 9);
    const odd = t >= 800 && t < 820 ? 4 : 0;
    const cells = [base, 2 * base + odd, base - 1].map((value) => (value + 0.05 * rng()).toFixed(4));
    lines.push(`${new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString()},${cells.join(',')}`);
  }
  return new Blob([lines.join('\n')]);
}

const words = { start: '13:20', length: '20 min', peakTime: '13:25' };

let ids = 0;
const connect = (session: Session) => {
  const { endpoint, end: close } = engine(session, { now: () => Date.now(), newId: () => `id ${String(++ids)}` });
  const api = Comlink.wrap<EngineApi>(endpoint);
  return { api, close };
};

const jobOf = (dataset: DatasetInfo, jobId: string, epochs = 3): RunJob => ({
  jobId,
  data: { datasetId: dataset.id, asset: dataset.assets[0].name },
  engine: 'm2ad',
  preset: 'lite',
  params: { window: 12, hidden: 8, stride: 2, epochs },
  head: 'm2ad',
  headParams: {},
  seed: 3,
  imputation: {},
});

describe('the worker over a real channel', () => {
  const { api, close } = connect(new Session());
  let dataset: DatasetInfo;
  let run: RunInfo;
  const updates: JobUpdate[] = [];

  beforeAll(async () => {
    const report = value(
      await api.open(
        [{ path: 'pump.csv', file: csv() }],
        Comlink.proxy(() => undefined),
      ),
    );
    expect(report.columns.map(({ name }) => name)).toEqual(['time', 'flow', 'pressure', 'current']);
    dataset = value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
    run = value(
      await api.run(
        jobOf(dataset, 'first'),
        Comlink.proxy((u: JobUpdate) => void updates.push(u)),
      ),
    );
  });
  afterAll(close);

  it('finds the shifted sensor first and says where the threshold came from', () => {
    const [worst] = run.result.events;
    expect(worst.start).toBeLessThan(820);
    expect(worst.end).toBeGreaterThan(800);
    expect(worst.top[0].sensor).toBe(1);
    expect(run.result.threshold).toMatchObject({ rule: 'gamma', oracle: false });
  });

  it('tells phases in order and the losses of each epoch', () => {
    const phases = updates.flatMap((u) => (u.kind === 'phase' ? [u.phase] : []));
    expect(phases).toEqual(['probing', 'preparing', 'preparing', 'training', 'scoring', 'calibrating', 'saving']);
    expect(updates.filter((u) => u.kind === 'epoch')).toHaveLength(3);
  });

  it('draws tiles of observed, expected and score', async () => {
    const tiles = value(
      await api.tiles(run.data, run.id, [
        { track: { of: 'observed', index: 1 }, level: 0, tile: 0 },
        { track: { of: 'expected', index: 1 }, level: 0, tile: 1 },
        { track: { of: 'score' }, level: 1, tile: 0 },
      ]),
    );
    expect(tiles.map(({ min }) => min.length)).toEqual([512, 388, 450]);
    // The forecast needs one window before it, so the first steps have no expected value: a gap, not a zero.
    expect(tiles[2].gap[0]).toBe(1);
    expect(tiles[1].max.every(Number.isFinite)).toBe(true);
  });

  it('re-thresholds without keeping, then keeps', async () => {
    const settings = { ...run.result.settings, rule: 'manual', manual: 1e9 };
    expect(value(await api.rethreshold(run.id, settings, false)).events).toEqual([]);
    expect(value(await api.loadRun(run.id)).result.events.length).toBe(run.result.events.length);
    value(await api.rethreshold(run.id, { ...run.result.settings, mergeGap: 20 }, true));
    expect(value(await api.loadRun(run.id)).result.settings.mergeGap).toBe(20);
  });

  it('explains the worst event with shares that add to one', async () => {
    const detail = value(await api.event(run.id, 1, words));
    expect(detail.sentence.map(({ text }) => text).join('')).toMatch(
      /^For 20 min from 13:20 .*pressure.* where .* was expected/,
    );
    expect(detail.systems.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(detail.atPeak[0].sensor).toBe(1);
    expect(detail.atPeak[0].scoreWithout).toBeLessThan(detail.row.score);
    expect(Math.abs(detail.atPeak[0].observed - detail.atPeak[0].expected)).toBeGreaterThan(1);
  });

  it('exports events and scores as CSV', async () => {
    const events = await value(await api.exportCsv(run.id, 'events')).blob.text();
    expect(events.split(/\r?\n/)[1]).toContain('pressure');
    const scores = await value(await api.exportCsv(run.id, 'scores')).blob.text();
    expect(scores.trim().split(/\r?\n/)).toHaveLength(901);
  });

  it('asks, hears labels, fine-tunes on them, compares, writes and reads label files', async () => {
    const { data } = run;
    const job: QueryJob = {
      runId: run.id,
      strategy: 'top-k',
      params: { k: 3 },
      score: 'error',
      window: 10,
      count: 10,
      seed: 1,
      pool: { kind: 'part', ratio: 1 },
    };
    const { questions, pool } = value(await api.query(job));
    expect(questions).toHaveLength(3);
    expect([800, 810, 820]).toContain(questions[0].span.start);
    expect(questions[0].top[0].sensor).toBe(1);
    expect(pool.asked).toBe(0);
    const said = questions.map(({ id, span }, n): Change => ({
      kind: 'put',
      label: {
        id,
        span,
        verdict: n === 0 ? 'anomalous' : 'normal',
        scope: { kind: 'all' },
        author: 'ada',
        layer: 'ada',
        madeAtMs: 1,
        note: '',
        origin: 'query',
      },
    }));
    expect(value(await api.act(data, { kind: 'change', changes: said }))).toMatchObject({ seq: 1, unsaved: null });
    // What was asked is not asked again.
    const next = value(await api.query({ ...job, seed: 2 })).questions;
    expect(next.some(({ id }) => questions.some((question) => question.id === id))).toBe(false);

    const before = value(await api.device()).tensors;
    const teach: TeachJob = { jobId: 'taught', runId: run.id, params: { epochs: 2 }, seed: 4 };
    const told: JobUpdate[] = [];
    const taught = value(
      await api.teach(
        teach,
        Comlink.proxy((u: JobUpdate) => void told.push(u)),
      ),
    );
    expect(taught.descent).toEqual({ runId: run.id, round: 1, anomalous: 10, normal: 20 });
    expect(told.filter(({ kind }) => kind === 'epoch')).toHaveLength(2);
    expect(value(await api.device()).tensors).toBe(before);
    expect(value(await api.unfinished())).toEqual([]);
    expect(value(await api.loadRun(run.id)).result.events).toEqual(run.result.events);
    const diff = value(await api.diff(run.id, taught.id, 0.4));
    expect(diff.changes.length).toBeGreaterThanOrEqual(taught.result.events.length);
    expect(diff.metrics).toEqual([]);

    const file = value(await api.exportLabels(data, 'label-studio'));
    const read = value(await api.importLabels(data, { name: 'labels.json', file: file.blob }, null));
    expect(read.problems).toEqual([]);
    expect(read.labels.map(({ id, verdict, span }) => [id, verdict, span])).toEqual(
      said.flatMap((change) =>
        change.kind === 'put' ? [[change.label.id, change.label.verdict, change.label.span]] : [],
      ),
    );
    expect(await api.exportLabels(data, 'none')).toMatchObject({ ok: false, error: { kind: 'unknown-format' } });
    const alone = value(await api.agreement(data, ['ada']));
    expect(alone).toEqual({ pairs: [], conflicts: [] });
    const alike = value(await api.similar(run.id, questions[0].span, 3));
    for (const { span, distance } of alike) {
      expect(questions.every((question) => question.span.end <= span.start || question.span.start >= span.end)).toBe(
        true,
      );
      expect(distance).toBeLessThanOrEqual(0.75);
    }
    value(await api.act(data, { kind: 'undo', of: 1 }));
    expect(
      await api.teach(
        { ...teach, jobId: 'none' },
        Comlink.proxy(() => undefined),
      ),
    ).toMatchObject({
      ok: false,
      error: { kind: 'no-labels' },
    });
    value(await api.deleteRun(taught.id));
  });

  it('weighs the members of a council by labels, as a run of its own with other settings', async () => {
    const quiet = Comlink.proxy(() => undefined);
    const own = { headParams: { read: 'own', held: 0 }, head: 'conformal', params: {} };
    const first = value(await api.run({ ...jobOf(dataset, 'sat'), engine: 'council', ...own }, quiet));
    const say = (id: string, verdict: 'anomalous' | 'normal', start: number, end: number): Change => ({
      kind: 'put',
      label: {
        ...{ id, verdict, span: { start, end }, scope: { kind: 'all' }, author: 'ada', layer: 'ada' },
        ...{ madeAtMs: 1, note: '', origin: 'lane' },
      },
    });
    const teach: TeachJob = { jobId: 'settled', runId: first.id, params: {}, seed: 4 };
    value(await api.act(first.data, { kind: 'change', changes: [say('odd', 'anomalous', 802, 818)] }));
    expect(await api.teach(teach, quiet)).toMatchObject({ error: { kind: 'no-labels' } });
    value(await api.act(first.data, { kind: 'change', changes: [say('calm', 'normal', 700, 760)] }));
    // Generated windows cannot be weighed, and are not said to have taught.
    expect((await api.teach({ ...teach, setId: 'any' }, quiet)).ok).toBe(false);
    const settled = value(await api.teach(teach, quiet));
    expect(settled.descent).toEqual({ runId: first.id, round: 1, anomalous: 16, normal: 60 });
    expect(settled.job.params).not.toEqual(first.job.params);
    expect(value(await api.compareRuns(first.id, settled.id)).differences.length).toBeGreaterThan(0);
    value(await api.deleteRun(settled.id));
    value(await api.deleteRun(first.id));
  });

  it('gives the same bytes for the same seed', async () => {
    const again = value(
      await api.run(
        jobOf(dataset, 'again'),
        Comlink.proxy(() => undefined),
      ),
    );
    expect(again.result.events.map(({ score }) => score)).toEqual(run.result.events.map(({ score }) => score));
  });

  it('shows what AMAD attends to in the window around a step, and refuses M2AD', async () => {
    const job = {
      ...jobOf(dataset, 'amad', 2),
      engine: 'amad',
      params: { window: 24, hidden: 8, heads: 2, epochs: 2 },
    };
    const amad = value(
      await api.run(
        job,
        Comlink.proxy(() => undefined),
      ),
    );
    const before = value(await api.device()).tensors;
    const view = value(await api.attention(amad.id, 805, { start: 800, end: 820 }));
    expect(view.window).toEqual({ start: 798, end: 822 });
    expect(view.maps.map(({ name, size }) => [name, size])).toEqual([
      ['S', 24],
      ['A', 24],
    ]);
    const [self] = view.maps;
    expect(self.value_NRC.length).toBe(self.picks.length * 24 * 24);
    expect(self.value_NRC.subarray(0, 24).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    expect(view.periods[0].period_H.length).toBe(2);
    expect(Math.max(...view.divergences[0].value_NR)).toBeLessThanOrEqual(Math.LN2 + 1e-5);
    expect(value(await api.device()).tensors).toBe(before);
    // The kept window answers again with arrays of its own: the first were moved away.
    expect(value(await api.attention(amad.id, 806, { start: 800, end: 820 })).maps).toEqual(view.maps);
    const pick = { layer: 0, head: 1 };
    const { blob, name } = value(await api.exportAttention(amad.id, 805, { start: 800, end: 820 }, pick));
    const lines = (await blob.text()).trim().split('\n');
    expect(name).toMatch(/attention-layer-0-head-1\.csv$/);
    expect(lines[0]).toBe('row_step,row_time,column_step,column_time,S,A,divergence_of_row_A_S');
    expect(lines).toHaveLength(1 + 24 * 24);
    expect(lines[1]).toMatch(/^798,2026-01-01T13:18:00Z,798,2026-01-01T13:18:00Z,0\.\d+/);
    value(await api.deleteRun(amad.id));
    expect(await api.attention(run.id, 805, { start: 800, end: 820 })).toMatchObject({
      ok: false,
      error: { kind: 'no-evidence' },
    });
  });

  it('cancels within a batch, leaves no tensor, and keeps the runs there were', async () => {
    const before = value(await api.device()).tensors;
    let asked = false;
    const outcome = await api.run(
      jobOf(dataset, 'cancelled', 400),
      Comlink.proxy((u: JobUpdate) => {
        if (u.kind === 'epoch' && !asked) {
          asked = true;
          void api.cancel('cancelled');
        }
      }),
    );
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(value(await api.device()).tensors).toBe(before);
    expect(value(await api.runs(dataset.id)).map(({ id }) => id)).toEqual(['first', 'again']);
    expect(value(await api.unfinished())).toEqual([]);
  });

  it('a run that waits for a shipped one is cancelled at once', async () => {
    let served = (): void => undefined;
    const slow = new Promise<Response>((resolve) => (served = () => resolve(new Response(null, { status: 404 }))));
    vi.stubGlobal('fetch', () => slow);
    const shipped = api.runs('bundled:any');
    const outcome = await api.run(
      jobOf(dataset, 'waiting'),
      Comlink.proxy((u: JobUpdate) => {
        if (u.kind === 'phase') void api.cancel('waiting');
      }),
    );
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    served();
    expect(value(await shipped)).toEqual([]);
    vi.unstubAllGlobals();
  });

  it('tells a resumed run from its first epoch on', async () => {
    const kept: Checkpoint[] = [];
    const vault = new Vault();
    const put = vi.spyOn(vault, 'putCheckpoint').mockImplementation((checkpoint) => {
      kept.push(checkpoint);
      return Vault.prototype.putCheckpoint.call(new Vault(), checkpoint);
    });
    const own = connect(new Session(vault));
    const job = jobOf(dataset, 'resumed', 4);
    const tell = (told: JobUpdate[]) => Comlink.proxy((u: JobUpdate) => void told.push(u));
    const all: JobUpdate[] = [];
    value(await own.api.run(job, tell(all)));
    put.mockRestore();
    // Epochs that end while a checkpoint is being written leave none of their own; the first one is always written.
    const [early] = kept;
    expect(early.state?.epoch).toBeLessThan(4);
    await vault.putCheckpoint(early);
    const again: JobUpdate[] = [];
    value(await own.api.run(job, tell(again)));
    const epochs = (told: readonly JobUpdate[]) => told.flatMap((u) => (u.kind === 'epoch' ? [u.losses] : []));
    expect(epochs(all)).toHaveLength(4);
    expect(epochs(again)).toEqual(epochs(all));
    value(await own.api.deleteRun('resumed'));
    own.close();
  });

  it('answers errors as values with a cure', async () => {
    const outcome = await api.run(
      { ...jobOf(dataset, 'bad'), params: { window: 1e6 } },
      Comlink.proxy(() => undefined),
    );
    expect(outcome).toMatchObject({ ok: false, error: { code: 'bad-input', kind: 'bad-parameter' } });
    const empty = await api.open(
      [{ path: 'empty.csv', file: new Blob([]) }],
      Comlink.proxy(() => undefined),
    );
    expect(empty).toMatchObject({ ok: false, error: { kind: 'empty-file' } });
  });

  it('a fresh worker answers from what was kept', async () => {
    const fresh = connect(new Session());
    expect(value(await fresh.api.datasets()).map(({ id }) => id)).toEqual([dataset.id]);
    const kept = value(await fresh.api.loadRun('first'));
    expect(kept.result.settings.mergeGap).toBe(20);
    expect(value(await fresh.api.event('first', 1, words)).row.start).toBe(kept.result.events[0].start);
    value(await fresh.api.deleteDataset(dataset.id));
    expect(value(await fresh.api.datasets())).toEqual([]);
    expect(await fresh.api.loadRun('again')).toMatchObject({ ok: false, error: { kind: 'no-run' } });
    fresh.close();
  });
});
