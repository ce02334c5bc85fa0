/** Drift for the fake engine: one regime from two thirds of the judged part on. */
import type { AlarmView, DriftSide, DriftView, RunInfo, WireError } from '../../workers/protocol.ts';
import type { Engine } from './types.ts';

const ok = <V>(value: V) => Promise.resolve({ ok: true as const, value });
const refused = (error: Partial<WireError>) => ({
  ok: false as const,
  error: { code: 'bad-input' as const, kind: 'refused', message: 'Refused.', cure: '', place: {}, ...error },
});

const LEVELS = [1e-3, 0.01, 0.1];
export const REGIME = { start: 17_000, end: 20_160 };

function sideOf(sensors: number, strength: number): DriftSide {
  const end_N = Int32Array.from({ length: 40 }, (_, n) => 14_400 + 140 * (n + 1));
  const joint_N = Float32Array.from(end_N, (end) => (end > REGIME.start ? strength : 0.7));
  const by_KSN = new Float32Array(4 * sensors * end_N.length);
  // The level of the third sensor is what changes.
  by_KSN.set(joint_N, 2 * end_N.length);
  return { end_N, joint_N, by_KSN, regimes: [{ ...REGIME, kind: 'level', sensors: [2], strength }] };
}

const viewOf = (runId: string): DriftView => ({
  runId,
  settings: { window: 500, hop: 140, limit: 1.25, stay: 600 },
  refusal: '',
  measured: sideOf(12, 6),
  residuals: sideOf(12, 2),
});

const alarmsOf = (run: RunInfo): AlarmView => ({
  ...{ runId: run.id, asset: run.data.asset, name: run.name, steps: 900, calibrated: run.confirmed ? 300 : 0 },
  nominal_P: Float64Array.from(LEVELS),
  actual_P: Float64Array.from(LEVELS, (level) => Math.min(1, (run.confirmed ? 1 : 50) * level)),
  ...{ significance: 1e-3, actual: run.confirmed ? 1e-3 : 0.05 },
  time: { from: 14_400, stepsPerCell: 240, steps_N: new Int32Array(24).fill(240), share_N: new Float64Array(24) },
});

/** `kept`: the runs of the fake engine by id. */
export function fakeDrift(
  kept: Map<string, RunInfo>,
  calls: string[],
  pace: () => Promise<void>,
): Pick<Engine, 'drift' | 'judgeEvents' | 'confirmNormal' | 'falseAlarms'> {
  return {
    drift: async ({ runId }, onUpdate, signal) => {
      calls.push(`drift ${runId}`);
      onUpdate({ kind: 'phase', phase: 'preparing' });
      onUpdate({ kind: 'scoring', done: 1, of: 4, secondsLeft: null });
      await pace();
      if (signal.aborted) return refused({ code: 'cancelled', message: 'Cancelled.' });
      return ok(viewOf(runId));
    },
    judgeEvents: (_data, events, regimes) =>
      ok(
        events.map(({ start }) =>
          regimes.some((regime) => start >= regime.start)
            ? { mark: 'regime', reason: { is: 'usual-in-regime', regime: 0, sensors: [2] } }
            : { mark: 'fault', reason: { is: 'no-regime' } },
        ),
      ),
    confirmNormal: async (job, onUpdate) => {
      calls.push(`confirm ${job.runId} ${job.learned.start}-${job.learned.end} ${job.retrain ? 'retrain' : 'head'}`);
      onUpdate({ kind: 'phase', phase: 'calibrating' });
      await pace();
      const before = kept.get(job.runId);
      if (!before) return refused({ message: 'There is no such run.' });
      if (job.by === 'nobody') return refused({ kind: 'too-few-steps', message: 'too few' });
      const { jobId, dropped, ...said } = job;
      const made: RunInfo = {
        ...before,
        id: jobId,
        createdAtMs: before.createdAtMs + 1,
        confirmed: [...(before.confirmed ?? []), { ...said, atMs: 5, leftOut: dropped.length }],
      };
      kept.set(jobId, made);
      return ok(made);
    },
    falseAlarms: (runIds, basis) => {
      calls.push(`alarms ${runIds.join()} ${basis}`);
      return ok(runIds.flatMap((id) => kept.get(id) ?? []).map(alarmsOf));
    },
  };
}
