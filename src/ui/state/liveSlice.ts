/** Live scoring of the run in view: its source and speed, what it said so far, and the alarms. */
import type { View } from '../../charts/clock.ts';
import { clampView } from '../../charts/viewMoves.ts';
import type { AnyValues, Value } from '../../engine/params.ts';
import type { Alarm, AlarmChange, LiveFacts, LiveSource, LiveUpdate, WireError } from '../../workers/protocol.ts';
import { createLiveBuffer, type LiveBuffer } from './liveBuffer.ts';
import { currentAsset } from './select.ts';
import type { Get, Set } from './store.ts';
import { valueOf, type Deps } from './types.ts';

export type LiveForm = {
  readonly source: LiveSource['kind'];
  readonly url: string;
  /** Steps a second of a replay; 0: as fast as it goes. */
  readonly rate: number;
  /** What differs from the defaults of `alarmParams`. */
  readonly alarm: AnyValues;
};

/** A live job: under way, or at its end, with what stays on screen. */
export type LiveJobState = {
  readonly jobId: string;
  readonly runId: string;
  readonly of: LiveSource['kind'];
  readonly is: 'starting' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';
  readonly began: Extract<LiveUpdate, { kind: 'began' }> | null;
  readonly facts: LiveFacts | null;
  /** The newest first. */
  readonly alarms: readonly Alarm[];
  /** The last times that an alarm came on or went off: said aloud. */
  readonly turns: readonly AlarmChange[];
  readonly error: WireError | null;
};

export type LiveSlice = {
  readonly live: LiveJobState | null;
  readonly liveForm: LiveForm;
  readonly liveBuffer: LiveBuffer | null;
  readonly liveView: View;
  /** The lanes go with the newest steps. */
  readonly liveFollow: boolean;
  readonly startLive: () => Promise<void>;
  readonly pauseLive: () => void;
  readonly stopLive: () => void;
  readonly setLiveForm: (change: Partial<LiveForm>) => void;
  readonly setLiveAlarm: (key: string, value: Value) => void;
  /** Moved by hand: the lanes stay there until they are told to follow again. */
  readonly moveLive: (view: View) => void;
  readonly followLive: (follow: boolean) => void;
  /** Shows an alarm in the middle. */
  readonly showAlarm: (alarm: Alarm) => void;
};

/** Alarms that are kept; older ones are counted by their numbers. */
const KEPT = 200;
/** A fast replay turns an alarm on and off at once: both are said. */
const SAID = 2;
const WIDTH = 1500;
/** No wider than what is kept. */
const WIDEST = 16_000;

const isUnderWay = (live: LiveJobState | null): boolean =>
  live !== null && (live.is === 'starting' || live.is === 'running' || live.is === 'paused');

export { isUnderWay as isLive };

function withChanges(alarms: readonly Alarm[], changes: readonly AlarmChange[]): readonly Alarm[] {
  if (changes.length === 0) return alarms;
  const byNumber = new Map(alarms.map((alarm) => [alarm.number, alarm]));
  for (const { alarm } of changes) byNumber.set(alarm.number, alarm);
  return [...byNumber.values()].sort((a, b) => b.number - a.number).slice(0, KEPT);
}

export function liveSlice(set: Set, get: Get, { engine, newId }: Deps): LiveSlice {
  let abort: AbortController | null = null;

  function change(jobId: string, next: Partial<LiveJobState>): void {
    const { live } = get();
    if (live?.jobId === jobId) set({ live: { ...live, ...next } });
  }

  function followed(): Partial<LiveSlice> {
    const { liveFollow, liveBuffer, liveView } = get();
    if (!liveFollow || !liveBuffer) return {};
    const width = liveView.to - liveView.from;
    // Some room on the right, so that the newest step is not at the edge.
    const to = Math.max(width, liveBuffer.T + 0.03 * width);
    return { liveView: { from: to - width, to } };
  }

  function onUpdate(jobId: string, update: LiveUpdate): void {
    const { live, liveBuffer } = get();
    if (live?.jobId !== jobId) return;
    switch (update.kind) {
      case 'began': {
        const asset = currentAsset(get());
        if (!asset) return;
        const S = asset.sensors.length;
        const buffer = createLiveBuffer(S, S + asset.covariates.length, update.first);
        set({ liveBuffer: buffer, liveView: { from: update.first, to: update.first + WIDTH }, liveFollow: true });
        change(jobId, { is: 'running', began: update });
        return;
      }
      case 'blocks': {
        liveBuffer?.append(update.blocks);
        const turned = update.alarms.filter(({ kind }) => kind !== 'peak');
        const turns = turned.length > 0 ? [...live.turns, ...turned].slice(-SAID) : live.turns;
        set({ live: { ...live, alarms: withChanges(live.alarms, update.alarms), turns }, ...followed() });
        return;
      }
      case 'facts':
        change(jobId, { facts: update.facts });
        return;
      case 'paused':
        change(jobId, { is: update.paused ? 'paused' : 'running' });
        return;
    }
  }

  return {
    live: null,
    liveForm: { source: 'replay', url: 'live/rows', rate: 100, alarm: {} },
    liveBuffer: null,
    liveView: { from: 0, to: WIDTH },
    liveFollow: true,

    async startLive() {
      const run = valueOf(get().current);
      if (!run || isUnderWay(get().live)) return;
      const { source, url, rate, alarm } = get().liveForm;
      const controller = new AbortController();
      abort = controller;
      const jobId = newId();
      const empty = { began: null, facts: null, alarms: [], turns: [], error: null };
      set({ live: { jobId, runId: run.id, of: source, is: 'starting', ...empty }, liveBuffer: null });
      const outcome = await engine.live(
        {
          jobId,
          runId: run.id,
          source: source === 'replay' ? { kind: 'replay' } : { kind: 'stream', url },
          rate,
          alarm,
        },
        (update) => onUpdate(jobId, update),
        controller.signal,
      );
      if (outcome.ok) change(jobId, { is: 'done', facts: outcome.value });
      else if (outcome.error.code === 'cancelled') change(jobId, { is: 'stopped' });
      else change(jobId, { is: 'failed', error: outcome.error });
    },

    pauseLive() {
      const { live } = get();
      if (live?.is === 'running') void engine.pause(live.jobId);
      if (live?.is === 'paused') void engine.resume(live.jobId);
    },

    stopLive: () => abort?.abort(),

    setLiveForm(next) {
      const { live, liveForm } = get();
      set({ liveForm: { ...liveForm, ...next } });
      const { rate, alarm } = next;
      if (live && isUnderWay(live))
        void engine.changeLive(live.jobId, { ...(rate !== undefined && { rate }), ...(alarm && { alarm }) });
    },

    setLiveAlarm: (key, value) => get().setLiveForm({ alarm: { ...get().liveForm.alarm, [key]: value } }),

    moveLive(view) {
      const { liveBuffer } = get();
      if (!liveBuffer) return;
      const width = Math.min(WIDEST, view.to - view.from);
      set({ liveView: { from: view.to - width, to: view.to }, liveFollow: false });
    },

    followLive(follow) {
      set({ liveFollow: follow });
      set(followed());
    },

    showAlarm({ on, off }) {
      const { liveBuffer, liveView } = get();
      const width = liveView.to - liveView.from;
      const middle = (on + (off ?? on)) / 2;
      const T = liveBuffer?.T ?? middle + width;
      set({ liveView: clampView({ from: middle - width / 2, to: middle + width / 2 }, T + width), liveFollow: false });
    },
  };
}
