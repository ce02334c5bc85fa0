import { describe, expect, it, vi } from 'vitest';
import { fakeEngine, ok, refused } from './fakeEngine.testkit.ts';
import { aPart } from './fakeProject.testkit.ts';
import { keepSettings } from './persist.ts';
import { browserOf, type Browser, type StoreMarker } from './projectBrowser.ts';
import { projectSettings, settingsTaken } from './projectSettings.ts';
import { isBackupDue } from './projectSlice.ts';
import { createApp } from './store.ts';
import type { Engine } from './types.ts';

const DAY = 86_400_000;

function aBrowser(given: Partial<Browser> = {}, marker: StoreMarker | null = null) {
  const at = { marker, asked: 0 };
  const browser: Browser = {
    persisted: () => Promise.resolve(false),
    persist: () => Promise.resolve(++at.asked > 0),
    room: () => Promise.resolve({ usage: 1, quota: 10 }),
    readMarker: () => at.marker,
    writeMarker: (next) => (at.marker = next),
    ...given,
  };
  return { at, browser };
}

async function booted(change: Partial<Engine> = {}, more: { browser?: Browser; nowMs?: () => number } = {}) {
  const store = createApp({ engine: { ...fakeEngine(), ...change }, nowMs: () => 5, newId: () => 'x', ...more });
  await store.getState().boot({});
  return store;
}

