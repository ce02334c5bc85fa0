import 'fake-indexeddb/auto';
import * as Comlink from 'comlink';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { aLabel } from '../engine/labels/labels.testkit.ts';
import { seeded } from '../engine/rng.ts';
import { engine, value } from './channel.testkit.ts';
import type { ProjectNews } from './projectChannel.ts';
import { bytesIn } from './projectKept.ts';
import type { AssetRef, DatasetInfo, EngineApi, RunInfo, RunJob } from './protocol.ts';
import { Session } from './session.ts';
import { Vault } from './vault.ts';
import { STORE_NAME, STORE_VERSION } from './vaultStore.ts';

function csv(rows = 300): Blob {
  const rng = seeded(5);
  const lines = ['time,flow,pressure'];
  for (let t = 0; t < rows; t++) {
    const base = Math.sin(t / 9);
    const cells = [base, 2 * base + (t >= 260 && t < 270 ? 4 : 0)].map((x) => (x + 0.05 * rng()).toFixed(4));
    lines.push(`${new Date(Date.UTC(2026, 0, 1, 0, t)).toISOString()},${cells.join(',')}`);
  }
  return new Blob([lines.join('\n')]);
}

let clock = 1_800_000_000_000;
let ids = 0;

/** A tab: a page's worker over the store of the browser that is stubbed now. */
function tab() {
  const session = new Session();
  const news: ProjectNews[] = [];
  const { endpoint, end } = engine(session, {
    now: () => ++clock,
    newId: () => `id ${String(++ids)}`,
    report: (one) => news.push(one),
  });
  open.push(end);
  return { session, news, api: Comlink.wrap<EngineApi>(endpoint) };
}
type Tab = ReturnType<typeof tab>;
const open: (() => void)[] = [];

const job = (data: AssetRef, jobId: string): RunJob => ({
  ...{ jobId, data, engine: 'm2ad', preset: 'lite', params: { window: 12, hidden: 4, epochs: 1, stride: 8 } },
  ...{ head: 'm2ad', headParams: {}, seed: 3, imputation: {} },
});

const none = (): Comlink.ProxyMarked & (() => undefined) => Comlink.proxy(() => undefined);

async function openCsv({ api }: Tab): Promise<DatasetInfo> {
  const report = value(await api.open([{ path: 'pump.csv', file: csv() }], none()));
  return value(await api.accept({ ...report.plan, split: { kind: 'share', share: 0.7 } }));
}

async function ran(at: Tab, dataset: DatasetInfo, jobId: string): Promise<RunInfo> {
  const data = { datasetId: dataset.id, asset: dataset.assets[0].name };
  return value(await at.api.run(job(data, jobId), none()));
}

const put = (id: string, note = '') =>
  ({
    kind: 'change',
    changes: [{ kind: 'put', label: aLabel({ id, note, span: { start: 260, end: 270 } }) }],
  }) as const;

const settings = JSON.stringify({ teachings: { first: [1, 2] }, preset: 'lite' });

/** A browser of its own with data, a run whose settings were changed, and labels; and its project files. */
type Written = {
  dataset: DatasetInfo;
  run: RunInfo;
  whole: Blob;
  reference: Blob;
};

const written = (async (): Promise<Written> => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  const at = tab();
  const dataset = await openCsv(at);
  const { id, data, result } = await ran(at, dataset, 'first');
  value(await at.api.rethreshold(id, { ...result.settings, mergeGap: 7 }, true));
  value(await at.api.noteRun(id, { tags: ['pump'], note: 'as ordered' }));
  value(await at.api.act(data, put('one')));
  value(await at.api.act(data, put('two', 'valve')));
  value(await at.api.act(data, { kind: 'undo', of: 2 }));
  const whole = value(await at.api.exportProject(dataset.id, { withData: true, settings }));
  const reference = value(await at.api.exportProject(dataset.id, { withData: false, settings }));
  expect(whole.name).toMatch(/\.telltale-project$/);
  const run = value(await at.api.loadRun(id));
  return { dataset, run, whole: whole.blob, reference: reference.blob };
})();

