/** Labels that come with a file, put to those that are here: nothing that was said is lost or said twice. */
import { foldJournal } from './journal.ts';
import type { Entry, Label } from './types.ts';

const keysOf = (value: object): string[] =>
  Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);

/** Whether two plain values are the same, however their fields are ordered. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const keys = keysOf(a);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === keysOf(b).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
  );
}

const beginsWith = (all: readonly Entry[], first: readonly Entry[]): boolean =>
  first.length <= all.length && first.every((entry, n) => isSame(entry, all[n]));

export type Merge = {
  /** To be added behind the entries that are here. */
  readonly acts: readonly Omit<Entry, 'seq'>[];
  /** Labels of the file that were added, and those left out because another label of their id is or was here. */
  readonly added: readonly Label[];
  readonly leftOut: readonly Label[];
};

/**
 * Where one journal goes on from the other, the longer one holds: acts, undone ones too, come as they were. Where both
 * went their own ways, the file's labels that were never here come in one act, which one undo takes back; a label that
 * was changed or removed here stays as it is here.
 */
export function mergeJournals(here: readonly Entry[], file: readonly Entry[], nowMs: number): Merge {
  if (beginsWith(here, file)) return { acts: [], added: [], leftOut: [] };
  const before = foldJournal(here).labels;
  const coming = foldJournal(file).labels;
  const held = new Map(before.map((label) => [label.id, label]));
  const isNew = ({ id }: Label): boolean => !held.has(id);
  if (beginsWith(file, here)) {
    const acts = file.slice(here.length).map(({ atMs, act }) => ({ atMs, act }));
    return { acts, added: coming.filter(isNew), leftOut: [] };
  }
  const known = new Set<string>();
  for (const { act } of here)
    for (const change of act.kind === 'change' ? act.changes : [])
      if (change.kind === 'put') known.add(change.label.id);
  const added = coming.filter(({ id }) => !known.has(id));
  const leftOut = coming.filter((label) => known.has(label.id) && !isSame(label, held.get(label.id)));
  const act = { kind: 'change', changes: added.map((label) => ({ kind: 'put', label }) as const) } as const;
  return { acts: added.length === 0 ? [] : [{ atMs: nowMs, act }], added, leftOut };
}
