/** A project into the store in one transaction: all of it is kept, or nothing is changed. */
import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { mergeJournals } from '../engine/labels/merge.ts';
import type { Entry } from '../engine/labels/types.ts';
import type { RunInfo } from './protocol.ts';
import { ENDLESS } from './vaultStore.ts';
import type { Schema, StoredDataset, StoredGenerator, StoredRun, StoredSet } from './vaultStore.ts';

/** A project whose parts have been checked and belong to the data set `datasetId`. */
export type Incoming = {
  readonly datasetId: string;
  /** Given where the data set is not kept here yet. */
  readonly dataset: StoredDataset | null;
  readonly runs: readonly StoredRun[];
  /** Acts on the labels of assets. */
  readonly journals: readonly { readonly asset: string; readonly entries: readonly Entry[] }[];
  readonly generators: readonly StoredGenerator[];
  readonly sets: readonly StoredSet[];
  readonly savedAtMs: number;
  readonly nowMs: number;
};

export type Taken = {
  readonly runs: { readonly added: number; readonly renewed: number; readonly kept: number };
  readonly labels: { readonly added: number; readonly leftOut: number };
  readonly generators: number;
};

/** When a run was last changed. */
export const stampOf = ({ changedAtMs, createdAtMs }: Pick<RunInfo, 'changedAtMs' | 'createdAtMs'>): number =>
  changedAtMs ?? createdAtMs;

const ALL = ['datasets', 'runs', 'journal', 'generators', 'sets', 'projects'] as const;

type Change = IDBPTransaction<Schema, typeof ALL, 'readwrite'>;

/** Of two runs of one id the one that was changed later is kept: nobody's last word is lost. */
async function takeRuns(change: Change, { datasetId, runs }: Incoming): Promise<Taken['runs']> {
  const store = change.objectStore('runs');
  const counts = { added: 0, renewed: 0, kept: 0 };
  for (const run of runs) {
    const { info } = run;
    const here = await store.get(info.id);
    if (here && stampOf(here.info) >= stampOf(info)) {
      counts.kept++;
      continue;
    }
    await store.put({ ...run, id: info.id, datasetId });
    counts[here ? 'renewed' : 'added']++;
  }
  return counts;
}

/** `acts`: newest act that the file holds too, by asset, where nothing was said here alone. */
async function takeJournals(change: Change, { datasetId, journals, nowMs }: Incoming) {
  const store = change.objectStore('journal');
  const labels = { added: 0, leftOut: 0 };
  const acts: Record<string, number> = {};
  for (const { asset, entries } of journals) {
    const range = IDBKeyRange.bound([datasetId, asset, 0], [datasetId, asset, ENDLESS]);
    const here = (await store.getAll(range)).map(({ seq, atMs, act }): Entry => ({ seq, atMs, act }));
    const merged = mergeJournals(here, entries, nowMs);
    let seq = here.length;
    for (const { atMs, act } of merged.acts) await store.add({ seq: ++seq, atMs, act, datasetId, asset });
    labels.added += merged.added.length;
    labels.leftOut += merged.leftOut.length;
    if (seq === entries.length) acts[asset] = seq;
  }
  return { labels, acts };
}

/** Generators and sets that are not here; how many generators were added. */
async function takeStudio(change: Change, { datasetId, generators, sets }: Incoming): Promise<number> {
  const [makers, made] = [change.objectStore('generators'), change.objectStore('sets')];
  let added = 0;
  for (const generator of generators) {
    const { id } = generator.info;
    if ((await makers.getKey(id)) !== undefined) continue;
    await makers.put({ ...generator, id, datasetId });
    added++;
  }
  for (const set of sets) if ((await made.getKey(set.id)) === undefined) await made.put(set);
  return added;
}

async function takeAll(change: Change, incoming: Incoming): Promise<Taken> {
  const { datasetId, dataset } = incoming;
  if (dataset) await change.objectStore('datasets').put({ ...dataset, id: datasetId });
  const runs = await takeRuns(change, incoming);
  const { labels, acts } = await takeJournals(change, incoming);
  const generators = await takeStudio(change, incoming);
  const projects = change.objectStore('projects');
  const before = await projects.get(datasetId);
  const saved = Object.fromEntries(incoming.runs.map(({ info }) => [info.id, stampOf(info)]));
  await projects.put({
    id: datasetId,
    atMs: Math.max(before?.atMs ?? 0, incoming.savedAtMs),
    acts: { ...before?.acts, ...acts },
    runs: { ...before?.runs, ...saved },
  });
  await change.done;
  return { runs, labels, generators };
}

export async function takeProject(database: IDBPDatabase<Schema>, incoming: Incoming): Promise<Taken> {
  const change = database.transaction(ALL, 'readwrite', { durability: 'strict' });
  try {
    return await takeAll(change, incoming);
  } catch (thrown) {
    change.done.catch(() => undefined);
    try {
      change.abort();
    } catch {
      // It has ended by itself, which is how a failed write shows.
    }
    throw thrown;
  }
}
