/** Live scoring as the fake worker does it: a few blocks at once, an alarm that comes on and goes off, then the end. */
import type { LiveBlock, LiveFacts } from '../../workers/protocol.ts';
import type { Engine } from './types.ts';

const F = 15;
const S = 12;
const FIRST = 14_000;

function block(start: number, end: number): LiveBlock {
  const n = end - start;
  return {
    start,
    end,
    x_TF: new Float32Array(n * F).fill(1),
    y_TS: new Float32Array(n * S).fill(1),
    score_T: Float64Array.from({ length: n }, (_, i) => (start + i >= FIRST + 40 && start + i < FIRST + 60 ? 90 : 5)),
    logP_T: new Float64Array(n).fill(-1),
  };
}

const facts: LiveFacts = {
  ...{ rows: 100, settled: 100, rate: 1000, waiting: 0, dropped: 0, bad: 0, badReason: '' },
  ...{ connections: 0, retryIn: null, bytes: 1e5, tensors: 7 },
};

const alarm = { number: 1, on: FIRST + 42, off: null, score: 90, peak: FIRST + 45, sensors: [0, 2] };

/** `log` takes a line for each call. */
export function fakeLive(log: (line: string) => void): Pick<Engine, 'live' | 'changeLive'> {
  return {
    live: (job, onUpdate, signal) => {
      log(`live ${job.runId} ${job.source.kind} ${job.rate}`);
      onUpdate({ kind: 'began', first: FIRST, end: 20_160, lag: 3, memory: 900, threshold: 60 });
      onUpdate({ kind: 'blocks', blocks: [block(FIRST, FIRST + 50)], alarms: [{ kind: 'on', alarm }] });
      const ended = { kind: 'off', alarm: { ...alarm, off: FIRST + 75 } } as const;
      onUpdate({ kind: 'blocks', blocks: [block(FIRST + 50, FIRST + 100)], alarms: [ended] });
      onUpdate({ kind: 'facts', facts });
      return new Promise((resolve) => {
        const error = { code: 'cancelled', kind: 'cancelled', message: 'Cancelled.', cure: '', place: {} } as const;
        signal.addEventListener('abort', () => resolve({ ok: false, error }));
        if (job.rate === 0) resolve({ ok: true, value: facts });
      });
    },
    changeLive: (jobId, change) => {
      log(`change ${jobId} ${JSON.stringify(change)}`);
      return Promise.resolve({ ok: true, value: null });
    },
  };
}
