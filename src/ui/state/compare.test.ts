import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeEngine, runOf } from './fakeEngine.testkit.ts';
import { metricsOf, yardsticks } from './fakeCompare.testkit.ts';
import { aheadOf, besideRows, holds, measureKey, runRows } from './compareRows.ts';
import type { TableRow } from './compareRows.ts';
import { pairOf } from './compareSlice.ts';
import { nextTag, seedsOf, sweepJobs, valuesOf } from './compareSweepSlice.ts';
import { engineChoice } from './setupSlice.ts';
import { createApp } from './store.ts';
import { valueOf } from './types.ts';
import type { RunInfo } from '../../workers/protocol.ts';

let ids = 0;
async function start(pace?: () => Promise<void>) {
  const engine = fakeEngine(pace);
  const store = createApp({ engine, nowMs: () => 0, newId: () => `job-${String(++ids)}` });
  const state = () => store.getState();
  await state().boot({});
  return { engine, state };
}

const words = { 'random-flags': 'random flags', everything: 'flagging everything' };
const metric = (id: string) => yardsticks.metrics.find((choice) => choice.id === id)!;

const withSeed = (id: string, seed: number): RunInfo => {
  const run = runOf(id);
  return { ...run, job: { ...run.job, seed } };
};

describe('rows of the table', () => {
  const data = { datasetId: 'd', asset: 'a' };
  const measured = (run: RunInfo, vus: number) => ({
    [measureKey(run)]: {
      is: 'ready' as const,
      value: {
        metrics: metricsOf('run').map((row) => (row.id === 'vus-pr' ? { ...row, value: vus } : row)),
        trivial: [{ id: 'everything' as const, share: 1, metrics: metricsOf('everything').slice(2, 4) }],
      } as never,
    },
  });
  const baselines = besideRows(
    data,
    yardsticks,
    Object.fromEntries(
      ['random', 'pca'].map((id) => [
        `d a ${id}`,
        {
          is: 'ready',
          value: [
            {
              id,
              how: 'own',
              metrics: metricsOf(id),
              threshold: { rule: 'percentile', source: 'training scores', value: 1, oracle: false },
            },
          ] as never,
        },
      ]),
    ),
    'head',
  );
  const run = withSeed('one', 1);
  const [row] = runRows([run], measured(run, 0.4), false) as [TableRow];

  it('say who is ahead, trivial detectors before baselines, with their value', () => {
    expect(aheadOf(metric('overlap-f1'), row, baselines, words)).toEqual({
      id: 'everything',
      name: 'flagging everything',
      value: 1,
      isTrivial: true,
    });
    expect(aheadOf(metric('best-pa-f1'), row, baselines, words)).toEqual({
      id: 'random',
      name: 'Random scores',
      value: 0.95,
      isTrivial: true,
    });
    expect(aheadOf(metric('vus-pr'), row, baselines, words)).toEqual({
      id: 'pca',
      name: 'PCA',
      value: 0.45,
      isTrivial: false,
    });
    expect(aheadOf(metric('average-precision'), row, baselines, words)).toBeNull();
    expect(aheadOf({ ...metric('average-precision'), better: 'lower' }, row, baselines, words)?.name).toBe(
      'Random scores',
    );
  });

  it('put seeds together as mean and deviation', () => {
    const runs = [1, 2, 3].map((seed) => withSeed(`seed ${seed}`, seed));
    const all = Object.assign({}, ...runs.map((each, i) => measured(each, 0.4 + 0.1 * i))) as ReturnType<
      typeof measured
    >;
    const rows = runRows(runs, all, true);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.seeds).toEqual([1, 2, 3]);
    expect(rows[0]?.cells['vus-pr']?.value).toBeCloseTo(0.5, 12);
    expect(rows[0]?.cells['vus-pr']?.deviation).toBeCloseTo(0.1, 12);
    expect(rows[0]?.cells['vus-pr']?.provenance).toMatch(/^mean of 3 seeds; /);
    const other = { ...withSeed('other', 4), job: { ...run.job, params: { window: 64 } } };
    expect(runRows([...runs, other], all, true)).toHaveLength(2);
  });

  it('are found by words about engine, seed, tag and note', () => {
    const noted = runRows([{ ...withSeed('noted', 7), tags: ['keep'], note: 'after the repair' }], {}, false)[0];
    expect(holds(noted, 'm2ad seed 7')).toBe(true);
    expect(holds(noted, 'repair keep')).toBe(true);
    expect(holds(noted, 'seed 8')).toBe(false);
  });
});