let had: Written;
/** As it is after it was in a file: its job then says how it was computed, to do it again. */
let reopened: RunInfo;
beforeAll(async () => {
  had = await written;
  const { work } = had.run;
  reopened = { ...had.run, job: { ...had.run.job, ...(work && { work }) } };
}, 120_000);
beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterAll(() => {
  vi.unstubAllGlobals();
});
afterEach(() => {
  vi.restoreAllMocks();
  open.splice(0).forEach((end) => end());
});

type Write = (this: IDBObjectStore, value: unknown) => IDBRequest<IDBValidKey>;

/** Every write of this kind is refused until the mocks are taken away. */
function fullDisk(name: string, write: 'put' | 'add' = 'put'): void {
  const original = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, write)?.value as Write;
  vi.spyOn(IDBObjectStore.prototype, write).mockImplementation(function (this: IDBObjectStore, value: unknown) {
    if (this.name === name) throw new DOMException('no room', 'QuotaExceededError');
    return original.call(this, value);
  });
}

/** Everything that is kept, to compare before and after. */
async function everything({ session }: Tab) {
  const all: Record<string, unknown[]> = {};
  for (const kind of ['datasets', 'runs', 'journal', 'generators', 'sets'] as const) {
    const found: unknown[] = [];
    await session.vault.each(kind, (one) => void found.push(one));
    all[kind] = found;
  }
  return all;
}

describe('a project file', () => {
  it('gives another browser the same data, roles, runs with the same figures, labels and settings', async () => {
    const there = tab();
    const opened = value(await there.api.openProject(had.whole));
    if (opened.is !== 'project') throw new Error('data is needed');
    expect(opened).toMatchObject({
      ...{ isNew: true, runs: { added: 1, renewed: 0, kept: 0 }, labels: { added: 1, leftOut: 0 } },
      ...{ settings, notes: [] },
    });
    const { plan, checksum, assets, id } = had.dataset;
    expect(opened.dataset).toMatchObject({ id, plan, checksum, assets });
    const [run] = value(await there.api.runs(id));
    expect(run).toEqual(reopened);
    const labels = value(await there.api.labels(had.run.data));
    expect(labels).toMatchObject({ seq: 3, canUndo: 1, canRedo: 2 });
    expect(labels.labels.map((label) => label.id)).toEqual(['one']);
    // A worker that starts later finds it in the store.
    expect(value(await tab().api.runs(id))).toEqual([reopened]);
    // What came from a file is in a file.
    expect(value(await there.api.safety(id))).toMatchObject({ acts: 0, runs: 0, sinceMs: null });
  });

  it('opened again brings nothing twice, and what was changed here since stays', async () => {
    const there = tab();
    value(await there.api.openProject(had.whole));
    const before = await everything(there);
    const again = value(await there.api.openProject(had.whole));
    expect(again).toMatchObject({ isNew: false, runs: { added: 0, renewed: 0, kept: 1 }, labels: { added: 0 } });
    expect(await everything(there)).toEqual(before);

    value(await there.api.noteRun(had.run.id, { tags: [], note: 'changed here' }));
    value(await there.api.act(had.run.data, put('three')));
    expect(value(await there.api.openProject(had.whole))).toMatchObject({ runs: { kept: 1 }, labels: { added: 0 } });
    expect(value(await there.api.loadRun(had.run.id)).note).toBe('changed here');
    expect(value(await there.api.labels(had.run.data)).labels.map(({ id }) => id)).toEqual(['one', 'three']);
    expect(value(await there.api.safety(had.dataset.id))).toMatchObject({ acts: 1, runs: 1 });
  });

  it('brings what was changed later elsewhere', async () => {
    const [home, away] = [tab(), tab()];
    value(await home.api.openProject(had.whole));
    value(await away.api.noteRun(had.run.id, { tags: [], note: 'later' }));
    const { blob } = value(await away.api.exportProject(had.dataset.id, { withData: false, settings: '{}' }));
    vi.stubGlobal('indexedDB', new IDBFactory());
    const third = tab();
    value(await third.api.openProject(had.whole));
    expect(value(await third.api.openProject(blob))).toMatchObject({ runs: { added: 0, renewed: 1, kept: 0 } });
    expect(value(await third.api.loadRun(had.run.id)).note).toBe('later');
  });

  it('by reference waits for its data and finds it by its values, whatever it is called here', async () => {
    const there = tab();
    const { checksum, name } = had.dataset;
    const asked = value(await there.api.openProject(had.reference));
    expect(asked).toMatchObject({ is: 'data-needed', need: { name, checksum, runs: 1, otherwise: null } });
    expect((await everything(there))['runs']).toEqual([]);
    const own = await openCsv(there);
    expect(own.id).not.toBe(had.dataset.id);
    const opened = value(await there.api.openProject(had.reference));
    expect(opened).toMatchObject({ is: 'project', isNew: false, dataset: { id: own.id }, runs: { added: 1 } });
    const [run] = value(await there.api.runs(own.id));
    expect(run.result).toEqual(had.run.result);
  });

  it('that is damaged is refused, and nothing is changed', async () => {
    const there = tab();
    value(await there.api.openProject(had.whole));
    const before = await everything(there);
    const bytes = new Uint8Array(await had.whole.arrayBuffer());
    bytes[Math.floor(bytes.length / 2)] ^= 255;
    const refused = await there.api.openProject(new Blob([bytes]));
    expect(refused).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect(await everything(there)).toEqual(before);
  });

  it.each(['runs', 'journal', 'projects'])('is not taken in by half when the disk is full at its %s', async (name) => {
    const there = tab();
    await openCsv(there);
    const before = await everything(there);
    fullDisk(name, name === 'journal' ? 'add' : 'put');
    const refused = await there.api.openProject(had.whole);
    expect(refused).toMatchObject({ ok: false, error: { code: 'storage', kind: 'storage-full' } });
    vi.restoreAllMocks();
    expect(await everything(there)).toEqual(before);
    expect(value(await there.api.openProject(had.whole))).toMatchObject({ is: 'project', runs: { added: 1 } });
  });

  it('counts what no file holds, from the first label on, and forgets it when a file is written', async () => {
    const at = tab();
    const dataset = await openCsv(at);
    const data = { datasetId: dataset.id, asset: dataset.assets[0].name };
    expect(value(await at.api.safety(dataset.id))).toEqual({ savedAtMs: null, acts: 0, runs: 0, sinceMs: null });
    value(await at.api.act(data, put('one')));
    const from = value(await at.api.safety(dataset.id));
    expect(from).toMatchObject({ acts: 1, runs: 0 });
    const { mark } = value(await at.api.exportProject(dataset.id, { withData: false, settings: '{}' }));
    // Said while the file was written: it is not in it.
    value(await at.api.act(data, put('two')));
    value(await at.api.markSaved(dataset.id, mark));
    expect(value(await at.api.safety(dataset.id))).toMatchObject({ savedAtMs: mark.atMs, acts: 1 });
  });
});

