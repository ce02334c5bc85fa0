import type { DatasetInfo, EventSettings, Outcome, WireError } from '../../workers/protocol.ts';
import { en } from '../messages/en.ts';
import { flatSettings, type Link } from './linkText.ts';
import { checkLink, isRunOf, readLink } from './linkRead.ts';
import { currentAsset } from './select.ts';
import type { Get, Set } from './store.ts';
import { valueOf, type Deps } from './types.ts';

/** How this page is kept for use without a network. `waiting`: a new version is here and starts when it is taken. */
export type Upkeep =
  | { readonly is: 'none' }
  | { readonly is: 'kept' }
  | { readonly is: 'waiting'; readonly take: () => void }
  /** Another tab has taken a new version: parts of this one that were not opened yet are gone. */
  | { readonly is: 'replaced' };

export type ShareSlice = {
  /** A link about data that is not here: it is followed as soon as that is opened. */
  readonly waitingLink: Link | null;
  readonly upkeep: Upkeep;
  /** Follows a link that was put into the address bar of the open page. One that is not sound changes nothing. */
  readonly openHash: (hash: string) => Promise<void>;
  /** The last part of following a link, once its data set and run are shown. */
  readonly applyView: (link: Link) => void;
  readonly forgetLink: () => void;
  readonly setUpkeep: (upkeep: Upkeep) => void;
};

/** Of several data sets of the same files the one that was open last. */
export function withChecksum(sets: readonly DatasetInfo[], checksum: string, last: string | null): DatasetInfo | null {
  const same = sets.filter((info) => info.origin === 'file' && info.checksum === checksum);
  return same.find((info) => info.id === last) ?? same[0] ?? null;
}

const runNeeded = (): WireError => ({
  code: 'bad-input',
  kind: 'run-needed',
  message: en.share.runNeeded,
  cure: en.share.runNeededCure,
  place: {},
});

const differ = (a: EventSettings, b: EventSettings): boolean => {
  const [one, other] = [flatSettings(a), flatSettings(b)];
  return Object.keys({ ...one, ...other }).some((key) => one[key] !== other[key]);
};

export function shareSlice(set: Set, get: Get, { engine }: Deps): ShareSlice {
  /** The data set of a link; null where the link names none or it is not here. */
  async function ask({ data, checksum }: Link): Promise<Outcome<DatasetInfo> | null> {
    if (data !== undefined) return engine.openBundled(data);
    if (checksum === undefined) return null;
    const known = withChecksum(get().datasets, checksum, get().lastDataset);
    return known && engine.loadDataset(known.id);
  }

  return {
    waitingLink: null,
    upkeep: { is: 'none' },

    async openHash(hash) {
      const catalogue = valueOf(get().catalogue);
      if (!catalogue) return;
      const read = readLink(hash);
      const checked = read.ok ? checkLink(read.link, catalogue) : read;
      if (!checked.ok) {
        set({ notice: checked.error });
        return;
      }
      const { link } = checked;
      const outcome = await ask(link);
      if (outcome && !outcome.ok) {
        set({ notice: outcome.error });
        return;
      }
      set({ notice: null, waitingLink: null });
      if (link.engine !== undefined) get().takeSetup(catalogue, link);
      if (outcome) await get().takeDataset(outcome.value, link);
      else if (link.checksum !== undefined) set({ waitingLink: link, page: 'data' });
      else get().applyView(link);
    },

    applyView(link) {
      const { page, tab, sensor, of, settings } = link;
      const run = valueOf(get().current);
      const isHere = run !== null && isRunOf(run, link);
      if (of === 'run' && !isHere) set({ notice: runNeeded() });
      const sensors = currentAsset(get())?.sensors.length ?? 0;
      set({
        // Without the run there is nothing to look at on the page of the link, but how to start it.
        ...(page && { page: of === 'run' && !isHere ? 'engine' : page }),
        ...(tab && { inspectorTab: tab, drawerOpen: true }),
        ...(sensor !== undefined && sensor < sensors && { sensor }),
      });
      if (settings && run && isHere && differ(settings, run.result.settings)) get().previewSettings(settings);
    },

    forgetLink: () => set({ waitingLink: null }),

    setUpkeep: (upkeep) => set({ upkeep }),
  };
}
