/** The store of this browser: what lies in it, how an older one is brought up to date, and its errors in words. */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Piece } from '../engine/drift/renew.ts';
import { EngineError } from '../engine/errors.ts';
import type { Entry } from '../engine/labels/types.ts';
import type { HeadState, TrainState, WeightArray } from '../engine/model.ts';
import type { RunArrays } from '../engine/tracks.ts';
import type { Series } from '../engine/types.ts';
import { newId } from './newId.ts';
import type { SavedMark } from './projectProtocol.ts';
import type { AssetRef, DatasetInfo, GeneratorInfo, RunInfo, RunJob, SampleSet, TeachJob } from './protocol.ts';

export type StoredDataset = {
  readonly info: DatasetInfo;
  /** Empty where only a reference is kept. */
  readonly series: readonly Series[];
  /** `seriesDigest` of each asset, where only a reference is kept: the data is known by them when it is opened again. */
  readonly digests?: readonly string[];
};

/** Everything of a run that questions about it need. */
export type StoredRun = RunArrays & {
  readonly info: RunInfo;
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly headState: HeadState;
  /** What judges the steps of confirmed ranges, oldest first; absent without any. */
  readonly pieces?: readonly Piece[];
};

export type StoredGenerator = {
  readonly info: GeneratorInfo;
  readonly weights: Readonly<Record<string, WeightArray>>;
  /** 1 at the steps that were anomalous when it learned, over the whole series. */
  readonly label_T: Uint8Array;
};

export type StoredSet = SampleSet & { readonly datasetId: string };

export type Checkpoint = {
  readonly jobId: string;
  readonly job: RunJob;
  /** Present where the interrupted work was fine-tuning: it goes on with the same answers. */
  readonly teach?: TeachJob;
  readonly epochs: number;
  readonly savedAtMs: number;
  /** Null before anything can be taken up again: then it begins anew. */
  readonly state: TrainState | null;
};

export interface Schema extends DBSchema {
  datasets: { key: string; value: StoredDataset & { id: string } };
  runs: { key: string; value: StoredRun & { id: string; datasetId: string }; indexes: { dataset: string } };
  checkpoints: { key: string; value: Checkpoint };
  journal: { key: [datasetId: string, asset: string, seq: number]; value: Entry & AssetRef };
  generators: { key: string; value: StoredGenerator & { id: string; datasetId: string }; indexes: { dataset: string } };
  sets: { key: string; value: StoredSet; indexes: { dataset: string; generator: string } };
  projects: { key: string; value: SavedMark & { id: string } };
  meta: { key: 'store'; value: StoreMark & { id: 'store' } };
}

/** Made with the store: whoever remembers another token knows that the store was removed since. */
export type StoreMark = { readonly token: string; readonly createdAtMs: number };

export const STORE_NAME = 'telltale';
/**
 * 1: data sets, runs, checkpoints. 2: the journal of labels. 3: generators and what they made. 4: what project files hold,
 * and the mark of the store. What was there stays.
 */
export const STORE_VERSION = 4;

/** Opens the store, made or brought up to date where it must be. `onClosed`: the next question opens it anew. */
export const openStore = (onClosed: () => void): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>(STORE_NAME, STORE_VERSION, {
    upgrade(database, from, _to, change) {
      if (from < 1) {
        database.createObjectStore('datasets', { keyPath: 'id' });
        database.createObjectStore('runs', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
        database.createObjectStore('checkpoints', { keyPath: 'jobId' });
      }
      if (from < 2) database.createObjectStore('journal', { keyPath: ['datasetId', 'asset', 'seq'] });
      if (from < 3) {
        database.createObjectStore('generators', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
        const sets = database.createObjectStore('sets', { keyPath: 'id' });
        sets.createIndex('dataset', 'datasetId');
        sets.createIndex('generator', 'generatorId');
      }
      if (from < 4) {
        database.createObjectStore('projects', { keyPath: 'id' });
        database.createObjectStore('meta', { keyPath: 'id' });
        // With the store or not at all.
        void change.objectStore('meta').put({ id: 'store', token: newId(), createdAtMs: Date.now() });
      }
    },
    // A newer page wants the store.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });

/** A browser's storage error in words that say what is safe and what to do. */
export function storageError(thrown: unknown): EngineError {
  const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
  return full
    ? new EngineError(
        'storage',
        'storage-full',
        'The browser has no room left to keep this.',
        'It stays open in this tab. Delete runs or data sets that you no longer need, or free disk space, then save again.',
      )
    : new EngineError(
        'storage',
        'storage-failed',
        `The browser could not keep this: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        'It stays open in this tab. Export what you need; private windows and strict settings can switch storage off.',
      );
}

/** Number a journal entry can never reach: the open end of a key range. */
export const ENDLESS = Number.MAX_SAFE_INTEGER;
