/**
 * What survives a reload, in IndexedDB: data sets with their series, runs with their arrays, and the checkpoints of
 * runs in flight. A write is acknowledged only after its transaction has completed.
 */
import type { IDBPDatabase } from 'idb';
import { EngineError } from '../engine/errors.ts';
import type { Act, Entry } from '../engine/labels/types.ts';
import type { SavedMark } from './projectProtocol.ts';
import { takeProject } from './projectTake.ts';
import type { Incoming, Taken } from './projectTake.ts';
import type { AssetRef, DatasetInfo, GeneratorInfo, RunInfo } from './protocol.ts';
import { ENDLESS, openStore, storageError } from './vaultStore.ts';
import type {
  Checkpoint,
  Schema,
  StoredDataset,
  StoredGenerator,
  StoredRun,
  StoredSet,
  StoreMark,
} from './vaultStore.ts';

export type { Checkpoint, StoredDataset, StoredGenerator, StoredRun, StoredSet } from './vaultStore.ts';

const entriesAfter = ({ datasetId, asset }: AssetRef, seq: number): IDBKeyRange =>
  IDBKeyRange.bound([datasetId, asset, seq], [datasetId, asset, ENDLESS], true);

const entryOf = ({ seq, atMs, act }: Entry): Entry => ({ seq, atMs, act });

