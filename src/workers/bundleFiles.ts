/** Runs out to files and in from them, each to the data that it belongs to. */
import { BUNDLE_LIMITS } from '../engine/bundle/archive.ts';
import { bundleName } from '../engine/bundle/bundle.ts';
import type { Facts } from '../engine/bundle/bundle.ts';
import { seriesDigest } from '../engine/bundle/digest.ts';
import { readBundle } from '../engine/bundle/read.ts';
import { tooLarge } from '../engine/bundle/refusals.ts';
import { writeBundle } from '../engine/bundle/write.ts';
import type { Series } from '../engine/types.ts';
import { bundleOf, unpackedRun } from './bundle.ts';
import type { BundleNeed, BundleOpened } from './bundleProtocol.ts';
import { bundledOf, openBundled } from './bundled.ts';
import type { Base } from './bundled.ts';
import { yieldToMessages } from './jobs.ts';
import type { Labels, Received } from './labels.ts';
import type { DatasetInfo, Export } from './protocol.ts';
import type { Session } from './session.ts';

const MIME = 'application/zip';

/** A run as a file, with the labels of its asset. Throws as `session.run` and `writeBundle` do. */
export async function bundleFile(session: Session, labels: Labels, runId: string): Promise<Export> {
  const { stored, series } = await session.run(runId);
  const { data } = stored.info;
  const { info } = await session.dataset(data.datasetId);
  const bundle = await bundleOf(stored, series, info, await labels.journal(data));
  const bytes = await writeBundle(bundle, yieldToMessages);
  return {
    name: bundleName(bundle.facts.data.asset, bundle.facts.job),
    mime: MIME,
    blob: new Blob([bytes as BlobPart], { type: MIME }),
  };
}

type Home = { readonly dataset: DatasetInfo; readonly series: Series };

const couldHold = ({ assets }: DatasetInfo, { T, sensors }: Facts['data']): boolean =>
  assets.some((asset) => asset.T === T && asset.sensors.length === sensors.length);

/** The asset of a data set that has the run's very values; one of the same name before others. */
async function assetOf(session: Session, info: DatasetInfo, data: Facts['data']): Promise<Home | null> {
  if (!couldHold(info, data)) return null;
  const { series } = await session.dataset(info.id);
  const byName = [...series].sort((a, b) => Number(b.asset === data.asset) - Number(a.asset === data.asset));
  for (const one of byName) {
    if (one.T === data.T && (await seriesDigest(one)) === data.series) return { dataset: info, series: one };
    await yieldToMessages();
  }
  return null;
}

/** Where the run belongs: a data set that is kept here, or a bundled one that was not opened yet. */
async function homeOf(session: Session, base: Base, data: Facts['data']): Promise<Home | null> {
  for (const info of await session.vault.listDatasets()) {
    const home = await assetOf(session, info, data);
    if (home !== null) return home;
  }
  const bundled = data.origin === 'bundled' ? await bundledOf(base, data.checksum) : null;
  return bundled === null ? null : assetOf(session, await openBundled(session, base, bundled), data);
}

async function needOf(session: Session, { run, data }: Facts): Promise<BundleNeed> {
  const kept = await session.vault.listDatasets();
  const { name, asset, layout, checksum, plan, T, sensors } = data;
  return {
    run: run.name,
    ...{ name, asset, layout, checksum, plan, rows: T, sensors: sensors.length },
    otherwise: kept.find((info) => info.checksum === checksum)?.id ?? null,
  };
}

/** The id of the run in the file, unless another data set here has a run of that id. */
async function idFor(session: Session, id: string, datasetId: string, newId: () => string): Promise<string> {
  const known = await session.vault.getRun(id);
  return known === undefined || known.info.data.datasetId === datasetId ? id : newId();
}

export type BundleOutside = { readonly base: Base; readonly newId: () => string };

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What became of the labels in a run file, in words; nothing where it brought none. */
function labelNotes({ added, leftOut }: Received): string[] {
  return [
    ...(added > 0 ? [`${counted(added, 'label')} came with the run.`] : []),
    ...(leftOut > 0
      ? [`${counted(leftOut, 'label')} of the file had been changed or removed here and stayed so.`]
      : []),
  ];
}

/**
 * Reads a run file and keeps its run and labels where its data is. Needs a backend. Throws as `readBundle` and
 * `unpackedRun` do.
 */
export async function openBundleFile(
  session: Session,
  labels: Labels,
  file: Blob,
  outside: BundleOutside,
): Promise<BundleOpened> {
  if (file.size > BUNDLE_LIMITS.packed) throw tooLarge('a size', file.size, BUNDLE_LIMITS.packed);
  const bundle = await readBundle(new Uint8Array(await file.arrayBuffer()), yieldToMessages);
  const home = await homeOf(session, outside.base, bundle.facts.data);
  if (home === null) return { is: 'data-needed', need: await needOf(session, bundle.facts) };
  const { dataset, series } = home;
  const id = await idFor(session, bundle.facts.run.id, dataset.id, outside.newId);
  const data = { datasetId: dataset.id, asset: series.asset };
  const { stored, notes } = await unpackedRun(bundle, data, series, id);
  await session.keepRun(stored);
  const received = await labels.receive(data, bundle.journal);
  return { is: 'run', run: stored.info, dataset, notes: [...notes, ...labelNotes(received)] };
}
