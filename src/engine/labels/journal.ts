/** The journal of one asset read from the start: which labels hold now, and which act the next undo or redo is about. */
import type { Act, Entry, Label } from './types.ts';

export type Journal = {
  /** Labels that hold, in the order in which they were last put: the later one wins where two speak of the same. */
  readonly labels: readonly Label[];
  /** Number of the entry that an undo would take back; null when there is none. */
  readonly canUndo: number | null;
  /** Number of the entry that a redo would repeat; null when there is none, or something else was changed since. */
  readonly canRedo: number | null;
};

type Changed = Extract<Act, { kind: 'change' }>;

/** The changes that hold, by number; an undo or redo of what is not there changes nothing (two tabs may race). */
function holding(entries: readonly Entry[]): { held: Map<number, Changed>; done: number[]; undone: number[] } {
  const acts = new Map<number, Changed>();
  const held = new Map<number, Changed>();
  let done: number[] = [];
  let undone: number[] = [];
  for (const { seq, act } of entries) {
    if (act.kind === 'change') {
      acts.set(seq, act);
      held.set(seq, act);
      done.push(seq);
      undone = [];
      continue;
    }
    const changed = acts.get(act.of);
    if (changed === undefined || held.has(act.of) !== (act.kind === 'undo')) continue;
    if (act.kind === 'undo') {
      held.delete(act.of);
      done = done.filter((n) => n !== act.of);
      undone.push(act.of);
    } else {
      held.set(act.of, changed);
      undone = undone.filter((n) => n !== act.of);
      done.push(act.of);
    }
  }
  return { held, done, undone };
}

/**
 * Folds the entries of one asset, in rising order of `seq`. A change that was undone is as if it had never been made; a
 * redo puts it back in its own place. A change after an undo leaves nothing to redo, as everywhere.
 */
export function foldJournal(entries: readonly Entry[]): Journal {
  const { held, done, undone } = holding(entries);
  const labels = new Map<string, Label>();
  for (const [, act] of [...held].sort(([a], [b]) => a - b)) {
    for (const change of act.changes) {
      labels.delete(change.kind === 'put' ? change.label.id : change.id);
      if (change.kind === 'put') labels.set(change.label.id, change.label);
    }
  }
  return { labels: [...labels.values()], canUndo: done.at(-1) ?? null, canRedo: undone.at(-1) ?? null };
}
