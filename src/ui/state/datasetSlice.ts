import type { Catalogue, DatasetInfo, SensorQuality } from '../../workers/protocol.ts';
import { typedLink, type Link } from './link.ts';
import { currentRef } from './select.ts';
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

  async function firstDataset(link: Link): Promise<void> {
    const bundled = valueOf(get().catalogue)?.bundled ?? [];
    const linked = bundled.find((entry) => entry.id === link.data)?.id;
    const last = get().lastDataset;
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
      else get().takeSetup(catalogue.value, typedLink(link, catalogue.value));
      void get().refreshDevice();
      await firstDataset(link);
      await Promise.all([refreshDatasets(), get().loadUnfinished()]);
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

    async takeDataset(info, link) {
      set({
        dataset: { is: 'ready', value: info },
        assetName: link?.asset ?? info.assets[0]?.name ?? null,
        ...NO_LABELS,
        quality: none,
        runs: [],
        current: none,
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
      await get().retryBundle();
    },

    async loadQuality() {
      const data = currentRef(get());
      if (!data || get().quality.is === 'loading') return;
      set({ quality: loading });
      const outcome = await engine.quality(data);
      const now = currentRef(get());
      if (now?.datasetId === data.datasetId && now.asset === data.asset) set({ quality: settled(outcome) });
    },
  };
}
