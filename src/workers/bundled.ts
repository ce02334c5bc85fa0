/** Bundled data sets and their shipped runs, fetched from beside the page. */
import { EngineError } from '../engine/errors.ts';
import { scoreWith } from '../engine/pipeline.ts';
import { byKind } from '../engine/generate/samples.ts';
import { cutSamples, sensorAt, sensorLabels } from '../engine/generate/seriesSamples.ts';
import { readGenerator, readShipped } from '../engine/shipped.ts';
import { bundledSeries } from '../engine/synth/bundled.ts';
import { readManifest } from '../engine/synth/manifest.ts';
import type { BundledDataset } from '../engine/synth/manifest.ts';
import { deviceNow } from '../engine/tensor/backend.ts';
import { cgatsValues, generatorName, setupOf } from './engines.ts';
import type { Job } from './jobs.ts';
import type { BundledInfo, DatasetInfo, GeneratorJob, RunJob } from './protocol.ts';
import { storedRun } from './runner.ts';
import { summaryOf } from './session.ts';
import type { Session } from './session.ts';
import type { StoredGenerator, StoredRun } from './vault.ts';

/** The folder beside the page: the worker's own address lies in assets/ of the build, or in src/ during development. */
export type Base = { readonly url: string };

async function get(base: Base, file: string): Promise<Response> {
  const response = await fetch(new URL(`datasets/${file}`, base.url));
  if (!response.ok)
    throw new EngineError(
      'bad-input',
      'not-served',
      `datasets/${file} could not be read (${response.status})`,
      'Reload the page; if it stays, the copy of this site is incomplete.',
    );
  return response;
}

async function entries(base: Base): Promise<readonly BundledDataset[]> {
  return readManifest(await (await get(base, 'manifest.json')).json()).datasets;
}

export async function listBundled(base: Base): Promise<BundledInfo[]> {
  return (await entries(base)).map(({ id, title, about, steps, columns }) => ({
    id,
    title,
    about,
    rows: steps,
    sensors: columns.filter(({ role }) => role === 'sensor').length,
  }));
}

export const bundledId = (id: string): string => `bundled:${id}`;

/** Opens a bundled data set: from the vault when this very version is kept there, else from the site. */
export async function openBundled(session: Session, base: Base, id: string): Promise<DatasetInfo> {
  const entry = (await entries(base)).find((e) => e.id === id);
  if (!entry)
    throw new EngineError(
      'bad-input',
      'unknown-data-set',
      `there is no bundled data set "${id}"`,
      'Choose one from the data set menu.',
    );
  const known = await session.dataset(bundledId(id)).catch(() => null);
  if (known?.info.checksum === entry.file.sha256) return known.info;
  const series = bundledSeries(entry, new Uint8Array(await (await get(base, entry.file.path)).arrayBuffer()));
  const info: DatasetInfo = {
    id: bundledId(id),
    name: entry.title,
    origin: 'bundled',
    layout: 'Telltale',
    checksum: entry.file.sha256,
    plan: null,
    assets: [summaryOf(series)],
    savedAtMs: null,
  };
  await session.keepDataset(info, [series]).catch(() => undefined);
  return info;
}

/** The bundled data set whose file has this checksum; null for other files. */
export async function bundledOf(base: Base, checksum: string): Promise<string | null> {
  return (await entries(base)).find(({ file }) => file.sha256 === checksum)?.id ?? null;
}

/** `runs.json` lists the data sets that a trained run is shipped with; each lies in `<id>.run.json`. So do generators. */
async function shippedText(base: Base, datasetId: string, kind: 'run' | 'generator'): Promise<string | null> {
  const id = datasetId.slice(bundledId('').length);
  const shipped: unknown = await (await get(base, `${kind}s.json`)).json();
  if (!Array.isArray(shipped) || !shipped.includes(id)) return null;
  return (await get(base, `${id}.${kind}.json`)).text();
}

/** The shipped run of a bundled data set, computed here from its weights; null where none is shipped. */
export async function shippedRun(
  session: Session,
  base: Base,
  datasetId: string,
  job: Job,
  now: () => number,
): Promise<StoredRun | null> {
  const text = await shippedText(base, datasetId, 'run');
  if (text === null) return null;
  const { asset, engine, preset, params, head, headParams, seed, weights, headState, history, seconds } =
    readShipped(text);
  const request: RunJob = {
    jobId: `shipped:${datasetId}`,
    data: { datasetId, asset },
    engine,
    preset,
    params,
    head,
    headParams,
    seed,
    imputation: {},
  };
  const setup = setupOf(request);
  const series = await session.series(request.data);
  const scored = await scoreWith(series, setup, weights, headState, job.run(seed));
  return storedRun(
    request,
    series,
    setup,
    { ...scored, weights, history },
    {
      id: request.jobId,
      name: `${setup.detector.card.title} ${preset}, shipped`,
      createdAtMs: now(),
      seconds,
      backend: deviceNow().backend,
      shipped: true,
    },
  );
}

/** The shipped generator of a bundled data set that is open or kept; null where none is shipped. */
export async function shippedGenerator(
  session: Session,
  base: Base,
  datasetId: string,
  now: () => number,
): Promise<StoredGenerator | null> {
  const text = await shippedText(base, datasetId, 'generator');
  if (text === null) return null;
  const { asset, sensor, window, stride, preset, params, seed, weights, history, seconds, backend } =
    readGenerator(text);
  const job: GeneratorJob = {
    jobId: `shipped:${datasetId}`,
    material: { data: { datasetId, asset }, sensor, window, stride, labels: 'file' },
    preset,
    params,
    seed,
  };
  const series = await session.series(job.material.data);
  const label_T = sensorLabels(series, sensor, 'file', []);
  const kinds = byKind(cutSamples(series, sensor, label_T, job.material).samples);
  const channel = sensorAt(series, sensor);
  return {
    info: {
      id: job.jobId,
      name: `${generatorName(preset, channel)}, shipped`,
      job,
      sensor: channel,
      T: window,
      latent: cgatsValues(job).latent,
      normal: kinds.normal.length,
      anomalous: kinds.anomalous.length,
      history,
      seconds,
      createdAtMs: now(),
      backend,
      shipped: true,
    },
    weights,
    label_T,
  };
}
