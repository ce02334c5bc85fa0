/**
 * What the worker holds between calls: the open source, data sets, runs and their pyramids. Everything but the open
 * source can be rebuilt from the vault, so a fresh worker answers the same questions.
 */
import { seriesDigest } from '../engine/bundle/digest.ts';
import type { Source } from '../engine/data/types.ts';
import { asEngineError, EngineError } from '../engine/errors.ts';
import { Tracks } from '../engine/tracks.ts';
import type { Series } from '../engine/types.ts';
import type { ProjectNews } from './projectChannel.ts';
import { stampOf } from './projectTake.ts';
import type { AssetRef, AssetSummary, DatasetInfo, RunInfo, Unsaved } from './protocol.ts';
import { Vault } from './vault.ts';
import type { StoredDataset, StoredRun } from './vault.ts';
import { toWire } from './wire.ts';

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
  /** What the vault refused, by its id: it lives in memory alone until it is kept. */
  #unsaved = new Map<string, Unsaved>();
  #tell: (news: ProjectNews) => void = () => undefined;

  constructor(vault: Vault = new Vault()) {
    this.vault = vault;
  }

  /** `told` hears of every run and data set that was kept, changed or removed. */
  listen(told: (news: ProjectNews) => void): void {
    this.#tell = told;
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
    await this.#keep({ what: 'data', id: info.id, name: info.name }, () => this.vault.putDataset(stored));
    this.#tell({ datasetId: info.id });
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
    if (stored.digests)
      throw new EngineError(
        'bad-input',
        'data-elsewhere',
        `The values of ${stored.info.name} are not kept in this browser.`,
        'Open the file that it was made of: its runs and labels follow by themselves.',
      );
    this.#datasets.set(id, stored);
    return stored;
  }

  /** Keeps of a data set only what it is known by; runs and labels stay, and this worker goes on with what it has read. */
  async dropValues(id: string): Promise<void> {
    const { info, series } = await this.dataset(id);
    const digests: string[] = [];
    for (const one of series) digests.push(await seriesDigest(one));
    await this.vault.putDataset({ info: { ...info, byReference: true }, series: [], digests });
    this.#datasets.set(id, { info: { ...info, byReference: true }, series });
    this.#tell({ datasetId: id });
  }

  /** Whether another worker would find the values of a data set in the vault. */
  async isKept(id: string): Promise<boolean> {
    return this.#datasets.get(id)?.info.byReference !== true && this.vault.hasDataset(id).catch(() => false);
  }

  /**
   * The data set that is kept as a reference to these very values, now with them: in memory, and in the vault where
   * `isKept`. Null where there is none.
   */
  async rejoin(checksum: string, series: readonly Series[], isKept: boolean): Promise<DatasetInfo | null> {
    const known = (await this.vault.listDatasets()).filter((info) => info.byReference && info.checksum === checksum);
    for (const { id } of known) {
      const stored = await this.vault.getDataset(id);
      const digests = await Promise.all(series.map(seriesDigest));
      if (stored?.digests?.join() !== digests.join()) continue;
      const { byReference: _, ...whole } = stored.info;
      const info = isKept ? whole : stored.info;
      this.#datasets.set(id, { info, series });
      if (isKept) await this.keepDataset(info, series);
      return info;
    }
    return null;
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
    await this.vault.deleteDataset(id);
    this.#datasets.delete(id);
    this.#unsaved.delete(id);
    this.#forgetRuns(id);
    this.#tell({ datasetId: id });
  }

  /** Forgets what was read of the runs of a data set, so that the next question sees what others changed. */
  refresh(datasetId: string): void {
    for (const [id, { stored }] of this.#runs)
      if (stored.info.data.datasetId === datasetId && !this.#unsaved.has(id)) this.#runs.delete(id);
    for (const [id, { data }] of this.#infos) if (data.datasetId === datasetId) this.#infos.delete(id);
  }

  /** A whole project of this data set was taken in. */
  changed(datasetId: string): void {
    this.refresh(datasetId);
    this.#tell({ datasetId });
  }

  /** What is in memory alone. */
  unsaved(): readonly Unsaved[] {
    return [...this.#unsaved.values()];
  }

  /** Tries again to keep what is in memory alone; what is refused again stays there. */
  async saveAgain(): Promise<void> {
    for (const { what, id } of this.unsaved()) {
      if (what === 'data') {
        const stored = this.#datasets.get(id);
        if (stored)
          await this.keepDataset({ ...stored.info, savedAtMs: Date.now() }, stored.series).catch(() => undefined);
      } else {
        const live = this.#runs.get(id);
        if (live) await this.#keepLive(live).catch(() => undefined);
      }
    }
  }

  /** As keepDataset: memory first, then the vault. */
  async keepRun(stored: StoredRun): Promise<LiveRun> {
    const live = this.#remember(stored, await this.series(stored.info.data));
    await this.#keepLive(live);
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

  /**
   * Changes what is said of a run: first what is kept, which another tab may have changed meanwhile, then what is in
   * memory. A refused write changes neither.
   */
  async changeRun(id: string, change: (info: RunInfo) => RunInfo): Promise<RunInfo> {
    const live = await this.run(id);
    const kept = await this.vault.changeRun(id, change);
    const info = kept ?? change(live.stored.info);
    live.stored = { ...live.stored, info };
    this.#infos.set(id, info);
    if (kept) this.#tellRun(info);
    return info;
  }

  async forgetRun(id: string): Promise<void> {
    const known = this.#runs.get(id)?.stored.info ?? this.#infos.get(id);
    await this.vault.deleteRun(id);
    this.#runs.delete(id);
    this.#infos.delete(id);
    this.#unsaved.delete(id);
    if (known) this.#tell({ datasetId: known.data.datasetId });
  }

  /** Removes all runs of a data set. */
  async forgetRunsOf(datasetId: string): Promise<void> {
    for (const { id } of await this.runs(datasetId)) {
      await this.vault.deleteRun(id);
      this.#unsaved.delete(id);
    }
    this.#forgetRuns(datasetId);
    this.#tell({ datasetId });
  }

  async tracks(data: AssetRef, runId: string | null): Promise<Tracks> {
    if (runId !== null) return (await this.run(runId)).tracks;
    const series = await this.series(data);
    let tracks = this.#tracks.get(series);
    if (!tracks) this.#tracks.set(series, (tracks = new Tracks(series, null)));
    return tracks;
  }

  #forgetRuns(datasetId: string): void {
    for (const [id, { stored }] of this.#runs) {
      if (stored.info.data.datasetId !== datasetId) continue;
      this.#runs.delete(id);
      this.#unsaved.delete(id);
    }
    for (const [id, { data }] of this.#infos) if (data.datasetId === datasetId) this.#infos.delete(id);
  }

  #tellRun(info: RunInfo): void {
    this.#tell({ datasetId: info.data.datasetId, runId: info.id, stampMs: stampOf(info) });
  }

  async #keepLive({ stored }: LiveRun): Promise<void> {
    const { id, name } = stored.info;
    await this.#keep({ what: 'run', id, name }, () => this.vault.putRun(stored));
    this.#tellRun(stored.info);
  }

  /** Remembers what the vault refused until it takes it. */
  async #keep(thing: Omit<Unsaved, 'error'>, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.#unsaved.delete(thing.id);
    } catch (thrown) {
      this.#unsaved.set(thing.id, { ...thing, error: toWire(asEngineError(thrown)) });
      throw thrown;
    }
  }

  #remember(stored: StoredRun, series: Series): LiveRun {
    const live = { stored, series, tracks: new Tracks(series, stored) };
    this.#runs.set(stored.info.id, live);
    // What is nowhere else stays.
    const oldest = [...this.#runs.values()].find((run) => run !== live && !this.#unsaved.has(run.stored.info.id));
    if (this.#runs.size > MAX_LIVE_RUNS && oldest !== undefined) {
      // Its events may have been settled anew since it was read.
      this.#infos.set(oldest.stored.info.id, oldest.stored.info);
      this.#runs.delete(oldest.stored.info.id);
    }
    return live;
  }
}
