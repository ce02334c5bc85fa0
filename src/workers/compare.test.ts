/** Runs beside each other over a real channel: what is measured, kept, tagged, queued and pooled. */
import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { beforeAll, describe, expect, it } from 'vitest';
import { normal, seeded } from '../engine/rng.ts';
import type { Series, Span } from '../engine/types.ts';
import type { Outside } from './api.ts';
import { engine, job, value } from './channel.testkit.ts';
import { differencesOf } from './compareRuns.ts';
import type { AssetProgress, BesideRules, DatasetInfo, EngineApi, RunInfo, RunJob } from './protocol.ts';
import { Session, summaryOf } from './session.ts';

const T = 600;
const odd: Span[] = [
  { start: 450, end: 470 },
  { start: 540, end: 550 },
];

function seriesOf(asset: string, seed: number, labels: readonly Span[] | null = odd): Series {
  const rng = seeded(seed);
  const shift = (t: number) => (odd.some(({ start, end }) => t >= start && t < end) ? 3 : 0);
  const column = (scale: number) =>
    Float32Array.from({ length: T }, (_, t) => scale * Math.sin(t / 6) + shift(t) * (scale - 1) + 0.1 * normal(rng));
  return {
    ...{ asset, T, covariates: [], columns: [column(1), column(2)], clock: { kind: 'index' } },
    sensors: ['flow', 'level'].map((name) => ({ name, unit: '', system: '' })),
    ...{ train: { start: 0, end: 360 }, test: { start: 360, end: T }, contiguous: true, labels, causes: [] },
  };
}

const series = [seriesOf('north', 1), seriesOf('south', 2), seriesOf('bare', 3, null)];
const info: DatasetInfo = {
  ...{ id: 'stations', name: 'Stations', origin: 'file', layout: 'CSV', checksum: 'x', plan: null, savedAtMs: 1 },
  assets: series.map(summaryOf),
};

let started = 0;

const spawn: Outside['spawn'] = (_role, shared) => {
  started++;
  return engine(new Session(), { shared });
};

const rules: BesideRules = { significance: 0.001, percentile: 99.5, padding: 0, mergeGap: 10, minLength: 1 };

