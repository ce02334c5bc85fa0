import type { Catalogue, DatasetInfo, SensorQuality } from '../../workers/protocol.ts';
import type { Link } from './linkText.ts';
import { checkLink, linkedAsset } from './linkRead.ts';
import { currentRef, isSameAsset } from './select.ts';
import { withoutRunOfOther } from './runSlice.ts';
import { withChecksum } from './shareSlice.ts';
import type { Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

const FIRST_EXAMPLE = 'pump-station';

/** What was known of the labels of another asset. */
const NO_LABELS = { labels: none, agreement: none, likeness: null, importNote: null } as const;

export type DatasetSlice = {
  readonly catalogue: Load<Catalogue>;
  readonly datasets: readonly DatasetInfo[];
  readonly dataset: Load<DatasetInfo>;
  readonly assetName: string | null;
  readonly quality: Load<readonly SensorQuality[]>;
  /** First sight: device, catalogue, then the linked, the last or the bundled data set with its run. */
  readonly boot: (link: Link) => Promise<void>;
  readonly chooseDataset: (id: string) => Promise<void>;
  readonly chooseBundled: (id: string) => Promise<void>;
  readonly chooseAsset: (name: string) => Promise<void>;
  readonly deleteDataset: (id: string) => Promise<void>;
  readonly takeDataset: (info: DatasetInfo, link?: Link) => Promise<void>;
  readonly loadQuality: () => Promise<void>;
};

export function datasetSlice(set: Set, get: Get, { engine }: Deps): DatasetSlice {
  async function refreshDatasets(): Promise<void> {
    const outcome = await engine.datasets();
    if (outcome.ok) set({ datasets: outcome.value });
  }

  /** The stored data set that a link about own data means; a link about data that is not here waits for it. */
  function ownData(link: Link): string | null {
    const { checksum } = link;
    if (checksum === undefined) return null;
    const found = withChecksum(get().datasets, checksum, get().lastDataset);
    if (!found) set({ waitingLink: link, page: 'data' });
    return found?.id ?? null;
  }

  async function firstDataset(given: Link): Promise<void> {
    const bundled = valueOf(get().catalogue)?.bundled ?? [];
    const linked = bundled.find((entry) => entry.id === given.data)?.id;
    const own = ownData(given);
    const link = given.checksum !== undefined && own === null ? {} : given;
    const last = own ?? get().lastDataset;
    if (linked === undefined && last !== null) {
      set({ dataset: loading });
      const outcome = await engine.loadDataset(last);
      if (outcome.ok) {
        await get().takeDataset(outcome.value, link);
        return;
      }
    }
    const id = linked ?? bundled.find((entry) => entry.id === FIRST_EXAMPLE)?.id ?? bundled[0]?.id;
    if (id === undefined) {
      set({ dataset: none, page: 'data' });
      return;
    }
    set({ dataset: loading });
    const outcome = await engine.openBundled(id);
    if (outcome.ok) await get().takeDataset(outcome.value, link);
    else set({ dataset: { is: 'failed', error: outcome.error } });
  }

  /** The link to follow with a data set, `given` or waiting, and its asset. One about an asset that is not there is dropped. */
  function followed(info: DatasetInfo, given: Link | undefined) {
    const waiting = get().waitingLink;
    const isDue = waiting !== null && waiting.checksum === info.checksum;
    const link = given ?? (isDue ? waiting : undefined);
    const names = info.assets.map(({ name }) => name);
    const asset = linkedAsset(names, link);
    if (asset === null) return { asset: names[0] ?? null, link: undefined, isDue };
    const catalogue = valueOf(get().catalogue);
    if (isDue && waiting.engine !== undefined && catalogue) get().takeSetup(catalogue, waiting);
    return { asset, link, isDue };
  }

  async function open(ask: () => ReturnType<typeof engine.loadDataset>): Promise<void> {
    const before = get().dataset;
    set({ dataset: loading, notice: null });
    const outcome = await ask();
    if (outcome.ok) await get().takeDataset(outcome.value);
    else if (before.is === 'ready') set({ dataset: before, notice: outcome.error });
    else set({ dataset: { is: 'failed', error: outcome.error } });
  }

  return {
    catalogue: none,
    datasets: [],
    dataset: none,
    assetName: null,
    quality: none,

    async boot(link) {
      set({ catalogue: loading, dataset: loading });
      const catalogue = await engine.catalogue();
      set({ catalogue: settled(catalogue) });
      if (!catalogue.ok) set({ notice: catalogue.error });
      const checked = catalogue.ok ? checkLink(link, catalogue.value) : null;
      const sound = checked?.ok ? checked.link : {};
      if (catalogue.ok) get().takeSetup(catalogue.value, sound);
      void get().refreshDevice();
      if (sound.checksum !== undefined) await refreshDatasets();
      await firstDataset(sound);
      await Promise.all([refreshDatasets(), get().loadUnfinished()]);
      if (checked && !checked.ok) set({ notice: checked.error });
    },

    chooseDataset: (id) => open(() => engine.loadDataset(id)),
    chooseBundled: (id) => open(() => engine.openBundled(id)),

    async chooseAsset(name) {
      set({
        assetName: name,
        ...NO_LABELS,
        quality: none,
        current: none,
        preview: null,
        selected: null,
        detail: none,
        range: null,
      });
      await Promise.all([get().loadLabels(), get().showNewestRun(null)]);
    },

    async deleteDataset(id) {
      const outcome = await engine.deleteDataset(id);
      if (!outcome.ok) set({ notice: outcome.error });
      await refreshDatasets();
    },

    async takeDataset(info, given) {
      const { asset, link, isDue } = followed(info, given);
      set({
        dataset: { is: 'ready', value: info },
        assetName: asset,
        ...(isDue && { waitingLink: null }),
        ...NO_LABELS,
        ...withoutRunOfOther(get(), info.id),
        quality: none,
        runs: [],
        current: loading,
        preview: null,
        selected: null,
        detail: none,
        range: null,
        brush: null,
        crosshair: null,
        lastDataset: info.id,
        estimate: none,
      });
      void get().loadLabels();
      const runs = await engine.runs(info.id);
      if (valueOf(get().dataset)?.id !== info.id) return;
      if (runs.ok) set({ runs: runs.value });
      else set({ notice: runs.error });
      await get().showNewestRun(link ?? null);
      await Promise.all([refreshDatasets(), get().openStudio()]);
      if (link) get().applyView(link);
      await get().retryBundle();
      await get().retryProject();
    },

    async loadQuality() {
      const data = currentRef(get());
      if (!data || get().quality.is === 'loading') return;
      set({ quality: loading });
      const outcome = await engine.quality(data);
      if (isSameAsset(currentRef(get()), data)) set({ quality: settled(outcome) });
    },
  };
}
