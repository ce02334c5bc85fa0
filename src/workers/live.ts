/** The job `live`: rows from a source through a fitted run, told in pieces that the page keeps up with. */
import { createAlarms } from '../engine/live/alarm.ts';
import type { AlarmChange } from '../engine/live/alarm.ts';
import { alarmParams } from '../engine/live/alarmParams.ts';
import { lineReader } from '../engine/live/lines.ts';
import { createLive } from '../engine/live/scorer.ts';
import type { Before, Settled } from '../engine/live/scorer.ts';
import { resolve } from '../engine/params.ts';
import { memoryNow } from '../engine/tensor/backend.ts';
import type { Base } from './bundled.ts';
import type { Desk } from './desk.ts';
import { Job } from './jobs.ts';
import { eventRows } from './liveEvents.ts';
import type { LiveApi, LiveBlock, LiveChange, LiveFacts, LiveJob, LiveUpdate } from './liveProtocol.ts';
import { liveLaw } from './liveLaw.ts';
import type { LiveLaw } from './liveLaw.ts';
import { replay } from './liveReplay.ts';
import { socketRows } from './liveSocket.ts';
import { ownAddress, sleep } from './liveSource.ts';
import type { RowSource } from './liveSource.ts';
import type { LiveRun, Session } from './session.ts';
import { attempt } from './wire.ts';

/** The page is told this often: each time is one task there. */
const TELL_MS = 80;
const FACTS_MS = 400;
/** The rate is that of the last few seconds. */
const RATE_MS = 3000;

export type LiveScope = {
  readonly session: Session;
  readonly desk: Desk;
  readonly base: Base;
  readonly transfer: <T>(value: T, buffers: ArrayBuffer[]) => T;
};

type Told = (update: LiveUpdate) => unknown;

type Opened = { readonly source: RowSource; readonly before?: Before; readonly setRate: (rate: number) => void };

function openSource({ series }: LiveRun, law: LiveLaw, { source, rate }: LiveJob, base: Base): Opened {
  if (source.kind === 'replay') {
    const before = law.before();
    const { start, end } = law.replayed;
    const played = replay(series, start, end, rate, () => performance.now());
    return { source: played, before, setRate: (next) => played.setRate(next) };
  }
  const names = [...series.sensors, ...series.covariates].map(({ name }) => name);
  const address = ownAddress(source.url, base.url);
  const reader = lineReader(names);
  const isSocket = address.protocol.startsWith('ws');
  return {
    source: isSocket ? socketRows(address, reader, names.length) : eventRows(address, reader),
    setRate: () => undefined,
  };
}

const blockOf = ({ start, end, x_TF, y_TS, score }: Settled): LiveBlock => ({
  ...{ start, end, x_TF, y_TS, score_T: score.score_T, logP_T: score.logP_T },
});

const buffersOf = (blocks: readonly LiveBlock[]): ArrayBuffer[] =>
  blocks.flatMap(({ x_TF, y_TS, score_T, logP_T }) =>
    [x_TF, y_TS, score_T, logP_T].map((values) => values.buffer as ArrayBuffer),
  );

/** Rows a second, from how many had come at some moments of the last seconds. */
function rateMeter(now: () => number) {
  const marks: { readonly at: number; readonly rows: number }[] = [{ at: now(), rows: 0 }];
  return (rows: number): number => {
    const at = now();
    marks.push({ at, rows });
    while (marks.length > 2 && at - (marks[0]?.at ?? at) > RATE_MS) marks.shift();
    const first = marks[0] ?? { at, rows };
    return at > first.at ? (1000 * (rows - first.rows)) / (at - first.at) : 0;
  };
}

type Underway = { readonly change: (change: LiveChange) => void };

async function follow(scope: LiveScope, request: LiveJob, job: Job, told: Told, live: Map<string, Underway>) {
  const { session, base, transfer } = scope;
  const found = await session.run(request.runId);
  const { stored, series } = found;
  const law = liveLaw(found);
  const { source, before, setRate } = openSource(found, law, request, base);
  const F = series.columns.length;
  const run = job.run(stored.info.job.seed);
  const now = (): number => performance.now();
  const threshold = stored.info.result.threshold.value;
  const alarms = createAlarms(resolve(alarmParams, request.alarm), threshold);
  live.set(request.jobId, {
    change({ rate, alarm }) {
      if (rate !== undefined) setRate(rate);
      if (alarm !== undefined) alarms.set(resolve(alarmParams, alarm), threshold);
    },
  });
  let scorer: ReturnType<typeof createLive> | null = null;
  let rows = 0;
  let settled = 0;
  let blocks: LiveBlock[] = [];
  let changes: AlarmChange[] = [];
  let toldAt = now();
  let factsAt = -Infinity;
  const rate = rateMeter(now);

  const factsNow = (): LiveFacts => ({
    ...{ rows, settled, rate: rate(rows), ...source.facts() },
    ...{ bytes: scorer?.bytes() ?? 0, tensors: memoryNow().tensors },
  });

  /** Waits until the page has taken it: a page that is slow slows the job, and nothing piles up between them. */
  async function flush(force: boolean): Promise<void> {
    if (now() - factsAt >= FACTS_MS || force) {
      factsAt = now();
      await told({ kind: 'facts', facts: factsNow() });
    }
    if (blocks.length === 0 || (!force && now() - toldAt < TELL_MS)) return;
    toldAt = now();
    const update: LiveUpdate = { kind: 'blocks', blocks, alarms: changes };
    const buffers = buffersOf(blocks);
    blocks = [];
    changes = [];
    await told(transfer(update, buffers));
  }

  /** Rows, or null at the end. Meanwhile the page is told what there is, and a cancel ends the wait. */
  async function nextRows(): Promise<Float64Array | null> {
    let got: { readonly rows: Float64Array | null } | { readonly error: unknown } | null = null;
    const coming = source.next().then(
      (next) => void (got = { rows: next }),
      (error: unknown) => void (got = { error }),
    );
    for (;;) {
      await job.waitFor(Promise.race([coming, sleep(TELL_MS)]));
      await flush(false);
      const answer = got as { readonly rows: Float64Array | null } | { readonly error: unknown } | null;
      if (answer === null) continue;
      if ('error' in answer) throw answer.error;
      return answer.rows;
    }
  }

  try {
    scorer = createLive(law.model, before);
    const first = before?.step ?? 0;
    const end = request.source.kind === 'replay' ? series.test.end : null;
    await told({ kind: 'began', first, end, lag: scorer.lag, memory: scorer.memory, threshold });
    for (;;) {
      await run.checkpoint();
      const next = await nextRows();
      if (next === null) break;
      rows += next.length / F;
      for await (const one of scorer.push(next, run)) {
        changes.push(...alarms.take(one));
        blocks.push(blockOf(one));
        settled += one.end - one.start;
        await flush(false);
      }
    }
    await flush(true);
    return factsNow();
  } finally {
    live.delete(request.jobId);
    source.close();
    scorer?.dispose();
  }
}

/** The worker's answers about live scoring; pause, resume and cancel are those of every job. */
export function liveApi(scope: LiveScope): LiveApi {
  const live = new Map<string, Underway>();
  return {
    live: (request, onUpdate) =>
      attempt(async () => {
        const job = new Job(request.jobId, (update) => {
          if (update.kind === 'paused') onUpdate(update);
        });
        await scope.desk.shipped();
        return scope.desk.with(job, () => follow(scope, request, job, onUpdate, live));
      }),
    changeLive: (jobId, change) =>
      attempt(() => {
        live.get(jobId)?.change(change);
        return null;
      }),
  };
}