describe('comparing runs', () => {
  const session = new Session();
  const { endpoint } = engine(session, { cores: 2, spawn });
  const api = Comlink.wrap<EngineApi>(endpoint);
  const run = async (request: RunJob): Promise<RunInfo> =>
    value(
      await api.run(
        request,
        Comlink.proxy(() => undefined),
      ),
    );
  let first: RunInfo;

  beforeAll(async () => {
    await session.keepDataset(info, series);
    first = await run(job('first'));
    await run(job('second', { params: { window: 20, hidden: 8, epochs: 3 }, seed: 4 }));
  });

  it('knows every metric with who wins it, and every baseline', async () => {
    const { metrics, baselines } = value(await api.yardsticks());
    expect(metrics.find(({ id }) => id === 'pa-f1')).toMatchObject({ wonBy: 'random scores', basis: 'flags' });
    expect(baselines.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['random', 'difference', 'kmeans', 'isolation-forest', 'untrained']),
    );
  });

  it('measures a run as it was measured when it was made, with curves and trivial detectors beside it', async () => {
    const measures = value(await api.measures('first'))!;
    for (const { id, value: was } of first.metrics)
      expect(measures.metrics.find((row) => row.id === id)?.value).toBe(was);
    expect(measures.curves.inForce?.threshold).toBe(first.result.threshold.value);
    expect(measures.flaggedShare).toBeCloseTo(first.result.flaggedShare, 12);
    expect(measures.trivial.map(({ id, share }) => [id, share])).toEqual([
      ['random-flags', first.result.flaggedShare],
      ['everything', 1],
    ]);
  });

  it('measures anew under other settings', async () => {
    const settings = { ...first.result.settings, rule: 'manual', manual: 1e9 };
    value(await api.rethreshold('first', settings, true));
    expect(value(await api.measures('first'))?.flaggedShare).toBe(0);
    value(await api.rethreshold('first', first.result.settings, true));
    expect(value(await api.measures('first'))?.flaggedShare).toBeCloseTo(first.result.flaggedShare, 12);
  });

  it('computes baselines in another worker, keeps them, and refuses names it does not know', async () => {
    const before = started;
    const rows = value(await api.baseline(first.data, 'pca', rules));
    expect(rows.map(({ how }) => how)).toEqual(['own', 'head']);
    expect(started).toBe(before + 1);
    const untrained = value(await api.baseline(first.data, 'untrained', rules));
    expect(untrained[0]?.metrics.find(({ id }) => id === 'auc-roc')?.value).toBeGreaterThan(0.3);
    // A new engine finds them again: it starts nobody to compute them.
    const other = engine(new Session(), { cores: 2, spawn });
    expect(value(await Comlink.wrap<EngineApi>(other.endpoint).baseline(first.data, 'pca', rules))).toEqual(rows);
    expect(started).toBe(before + 1);
    other.end();
    expect(await api.baseline(first.data, 'magic', rules)).toMatchObject({ error: { kind: 'unknown-baseline' } });
  });

  it('says what differs between two runs, and what happened to labels and false alarms', async () => {
    const { differences, rows } = value(await api.compareRuns('first', 'second'));
    expect(differences.map(({ key, a, b }) => [key, a, b])).toEqual([
      ['seed', '3', '4'],
      ['window', '12', '20'],
      ['epochs', '2', '3'],
    ]);
    expect(differences[1]?.label).toMatch(/Window/);
    const renewed = { ...first, confirmed: [{ words: '1 to 2 May' }] } as unknown as typeof first;
    expect(differencesOf(first, renewed).map(({ key, a, b }) => [key, a, b])).toEqual([
      ['confirmed', '', '1 to 2 May'],
    ]);
    expect(rows.filter(({ of }) => of === 'label').map(({ start }) => start)).toEqual([450, 540]);
    const south = await run(job('south', { data: { datasetId: 'stations', asset: 'south' } }));
    expect(await api.compareRuns('first', south.id)).toMatchObject({ error: { kind: 'other-series' } });
  });

  it('keeps tags and notes with a run, and lists the runs of all data sets', async () => {
    const noted = value(await api.noteRun('second', { tags: ['keep'], note: 'Wider window' }));
    expect(noted).toMatchObject({ tags: ['keep'], note: 'Wider window' });
    expect(value(await api.loadRun('second')).note).toBe('Wider window');
    const anew = engine(new Session());
    const all = value(await Comlink.wrap<EngineApi>(anew.endpoint).allRuns());
    expect(all.map(({ id }) => id)).toEqual(['south', 'second', 'first']);
    expect(all.find(({ id }) => id === 'second')?.tags).toEqual(['keep']);
    anew.end();
  });

  it('does a queue of jobs that differ, with tags of their own', async () => {
    const told: AssetProgress[] = [];
    const jobs = [16, 24].map((window) => ({
      name: `window ${window}`,
      job: job(`sweep-${window}`, { params: { window, hidden: 4, epochs: 1 }, tags: ['sweep 1'] }),
    }));
    const { assets } = value(
      await api.runEach(
        { jobId: 'sweep', jobs },
        Comlink.proxy((row: AssetProgress) => void told.push(row)),
      ),
    );
    expect(assets.map(({ asset, is, runId }) => [asset, is, runId])).toEqual([
      ['window 16', 'done', 'sweep-16'],
      ['window 24', 'done', 'sweep-24'],
    ]);
    const made = value(await api.loadRun('sweep-24'));
    expect(made.tags).toEqual(['sweep 1']);
    expect(made.job.params['window']).toBe(24);
  });

  it('pools assets by adding counts, and leaves out what has no labels', async () => {
    const bare = await run(job('bare', { data: { datasetId: 'stations', asset: 'bare' } }));
    expect(value(await api.measures(bare.id))).toBeNull();
    const parts = [value(await api.measures('first'))!, value(await api.measures('south'))!];
    const pooled = value(await api.pooled(['first', 'south', bare.id]));
    const tp = parts.reduce((sum, { steps }) => sum + steps.tp, 0);
    const fp = parts.reduce((sum, { steps }) => sum + steps.fp, 0);
    const precision = pooled.find(({ id }) => id === 'step-precision');
    expect(precision?.value).toBeCloseTo(tp / (tp + fp), 12);
    expect(precision?.provenance).toContain('2 assets added');
    expect(pooled.find(({ id }) => id === 'vus-pr')?.provenance).toContain('mean over 2 of 2');
  });

  it('tells the severity of the judged part in cells', async () => {
    const { severity_N, from, steps } = value(await api.severity('second', 10));
    expect([from, steps, severity_N.length]).toEqual([360, 240, 24]);
    const worst = severity_N.indexOf(Math.max(...severity_N));
    expect(Math.abs(from + worst * 10 - 455)).toBeLessThan(120);
    expect(Math.max(...severity_N)).toBeLessThanOrEqual(100);
  });

  it('forgets figures with their data set', async () => {
    value(await api.deleteDataset('stations'));
    expect(await api.baseline(first.data, 'pca', rules)).toMatchObject({ error: { kind: 'no-dataset' } });
  });
});