export class Vault {
  #database: Promise<IDBPDatabase<Schema>> | null = null;

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openStore(() => (this.#database = null));
    return this.#database;
  }

  async #use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (thrown) {
      this.#database = null;
      throw thrown instanceof EngineError ? thrown : storageError(thrown);
    }
  }

  putDataset(dataset: StoredDataset): Promise<void> {
    return this.#use(async (database) => {
      await database.put('datasets', { ...dataset, id: dataset.info.id });
    });
  }

  /** Whether a data set is kept, without reading it. */
  async hasDataset(id: string): Promise<boolean> {
    return (await this.#use((database) => database.getKey('datasets', id))) !== undefined;
  }

  getDataset(id: string): Promise<StoredDataset | undefined> {
    return this.#use((database) => database.get('datasets', id));
  }

  async listDatasets(): Promise<DatasetInfo[]> {
    const all = await this.#use((database) => database.getAll('datasets'));
    return all.map((d) => d.info);
  }

  /** Removes a data set with its runs, labels, generators and sets, in one transaction. */
  deleteDataset(id: string): Promise<void> {
    return this.#use(async (database) => {
      const change = database.transaction(
        ['datasets', 'runs', 'journal', 'generators', 'sets', 'projects'],
        'readwrite',
      );
      await change.objectStore('datasets').delete(id);
      await change.objectStore('projects').delete(id);
      await change.objectStore('journal').delete(IDBKeyRange.bound([id], [id, []]));
      for (const name of ['runs', 'generators', 'sets'] as const) {
        const store = change.objectStore(name);
        for (const key of await store.index('dataset').getAllKeys(id)) await store.delete(key);
      }
      await change.done;
    });
  }

  putRun(run: StoredRun): Promise<void> {
    return this.#use(async (database) => {
      await database.put('runs', { ...run, id: run.info.id, datasetId: run.info.data.datasetId });
    });
  }

  /**
   * Changes what is said of a run, from what is kept now: another tab may have changed it meanwhile. Undefined where it
   * is not kept.
   */
  changeRun(id: string, change: (info: RunInfo) => RunInfo): Promise<RunInfo | undefined> {
    return this.#use(async (database) => {
      const writing = database.transaction('runs', 'readwrite');
      const kept = await writing.store.get(id);
      const info = kept && change(kept.info);
      if (kept && info) await writing.store.put({ ...kept, info });
      await writing.done;
      return info;
    });
  }

  getRun(id: string): Promise<StoredRun | undefined> {
    return this.#use((database) => database.get('runs', id));
  }

  async listRuns(datasetId: string): Promise<RunInfo[]> {
    const infos: RunInfo[] = [];
    await this.#use(async (database) => {
      const store = database.transaction('runs').store;
      for await (const cursor of store.index('dataset').iterate(datasetId)) infos.push(cursor.value.info);
    });
    return infos.sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Ids of all runs, without reading one. */
  listRunIds(): Promise<string[]> {
    return this.#use((database) => database.getAllKeys('runs'));
  }

  deleteRun(id: string): Promise<void> {
    return this.#use((database) => database.delete('runs', id));
  }

  putGenerator(generator: StoredGenerator): Promise<void> {
    const { id, job } = generator.info;
    return this.#use(async (database) => {
      await database.put('generators', { ...generator, id, datasetId: job.material.data.datasetId });
    });
  }

  getGenerator(id: string): Promise<StoredGenerator | undefined> {
    return this.#use((database) => database.get('generators', id));
  }

  async listGenerators(datasetId: string): Promise<GeneratorInfo[]> {
    const all = await this.#use((database) => database.getAllFromIndex('generators', 'dataset', datasetId));
    return all.map(({ info }) => info).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** Removes a generator with its sets, in one transaction. */
  deleteGenerator(id: string): Promise<void> {
    return this.#use(async (database) => {
      const change = database.transaction(['generators', 'sets'], 'readwrite');
      await change.objectStore('generators').delete(id);
      const sets = change.objectStore('sets');
      for (const key of await sets.index('generator').getAllKeys(id)) await sets.delete(key);
      await change.done;
    });
  }

  putSet(set: StoredSet): Promise<void> {
    return this.#use(async (database) => {
      await database.put('sets', set);
    });
  }

  getSet(id: string): Promise<StoredSet | undefined> {
    return this.#use((database) => database.get('sets', id));
  }

  async listSets(datasetId: string): Promise<StoredSet[]> {
    const all = await this.#use((database) => database.getAllFromIndex('sets', 'dataset', datasetId));
    return all.sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  deleteSet(id: string): Promise<void> {
    return this.#use((database) => database.delete('sets', id));
  }

  putCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.#use(async (database) => {
      await database.put('checkpoints', checkpoint);
    });
  }

  getCheckpoint(jobId: string): Promise<Checkpoint | undefined> {
    return this.#use((database) => database.get('checkpoints', jobId));
  }

  listCheckpoints(): Promise<Checkpoint[]> {
    return this.#use((database) => database.getAll('checkpoints'));
  }

  deleteCheckpoint(jobId: string): Promise<void> {
    return this.#use((database) => database.delete('checkpoints', jobId));
  }

  /** Takes in a whole project, all or nothing. */
  takeProject(incoming: Incoming): Promise<Taken> {
    return this.#use((database) => takeProject(database, incoming));
  }

  /** What the newest project file of a data set holds; undefined where it was never saved to one. */
  savedMark(datasetId: string): Promise<SavedMark | undefined> {
    return this.#use((database) => database.get('projects', datasetId));
  }

  markSaved(datasetId: string, mark: SavedMark): Promise<void> {
    return this.#use(async (database) => {
      await database.put('projects', { ...mark, id: datasetId });
    });
  }

  mark(): Promise<StoreMark | undefined> {
    return this.#use((database) => database.get('meta', 'store'));
  }

  /** Calls `look` with everything that is kept of one kind, one after the other: all at once may be too much. */
  async each<N extends 'datasets' | 'runs' | 'journal' | 'generators' | 'sets'>(
    kind: N,
    look: (value: Schema[N]['value']) => void,
  ): Promise<void> {
    await this.#use(async (database) => {
      for await (const cursor of database.transaction(kind).store.iterate()) look(cursor.value);
    });
  }

  /** Acts on the labels of one asset that follow number `after`, in order. */
  async readJournal(data: AssetRef, after: number): Promise<Entry[]> {
    const kept = await this.#use((database) => database.getAll('journal', entriesAfter(data, after)));
    return kept.map(entryOf);
  }

  /**
   * Adds acts to the journal of one asset, all or none. `known` is the newest number that the caller has seen: acts may
   * name each other by the numbers that follow it. What others added since comes first and is given back too. Written
   * entries are read back from a transaction of their own before they are acknowledged.
   */
  appendJournal(data: AssetRef, known: number, acts: readonly Omit<Entry, 'seq'>[]): Promise<Entry[]> {
    return this.#use(async (database) => {
      const change = database.transaction('journal', 'readwrite', { durability: 'strict' });
      const others = (await change.store.getAll(entriesAfter(data, known))).map(entryOf);
      const last = known + others.length;
      const added = acts.map(({ atMs, act }, n) => ({
        seq: last + 1 + n,
        atMs,
        act: moved(act, known, others.length),
      }));
      const { datasetId, asset } = data;
      // `add` refuses a number that is taken, so nothing that was said is ever overwritten.
      await Promise.all([...added.map((entry) => change.store.add({ ...entry, datasetId, asset })), change.done]);
      const kept = await database.getAll('journal', entriesAfter(data, last));
      const isThere = JSON.stringify(kept.slice(0, added.length).map(entryOf)) === JSON.stringify(added);
      if (!isThere) throw new Error('what was written could not be read back');
      return [...others, ...added];
    });
  }
}

/** An act that names another one by a number after `known`, when `by` entries came between. */
export const moved = (act: Act, known: number, by: number): Act =>
  act.kind === 'change' || act.of <= known ? act : { ...act, of: act.of + by };
