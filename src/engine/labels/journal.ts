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

/** Acts in the order in which they were put here last; one that was put elsewhere since is passed over. */
class Pile {
  readonly #acts: number[] = [];
  readonly #place = new Map<number, number>();

  put(act: number): void {
    this.#place.set(act, this.#acts.push(act) - 1);
  }

  /** The newest act for which `isHere` still holds; null when there is none. */
  newest(isHere: (act: number) => boolean): number | null {
    return this.#acts.findLast((act, at) => this.#place.get(act) === at && isHere(act)) ?? null;
  }
}

type Held = {
  readonly held: ReadonlyMap<number, Changed>;
  readonly canUndo: number | null;
  readonly canRedo: number | null;
};

/** The changes that hold, by number; an undo or redo of what is not there changes nothing (two tabs may race). */
function holding(entries: readonly Entry[]): Held {
  const acts = new Map<number, Changed>();
  const held = new Map<number, Changed>();
  const done = new Pile();
  let undone = new Pile();
  for (const { seq, act } of entries) {
    if (act.kind === 'change') {
      acts.set(seq, act);
      held.set(seq, act);
      done.put(seq);
      undone = new Pile();
      continue;
    }
    const changed = acts.get(act.of);
    if (changed === undefined || held.has(act.of) !== (act.kind === 'undo')) continue;
    if (act.kind === 'undo') {
      held.delete(act.of);
      undone.put(act.of);
    } else {
      held.set(act.of, changed);
      done.put(act.of);
    }
  }
  return { held, canUndo: done.newest((n) => held.has(n)), canRedo: undone.newest((n) => !held.has(n)) };
}

/**
 * Folds the entries of one asset, in rising order of `seq`. A change that was undone is as if it had never been made; a
 * redo puts it back in its own place. A change after an undo leaves nothing to redo, as everywhere.
 */
export function foldJournal(entries: readonly Entry[]): Journal {
  const { held, canUndo, canRedo } = holding(entries);
  const labels = new Map<string, Label>();
  for (const [, act] of [...held].sort(([a], [b]) => a - b)) {
    for (const change of act.changes) {
      labels.delete(change.kind === 'put' ? change.label.id : change.id);
      if (change.kind === 'put') labels.set(change.label.id, change.label);
    }
  }
  return { labels: [...labels.values()], canUndo, canRedo };
}