describe('a full disk', () => {
  it('leaves a run in memory, says so, and keeps it when there is room again', async () => {
    const at = tab();
    const dataset = await openCsv(at);
    fullDisk('runs');
    const run = await ran(at, dataset, 'first');
    expect(value(await at.api.unsaved())).toMatchObject([
      { what: 'run', id: 'first', name: run.name, error: { kind: 'storage-full' } },
    ]);
    // It can be saved to a file, alone and with its project.
    expect((await value(await at.api.exportBundle('first')).blob.arrayBuffer()).byteLength).toBeGreaterThan(1000);
    const { blob } = value(await at.api.exportProject(dataset.id, { withData: true, settings: '{}' }));
    expect(value(await at.api.saveAgain())).toHaveLength(1);
    vi.restoreAllMocks();
    expect(value(await at.api.saveAgain())).toEqual([]);
    expect(value(await tab().api.loadRun('first')).result).toEqual(run.result);
    vi.stubGlobal('indexedDB', new IDBFactory());
    expect(value(await tab().api.openProject(blob))).toMatchObject({ runs: { added: 1 } });
  });

  it('leaves data in memory, says so, and keeps it when there is room again', async () => {
    const at = tab();
    fullDisk('datasets');
    const dataset = await openCsv(at);
    expect(dataset.savedAtMs).toBeNull();
    expect(value(await at.api.unsaved())).toMatchObject([{ what: 'data', id: dataset.id }]);
    expect(value(await at.api.datasets())).toEqual([]);
    vi.restoreAllMocks();
    expect(value(await at.api.saveAgain())).toEqual([]);
    expect(value(await tab().api.loadDataset(dataset.id)).savedAtMs).not.toBeNull();
  });

  it('at changed settings or notes leaves what was kept, in the store and on screen', async () => {
    const at = tab();
    value(await at.api.openProject(had.whole));
    fullDisk('runs');
    const wanted = { ...had.run.result.settings, mergeGap: 30 };
    expect(await at.api.rethreshold(had.run.id, wanted, true)).toMatchObject({ ok: false });
    expect(await at.api.noteRun(had.run.id, { tags: [], note: 'lost' })).toMatchObject({ ok: false });
    expect(value(await at.api.loadRun(had.run.id))).toEqual(reopened);
    vi.restoreAllMocks();
    expect(value(await tab().api.loadRun(had.run.id))).toEqual(reopened);
  });

  it('at a checkpoint does not end the run', async () => {
    const at = tab();
    const dataset = await openCsv(at);
    fullDisk('checkpoints');
    const notes: string[] = [];
    const heard = Comlink.proxy((u: { kind: string; text?: string }) => {
      if (u.kind === 'note') notes.push(u.text ?? '');
    });
    const data = { datasetId: dataset.id, asset: dataset.assets[0].name };
    value(await at.api.run(job(data, 'first'), heard));
    expect(value(await at.api.unsaved())).toEqual([]);
    await vi.waitFor(() => expect(notes.join()).toContain('cannot be resumed after a reload'));
  });
});

