/** The worker's answers about drift. Reading it needs no tensors, so it goes on beside a run. */
import { judgeEvent, leadingSensors } from '../engine/drift/mark.ts';
import type { Figures } from './compareCache.ts';
import type { Desk } from './desk.ts';
import { alarmViews } from './driftAlarms.ts';
import { executeNormal } from './driftNormal.ts';
import type { DriftApi } from './driftProtocol.ts';
import { copyOfDrift, driftOf } from './driftReading.ts';
import { Job } from './jobs.ts';
import type { Labels } from './labels.ts';
import type { Session } from './session.ts';
import { attempt } from './wire.ts';

export type DriftScope = {
  readonly session: Session;
  readonly labels: Labels;
  readonly desk: Desk;
  readonly now: () => number;
  readonly figures: Figures;
  readonly transfer: <T>(value: T, buffers: ArrayBuffer[]) => T;
};

export type Drifting = { readonly api: DriftApi; readonly cancel: (jobId: string) => void };

export function driftApi({ session, labels, desk, now, figures, transfer }: DriftScope): Drifting {
  const reading = new Map<string, Job>();
  return {
    cancel: (jobId) => reading.get(jobId)?.cancel(),
    api: {
      drift: ({ jobId, runId }, onUpdate) =>
        attempt(async () => {
          const job = new Job(jobId, onUpdate);
          reading.set(jobId, job);
          const { view, buffers } = copyOfDrift(
            await driftOf(session, figures, runId, job).finally(() => reading.delete(jobId)),
          );
          return transfer(view, buffers);
        }),
      judgeEvents: (data, events, regimes) =>
        attempt(async () => {
          const { columns } = await session.series(data);
          return events.map(({ start, end, top }) =>
            judgeEvent({ start, end, sensors: leadingSensors(top) }, regimes, columns),
          );
        }),
      confirmNormal: (request, onUpdate) =>
        attempt(() => desk.do(request.jobId, onUpdate, (job) => executeNormal({ session, labels, job, request, now }))),
      falseAlarms: (runIds, basis) => attempt(() => alarmViews({ session, labels }, runIds, basis)),
    },
  };
}