describe('saving and opening a project', () => {
  it('writes the open data set with its settings, and then knows that all of it is in a file', async () => {
    const store = await booted();
    const outcome = await store.getState().saveProject(true);
    if (!outcome?.ok) throw new Error('nothing was written');
    expect(await outcome.value.blob.text()).toMatch(/^\{"teachings".*true$/);
    await store.getState().projectSaved('pump-station', outcome.value.mark);
    expect(store.getState().safety).toEqual({ savedAtMs: 5, acts: 0, runs: 0, sinceMs: null });
  });

  it('waits for the data that a project refers to, and forgets it when told', async () => {
    const store = await booted();
    await store.getState().openFiles([{ path: 'mill.telltale-project', file: new Blob() }]);
    expect(store.getState()).toMatchObject({ page: 'data', waitingProject: { need: { name: 'mill' } } });
    store.getState().forgetProject();
    expect(store.getState().waitingProject).toBeNull();
  });

  it('opens the project as soon as its data is here', async () => {
    const store = await booted();
    await store.getState().openFiles([{ path: 'mill.telltale-project', file: new Blob() }]);
    const dataset = store.getState().dataset;
    if (dataset.is !== 'ready') throw new Error('no data set');
    const counts = { runs: { added: 1, renewed: 0, kept: 0 }, labels: { added: 2, leftOut: 0 }, generators: 0 };
    const brought = {
      is: 'project',
      dataset: dataset.value,
      isNew: false,
      ...counts,
      settings: '{}',
      notes: [],
    } as const;
    const opened = { ...fakeEngine(), openProject: () => ok(brought) };
    const second = createApp({ engine: opened, nowMs: () => 5, newId: () => 'x' });
    await second.getState().boot({});
    second.setState({ waitingProject: store.getState().waitingProject });
    await second.getState().takeDataset(dataset.value);
    expect(second.getState()).toMatchObject({
      ...{ waitingProject: null, page: 'review' },
      projectNote: { file: 'mill.telltale-project', report: { runs: { added: 1 } } },
    });
  });

  it('that is refused says why and leaves everything as it was', async () => {
    const store = await booted({ openProject: () => refused({ kind: 'project-damaged', message: 'damaged' }) });
    const before = store.getState().dataset;
    await store.getState().openFiles([{ path: 'a.telltale-project', file: new Blob() }]);
    expect(store.getState()).toMatchObject({ notice: { kind: 'project-damaged' }, projectBusy: null, dataset: before });
  });
});

describe('settings of a project', () => {
  const round = { rounds: [], atMs: 3 };

  it('are those of its runs and its lanes, and come back', async () => {
    const { runs, teachSettings } = (await booted()).getState();
    const [run] = runs;
    const { id } = run;
    const arrangement = { order: ['flow'], scales: { flow: 'shared' as const } };
    const text = projectSettings(
      { runs, teachSettings, teachings: { [id]: round, other: round }, arrangements: { d: arrangement } },
      'd',
    );
    const there = { teachings: {}, teachSettings: { ...teachSettings, budget: 99 }, arrangements: {} };
    expect(settingsTaken(there, text, 'e', true)).toEqual({
      ...{ teachings: { [id]: round }, teachSettings, arrangements: { e: arrangement } },
    });
    // What is here and newer stays.
    const newer = { ...there, teachings: { [id]: { ...round, atMs: 9 } }, arrangements: { e: arrangement } };
    expect(settingsTaken(newer, text, 'e', false)).toEqual({});
  });

  it.each(['', 'no json', 'null', '7', '{"teachings":3,"arrangement":{"order":[1]}}'])(
    'survive bad text: %s',
    (text) => {
      const there = { teachings: {}, teachSettings: {} as never, arrangements: {} };
      expect(settingsTaken(there, text, 'd', true)).toEqual({});
    },
  );
});

describe('a reminder of a backup', () => {
  const safety = { savedAtMs: null, acts: 0, runs: 0, sinceMs: null };
  it.each([
    ['nothing is lacking', safety, 0, false],
    ['49 acts of today', { ...safety, acts: 49, sinceMs: 1 }, 0, false],
    ['50 acts', { ...safety, acts: 50, sinceMs: 1 }, 0, true],
    ['a run of yesterday', { ...safety, runs: 1, sinceMs: 1 - DAY }, 0, true],
    ['50 acts, snoozed', { ...safety, acts: 50, sinceMs: 1 }, 3, false],
  ])('%s', (_, given, snoozed, isDue) => {
    expect(isBackupDue(given, 2, snoozed)).toBe(isDue);
  });

  it('is put off by a day', async () => {
    const store = await booted();
    store.getState().snoozeBackup();
    expect(store.getState().snoozedUntilMs).toBe(5 + DAY);
  });
});

describe('storage', () => {
  it('is asked to be kept once, at the first save', async () => {
    const { at, browser } = aBrowser();
    const store = await booted({}, { browser });
    expect(at.asked).toBe(0);
    store.getState().protect();
    await vi.waitFor(() => expect(store.getState().persistence).toBe('granted'));
    store.getState().protect();
    expect(at.asked).toBe(1);
  });

  it.each([
    [false, 'refused'],
    [null, 'unsupported'],
  ] as const)('that answers %s is %s', async (answer, persistence) => {
    const { browser } = aBrowser({ persist: () => Promise.resolve(answer) });
    const store = await booted({}, { browser });
    await store.getState().askPersistence();
    expect(store.getState().persistence).toBe(persistence);
  });

  it('that was removed is told until it is dismissed, where something of one’s own was in it', async () => {
    const marker = { token: 'gone', names: ['Plant'], atMs: 1 };
    const { at, browser } = aBrowser({}, marker);
    const store = await booted({}, { browser });
    await store.getState().checkStore();
    expect(store.getState().evicted).toEqual(marker);
    expect(at.marker).toEqual(marker);
    await store.getState().dismissEvicted();
    expect(store.getState().evicted).toBeNull();
    expect(at.marker?.token).toBe('first');

    const nothing = aBrowser({}, { token: 'gone', names: [], atMs: 1 });
    const other = await booted({}, { browser: nothing.browser });
    await other.getState().checkStore();
    expect(other.getState().evicted).toBeNull();
  });

  it('is read back from its marker, whatever lies there', () => {
    let text: string | null = 'no json';
    const browser = browserOf({ getItem: () => text, setItem: (_key, value) => (text = value) });
    expect(browser.readMarker()).toBeNull();
    browser.writeMarker({ token: 'a', names: ['b'], atMs: 1 });
    expect(browser.readMarker()).toEqual({ token: 'a', names: ['b'], atMs: 1 });
  });

  it('deletes when the time to undo is over, and not before', async () => {
    vi.useFakeTimers();
    try {
      const deleted: string[] = [];
      const store = await booted({
        keptParts: () => ok([aPart()]),
        deleteRuns: (id) => {
          deleted.push(id);
          return ok(null);
        },
      });
      const part = { what: 'runs', id: 'pump', name: 'Pump' } as const;
      await store.getState().doom(part);
      await vi.advanceTimersByTimeAsync(9000);
      store.getState().undoDoom();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(deleted).toEqual([]);
      await store.getState().doom(part);
      await vi.advanceTimersByTimeAsync(11_000);
      expect(deleted).toEqual(['pump']);
      expect(store.getState().doomed).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('another tab', () => {
  it('that changed the shown run is followed, and news of what is known are not asked for', async () => {
    const known = (await booted()).getState().runs[0];
    let asked = 0;
    const changed = { ...known, changedAtMs: 99, result: { ...known.result, events: [] } };
    const store = await booted({
      freshRuns: () => {
        asked++;
        return ok([changed]);
      },
    });
    const { datasetId } = known.data;
    await store.getState().followProject({ datasetId, runId: known.id, stampMs: known.createdAtMs });
    await store.getState().followProject({ datasetId: 'elsewhere' });
    expect(asked).toBe(0);
    await store.getState().followProject({ datasetId, runId: known.id, stampMs: 99 });
    expect(store.getState().current).toEqual({ is: 'ready', value: changed });
    expect(store.getState().runs).toEqual([changed]);
  });

  it('that changed a setting is followed, and what it changed is not written over', () => {
    let text = '{}';
    const storage = { getItem: () => text, setItem: (_key: string, value: string) => (text = value) };
    const [one, other] = [1, 2].map(() => createApp({ engine: fakeEngine(), nowMs: () => 0, newId: () => 'x' }));
    keepSettings(one, storage);
    const follow = keepSettings(other, storage);
    one.getState().setView({ theme: 'dark', drawerOpen: false });
    one.setState({ teachings: { run: { rounds: [], atMs: 1 } } });
    other.getState().setView({ laneMode: 'all' });
    expect(JSON.parse(text)).toMatchObject({ theme: 'dark', laneMode: 'all', teachings: { run: { atMs: 1 } } });
    follow(text);
    expect(other.getState()).toMatchObject({ theme: 'dark', teachings: { run: { atMs: 1 } }, drawerOpen: true });
    follow('no json');
    expect(other.getState().theme).toBe('dark');
  });
});
