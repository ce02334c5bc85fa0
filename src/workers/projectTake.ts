/** A project into the store in one transaction: all of it is kept, or nothing is changed. */
import type { IDBPDatabase } from 'idb';
import { mergeJournals } from '../engine/labels/merge.ts';
import type { Entry } from '../engine/labels/types.ts';
import type { SavedMark } from './projectProtocol.ts';
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

/** Of two runs of one id the one that was changed later is kept: nobody's last word is lost. */
export async function takeProject(database: IDBPDatabase<Schema>, incoming: Incoming): Promise<Taken> {
  const { datasetId, dataset } = incoming;
  const change = database.transaction(ALL, 'readwrite', { durability: 'strict' });
  const runs = { added: 0, renewed: 0, kept: 0 };
  const labels = { added: 0, leftOut: 0 };
  let generators = 0;
  const projects = change.objectStore('projects');
  const before = await projects.get(datasetId);
  const acts: Record<string, number> = { ...before?.acts };
  try {
    if (dataset) await change.objectStore('datasets').put({ ...dataset, id: datasetId });

    for (const run of incoming.runs) {
      const { info } = run;
      const here = await change.objectStore('runs').get(info.id);
      if (here && stampOf(here.info) >= stampOf(info)) runs.kept++;
      else {
        await change.objectStore('runs').put({ ...run, id: info.id, datasetId });
        if (here) runs.renewed++;
        else runs.added++;
      }
    }

    const journal = change.objectStore('journal');
    for (const { asset, entries } of incoming.journals) {
      const range = IDBKeyRange.bound([datasetId, asset, 0], [datasetId, asset, ENDLESS]);
      const here = (await journal.getAll(range)).map(({ seq, atMs, act }): Entry => ({ seq, atMs, act }));
      const merged = mergeJournals(here, entries, incoming.nowMs);
      let seq = here.length;
      for (const { atMs, act } of merged.acts) await journal.add({ seq: ++seq, atMs, act, datasetId, asset });
      labels.added += merged.added.length;
      labels.leftOut += merged.leftOut.length;
      // Where nothing was said here alone, the file holds all of it.
      if (seq === entries.length) acts[asset] = Math.max(acts[asset] ?? 0, seq);
    }

    for (const generator of incoming.generators) {
      const { id } = generator.info;
      if ((await change.objectStore('generators').getKey(id)) !== undefined) continue;
      await change.objectStore('generators').put({ ...generator, id, datasetId });
      generators++;
    }
    for (const set of incoming.sets)
      if ((await change.objectStore('sets').getKey(set.id)) === undefined) await change.objectStore('sets').put(set);

    const saved = Object.fromEntries(incoming.runs.map(({ info }) => [info.id, stampOf(info)]));
    const mark: SavedMark = {
      atMs: Math.max(before?.atMs ?? 0, incoming.savedAtMs),
      acts,
      runs: { ...before?.runs, ...saved },
    };
    await projects.put({ ...mark, id: datasetId });
    await change.done;
    return { runs, labels, generators };
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
