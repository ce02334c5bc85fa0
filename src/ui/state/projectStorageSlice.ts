/** What this browser keeps: how much, whether it may be removed, what was removed, and what could not be kept. */
import type { KeptPart, RunInfo, Unsaved } from '../../workers/protocol.ts';
import type { ProjectNews } from '../../workers/projectChannel.ts';
import type { Room, StoreMarker } from './projectBrowser.ts';
import { sameEvent } from './resultsSlice.ts';
import { currentRef } from './select.ts';
import type { Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

/** Whether kept data is safe from being removed to make room. `refused`: the browser was asked and said no. */
export type Persistence = 'unknown' | 'granted' | 'refused' | 'unsupported';

/** Something that is deleted when the time to undo is over. */
export type Doomed = { readonly what: 'dataset' | 'runs' | 'values'; readonly id: string; readonly name: string };

export type StorageSlice = {
  readonly storageOpen: boolean;
  readonly keptParts: Load<readonly KeptPart[]>;
  readonly room: Room | null;
  readonly persistence: Persistence;
  /** The browser was asked without being told to, which it is once. */
  readonly persistenceAsked: boolean;
  /** What was kept here and is gone. */
  readonly evicted: StoreMarker | null;
  readonly unsavedParts: readonly Unsaved[];
  readonly doomed: Doomed | null;
  readonly openStorage: () => Promise<void>;
  readonly closeStorage: () => void;
  readonly loadStorage: () => Promise<void>;
  /** Asks for safe storage at the first save of a visit; within the person's own click, as browsers want it. */
  readonly protect: () => void;
  readonly askPersistence: () => Promise<void>;
  /** Compares the store with what is remembered of it, and remembers it as it is now. */
  readonly checkStore: () => Promise<void>;
  readonly dismissEvicted: () => Promise<void>;
  readonly loadUnsaved: () => Promise<void>;
  readonly saveAgain: () => Promise<void>;
  readonly doom: (part: Doomed) => Promise<void>;
  readonly undoDoom: () => void;
  readonly endDoom: () => Promise<void>;
  /** Another tab has changed runs or data. */
  readonly followProject: (news: ProjectNews) => Promise<void>;
};

/** How long a deletion can be taken back. */
const UNDO_MS = 10_000;

const stampOf = ({ changedAtMs, createdAtMs }: RunInfo): number => changedAtMs ?? createdAtMs;

export function storageSlice(set: Set, get: Get, { engine, nowMs, browser }: Deps): StorageSlice {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const note = (answer: boolean | null): void =>
    set({ persistence: answer === null ? 'unsupported' : answer ? 'granted' : 'refused', persistenceAsked: true });

  /** Data sets with something that cannot be had again from the page itself. */
  function ownNames(known: readonly string[]): string[] {
    const { datasets, labels, runs } = get();
    const here = currentRef(get())?.datasetId;
    const isWorked = (valueOf(labels)?.seq ?? 0) > 0 || runs.some(({ shipped }) => !shipped);
    return datasets
      .filter(({ id, name, origin }) => origin === 'file' || known.includes(name) || (id === here && isWorked))
      .map(({ name }) => name);
  }

  return {
    storageOpen: false,
    keptParts: none,
    room: null,
    persistence: 'unknown',
    persistenceAsked: false,
    evicted: null,
    unsavedParts: [],
    doomed: null,

    async openStorage() {
      set({ storageOpen: true });
      await get().loadStorage();
    },

    closeStorage: () => set({ storageOpen: false }),

    async loadStorage() {
      if (get().keptParts.is !== 'ready') set({ keptParts: loading });
      const [parts, room, persisted] = await Promise.all([
        engine.keptParts(),
        browser?.room() ?? null,
        browser?.persisted() ?? null,
        get().loadSafety(),
      ]);
      set({ keptParts: settled(parts), room });
      if (persisted === true) set({ persistence: 'granted' });
      else if (persisted === null) set({ persistence: 'unsupported' });
    },

    protect() {
      if (!browser || get().persistenceAsked || get().persistence !== 'unknown') return;
      void browser.persist().then(note);
    },

    async askPersistence() {
      note((await browser?.persist()) ?? null);
    },

    async checkStore() {
      const token = await engine.storeToken();
      if (!browser || !token.ok) return;
      const marker = browser.readMarker();
      const isGone = marker !== null && marker.token !== token.value && marker.names.length > 0;
      const names = ownNames(isGone ? [] : (marker?.names ?? []));
      // Until it is dismissed or there is something of one's own again: a reload shall say it again.
      if (isGone && names.length === 0) set({ evicted: marker });
      else {
        set({ evicted: null });
        browser.writeMarker({ token: token.value, names, atMs: nowMs() });
      }
    },

    async dismissEvicted() {
      set({ evicted: null });
      const token = await engine.storeToken();
      if (token.ok) browser?.writeMarker({ token: token.value, names: ownNames([]), atMs: nowMs() });
    },

    async loadUnsaved() {
      const outcome = await engine.unsaved();
      if (outcome.ok) set({ unsavedParts: outcome.value });
    },

    async saveAgain() {
      const outcome = await engine.saveAgain();
      if (outcome.ok) set({ unsavedParts: outcome.value });
      else set({ notice: outcome.error });
    },

    async doom(part) {
      await get().endDoom();
      set({ doomed: part });
      timer = setTimeout(() => void get().endDoom(), UNDO_MS);
    },

    undoDoom() {
      clearTimeout(timer);
      set({ doomed: null });
    },

    async endDoom() {
      clearTimeout(timer);
      const { doomed } = get();
      if (!doomed) return;
      set({ doomed: null });
      const isOpen = currentRef(get())?.datasetId === doomed.id;
      if (doomed.what === 'dataset') {
        await get().deleteDataset(doomed.id);
        const [first] = valueOf(get().catalogue)?.bundled ?? [];
        if (isOpen && first) await get().chooseBundled(first.id);
      } else {
        const outcome = await (doomed.what === 'runs' ? engine.deleteRuns(doomed.id) : engine.dropValues(doomed.id));
        if (!outcome.ok) set({ notice: outcome.error });
        const dataset = valueOf(get().dataset);
        if (isOpen && dataset && doomed.what === 'runs') await get().takeDataset(dataset);
      }
      await get().loadStorage();
    },

    async followProject({ datasetId, runId, stampMs }) {
      if (currentRef(get())?.datasetId !== datasetId) return;
      const known = get().runs.find(({ id }) => id === runId);
      if (known && stampOf(known) === stampMs) return;
      const outcome = await engine.freshRuns(datasetId);
      if (!outcome.ok || currentRef(get())?.datasetId !== datasetId) return;
      const runs = outcome.value;
      const shown = valueOf(get().current);
      set({ runs });
      if (!shown) return;
      const now = runs.find(({ id }) => id === shown.id);
      if (!now) await get().showNewestRun(null);
      else if (stampOf(now) !== stampOf(shown)) {
        const old = shown.result.events.find(({ number }) => number === get().selected) ?? null;
        set({ current: { is: 'ready', value: now }, preview: null, selected: sameEvent(now.result.events, old) });
        const { selected } = get();
        if (selected !== null) await get().selectEvent(selected, 'stay');
      }
    },
  };
}
