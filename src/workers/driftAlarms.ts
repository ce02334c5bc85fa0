/** Nominal against actual false-alarm rates of runs, on steps that somebody knows to be normal. */
import { alarmRates, alarmsOverTime, LEVELS } from '../engine/detect/falseAlarms.ts';
import { ANOMALOUS, NORMAL, stepLabels } from '../engine/labels/steps.ts';
import type { Series, Span } from '../engine/types.ts';
import type { AlarmView, NormalBasis } from './driftProtocol.ts';
import type { Labels } from './labels.ts';
import type { AssetRef } from './protocol.ts';
import type { LiveRun, Session } from './session.ts';

/** Parts of the judged range for rates by time. */
const CELLS = 24;

const fillIn = (mask_T: Uint8Array, spans: readonly Span[], value: number): void => {
  for (const { start, end } of spans) mask_T.fill(value, start, end);
};

/** 1 at judged steps outside the file's labels; all 0 where the file has none. */
function byFile({ T, test, labels }: Series): Uint8Array {
  const normal_T = new Uint8Array(T);
  if (labels === null) return normal_T;
  fillIn(normal_T, [test], 1);
  fillIn(normal_T, labels, 0);
  return normal_T;
}

type Sources = {
  readonly labels: Labels;
  /** Ranges that were confirmed as normal in any run of an asset. */
  readonly confirmed: (data: AssetRef) => readonly Span[];
};

/** 1 at judged steps that people called normal: by labels, or by confirming a range. */
async function byPeople({ labels, confirmed }: Sources, { series, stored }: LiveRun): Promise<Uint8Array> {
  const { data } = stored.info;
  const { T, test, sensors } = series;
  const normal_T = new Uint8Array(T);
  fillIn(normal_T, confirmed(data), 1);
  stepLabels(await labels.held(data), { T, sensors }).forEach((verdict, t) => {
    if (verdict === NORMAL) normal_T[t] = 1;
    if (verdict === ANOMALOUS) normal_T[t] = 0;
  });
  fillIn(
    normal_T,
    [
      { start: 0, end: test.start },
      { start: test.end, end: T },
    ],
    0,
  );
  return normal_T;
}

async function alarmsOf(sources: Sources, live: LiveRun, basis: NormalBasis): Promise<AlarmView> {
  const { series, stored } = live;
  const { info, score } = stored;
  const { significance } = info.result.settings;
  const normal_T = basis === 'file' ? byFile(series) : await byPeople(sources, live);
  const { steps, actual_P } = alarmRates(score.logP_T, normal_T);
  const own_T = new Uint8Array(series.T);
  for (const { learned } of stored.pieces ?? [])
    for (let t = learned.start; t < learned.end; t++) own_T[t] = normal_T[t] ?? 0;
  const over = score.logP_T.reduce((sum, p, t) => sum + (normal_T[t] === 1 && p < Math.log(significance) ? 1 : 0), 0);
  return {
    runId: info.id,
    asset: info.data.asset,
    name: info.name,
    steps,
    calibrated: own_T.reduce((sum, one) => sum + one, 0),
    nominal_P: Float64Array.from(LEVELS),
    actual_P,
    significance,
    actual: over / steps,
    time: alarmsOverTime(score.logP_T, normal_T, series.test, significance, CELLS),
  };
}

/** Throws EngineError as `session.run` does. */
export async function alarmViews(
  { session, labels }: { readonly session: Session; readonly labels: Labels },
  runIds: readonly string[],
  basis: NormalBasis,
): Promise<AlarmView[]> {
  const known = await session.allRuns();
  const confirmed: Sources['confirmed'] = ({ datasetId, asset }) =>
    known
      .filter(({ data }) => data.datasetId === datasetId && data.asset === asset)
      .flatMap((run) => (run.confirmed ?? []).map((one) => one.confirmed));
  const views: AlarmView[] = [];
  for (const id of runIds) views.push(await alarmsOf({ labels, confirmed }, await session.run(id), basis));
  return views;
}
