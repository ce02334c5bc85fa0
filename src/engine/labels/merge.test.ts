import { describe, expect, it } from 'vitest';
import { foldJournal } from './journal.ts';
import { aLabel } from './labels.testkit.ts';
import { mergeJournals } from './merge.ts';
import type { Act, Entry } from './types.ts';

const numbered = (acts: readonly Act[]): Entry[] => acts.map((act, n) => ({ seq: n + 1, atMs: n, act }));
const put = (...ids: string[]): Act => ({
  kind: 'change',
  changes: ids.map((id) => ({ kind: 'put', label: aLabel({ id }) })),
});
const remove = (id: string): Act => ({ kind: 'change', changes: [{ kind: 'remove', id }] });

/** What holds after the acts of a merge were added. */
function after(here: readonly Entry[], file: readonly Entry[]): string[] {
  const { acts } = mergeJournals(here, file, 99);
  const all = [...here, ...acts.map((entry, n) => ({ seq: here.length + n + 1, ...entry }))];
  return foldJournal(all).labels.map(({ id }) => id);
}

describe('labels of a file and those that are here', () => {
  const file = numbered([put('a', 'b'), remove('a'), { kind: 'undo', of: 2 }, put('c')]);

  it('come as they were where nothing is here, undone acts too', () => {
    const { acts, added } = mergeJournals([], file, 99);
    expect(acts).toEqual(file.map(({ atMs, act }) => ({ atMs, act })));
    expect(added.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
  it('go on where those here stop, whatever the order of fields', () => {
    const here = file.slice(0, 2).map(({ act, atMs, seq }) => ({ act, atMs, seq }));
    expect(mergeJournals(here, file, 99).acts).toHaveLength(2);
    expect(after(here, file)).toEqual(['a', 'b', 'c']);
  });
  it('add nothing where those here know all of them', () => {
    expect(mergeJournals(file, file.slice(0, 3), 99)).toEqual({ acts: [], added: [], leftOut: [] });
  });
  it('come in one act where both went their own ways; what was removed or changed here stays so', () => {
    const here = numbered([put('b', 'x'), remove('b')]);
    const { acts, added, leftOut } = mergeJournals(here, file, 99);
    expect(acts).toHaveLength(1);
    expect(acts[0].atMs).toBe(99);
    expect(added.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(leftOut.map(({ id }) => id)).toEqual(['b']);
    expect(after(here, file)).toEqual(['x', 'a', 'c']);
  });
  it('add nothing twice', () => {
    const here = numbered([put('x')]);
    const { acts } = mergeJournals(here, file, 99);
    const twice = [...here, ...acts.map((entry) => ({ seq: 2, ...entry }))];
    expect(mergeJournals(twice, file, 100).acts).toEqual([]);
  });
});
