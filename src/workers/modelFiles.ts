/** Models out to files, and in from them beside data with the same columns. */
import { BUNDLE_LIMITS } from '../engine/bundle/archive.ts';
import { hexDigest, seriesDigest } from '../engine/bundle/digest.ts';
import { EngineError } from '../engine/errors.ts';
import { MODEL_FILE, modelName } from '../engine/modelFile/modelFile.ts';
import type { ModelFile } from '../engine/modelFile/modelFile.ts';
import { readModel } from '../engine/modelFile/read.ts';
import { writeModel } from '../engine/modelFile/write.ts';
import { scoreWith } from '../engine/pipeline.ts';
import { trainingMeans } from '../engine/prepare.ts';
import { defaultSettings, reviewEvents, runMetrics } from '../engine/review.ts';
import { chooseBackend, deviceNow } from '../engine/tensor/backend.ts';
import type { Series } from '../engine/types.ts';
import { setupOf } from './engines.ts';
import { Job, yieldToMessages } from './jobs.ts';
import type { AssetRef, Export, RunInfo, RunJob } from './protocol.ts';
import { storedRun } from './runner.ts';
import type { LiveRun, Session } from './session.ts';

const MIME = 'application/zip';

async function modelOf(session: Session, { stored, series }: LiveRun): Promise<ModelFile> {
  const { info, weights, headState } = stored;
  if (stored.pieces !== undefined && stored.pieces.length > 0)
    throw new EngineError(
      'bad-input',
      'several-laws',
      'this run reads confirmed ranges by laws of their own, which a model file does not hold',
      'Save the whole run instead, or export the model of the run before.',
    );
  const { info: dataset } = await session.dataset(info.data.datasetId);
  const { engine, preset, params, head, headParams, seed, imputation, learned } = info.job;
  const setup = setupOf(info.job);
  // Ranges of judged steps belong to the data that was learned from.
  const { refitted: _, ...scaler } = stored.scaler;
  const { title, summary, paper, deviations } = setup.detector.card;
  const headCard = setup.head.card;
  return {
    engine: { title, summary, cite: paper.cite, deviations },
    head: { title: headCard.title, summary: headCard.summary, cite: headCard.paper.cite },
    job: { engine, preset, params, head, headParams, seed, imputation: { ...imputation } },
    roles: { sensors: series.sensors, covariates: series.covariates },
    ...{ scaler, headState, weights, mean_F: learned?.mean_F ?? trainingMeans(series) },
    threshold: info.result.threshold,
    data: {
      ...{ name: dataset.name, asset: series.asset, series: await seriesDigest(series), checksum: dataset.checksum },
      ...{ T: series.T, train: series.train, test: series.test },
    },
    run: {
      ...{ name: info.name, madeAt: new Date(info.createdAtMs).toISOString() },
      ...{ seconds: info.seconds, backend: info.backend },
    },
    metrics: info.metrics,
  };
}

/** The model of a run as a file. Throws EngineError('bad-input', 'several-laws') for a run with confirmed ranges. */
export async function modelFile(session: Session, runId: string): Promise<Export> {
  const model = await modelOf(session, await session.run(runId));
  const bytes = await writeModel(model, yieldToMessages);
  return {
    name: modelName(model.data.asset, model.job),
    mime: MIME,
    blob: new Blob([bytes as BlobPart], { type: MIME }),
  };
}

/** Throws EngineError('bad-input', 'other-sensors') for data whose columns are not those of the model, in its order. */
function checkColumns({ roles }: ModelFile, { sensors, covariates, asset }: Series): void {
  const wanted = [...roles.sensors, ...roles.covariates].map(({ name }) => name);
  const names = [...sensors, ...covariates].map(({ name }) => name);
  const isSame = sensors.length === roles.sensors.length && wanted.every((name, n) => names[n] === name);
  if (isSame && wanted.length === names.length) return;
  const shown = wanted.slice(0, 12).join(', ');
  throw new EngineError(
    'bad-input',
    'other-sensors',
    `the model reads other columns than ${asset} has`,
    `Open the data with these columns as sensors and covariates, in this order: ${shown}${wanted.length > 12 ? ', …' : ''}.`,
  );
}

const started = async (): Promise<void> => {
  try {
    deviceNow();
  } catch {
    await chooseBackend();
  }
};

/**
 * A run of a model file on data that is open. On the very values that it was made from it is the run that it came from;
 * on others its threshold stays the number that it was. Throws as `readModel` and `checkColumns` do.
 */
export async function openModelFile(session: Session, file: Blob, data: AssetRef, now: () => number): Promise<RunInfo> {
  if (file.size > BUNDLE_LIMITS.packed) throw MODEL_FILE.tooLarge('a size', file.size, BUNDLE_LIMITS.packed);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const model = await readModel(bytes, yieldToMessages);
  const series = await session.series(data);
  checkColumns(model, series);
  await started();
  const { scaler, mean_F, weights, headState, threshold, job, run } = model;
  // One model on one asset is one run, however often the file is opened.
  const place = new TextEncoder().encode(`${data.datasetId}/${data.asset}`);
  const id = `model-${(await hexDigest([bytes, place])).slice(0, 24)}`;
  const isOwn = (await seriesDigest(series)) === model.data.series;
  const request: RunJob = { jobId: id, data, ...job, learned: { scaler, mean_F } };
  const setup = setupOf(request);
  const scored = await scoreWith(series, setup, weights, headState, new Job(id, () => undefined).run(job.seed));
  const facts = {
    ...{ id, name: run.name, createdAtMs: now(), seconds: run.seconds, backend: deviceNow().backend, shipped: false },
  };
  const made = storedRun(request, series, setup, { ...scored, weights, history: [] }, facts);
  const note = `Model of ${model.data.asset} of ${model.data.name}; nothing was learned here.`;
  const settings = isOwn ? defaultSettings : { ...defaultSettings, rule: 'manual', manual: threshold.value };
  const result = reviewEvents(series, made, headState, settings);
  const info: RunInfo = { ...made.info, note, result, metrics: runMetrics(series, made.score, result) };
  await session.keepRun({ ...made, info });
  return info;
}
