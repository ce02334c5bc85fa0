/** The wire of live scoring: a replay of the judged part, or rows that the page's own server sends. */
import type { AlarmChange } from '../engine/live/alarm.ts';
import type { AnyValues } from '../engine/params.ts';
import type { Span } from '../engine/types.ts';
import type { Outcome } from './protocol.ts';

export type { Alarm, AlarmChange } from '../engine/live/alarm.ts';
export type { AlarmSettings } from '../engine/live/alarmParams.ts';

export type LiveSource =
  | { readonly kind: 'replay' }
  /** Address below the page's own origin: http(s) for server-sent events, ws(s) for a WebSocket. */
  | { readonly kind: 'stream'; readonly url: string };

export type LiveJob = {
  readonly jobId: string;
  readonly runId: string;
  readonly source: LiveSource;
  /** Steps a second of a replay; 0: as fast as it goes. */
  readonly rate: number;
  /** Values of `alarmParams`, only what differs from the defaults. */
  readonly alarm: AnyValues;
};

/** What may be changed under way. */
export type LiveChange = Partial<Pick<LiveJob, 'rate' | 'alarm'>>;

/** Settled steps [start, end): rows as they came, what was expected, and the score. */
export type LiveBlock = Span & {
  readonly x_TF: Float32Array;
  readonly y_TS: Float32Array;
  readonly score_T: Float64Array;
  readonly logP_T: Float64Array;
};

export type LiveFacts = {
  /** Rows taken so far, and how many of them are settled. */
  readonly rows: number;
  readonly settled: number;
  /** Rows a second over the last few seconds. */
  readonly rate: number;
  /** Rows that came and wait to be scored. */
  readonly waiting: number;
  /** Rows that did not fit into the queue and left a missing row, and lines that were no rows, with the last reason. */
  readonly dropped: number;
  readonly bad: number;
  readonly badReason: string;
  /** Connections that were made, and seconds until the next try; null while connected, or for a replay. */
  readonly connections: number;
  readonly retryIn: number | null;
  /** Memory of the rings, and tensors of the engine. */
  readonly bytes: number;
  readonly tensors: number;
};

export type LiveUpdate =
  | {
      readonly kind: 'began';
      /** First step, the step after the last one where that is known, rows until a step is settled, steps remembered. */
      readonly first: number;
      readonly end: number | null;
      readonly lag: number;
      readonly memory: number;
      readonly threshold: number;
    }
  | { readonly kind: 'blocks'; readonly blocks: readonly LiveBlock[]; readonly alarms: readonly AlarmChange[] }
  | { readonly kind: 'facts'; readonly facts: LiveFacts }
  | { readonly kind: 'paused'; readonly paused: boolean };

export type LiveApi = {
  /** Scores rows as they come until the replay is over; a stream has no end but `cancel`. Gives the last facts. */
  readonly live: (job: LiveJob, onUpdate: (update: LiveUpdate) => void) => Promise<Outcome<LiveFacts>>;
  readonly changeLive: (jobId: string, change: LiveChange) => Promise<Outcome<null>>;
};
