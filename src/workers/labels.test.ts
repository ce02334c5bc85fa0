import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Act, Label, Verdict } from '../engine/labels/types.ts';
import { Labels } from './labels.ts';
import type { AssetRef } from './protocol.ts';
import { Vault } from './vault.ts';

const data: AssetRef = { datasetId: 'd', asset: 'a' };

const label = (id: string, verdict: Verdict = 'anomalous'): Label => ({
  id,
  span: { start: 3, end: 8 },
  verdict,
  scope: { kind: 'all' },
  author: 'ada',
  layer: 'ada',
  madeAtMs: 5,
  note: '',
  origin: 'lane',
});
const put = (id: string, verdict?: Verdict): Act => ({
  kind: 'change',
  changes: [{ kind: 'put', label: label(id, verdict) }],
});
const ids = ({ labels }: { readonly labels: readonly Label[] }) => labels.map(({ id }) => id);

/** What a tab has: its own worker's view over the one store of the browser. */
function tab(): { labels: Labels; vault: Vault; heard: AssetRef[] } {
  const heard: AssetRef[] = [];
  const vault = new Vault();
  return {
    vault,
    heard,
    labels: new Labels(
      vault,
      () => 7,
      (ref) => heard.push(ref),
    ),
  };
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});

describe('the journal of labels', () => {
  it('gives back what was said to the next worker, with undo and redo across reloads', async () => {
    const first = tab().labels;
    await first.act(data, put('x'));
    const said = await first.act(data, put('y'));
    expect(said).toMatchObject({ seq: 2, canUndo: 2, canRedo: null, unsaved: null });

    const second = tab().labels;
    const undone = await second.act(data, { kind: 'undo', of: 2 });
    expect(ids(undone)).toEqual(['x']);

    const third = tab().labels;
    expect(await third.read(data)).toMatchObject({ seq: 3, canUndo: 1, canRedo: 2 });
    expect(ids(await third.act(data, { kind: 'redo', of: 2 }))).toEqual(['x', 'y']);
  });

  it('keeps the labels of assets apart', async () => {
    const { labels } = tab();
    await labels.act(data, put('x'));
    await labels.act({ datasetId: 'd', asset: 'b' }, put('z'));
    expect(ids(await labels.read(data))).toEqual(['x']);
  });

  it('lets two tabs label at once: nobody overwrites, both read all of it', async () => {
    const [one, two] = [tab(), tab()];
    await Promise.all([one.labels.read(data), two.labels.read(data)]);
    const names = Array.from({ length: 20 }, (_, n) => `n${n}`);
    await Promise.all(names.map((name, n) => (n % 2 === 0 ? one : two).labels.act(data, put(name))));
    const [seenByOne, seenByTwo] = await Promise.all([one.labels.read(data), two.labels.read(data)]);
    expect(ids(seenByOne).sort()).toEqual([...names].sort());
    expect(seenByTwo).toEqual(seenByOne);
    expect(seenByOne.seq).toBe(20);
    expect(one.heard).toHaveLength(10);
  });

  it('never loses an acknowledged act, whichever of three tabs acts, undoes or is opened anew (property)', async () => {
    const step = fc.record({ who: fc.nat(2), what: fc.constantFrom('put', 'undo', 'redo', 'reopen') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        vi.stubGlobal('indexedDB', new IDBFactory());
        const tabs = [tab(), tab(), tab()];
        let acts = 0;
        for (const [n, { who, what }] of steps.entries()) {
          if (what === 'reopen') {
            tabs[who] = tab();
            continue;
          }
          const now = await tabs[who].labels.read(data);
          const of = what === 'undo' ? now.canUndo : now.canRedo;
          if (what !== 'put' && of === null) continue;
          const after = await tabs[who].labels.act(data, what === 'put' ? put(`p${n}`) : { kind: what, of: of ?? 0 });
          acts += 1;
          expect(after.seq).toBe(acts);
          if (what === 'put') expect(ids(after)).toEqual([...ids(now), `p${n}`]);
        }
        expect((await new Vault().readJournal(data, 0)).map(({ seq }) => seq)).toEqual(
          Array.from({ length: acts }, (_, n) => n + 1),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('holds a label whose write failed, says so, and writes it with the next act after what others added', async () => {
    const { labels, vault, heard } = tab();
    await labels.act(data, put('kept'));
    const full = vi.spyOn(vault, 'appendJournal').mockRejectedValue(new Error('disk full'));
    await labels.act(data, put('waits'));
    const waiting = await labels.act(data, put('waits too'));
    expect(ids(waiting)).toEqual(['kept', 'waits', 'waits too']);
    expect(waiting.unsaved?.acts).toBe(2);
    const taken = await labels.act(data, { kind: 'undo', of: 3 });
    expect(ids(taken)).toEqual(['kept', 'waits']);
    expect(heard).toHaveLength(1);

    await tab().labels.act(data, put('from the other tab'));
    full.mockRestore();
    expect(ids(await labels.read(data))).toEqual(['kept', 'from the other tab', 'waits']);
    const saved = await labels.act(data, put('last'));
    expect(saved.unsaved).toBeNull();
    expect(ids(saved)).toEqual(['kept', 'from the other tab', 'waits', 'last']);
    expect(ids(await tab().labels.read(data))).toEqual(ids(saved));
  });

  it('says in words when the browser refuses to keep labels', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no room', 'QuotaExceededError');
      },
    });
    const { unsaved, labels } = await tab().labels.act(data, put('x'));
    expect(unsaved?.error.kind).toBe('storage-full');
    expect(ids({ labels })).toEqual(['x']);
  });

  it('leaves with its data set', async () => {
    const { labels, vault } = tab();
    await labels.act(data, put('x'));
    await labels.act({ datasetId: 'other', asset: 'a' }, put('stays'));
    await vault.deleteDataset('d');
    labels.forget('d');
    expect(ids(await labels.read(data))).toEqual([]);
    expect(ids(await labels.read({ datasetId: 'other', asset: 'a' }))).toEqual(['stays']);
  });

  it('adds its store to a browser that has data of the version before, and keeps that data', async () => {
    const old = await openDB('telltale', 1, {
      upgrade(database) {
        database.createObjectStore('datasets', { keyPath: 'id' });
        database.createObjectStore('runs', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
        database.createObjectStore('checkpoints', { keyPath: 'jobId' });
      },
    });
    await old.put('datasets', { id: 'd', info: { id: 'd', name: 'before' }, series: [] });
    old.close();
    const { labels, vault } = tab();
    await labels.act(data, put('x'));
    expect((await vault.getDataset('d'))?.info.name).toBe('before');
    expect(ids(await labels.read(data))).toEqual(['x']);
  });

  it('keeps the labels of version 2 when generators and sets come beside them', async () => {
    const old = await openDB('telltale', 2, {
      upgrade(database) {
        database.createObjectStore('datasets', { keyPath: 'id' });
        database.createObjectStore('runs', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
        database.createObjectStore('checkpoints', { keyPath: 'jobId' });
        database.createObjectStore('journal', { keyPath: ['datasetId', 'asset', 'seq'] });
      },
    });
    await old.put('journal', { ...data, seq: 1, atMs: 7, act: put('x') });
    old.close();
    const { labels, vault } = tab();
    expect(ids(await labels.read(data))).toEqual(['x']);
    expect(await vault.listGenerators('d')).toEqual([]);
    expect(await vault.listSets('d')).toEqual([]);
  });
});
