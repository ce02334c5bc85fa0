/** Drift of a run, read as a job and kept: the measured side is the same for all runs of an asset. */
import { DRIFT_KINDS } from '../engine/drift/blocks.ts';
import { canTell, readDrift, settingsFor } from '../engine/drift/detect.ts';
import type { Drift, DriftSettings } from '../engine/drift/detect.ts';
import type { Column, Series } from '../engine/types.ts';
import type { Figures } from './compareCache.ts';
import type { DriftSide, DriftView } from './driftProtocol.ts';
import type { Job } from './jobs.ts';
import type { LiveRun, Session } from './session.ts';

/** Raised when drift is read in another way, so that nothing old is shown. */
const MAKE = 1;

const NOTHING: DriftSide = {
  end_N: new Int32Array(0),
  joint_N: new Float32Array(0),
  by_KSN: new Float32Array(0),
  regimes: [],
};

function sideOf({ windows, regimes }: Drift, S: number): DriftSide {
  const N = windows.length;
  const by_KSN = new Float32Array(DRIFT_KINDS.length * S * N);
  DRIFT_KINDS.forEach((kind, k) => {
    windows.forEach(({ by }, n) => {
      for (let s = 0; s < S; s++) by_KSN[(k * S + s) * N + n] = by[kind][s] ?? NaN;
    });
  });
  return {
    end_N: Int32Array.from(windows, ({ end }) => end),
    joint_N: Float32Array.from(windows, ({ joint }) => joint),
    by_KSN,
    regimes,
  };
}

function refusalFor({ segments, test }: Series, settings: DriftSettings): DriftView['refusal'] {
  if (segments !== undefined) return 'segments';
  if (test.end - test.start < settings.window) return 'nothing-judged';
  return canTell(settings) ? '' : 'short';
}

/** One row of values a sensor. */
const residualColumns = ({ stored, series }: LiveRun): Column[] =>
  series.sensors.map((_channel, s, { length: S }) =>
    Float32Array.from({ length: series.T }, (_, t) => stored.r_TS[t * S + s] ?? NaN),
  );

/** Throws EngineError('cancelled'), and as `session.run` does. */
export async function driftOf(session: Session, figures: Figures, runId: string, job: Job): Promise<DriftView> {
  const live = await session.run(runId);
  const { series, stored } = live;
  const { info: run } = stored;
  const S = series.sensors.length;
  const settings = settingsFor(series);
  const refusal = refusalFor(series, settings);
  if (refusal !== '') return { runId, settings, refusal, measured: NOTHING, residuals: NOTHING };
  const { datasetId, asset } = run.data;
  const { info } = await session.dataset(datasetId);
  const { train, test } = series;
  const name = `drift ${MAKE} ${asset} ${info.checksum} ${JSON.stringify([train, test])}`;
  const read = (columns: () => readonly Column[]) => async (): Promise<DriftSide> =>
    sideOf(await readDrift(columns(), series, settings, job.run(0)), S);
  job.tell({ kind: 'phase', phase: 'preparing' });
  const measured = await figures.get(
    datasetId,
    name,
    read(() => series.columns.slice(0, S)),
  );
  job.tell({ kind: 'phase', phase: 'scoring' });
  const own = `${name} ${run.id} ${run.createdAtMs}`;
  const residuals = await figures.get(
    datasetId,
    own,
    read(() => residualColumns(live)),
  );
  return { runId, settings, refusal, measured, residuals };
}

/** A copy to give away: what is sent leaves the worker, and the kept arrays must stay. */
export function copyOfDrift(view: DriftView): { view: DriftView; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const copied = (side: DriftSide): DriftSide => {
    const own = { ...side, end_N: side.end_N.slice(), joint_N: side.joint_N.slice(), by_KSN: side.by_KSN.slice() };
    buffers.push(own.end_N.buffer, own.joint_N.buffer, own.by_KSN.buffer);
    return own;
  };
  return { view: { ...view, measured: copied(view.measured), residuals: copied(view.residuals) }, buffers };
}
