import { describe, expect, it } from 'vitest';
import type { JobUpdate } from '../../workers/protocol.ts';
import { dataset, fakeEngine, guessed, job, runOf, settings } from './fakeEngine.testkit.ts';
import { HOME } from './home.ts';
import { latest } from './latest.ts';
import { rangeAround, sameEvent, shownEvents } from './resultsSlice.ts';
import { afterUpdate, shareDone, type JobState } from './runSlice.ts';
import { createApp } from './store.ts';
import { valueOf } from './types.ts';

const blob = { path: 'a.csv', file: new Blob(['x']) };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function start(pace?: () => Promise<void>) {
  const engine = fakeEngine(pace);
  let id = 0;
  const store = createApp({ engine, nowMs: () => 1000, newId: () => `job-${(id += 1)}` });
  return { engine, store, state: () => store.getState() };
}

/** A pace that stops the fake until `go` is called. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    pace: () => new Promise<void>((resolve) => waiting.push(resolve)),
    go: async () => {
      waiting.splice(0).forEach((resolve) => resolve());
      await settle();
    },
  };
}

describe('first sight', () => {
  it('opens the bundled example with its shipped run and its worst event', async () => {
    const { state } = start();
    await state().boot({});
    expect(valueOf(state().dataset)?.id).toBe('pump-station');
    expect(valueOf(state().current)?.id).toBe('shipped');
    expect(state().selected).toBe(1);
    expect(valueOf(state().detail)?.row.number).toBe(1);
    const event = shownEvents(state())?.events[0];
    expect(state().range?.from).toBeLessThan(event?.start ?? 0);
    expect(state().range?.to).toBeGreaterThan(event?.end ?? Infinity);
  });

  it('falls back to the example when the last data set is gone', async () => {
    const { store, state } = start();
    store.setState({ lastDataset: 'gone' });
    await state().boot({});
    expect(valueOf(state().dataset)?.id).toBe('pump-station');
  });

  it('takes engine, preset, parameters, seed, range and event from a link', async () => {
    const { state } = start();
    await state().boot({
      data: 'sines',
      engine: 'm2ad',
      preset: 'paper',
      params: { window: 64 },
      seed: 7,
      range: { from: 100, to: 900 },
    });
    expect(valueOf(state().dataset)?.id).toBe('sines');
    expect(state()).toMatchObject({ preset: 'paper', changed: { window: 64 }, seed: 7 });
    expect(state().range).toEqual({ from: 100, to: 900 });
  });
});

describe('a run', () => {
  it('goes from running to done, keeps every loss and shows its events', async () => {
    const { state } = start();
    await state().boot({});
    await state().startRun();
    const { run } = state();
    expect(run.is).toBe('done');
    if (run.is !== 'done') return;
    expect(run.losses).toHaveLength(5);
    expect(run.losses[4]?.['loss']).toBeCloseTo(0.018);
    expect(valueOf(state().current)?.id).toBe('job-1');
    expect(state().runs.map((entry) => entry.id)).toEqual(['job-1', 'shipped']);
    expect(state().page).toBe('review');
  });

  it('is cancelled, and the earlier run stays on screen', async () => {
    const { pace, go } = gate();
    const { state } = start(pace);
    await state().boot({});
    const done = state().startRun();
    await settle();
    expect(state().run.is).toBe('running');
    state().cancelRun();
    expect(state().run).toMatchObject({ is: 'running', cancelling: true });
    await go();
    await done;
    expect(state().run.is).toBe('cancelled');
    expect(valueOf(state().current)?.id).toBe('shipped');
  });

  it('does not start a second one beside the first', async () => {
    const { pace, go } = gate();
    const { engine, state } = start(pace);
    await state().boot({});
    void state().startRun();
    await state().startRun();
    expect(engine.log.calls.filter((call) => call.startsWith('run'))).toHaveLength(1);
    state().cancelRun();
    await go();
  });

  it('keeps what it has learned when it fails, and says why', async () => {
    const { state } = start();
    await state().boot({});
    state().setSeed(13);
    await state().startRun();
    const { run } = state();
    expect(run).toMatchObject({ is: 'failed', error: { kind: 'out-of-memory' } });
    expect(run.is === 'failed' && run.losses).toHaveLength(2);
    expect(valueOf(state().current)?.id).toBe('shipped');
  });

  it('that is over says nothing of the data set that is opened next, nor of another try', async () => {
    const { state } = start();
    await state().boot({});
    state().setSeed(13);
    await state().startRun();
    expect(state().notice?.kind).toBe('out-of-memory');
    void state().startRun();
    expect(state().notice).toBe(null);
    await settle();
    expect(state().notice?.kind).toBe('out-of-memory');
    await state().chooseBundled('sines');
    expect(state()).toMatchObject({ run: { is: 'idle' }, notice: null });
  });

  it('pauses and goes on', async () => {
    const { pace, go } = gate();
    const { state } = start(pace);
    await state().boot({});
    void state().startRun();
    await go();
    await state().pauseRun();
    expect(state().run).toMatchObject({ is: 'running', paused: true });
    await state().resumeRun();
    expect(state().run).toMatchObject({ is: 'running', paused: false });
    state().cancelRun();
    await go();
  });

  it('goes on with a job that a reload interrupted, with the same job', async () => {
    const { engine, state } = start();
    engine.log.unfinished = [{ job: { ...job, jobId: 'old', seed: 42 }, epoch: 3, epochs: 5, savedAtMs: 1 }];
    await state().boot({});
    expect(state().unfinished).toHaveLength(1);
    await state().continueUnfinished('old');
    expect(engine.log.calls).toContain('run lite seed 42');
    expect(state().run).toMatchObject({ is: 'done', runId: 'old' });
  });

  it('counts a resumed curve from the epoch it was resumed at', () => {
    const fresh: JobState = {
      job,
      phase: 'probing',
      epoch: 0,
      epochs: 0,
      done: 0,
      of: 0,
      secondsLeft: null,
      losses: [],
      firstEpoch: 1,
      notes: [],
      startedAtMs: 0,
      teaches: false,
    };
    const epoch: JobUpdate = { kind: 'epoch', epoch: 4, epochs: 8, losses: { loss: 0.1 }, secondsLeft: 9 };
    const after = afterUpdate(fresh, epoch);
    expect(after.firstEpoch).toBe(4);
    const batch: JobUpdate = { kind: 'batch', epoch: 5, epochs: 8, done: 50, of: 100, secondsLeft: null };
    expect(shareDone(afterUpdate(after, batch))).toBeCloseTo(4.5 / 8);
  });
});

describe('the form', () => {
  it('keeps only what differs from the preset, and forgets a stale estimate', async () => {
    const { state } = start();
    await state().boot({});
    await state().askEstimate();
    expect(state().estimate.is).toBe('ready');
    state().setParam('hidden', 64);
    expect(state().changed).toEqual({ hidden: 64 });
    expect(state().estimate.is).toBe('none');
    state().setParam('hidden', 32);
    expect(state().changed).toEqual({});
    state().setHeadPreset('code');
    expect(state().headChanged).toEqual({ error: 'area' });
  });
});

describe('events', () => {
  it('previews while dragging without keeping, and keeps on release', async () => {
    const { engine, state } = start();
    await state().boot({});
    const before = shownEvents(state())?.events.length ?? 0;
    const manual = { ...settings, rule: 'manual', manual: 100 };
    state().previewSettings(manual);
    await settle();
    expect(shownEvents(state())?.events.length).toBeLessThan(before);
    expect(valueOf(state().current)?.result.events).toHaveLength(before);
    state().dropPreview();
    expect(shownEvents(state())?.events).toHaveLength(before);
    await state().commitSettings(manual);
    expect(state().preview).toBeNull();
    expect(valueOf(state().current)?.result.threshold.value).toBe(100);
    expect(engine.log.calls).toEqual(['rethreshold 100 keep false', 'rethreshold 100 keep true']);
  });

  it('asks for the last position only, however fast the handle moves', async () => {
    const { pace, go } = gate();
    const { engine, state } = start(pace);
    await state().boot({});
    for (const manual of [30, 31, 32, 33, 34]) state().previewSettings({ ...settings, rule: 'manual', manual });
    await go();
    await go();
    expect(engine.log.calls).toEqual(['rethreshold 30 keep false', 'rethreshold 34 keep false']);
    expect(state().preview?.settings.manual).toBe(34);
    expect(shownEvents(state())?.threshold.value).toBe(34);
  });

  it('steps through events and stops at both ends', async () => {
    const { state } = start();
    await state().boot({});
    const last = shownEvents(state())?.events.length ?? 0;
    await state().stepEvent(-1);
    expect(state().selected).toBe(1);
    for (let i = 0; i < last + 2; i += 1) await state().stepEvent(1);
    expect(state().selected).toBe(last);
    expect(valueOf(state().detail)?.row.number).toBe(last);
  });

  it('finds the same event again under new numbers', () => {
    const rows = runOf('any').result.events;
    const third = rows[2];
    const renumbered = rows.map((row) => ({ ...row, number: row.number + 10 }));
    expect(sameEvent(renumbered, { start: third.start + 3, end: third.end + 40 })).toBe(13);
    expect(sameEvent(renumbered, { start: 0, end: 9 })).toBeNull();
    expect(sameEvent(renumbered, null)).toBe(11);
    expect(sameEvent([], { start: 0, end: 9 })).toBeNull();
  });

  it('fits an event inside the series even at its edge', () => {
    expect(rangeAround({ start: 0, end: 10 }, 1000)).toEqual({ from: 0, to: 240 });
    expect(rangeAround({ start: 990, end: 1000 }, 1000)).toEqual({ from: 760, to: 1000 });
    expect(rangeAround({ start: 0, end: 10 }, 50)).toEqual({ from: 0, to: 50 });
  });
});

describe('opening a file', () => {
  it('undoes and redoes every decision about roles, and nothing else', async () => {
    const { state } = start();
    await state().boot({});
    await state().openFiles([blob]);
    const column = guessed.columns[1];
    const first = { columns: guessed.columns.map((c, i) => (i === 1 ? { ...column, role: 'ignore' as const } : c)) };
    state().changePlan(first);
    state().changePlan({ duplicates: 'mean' });
    state().setView({ laneMode: 'all' });
    await settle();
    state().undoPlan();
    expect(state().plan).toMatchObject({ duplicates: 'first' });
    expect(state().plan?.columns[1]?.role).toBe('ignore');
    state().undoPlan();
    expect(state().plan).toEqual(guessed);
    expect(state().laneMode).toBe('all');
    state().undoPlan();
    expect(state().plan).toEqual(guessed);
    state().redoPlan();
    expect(state().plan?.columns[1]?.role).toBe('ignore');
  });

  it('says what is wrong with a plan and keeps the report', async () => {
    const { state } = start();
    await state().boot({});
    await state().openFiles([blob]);
    state().changePlan({ columns: guessed.columns.map((column) => ({ ...column, role: 'ignore' as const })) });
    await settle();
    expect(state().opening).toMatchObject({ is: 'report', error: { message: 'No sensor is left.' } });
    state().undoPlan();
    await settle();
    expect(state().opening).toMatchObject({ is: 'report', error: null });
  });

  it('cancels reading and leaves the open data set alone', async () => {
    const { pace, go } = gate();
    const { state } = start(pace);
    await state().boot({});
    void state().openFiles([blob]);
    expect(state().opening).toMatchObject({ is: 'reading', progress: { doneBytes: 1e6 } });
    state().cancelReading();
    await go();
    expect(state().opening.is).toBe('idle');
    expect(valueOf(state().dataset)?.id).toBe(dataset.id);
  });

  it('makes the accepted source the current data set', async () => {
    const { state } = start();
    await state().boot({});
    await state().openFiles([blob]);
    await state().acceptPlan();
    expect(valueOf(state().dataset)?.id).toBe('mine');
    expect(state()).toMatchObject({ lastDataset: 'mine', page: 'engine', plan: null });
    expect(state().current.is).toBe('none');
  });
});

describe('latest', () => {
  it('drops the answer that is on its way', async () => {
    const answers: number[] = [];
    const asking = latest(
      (n: number) => Promise.resolve(n),
      (n) => answers.push(n),
    );
    asking.ask(1);
    asking.drop();
    asking.ask(2);
    await settle();
    expect(answers).toEqual([2]);
  });
});

it('gives every key of the state a home', () => {
  const { state } = start();
  const data = Object.entries(state()).flatMap(([key, value]) => (typeof value === 'function' ? [] : [key]));
  expect(data.sort()).toEqual(Object.keys(HOME).sort());
});
