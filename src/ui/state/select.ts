/** What several slices and panels read off the state. */
import type { AssetRef, AssetSummary, Catalogue, DatasetInfo, RunJob } from '../../workers/protocol.ts';
import { valueOf, type Load } from './types.ts';

/** A job as its run will be called: engine and preset. */
export function jobName(job: Pick<RunJob, 'engine' | 'preset'>, catalogue: Load<Catalogue>): string {
  const title = valueOf(catalogue)?.engines.find((engine) => engine.id === job.engine)?.title ?? job.engine;
  return `${title} ${job.preset}`;
}

/** Id of a bundled data set as catalogue and links name it; null for a person's own. */
export function bundledId(info: DatasetInfo | null): string | null {
  return info?.origin === 'bundled' ? info.id.replace(/^bundled:/, '') : null;
}

export function currentAsset(state: {
  readonly dataset: Load<DatasetInfo>;
  readonly assetName: string | null;
}): AssetSummary | null {
  const info = valueOf(state.dataset);
  return info?.assets.find((asset) => asset.name === state.assetName) ?? info?.assets[0] ?? null;
}

export function currentRef(state: {
  readonly dataset: Load<DatasetInfo>;
  readonly assetName: string | null;
}): AssetRef | null {
  const info = valueOf(state.dataset);
  const asset = currentAsset(state);
  return info && asset ? { datasetId: info.id, asset: asset.name } : null;
}

export const isSameAsset = (a: AssetRef | null | undefined, b: AssetRef | null | undefined): boolean =>
  !!a && !!b && a.datasetId === b.datasetId && a.asset === b.asset;

/** Whether anything is labelled in the part that is judged. */
export const isLabelled = (asset: Pick<AssetSummary, 'labels' | 'test'> | null): boolean =>
  asset?.labels?.some(({ start, end }) => end > asset.test.start && start < asset.test.end) ?? false;