describe('the Compare page', () => {
  it('lists runs, measures each once, and works out every baseline once', async () => {
    const { engine, state } = await start();
    await state().startRun();
    await state().loadCompare();
    const runs = valueOf(state().manyRuns) ?? [];
    expect(runs).toHaveLength(2);
    await state().measureRuns(runs);
    await state().measureRuns(runs);
    await state().loadBeside(runs[0].data);
    await state().loadBeside(runs[0].data);
    expect(engine.log.calls.filter((call) => call.startsWith('measures'))).toHaveLength(2);
    expect(engine.log.calls.filter((call) => call.startsWith('baseline'))).toEqual(['baseline random', 'baseline pca']);
  });

  it('compares the first two that were picked', async () => {
    const { state } = await start();
    await state().startRun();
    await state().loadCompare();
    const [newest, shipped] = valueOf(state().manyRuns)!;
    expect(pairOf(state())).toBeNull();
    state().pickRun(shipped.id, true);
    state().pickRun(newest.id, true);
    expect(pairOf(state())?.map(({ id }) => id)).toEqual([shipped.id, newest.id]);
    await state().loadRunsBeside();
    expect(valueOf(state().runsBeside)?.differences).toHaveLength(1);
    state().pickRun(shipped.id, false);
    expect(pairOf(state())).toBeNull();
  });

  it('keeps tags and notes', async () => {
    const { state } = await start();
    await state().loadCompare();
    await state().noteRun('shipped', { tags: ['a', 'b'], note: 'first' });
    expect(valueOf(state().manyRuns)?.[0]).toMatchObject({ tags: ['a', 'b'], note: 'first' });
    expect(valueOf(state().current)?.note).toBe('first');
    await state().noteRun('nowhere', { tags: [], note: '' });
    expect(state().notice?.kind).toBe('no-run');
  });

  describe('deleting', () => {
    beforeEach(() => {
      vi.useFakeTimers();
      return () => vi.useRealTimers();
    });

    it('can be undone until the notice goes, and only then deletes', async () => {
      const { engine, state } = await start();
      await state().startRun();
      await state().loadCompare();
      const newest = valueOf(state().manyRuns)?.find(({ id }) => id !== 'shipped') as RunInfo;
      await state().dropRuns([newest.id]);
      expect(valueOf(state().manyRuns)).toHaveLength(1);
      expect(valueOf(state().current)?.id).toBe('shipped');
      await state().loadCompare();
      expect(valueOf(state().manyRuns)).toHaveLength(1);
      await state().undropRuns();
      expect(valueOf(state().manyRuns)).toHaveLength(2);
      expect((await engine.loadRun(newest.id)).ok).toBe(true);
      await state().dropRuns([newest.id]);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(state().dropped).toBeNull();
      expect((await engine.loadRun(newest.id)).ok).toBe(false);
    });
  });
});

describe('a sweep', () => {
  it('reads values as the parameter has them, and refuses others', async () => {
    const { state } = await start();
    const choice = engineChoice(state())!;
    expect(valuesOf(choice, { key: 'window', text: '16, 32 64' })).toEqual([16, 32, 64]);
    expect(valuesOf(choice, { key: 'window', text: '16, 9999' })).toBeNull();
    expect(valuesOf(choice, { key: 'loss', text: 'mse, mae' })).toEqual(['mse', 'mae']);
    expect(valuesOf(choice, { key: 'shuffle', text: 'on off' })).toEqual([true, false]);
    expect(valuesOf(choice, { key: 'window', text: '' })).toBeNull();
    expect(seedsOf('1, 4-6')).toEqual([1, 4, 5, 6]);
    expect(seedsOf('one')).toBeNull();
  });

  it('is a grid of values and seeds', async () => {
    const { state } = await start();
    state().setSweep({
      first: { of: 'engine', key: 'window', text: '16 32' },
      second: { of: 'head', key: 'components', text: '0 2' },
      seeds: '1-3',
    });
    const jobs = sweepJobs(state(), 'sweep 1', () => 'id')!;
    expect(jobs).toHaveLength(12);
    expect(jobs.at(-1)).toMatchObject({
      name: 'Window 32, Mixture parts 2, seed 3',
      job: { params: { window: 32 }, headParams: { components: 2 }, seed: 3, tags: ['sweep 1'] },
    });
    state().setSweep({ seeds: '1-100' });
    expect(sweepJobs(state(), 'sweep 1', () => 'id')).toBeNull();
  });

  it('leaves runs with its tag, and the next one counts on', async () => {
    const { state } = await start();
    await state().loadCompare();
    state().setSweep({ first: { of: 'engine', key: 'window', text: '16 32' }, second: null, seeds: '1' });
    await state().startSweep();
    expect(state().sweep).toMatchObject({ is: 'over', error: null, tag: 'sweep 1' });
    const made = valueOf(state().manyRuns)!.filter(({ tags }) => tags?.includes('sweep 1'));
    expect(made.map(({ job }) => job.params['window']).sort()).toEqual([16, 32]);
    expect(nextTag(valueOf(state().manyRuns)!)).toBe('sweep 2');
  });

  it('is cancelled: what is done stays', async () => {
    let done = 0;
    const { state } = await start(() => {
      if (++done === 2) state().cancelSweep();
      return Promise.resolve();
    });
    await state().loadCompare();
    state().setSweep({ first: { of: 'engine', key: 'window', text: '16 24 32' }, second: null, seeds: '1' });
    await state().startSweep();
    const { sweep } = state();
    expect(sweep.is === 'over' && sweep.rows.map(({ is }) => is)).toEqual(['done', 'cancelled', 'cancelled']);
  });
});
