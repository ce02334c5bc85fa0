import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLabel } from './labels.testkit.ts';
import { foldJournal } from './journal.ts';
import type { Act, Change, Entry, Label } from './types.ts';

const entries = (...acts: Act[]): Entry[] => acts.map((act, n) => ({ seq: n + 1, atMs: n, act }));
const put = (id: string, note = ''): Act => ({
  kind: 'change',
  changes: [{ kind: 'put', label: aLabel({ id, note }) }],
});
const remove = (id: string): Act => ({ kind: 'change', changes: [{ kind: 'remove', id }] });
const ids = (list: readonly Entry[]): string[] => foldJournal(list).labels.map(({ id }) => id);

describe('a journal', () => {
  it('is empty at first, with nothing to undo', () => {
    expect(foldJournal([])).toEqual({ labels: [], canUndo: null, canRedo: null });
  });

  it('puts, replaces and removes', () => {
    const { labels, canUndo } = foldJournal(entries(put('a', 'old'), put('b'), put('a', 'new'), remove('b')));
    expect(labels.map(({ id, note }) => [id, note])).toEqual([['a', 'new']]);
    expect(canUndo).toBe(4);
  });

  it('moves a label that is put again to the end, where it wins', () => {
    expect(ids(entries(put('a'), put('b'), put('a')))).toEqual(['b', 'a']);
  });

  it('undoes and redoes one act after the other', () => {
    const list = entries(put('a'), put('b'), { kind: 'undo', of: 2 }, { kind: 'undo', of: 1 });
    expect(foldJournal(list)).toEqual({ labels: [], canUndo: null, canRedo: 1 });
    const again = [...list, { seq: 5, atMs: 5, act: { kind: 'redo', of: 1 } } as const];
    expect(ids(again)).toEqual(['a']);
    expect(foldJournal(again)).toMatchObject({ canUndo: 1, canRedo: 2 });
  });

  it('brings back what a removal took', () => {
    expect(ids(entries(put('a'), remove('a'), { kind: 'undo', of: 2 }))).toEqual(['a']);
  });

  it('has nothing to redo after another change', () => {
    expect(foldJournal(entries(put('a'), { kind: 'undo', of: 1 }, put('b')))).toMatchObject({
      canUndo: 3,
      canRedo: null,
    });
  });

  it('takes an undo that came twice, or of nothing, for none', () => {
    const undo = { kind: 'undo', of: 1 } as const;
    expect(foldJournal(entries(put('a'), undo, undo, { kind: 'undo', of: 9 }, { kind: 'redo', of: 9 }))).toEqual({
      labels: [],
      canUndo: null,
      canRedo: 1,
    });
    expect(ids(entries(put('a'), { kind: 'redo', of: 1 }))).toEqual(['a']);
  });
});

/** What a person may do; undo and redo act on whatever the journal offers. */
type Deed = { readonly do: 'change'; readonly changes: readonly Change[] } | { readonly do: 'undo' | 'redo' };

const change = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ maxLength: 3 }))
    .map(([id, note]): Change => ({ kind: 'put', label: aLabel({ id, note }) })),
  fc.constantFrom('a', 'b', 'c').map((id): Change => ({ kind: 'remove', id })),
);
const deeds = fc.array(
  fc.oneof(
    fc.array(change, { minLength: 1, maxLength: 3 }).map((changes): Deed => ({ do: 'change', changes })),
    fc.constantFrom<Deed>({ do: 'undo' }, { do: 'redo' }),
  ),
  { maxLength: 40 },
);

function apply(labels: readonly Label[], changes: readonly Change[]): readonly Label[] {
  return changes.reduce<readonly Label[]>((now, one) => {
    const rest = now.filter(({ id }) => id !== (one.kind === 'put' ? one.label.id : one.id));
    return one.kind === 'put' ? [...rest, one.label] : rest;
  }, labels);
}

describe('undo and redo', () => {
  it('reach every state that an editor with stacks of whole states reaches', () => {
    fc.assert(
      fc.property(deeds, (list) => {
        const journal: Entry[] = [];
        let past: (readonly Label[])[] = [];
        let now: readonly Label[] = [];
        let future: (readonly Label[])[] = [];
        for (const deed of list) {
          const { canUndo, canRedo } = foldJournal(journal);
          const seq = journal.length + 1;
          if (deed.do === 'change') {
            journal.push({ seq, atMs: seq, act: { kind: 'change', changes: deed.changes } });
            [past, now, future] = [[...past, now], apply(now, deed.changes), []];
          } else if (deed.do === 'undo' && canUndo !== null) {
            journal.push({ seq, atMs: seq, act: { kind: 'undo', of: canUndo } });
            [past, now, future] = [past.slice(0, -1), past.at(-1)!, [now, ...future]];
          } else if (deed.do === 'redo' && canRedo !== null) {
            journal.push({ seq, atMs: seq, act: { kind: 'redo', of: canRedo } });
            [past, now, future] = [[...past, now], future[0], future.slice(1)];
          }
          const folded = foldJournal(journal);
          expect(folded.labels).toEqual(now);
          expect([folded.canUndo !== null, folded.canRedo !== null]).toEqual([past.length > 0, future.length > 0]);
        }
      }),
    );
  });
});