describe('two tabs', () => {
  it('that change the same run write nothing over each other, and hear of it', async () => {
    const [one, other] = [tab(), tab()];
    value(await one.api.openProject(had.whole));
    value(await other.api.loadRun(had.run.id));
    value(await one.api.noteRun(had.run.id, { tags: ['a'], note: 'of one' }));
    value(await other.api.rethreshold(had.run.id, { ...had.run.result.settings, mergeGap: 20 }, true));
    const kept = value(await tab().api.loadRun(had.run.id));
    expect(kept).toMatchObject({ note: 'of one', result: { settings: { mergeGap: 20 } } });
    expect(other.news.at(-1)).toEqual({ datasetId: had.dataset.id, runId: had.run.id, stampMs: kept.changedAtMs });
    expect(value(await one.api.loadRun(had.run.id)).result.settings.mergeGap).toBe(7);
    const [fresh] = value(await one.api.freshRuns(had.dataset.id));
    expect(fresh).toEqual(kept);
    expect(value(await one.api.loadRun(had.run.id))).toEqual(kept);
  });

  it('do not compute the same job, and an interrupted job is offered only where nobody goes on with it', async () => {
    const held = new Set<string>();
    const request = (name: string, { signal }: { signal: AbortSignal }, work: () => unknown) =>
      held.has(name)
        ? Promise.reject(new DOMException('late', 'TimeoutError'))
        : Promise.resolve(work()).then((x) => (signal.aborted, x));
    vi.stubGlobal('navigator', {
      locks: { request, query: () => Promise.resolve({ held: [...held].map((name) => ({ name })) }) },
    });
    try {
      const at = tab();
      const dataset = await openCsv(at);
      const data = { datasetId: dataset.id, asset: dataset.assets[0].name };
      const checkpoint = { jobId: 'first', job: job(data, 'first'), epochs: 1, savedAtMs: 1, state: null };
      await at.session.vault.putCheckpoint(checkpoint);
      held.add('telltale.job.first');
      expect(value(await at.api.unfinished())).toEqual([]);
      expect(await at.api.run(job(data, 'first'), none())).toMatchObject({
        ok: false,
        error: { kind: 'busy-elsewhere' },
      });
      held.clear();
      expect(value(await at.api.unfinished())).toHaveLength(1);
      expect((await ran(at, dataset, 'first')).id).toBe('first');
    } finally {
      held.clear();
    }
  });
});

