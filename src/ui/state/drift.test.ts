import { describe, expect, it } from 'vitest';
import { markOf, normalRange, shownDrift } from './driftNormal.ts';
import { alarmRuns } from './driftSlice.ts';
import { REGIME } from './fakeDrift.testkit.ts';
import { fakeEngine } from './fakeEngine.testkit.ts';
import { readSettings, writeSettings } from './persist.ts';
import { createApp } from './store.ts';
import { valueOf } from './types.ts';

async function start() {
  const engine = fakeEngine();
  let id = 0;
  const store = createApp({ engine, nowMs: () => 1000, newId: () => `id-${(id += 1)}` });
  await store.getState().boot({});
  return { engine, store, state: () => store.getState() };
}

describe('drift of the run in view', () => {
  it('is read once, with what its events are', async () => {
    const { state, engine } = await start();
    await Promise.all([state().loadDrift(), state().loadDrift()]);
    await state().loadDrift();
    expect(engine.log.calls.filter((call) => call.startsWith('drift'))).toHaveLength(1);
    expect(shownDrift(state())?.measured.regimes).toHaveLength(1);
    const events = valueOf(state().current)?.result.events ?? [];
    for (const { number, start: from } of events)
      expect(markOf(state(), number)?.mark).toBe(from >= REGIME.start ? 'regime' : 'fault');
  });

  it('stops when it is cancelled and can be read again', async () => {
    const { state } = await start();
    const reading = state().loadDrift();
    state().cancelDrift();
    await reading;
    expect(state().driftView).toMatchObject({ is: 'failed', error: { code: 'cancelled' } });
    expect(state().reading).toBeNull();
    await state().loadDrift();
    expect(shownDrift(state())).not.toBeNull();
  });

  it('is that of no other run, and marks are of no other events', async () => {
    const { state } = await start();
    await state().loadDrift();
    const run = valueOf(state().current)!;
    await state().commitSettings({ ...run.result.settings, rule: 'manual', manual: 8 });
    expect(markOf(state(), 1)).toBeNull();
    await state().judgeShown();
    expect(markOf(state(), 1)).not.toBeNull();
    await state().startRun();
    expect(shownDrift(state())).toBeNull();
    expect(markOf(state(), 1)).toBeNull();
  });
});

describe('a range confirmed as the new normal', () => {
  it('of a regime: learns from its first half or all of it, and judges the regime', async () => {
    const { state } = await start();
    await state().loadDrift();
    expect(normalRange(state())).toBeNull();
    state().setDrift({ normalPick: 0 });
    expect(normalRange(state())).toMatchObject({
      confirmed: REGIME,
      learned: { start: REGIME.start, end: (REGIME.start + REGIME.end) / 2 },
      applies: REGIME,
      kind: 'level',
      hasEnd: false,
    });
    state().setDrift({ normalForm: { part: 'all', retrain: false, onwards: null } });
    expect(normalRange(state())?.learned).toEqual(REGIME);
  });

  it('of a drawn range: learns from it and judges what follows; broken things in it are not learned from', async () => {
    const { state } = await start();
    await state().loadDrift();
    state().setDrift({ normalPick: 'drawn' });
    expect(normalRange(state())).toBeNull();
    state().setBrush({ start: 15_000, end: 16_900 });
    const range = normalRange(state());
    expect(range).toMatchObject({ learned: { start: 15_000, end: 16_900 }, hasEnd: true, onwards: true, kind: null });
    expect(range?.applies).toEqual({ start: 15_000, end: 20_160 });
    const broken = valueOf(state().current)?.result.events.find((row) => row.start >= 15_000 && row.end <= 16_900);
    const [dropped] = range?.dropped ?? [];
    expect(dropped.start).toBeLessThan(broken?.start ?? 0);
    expect(dropped.end).toBeGreaterThan(broken?.end ?? Infinity);
    state().setDrift({ normalForm: { part: 'half', retrain: false, onwards: false } });
    expect(normalRange(state())?.applies.end).toBe(16_900);
  });

  it('makes a run beside the one before; kept it stays, rolled back it is gone', async () => {
    const { state, engine } = await start();
    await state().loadDrift();
    const before = valueOf(state().current)!;
    state().setDrift({ normalPick: 0 });
    await state().confirmNormal();
    const after = valueOf(state().current)!;
    expect(after.id).not.toBe(before.id);
    expect(after.confirmed).toMatchObject([
      { runId: before.id, by: state().author, words: expect.any(String) as string },
    ]);
    expect(state().normalDiff).toMatchObject({ before: before.id, after: after.id, diff: { is: 'ready' } });
    await state().rollBackNormal();
    expect(valueOf(state().current)?.id).toBe(before.id);
    expect(state().runs.some(({ id }) => id === after.id)).toBe(false);

    state().setDrift({ normalPick: 0, normalForm: { part: 'half', retrain: true, onwards: null } });
    await state().confirmNormal();
    state().keepNormal();
    const kept = valueOf(state().current)!;
    expect(state().normalDiff).toBeNull();
    expect(state().runs.map(({ id }) => id)).toEqual(expect.arrayContaining([before.id, kept.id]));
    expect(engine.log.calls).toContain(`confirm ${before.id} 17000-18580 retrain`);
    // The way back stays open after it was kept.
    await state().openNormal(kept);
    expect(state().normalDiff?.before).toBe(before.id);
  });

  it('an error leaves the run in view and what was chosen', async () => {
    const { state } = await start();
    await state().loadDrift();
    const before = valueOf(state().current)!;
    state().setAuthor('nobody');
    state().setDrift({ normalPick: 0 });
    await state().confirmNormal();
    expect(valueOf(state().current)).toBe(before);
    expect(state().notice?.kind).toBe('too-few-steps');
    expect(state().normalPick).toBe(0);
  });
});

describe('false alarms', () => {
  it('of the run in view, of the one before it, and of the newest like it on other assets', async () => {
    const { state, engine } = await start();
    const run = valueOf(state().current)!;
    const on = (id: string, asset: string, createdAtMs: number) => ({
      ...run,
      id,
      createdAtMs,
      data: { ...run.data, asset },
    });
    const after = { ...run, id: 'after', confirmed: [{ runId: run.id }] } as unknown as typeof run;
    const others = [on('old', 'b', 1), on('new', 'b', 2), on('c', 'c', 1)];
    expect(alarmRuns(after, [after, run, ...others])).toEqual(['after', run.id, 'new', 'c']);
    expect(alarmRuns(after, [after, ...others])).toEqual(['after', 'new', 'c']);
    await state().loadAlarms();
    expect(state().alarms.is).toBe('ready');
    expect(engine.log.calls.at(-1)).toContain(run.id);
  });

  it('go by the word of people where the file has no labels, whatever was chosen for other data', async () => {
    const { state } = await start();
    state().setDrift({ alarmBasis: 'file' });
    await state().loadAlarms();
    expect(state().alarmBasis).toBe('file');
    const info = valueOf(state().dataset)!;
    const assets = info.assets.map((asset) => ({ ...asset, labels: null }));
    await state().takeDataset({ ...info, assets });
    await state().loadAlarms();
    expect(state().alarmBasis).toBe('confirmed');
  });
});

it('the tab that was open comes back, and nothing else of drift is kept on the device', () => {
  const { store } = { store: createApp({ engine: fakeEngine(), nowMs: () => 1, newId: () => 'x' }) };
  store.getState().setView({ inspectorTab: 'drift' });
  const kept = readSettings(writeSettings(store.getState()));
  expect(kept.inspectorTab).toBe('drift');
  expect('driftView' in kept).toBe(false);
});
