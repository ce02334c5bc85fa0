/** What is kept here, how large it is, and what of it no project file holds. */
import { stampOf } from './projectTake.ts';
import type { KeptPart, Safety } from './projectProtocol.ts';
import type { Session } from './session.ts';
import type { Vault } from './vault.ts';

/** About the bytes that a value takes in the store: numbers of arrays as they are, texts by two, the rest by eight. */
export function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (value instanceof Map || value instanceof Set) return bytesIn([...value]);
  return Object.entries(value).reduce((sum, [key, part]) => sum + key.length + bytesIn(part), 0);
}

type Sums = { -readonly [K in keyof KeptPart]: KeptPart[K] };

/** By data set, in the order in which they were saved. Labels of a data set that could not be kept are not lost: they count, too. */
export async function keptParts(vault: Vault): Promise<readonly KeptPart[]> {
  const parts = new Map<string, Sums>();
  const part = (id: string): Sums => {
    let found = parts.get(id);
    if (!found) {
      const nothing = { dataBytes: 0, runs: 0, runBytes: 0, acts: 0, labelBytes: 0, generators: 0, studioBytes: 0 };
      parts.set(id, (found = { id, name: id, origin: 'file', ...nothing }));
    }
    return found;
  };
  await vault.each('datasets', ({ id, info, series }) => {
    const { name, origin } = info;
    Object.assign(part(id), { name, origin, dataBytes: bytesIn(series) });
  });
  await vault.each('runs', (run) => {
    const sums = part(run.datasetId);
    sums.runs++;
    sums.runBytes += bytesIn(run);
  });
  await vault.each('journal', ({ datasetId, ...entry }) => {
    const sums = part(datasetId);
    sums.acts++;
    sums.labelBytes += bytesIn(entry);
  });
  await vault.each('generators', (generator) => {
    const sums = part(generator.datasetId);
    sums.generators++;
    sums.studioBytes += bytesIn(generator);
  });
  await vault.each('sets', (set) => void (part(set.datasetId).studioBytes += bytesIn(set)));
  return [...parts.values()];
}

/** Shipped runs come with the page and need no saving. */
export async function safetyOf(session: Session, datasetId: string): Promise<Safety> {
  const { info } = await session.dataset(datasetId);
  const mark = await session.vault.savedMark(datasetId);
  const times: number[] = [];
  let acts = 0;
  for (const { name: asset } of info.assets) {
    const more = await session.vault.readJournal({ datasetId, asset }, mark?.acts[asset] ?? 0);
    acts += more.length;
    times.push(...more.map(({ atMs }) => atMs));
  }
  const runs = (await session.allRuns()).filter((run) => {
    const isShipped = run.shipped && run.changedAtMs === undefined;
    return run.data.datasetId === datasetId && !isShipped && mark?.runs[run.id] !== stampOf(run);
  });
  times.push(...runs.map(stampOf));
  return {
    savedAtMs: mark?.atMs ?? null,
    ...{ acts, runs: runs.length },
    sinceMs: times.length > 0 ? times.reduce((first, at) => Math.min(first, at)) : null,
  };
}
