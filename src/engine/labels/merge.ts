/** Labels that come with a file, put to those that are here: nothing that was said is lost or said twice. */
import { foldJournal } from './journal.ts';
import type { Entry, Label } from './types.ts';

/** Text that is the same for the same value, however its fields are ordered. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

const beginsWith = (all: readonly Entry[], first: readonly Entry[]): boolean =>
  first.length <= all.length && first.every((entry, n) => textOf(entry) === textOf(all[n]));

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
  const ids = new Set(before.map(({ id }) => id));
  const isNew = ({ id }: Label): boolean => !ids.has(id);
  if (beginsWith(file, here)) {
    const acts = file.slice(here.length).map(({ atMs, act }) => ({ atMs, act }));
    return { acts, added: coming.filter(isNew), leftOut: [] };
  }
  const known = new Map<string, string>();
  for (const { act } of here)
    for (const change of act.kind === 'change' ? act.changes : [])
      if (change.kind === 'put') known.set(change.label.id, textOf(change.label));
  const added = coming.filter(({ id }) => !known.has(id));
  const texts = new Set(before.map(textOf));
  const leftOut = coming.filter((label) => known.has(label.id) && !texts.has(textOf(label)));
  const act = { kind: 'change', changes: added.map((label) => ({ kind: 'put', label }) as const) } as const;
  return { acts: added.length === 0 ? [] : [{ atMs: nowMs, act }], added, leftOut };
}