describe('what is kept', () => {
  it('is told by part, and runs go while data and labels stay', async () => {
    const at = tab();
    value(await at.api.openProject(had.whole));
    const [part] = value(await at.api.keptParts());
    expect(part).toMatchObject({ id: had.dataset.id, name: had.dataset.name, runs: 1, acts: 3, generators: 0 });
    expect(part.dataBytes).toBeGreaterThan(2 * 4 * 300);
    expect(part.runBytes).toBeGreaterThan(4 * 4 * 2 * 300);
    value(await at.api.deleteRuns(had.dataset.id));
    expect(value(await at.api.keptParts())).toMatchObject([{ runs: 0, runBytes: 0, acts: 3 }]);
    expect(value(await at.api.runs(had.dataset.id))).toEqual([]);
  });

  it('may be a reference to the data: its runs and labels come back with its file, or with a project', async () => {
    const at = tab();
    value(await at.api.openProject(had.whole));
    value(await at.api.dropValues(had.dataset.id));
    expect(value(await at.api.keptParts())).toMatchObject([{ dataBytes: 0, runs: 1, acts: 3 }]);
    const later = tab();
    expect(value(await later.api.datasets())).toMatchObject([{ id: had.dataset.id, byReference: true }]);
    const refused = await later.api.loadDataset(had.dataset.id);
    expect(refused).toMatchObject({ ok: false, error: { kind: 'data-elsewhere' } });
    expect(value(await later.api.openProject(had.reference))).toMatchObject({ is: 'data-needed' });
    // The very file, with the same roles.
    const again = await openCsv(later);
    expect(again).toMatchObject({ id: had.dataset.id, byReference: true });
    expect(value(await later.api.runs(again.id))).toEqual([reopened]);
    expect(value(await later.api.labels(had.run.data)).seq).toBe(3);
    // Still by choice a reference for the next visit, until a project brings the values.
    const third = tab();
    expect(await third.api.loadDataset(had.dataset.id)).toMatchObject({ ok: false });
    expect(value(await third.api.openProject(had.whole))).toMatchObject({ isNew: false, runs: { kept: 1 } });
    expect(value(await tab().api.loadDataset(had.dataset.id)).byReference).toBeUndefined();
  });

  it('counts arrays by their bytes', () => {
    expect(bytesIn({ ab: new Float32Array(3), c: ['x', 1, null, 2n] })).toBe(2 + 12 + 1 + (1 + 2) + 3 * (1 + 8));
  });

  it('has a token that stays, and another one after the store was removed', async () => {
    const first = value(await tab().api.storeToken());
    expect(first).not.toBe('');
    expect(value(await tab().api.storeToken())).toBe(first);
    vi.stubGlobal('indexedDB', new IDBFactory());
    expect(value(await tab().api.storeToken())).not.toBe(first);
  });
});

/** Stores as older versions of the program made them. */
const OLDER: Readonly<Record<number, (database: IDBDatabase) => void>> = {
  1: (database) => {
    database.createObjectStore('datasets', { keyPath: 'id' });
    database.createObjectStore('runs', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
    database.createObjectStore('checkpoints', { keyPath: 'jobId' });
  },
  2: (database) => void database.createObjectStore('journal', { keyPath: ['datasetId', 'asset', 'seq'] }),
  3: (database) => {
    database.createObjectStore('generators', { keyPath: 'id' }).createIndex('dataset', 'datasetId');
    const sets = database.createObjectStore('sets', { keyPath: 'id' });
    sets.createIndex('dataset', 'datasetId');
    sets.createIndex('generator', 'generatorId');
  },
};

describe('a store of an older version', () => {
  it.each([1, 2, 3])('%i is brought up to date with everything that lies in it', async (version) => {
    const source = tab();
    value(await source.api.openProject(had.whole));
    const lies = await everything(source);
    vi.stubGlobal('indexedDB', new IDBFactory());
    const old = await openDB(STORE_NAME, version, {
      upgrade: (database) => {
        for (let step = 1; step <= version; step++) OLDER[step](database as unknown as IDBDatabase);
      },
    });
    const kinds = version === 1 ? ['datasets', 'runs'] : ['datasets', 'runs', 'journal'];
    for (const kind of kinds) for (const one of lies[kind]) await old.put(kind, one);
    old.close();

    const now = tab();
    expect(value(await now.api.runs(had.dataset.id))).toEqual([reopened]);
    const { seq } = value(await now.api.labels(had.run.data));
    expect(seq).toBe(version === 1 ? 0 : 3);
    value(await now.api.act(had.run.data, put('new')));
    expect(value(await now.api.storeToken())).not.toBe('');
    expect(STORE_VERSION).toBe(Object.keys(OLDER).length + 1);
    await new Vault().markSaved('d', { atMs: 1, acts: {}, runs: {} });
  });
});
