/** Runs to bundles and back; the same for the page's worker and the command line. */
import type { Bundle } from '../engine/bundle/bundle.ts';
import { seriesDigest } from '../engine/bundle/digest.ts';
import { badContent } from '../engine/bundle/refusals.ts';
import { bandsOf } from '../engine/drift/bands.ts';
import { EngineError } from '../engine/errors.ts';
import { trainingMeans } from '../engine/prepare.ts';
import { runMetrics } from '../engine/review.ts';
import type { RunEvents } from '../engine/review.ts';
import type { Series } from '../engine/types.ts';
import { confirmedEvents } from './driftNormal.ts';
import { setupOf } from './engines.ts';
import type { AssetRef, DatasetInfo, RunInfo } from './protocol.ts';
import type { StoredRun } from './vault.ts';

/** The data set's own facts that go into a bundle. */
export type Origin = Pick<DatasetInfo, 'name' | 'origin' | 'layout' | 'checksum' | 'plan'>;

/** A finished run with what it belongs to and what people said of its asset. */
export async function bundleOf(
  stored: StoredRun,
  series: Series,
  origin: Origin,
  journal: Bundle['journal'],
): Promise<Bundle> {
  const { info, weights, headState, scaler, expected_TS, r_TS, score, parts } = stored;
  const { engine, preset, params, head, headParams, seed, imputation } = info.job;
  const { sensors, covariates, T, train, test, asset } = series;
  const { name, layout, checksum, plan } = origin;
  const { tags, note, work, descent, confirmed } = info;
  return {
    facts: {
      run: {
        id: info.id,
        name: info.name,
        engineTitle: info.engineTitle,
        createdAt: new Date(info.createdAtMs).toISOString(),
        seconds: info.seconds,
        backend: info.backend,
        shipped: info.shipped,
        ...(info.job.learned && { foreign: true as const }),
        ...(tags && { tags }),
        ...(note !== undefined && { note }),
        ...(work && { work }),
        ...(descent && { descent }),
        ...(confirmed && { confirmed: [...confirmed] }),
      },
      job: { engine, preset, params, head, headParams, seed, imputation: { ...imputation } },
      data: {
        ...{ name, origin: origin.origin, layout, checksum, asset },
        plan,
        series: await seriesDigest(series),
        ...{ T, sensors, covariates, train, test },
      },
      scaler: {
        kind: scaler.kind,
        shift: scaler.shift,
        refitted: scaler.refitted ? { start: scaler.refitted.start, end: scaler.refitted.end } : null,
        ...(scaler.limits && { limits: scaler.limits }),
        ...(scaler.windows && { windows: { by: scaler.windows.by, least: scaler.windows.least } }),
      },
      leftOut: info.leftOut,
      parts: parts.map((part) => ({ name: part.name, title: part.title })),
    },
    weights,
    headState,
    arrays: { scaler, expected_TS, r_TS, score, parts },
    band_S: info.band_S,
    mean_F: info.job.learned?.mean_F ?? trainingMeans(series),
    history: info.history,
    result: info.result,
    metrics: info.metrics,
    journal,
    pieces: stored.pieces ?? [],
  };
}

/** What stands in a bundle that others wrote may throw anything when it is put to use: then it does not hold together. */
function holding<R>(where: string, work: () => R): R {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.code !== 'bug') throw thrown;
    throw badContent(where, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Model and head can be made from what the bundle says. Needs a backend; leaves no tensor. */
function checkModel({ facts, weights, headState }: Bundle): void {
  const { sensors, covariates } = facts.data;
  const setup = setupOf({ ...facts.job, imputation: facts.job.imputation });
  holding('weights', () =>
    setup.detector.restore(weights, setup.values, { S: sensors.length, C: covariates.length }).dispose(),
  );
  holding('head.json', () => setup.head.restore(headState, sensors, setup.headValues));
}

const eventKey = ({ threshold, events }: RunEvents): string =>
  JSON.stringify([threshold.value, events.map(({ start, end, peak, score }) => [start, end, peak, score])]);

export type Unpacked = { readonly stored: StoredRun; readonly notes: readonly string[] };

/**
 * The run of a bundle on its own data. Events and metrics are computed anew from its scores and settings: they are those
 * of the bundle unless another version wrote it, which a note then says. Needs a backend.
 * Throws EngineError('bad-input', 'other-data') for a series that the run does not belong to, and what is wrong with
 * engine, settings, weights or head state.
 */
export async function unpackedRun(bundle: Bundle, data: AssetRef, series: Series, id?: string): Promise<Unpacked> {
  const { facts, arrays, headState, weights, band_S, history, pieces } = bundle;
  const { run, job } = facts;
  if ((await seriesDigest(series)) !== facts.data.series)
    throw new EngineError(
      'bad-input',
      'other-data',
      `the run was made on ${facts.data.asset} of ${facts.data.name}, and this data has other values`,
      'Open the file that it was made on, with the same roles and split.',
    );
  checkModel(bundle);
  const runId = id ?? run.id;
  const { tags, note, work, descent, confirmed } = run;
  const { settings } = bundle.result;
  const result = holding('events.json', () => confirmedEvents(series, arrays, headState, settings, confirmed));
  const info: RunInfo = {
    id: runId,
    data,
    name: run.name,
    job: {
      ...{ jobId: runId, data, ...job },
      ...(work && { work }),
      ...(run.foreign && { learned: { scaler: arrays.scaler, mean_F: bundle.mean_F } }),
    },
    engineTitle: run.engineTitle,
    createdAtMs: Date.parse(run.createdAt),
    seconds: run.seconds,
    backend: run.backend,
    shipped: run.shipped,
    ...(tags && { tags }),
    ...(note !== undefined && { note }),
    ...(work && { work }),
    ...(descent && { descent }),
    ...(confirmed && { confirmed }),
    ...(pieces.length > 0 && { bands: bandsOf(pieces) }),
    history,
    parts: facts.parts,
    band_S,
    leftOut: facts.leftOut,
    result,
    metrics: runMetrics(series, arrays.score, result),
  };
  const isSame = eventKey(result) === eventKey(bundle.result);
  const notes = isSame
    ? []
    : [
        `This version finds ${result.events.length} events in the run's scores; the file says ${bundle.result.events.length}.`,
      ];
  return { stored: { ...arrays, info, weights, headState, ...(pieces.length > 0 && { pieces }) }, notes };
}
