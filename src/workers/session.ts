/**
 * What the worker holds between calls: the open source, data sets, runs and their pyramids. Everything but the open
 * source can be rebuilt from the vault, so a fresh worker answers the same questions.
 */
import type { Source } from '../engine/data/types.ts';
import { EngineError } from '../engine/errors.ts';
import { Tracks } from '../engine/tracks.ts';
import type { Series } from '../engine/types.ts';
import type { AssetRef, AssetSummary, DatasetInfo } from './protocol.ts';
import { Vault } from './vault.ts';
import type { StoredDataset, StoredRun } from './vault.ts';

export type LiveRun = { stored: StoredRun; readonly series: Series; readonly tracks: Tracks };

/** Runs kept in memory; older ones are read from the vault again. */
const MAX_LIVE_RUNS = 4;

export const summaryOf = (series: Series): AssetSummary => ({
  name: series.asset,
  T: series.T,
  sensors: series.sensors,
  covariates: series.covariates,
  train: series.train,
  test: series.test,
  clock: series.clock,
  labels: series.labels,
  ...(series.synthetic && { synthetic: series.synthetic }),
});

export class Session {
  readonly vault: Vault;
  #source: Source | null = null;
  #datasets = new Map<string, StoredDataset>();
  #runs = new Map<string, LiveRun>();
  #infos = new Map<string, StoredRun['info']>();
  #tracks = new Map<Series, Tracks>();

  constructor(vault: Vault = new Vault()) {
    this.vault = vault;
  }

  get source(): Source {
    if (!this.#source) throw new EngineError('bad-input', 'no-source', 'No file is open.', 'Drop the file again.');
    return this.#source;
  }

  setSource(source: Source | null): void {
    this.#source = source;
  }

  /** Keeps a data set in memory at once and in the vault; a storage error is thrown after memory has it. */
  async keepDataset(info: DatasetInfo, series: readonly Series[]): Promise<void> {
    const stored = { info, series };
    this.#datasets.set(info.id, stored);
    await this.vault.putDataset(stored);
  }

  async dataset(id: string): Promise<StoredDataset> {
    const known = this.#datasets.get(id);
    if (known) return known;
    const stored = await this.vault.getDataset(id);
    if (!stored)
      throw new EngineError(
        'bad-input',
        'no-dataset',
        'This data set is no longer kept in the browser.',
        'Open its file again.',
      );
    this.#datasets.set(id, stored);
    return stored;
  }

  async series({ datasetId, asset }: AssetRef): Promise<Series> {
    const found = (await this.dataset(datasetId)).series.find((series) => series.asset === asset);
    if (!found)
      throw new EngineError(
        'bad-input',
        'no-asset',
        `the data set has no asset "${asset}"`,
        'Choose one from the data set menu.',
      );
    return found;
  }

  async forgetDataset(id: string): Promise<void> {
    for (const series of this.#datasets.get(id)?.series ?? []) this.#tracks.delete(series);
    this.#datasets.delete(id);
    for (const [runId, run] of this.#runs) if (run.stored.info.data.datasetId === id) this.#runs.delete(runId);
    for (const [runId, { data }] of this.#infos) if (data.datasetId === id) this.#infos.delete(runId);
    await this.vault.deleteDataset(id);
  }

  /** As keepDataset: memory first, then the vault. */
  async keepRun(stored: StoredRun): Promise<LiveRun> {
    const live = this.#remember(stored, await this.series(stored.info.data));
    await this.vault.putRun(stored);
    return live;
  }

  async run(id: string): Promise<LiveRun> {
    const known = this.#runs.get(id);
    if (known) return known;
    const stored = await this.vault.getRun(id);
    if (!stored)
      throw new EngineError(
        'bad-input',
        'no-run',
        'This run is no longer kept in the browser.',
        'Run the engine again.',
      );
    return this.#remember(stored, await this.series(stored.info.data));
  }

  /** Runs of a data set, those in memory included when storage failed. */
  async runs(datasetId: string): Promise<readonly StoredRun['info'][]> {
    const kept = await this.vault.listRuns(datasetId);
    const ids = new Set(kept.map(({ id }) => id));
    const unsaved = [...this.#runs.values()]
      .map(({ stored }) => stored.info)
      .filter(({ id, data }) => data.datasetId === datasetId && !ids.has(id));
    return [...kept, ...unsaved];
  }

  /** Runs of all data sets, the newest first. What was read once is remembered: the arrays beside it are large. */
  async allRuns(): Promise<readonly StoredRun['info'][]> {
    const ids = await this.vault.listRunIds();
    const infos = new Map(this.#infos);
    for (const id of ids) {
      const info = this.#runs.get(id)?.stored.info ?? infos.get(id) ?? (await this.vault.getRun(id))?.info;
      if (info) infos.set(id, info);
    }
    this.#infos = new Map([...infos].filter(([id]) => ids.includes(id) || this.#runs.has(id)));
    return [...this.#infos.values()].sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  /** Keeps a run with other words beside it. */
  async noteRun(id: string, words: Pick<StoredRun['info'], 'tags' | 'note'>): Promise<StoredRun['info']> {
    const live = await this.run(id);
    live.stored = { ...live.stored, info: { ...live.stored.info, ...words } };
    this.#infos.set(id, live.stored.info);
    await this.vault.putRun(live.stored);
    return live.stored.info;
  }

  async forgetRun(id: string): Promise<void> {
    this.#runs.delete(id);
    this.#infos.delete(id);
    await this.vault.deleteRun(id);
  }

  async tracks(data: AssetRef, runId: string | null): Promise<Tracks> {
    if (runId !== null) return (await this.run(runId)).tracks;
    const series = await this.series(data);
    let tracks = this.#tracks.get(series);
    if (!tracks) this.#tracks.set(series, (tracks = new Tracks(series, null)));
    return tracks;
  }

  #remember(stored: StoredRun, series: Series): LiveRun {
    const live = { stored, series, tracks: new Tracks(series, stored) };
    this.#runs.set(stored.info.id, live);
    const [oldest] = this.#runs.values();
    if (this.#runs.size > MAX_LIVE_RUNS && oldest !== undefined) {
      // Its events may have been settled anew since it was read.
      this.#infos.set(oldest.stored.info.id, oldest.stored.info);
      this.#runs.delete(oldest.stored.info.id);
    }
    return live;
  }
}
