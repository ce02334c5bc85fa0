import { describe, expect, it } from 'vitest';
import type { Alarm, AlarmChange, LiveUpdate } from '../../workers/protocol.ts';
import { fakeEngine } from './fakeEngine.testkit.ts';
import { isLive } from './liveSlice.ts';
import { createApp } from './store.ts';
import type { Engine } from './types.ts';

async function start(live?: Engine['live']) {
  const engine = fakeEngine();
  let id = 0;
  const given = live ? { ...engine, live } : engine;
  const store = createApp({ engine: given, nowMs: () => 1000, newId: () => `live-${(id += 1)}` });
  await store.getState().boot({});
  return { engine, state: () => store.getState() };
}

/** A worker that says what it is told to, until it is aborted. */
function told() {
  let say: (update: LiveUpdate) => void = () => undefined;
  const live: Engine['live'] = (_job, onUpdate, signal) => {
    say = onUpdate;
    onUpdate({ kind: 'began', first: 0, end: null, lag: 0, memory: 10, threshold: 60 });
    return new Promise((resolve) => {
      const error = { code: 'cancelled', kind: 'cancelled', message: '', cure: '', place: {} } as const;
      signal.addEventListener('abort', () => resolve({ ok: false, error }));
    });
  };
  return { live, say: (update: LiveUpdate) => say(update) };
}

const alarm = (number: number, off: number | null = null): Alarm => ({
  ...{ number, on: 10 * number, off, score: 70, peak: 10 * number, sensors: [0] },
});
const changed = (...alarms: AlarmChange[]): LiveUpdate => ({ kind: 'blocks', blocks: [], alarms });

describe('a live job', () => {
  it('fills the rings, follows the newest step and ends with the replay', async () => {
    const { state, engine } = await start();
    state().setLiveForm({ rate: 0 });
    await state().startLive();
    expect(engine.log.calls).toContain('live shipped replay 0');
    expect(state().live).toMatchObject({ is: 'done', of: 'replay', facts: { settled: 100 }, error: null });
    expect(isLive(state().live)).toBe(false);
    expect(state().liveBuffer?.T).toBe(14_100);
    // Some room is left on the right.
    expect(state().liveView.to).toBeCloseTo(14_100 + 0.03 * 1500);
    expect(state().live?.alarms).toMatchObject([{ number: 1, off: 14_075 }]);
    expect(state().live?.turns.map(({ kind }) => kind)).toEqual(['on', 'off']);
  });

  it('is one at a time, can be stopped, and begins anew with empty rings', async () => {
    const { state, engine } = await start();
    const running = state().startLive();
    expect(isLive(state().live)).toBe(true);
    await state().startLive();
    expect(engine.log.calls.filter((call) => call.startsWith('live '))).toHaveLength(1);
    const before = state().liveBuffer;
    state().stopLive();
    await running;
    expect(state().live?.is).toBe('stopped');
    // What came stays to be looked at.
    expect(state().liveBuffer).toBe(before);
    const again = state().startLive();
    expect(state().live?.jobId).not.toBe('');
    expect(state().liveBuffer).not.toBe(before);
    state().stopLive();
    await again;
  });

  it('says why it failed, and what a job before says late changes nothing', async () => {
    const error = { code: 'bad-input', kind: 'foreign-source', message: 'no', cure: 'do', place: {} } as const;
    let late: (update: LiveUpdate) => void = () => undefined;
    const { state } = await start((_job, onUpdate) => {
      late = onUpdate;
      return Promise.resolve({ ok: false, error });
    });
    await state().startLive();
    expect(state().live).toMatchObject({ is: 'failed', error });
    const stale = late;
    await state().startLive();
    const held = state().live;
    stale({ kind: 'paused', paused: true });
    expect(state().live).toBe(held);
  });

  it('pauses and goes on as the worker says', async () => {
    const worker = told();
    const { state } = await start(worker.live);
    const running = state().startLive();
    worker.say({ kind: 'paused', paused: true });
    expect(state().live?.is).toBe('paused');
    expect(isLive(state().live)).toBe(true);
    worker.say({ kind: 'paused', paused: false });
    expect(state().live?.is).toBe('running');
    state().stopLive();
    await running;
  });

  it('changes its speed and alarms under way, with what differs from the defaults', async () => {
    const { state, engine } = await start();
    state().setLiveForm({ rate: 10 });
    expect(engine.log.calls.filter((call) => call.startsWith('change'))).toEqual([]);
    const running = state().startLive();
    const id = state().live!.jobId;
    state().setLiveForm({ rate: 100 });
    state().setLiveAlarm('on', 4);
    state().setLiveAlarm('off', 9);
    state().setLiveForm({ url: 'live/other' });
    expect(engine.log.calls.filter((call) => call.startsWith('change')).slice(0, 3)).toEqual([
      `change ${id} {"rate":100}`,
      `change ${id} {"alarm":{"on":4}}`,
      `change ${id} {"alarm":{"on":4,"off":9}}`,
    ]);
    state().stopLive();
    await running;
  });
});

describe('alarms of a live job', () => {
  it('are kept newest first, each once, at most 200, and only the last turns are said', async () => {
    const worker = told();
    const { state } = await start(worker.live);
    const running = state().startLive();
    worker.say(changed({ kind: 'on', alarm: alarm(1) }));
    const alarms = state().live?.alarms;
    worker.say({ kind: 'blocks', blocks: [], alarms: [] });
    expect(state().live?.alarms).toBe(alarms);
    worker.say(changed({ kind: 'peak', alarm: { ...alarm(1), score: 99 } }));
    expect(state().live?.alarms).toMatchObject([{ number: 1, score: 99 }]);
    expect(state().live?.turns.map(({ kind }) => kind)).toEqual(['on']);
    worker.say(changed({ kind: 'off', alarm: alarm(1, 15) }, { kind: 'on', alarm: alarm(2) }));
    expect(state().live?.alarms.map(({ number, off }) => [number, off])).toEqual([
      [2, null],
      [1, 15],
    ]);
    expect(state().live?.turns.map(({ kind, alarm: { number } }) => `${kind} ${number}`)).toEqual(['off 1', 'on 2']);
    for (let n = 3; n <= 260; n++) worker.say(changed({ kind: 'on', alarm: alarm(n) }));
    expect(state().live?.alarms).toHaveLength(200);
    expect(state().live?.alarms[0]?.number).toBe(260);
    state().stopLive();
    await running;
  });
});

describe('the view of live lanes', () => {
  it('stays where it is moved, no wider than what is kept, and follows again when told to', async () => {
    const { state } = await start();
    state().moveLive({ from: 0, to: 10 });
    expect(state().liveFollow).toBe(true);
    state().setLiveForm({ rate: 0 });
    await state().startLive();
    state().moveLive({ from: -30_000, to: 14_090 });
    expect(state().liveFollow).toBe(false);
    expect(state().liveView).toEqual({ from: 14_090 - 16_000, to: 14_090 });
    state().moveLive({ from: 14_000, to: 14_050 });
    state().followLive(true);
    expect(state().liveView.to - state().liveView.from).toBe(50);
    expect(state().liveView.to).toBeCloseTo(14_101.5);
    state().showAlarm(alarm(1405, 14_060));
    expect(state().liveFollow).toBe(false);
    expect((state().liveView.from + state().liveView.to) / 2).toBeCloseTo(14_055);
  });
});
