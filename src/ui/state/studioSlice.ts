/** The studio's windows and generators: which material, training on it, which generator is in use. */
import type { AnyValues, Value } from '../../engine/params.ts';
import type { AssetSummary, GeneratorInfo, Material, MaterialInfo } from '../../workers/protocol.ts';
import { latest } from './latest.ts';
import { currentAsset, currentRef } from './select.ts';
import { presetValues } from './setupSlice.ts';
import type { AppState, Get, Set } from './store.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

export type Recipe = {
  readonly preset: string;
  /** Only what differs from the preset. */
  readonly changed: AnyValues;
  readonly seed: number;
};

export type StudioView = 'canvas' | 'train';
export type StudioTab = 'buys' | 'stress' | 'place';

export type StudioSlice = {
  /** Of the open data set, newest first. */
  readonly generators: Load<readonly GeneratorInfo[]>;
  readonly generatorId: string | null;
  readonly studioView: StudioView;
  readonly studioTab: StudioTab;
  /** What the next training would learn from, and what is known of it. */
  readonly material: Material | null;
  readonly materialInfo: Load<MaterialInfo>;
  readonly recipe: Recipe;
  /** The windows that the generator in use was trained on. */
  readonly studioWindows: Load<MaterialInfo>;
  /** Reads what the worker has of the open data set. */
  readonly openStudio: () => Promise<void>;
  readonly chooseGenerator: (id: string) => Promise<void>;
  readonly showStudio: (view: StudioView) => void;
  readonly setStudioTab: (tab: StudioTab) => void;
  readonly setMaterial: (change: Partial<Material>) => void;
  readonly setRecipe: (change: Partial<Recipe>) => void;
  readonly setRecipeParam: (key: string, value: Value) => void;
  readonly trainGenerator: () => Promise<void>;
  readonly deleteGenerator: (id: string) => Promise<void>;
};

/** Steps of a window as the paper has them. */
const WINDOW = 240;
/** Windows overlap by three quarters, so that few anomalies give enough windows; a long series needs no overlap. */
const OVERLAP = 4;
const ENOUGH = 1200;

export const generatorsOf = (state: Pick<AppState, 'generators'>): readonly GeneratorInfo[] =>
  valueOf(state.generators) ?? NO_GENERATORS;
const NO_GENERATORS: readonly GeneratorInfo[] = [];

export const chosenGenerator = (state: Pick<AppState, 'generators' | 'generatorId'>): GeneratorInfo | null =>
  generatorsOf(state).find(({ id }) => id === state.generatorId) ?? null;

/** The asset that a material is cut from, where the open data set has it. */
export const assetOf = (state: Pick<AppState, 'dataset'>, material: Material): AssetSummary | null =>
  valueOf(state.dataset)?.assets.find(({ name }) => name === material.data.asset) ?? null;

/** What is proposed to learn from: the first sensor in windows as long as the paper's, where the series is long enough. */
function proposed(state: AppState): Material | null {
  const data = currentRef(state);
  const asset = currentAsset(state);
  if (!data || !asset) return null;
  const window = Math.max(8, Math.min(WINDOW, Math.floor(asset.T / 20)));
  return {
    data,
    sensor: 0,
    window,
    stride: Math.max(1, Math.floor(window / OVERLAP), Math.ceil(asset.T / ENOUGH)),
    labels: (asset.labels?.length ?? 0) > 0 ? 'file' : 'mine',
  };
}

export const NOTHING_MADE = {
  canvas: none,
  sets: none,
  setId: null,
  making: none,
  sampleMap: none,
  handpicked: [],
  injection: none,
  stressCells: none,
} as const;

export function studioSlice(set: Set, get: Get, { engine, newId }: Deps): StudioSlice {
  const isHere = (datasetId: string): boolean => valueOf(get().dataset)?.id === datasetId;

  const count = latest(
    (material: Material) => engine.material(material),
    (material, outcome) => {
      if (get().material === material) set({ materialInfo: settled(outcome) });
    },
  );

  function propose(material: Material | null): void {
    set({ material, materialInfo: material ? loading : none });
    if (material) count.ask(material);
  }

  return {
    generators: none,
    generatorId: null,
    studioView: 'canvas',
    studioTab: 'buys',
    material: null,
    materialInfo: none,
    recipe: { preset: 'lite', changed: {}, seed: 1 },
    studioWindows: none,

    async openStudio() {
      const info = valueOf(get().dataset);
      if (!info) return;
      set({ ...NOTHING_MADE, generators: loading, generatorId: null, studioWindows: none });
      propose(proposed(get()));
      const outcome = await engine.generators(info.id);
      if (!isHere(info.id)) return;
      set({ generators: settled(outcome) });
      const [first] = outcome.ok ? outcome.value : [];
      set({ studioView: first ? 'canvas' : 'train' });
      if (first) {
        propose(first.job.material);
        // What is drawn waits until somebody looks: the first sight of the page needs none of it.
        if (get().page === 'create') await get().chooseGenerator(first.id);
      }
    },

    async chooseGenerator(id) {
      const generator = generatorsOf(get()).find((other) => other.id === id);
      if (!generator) return;
      set({ ...NOTHING_MADE, generatorId: id, studioView: 'canvas', studioWindows: loading });
      const outcome = await engine.material(generator.job.material);
      if (get().generatorId !== id) return;
      set({ studioWindows: settled(outcome) });
      if (!outcome.ok) return;
      await Promise.all([get().openFirstWindow(), get().loadSets()]);
    },

    showStudio: (studioView) => set({ studioView }),
    setStudioTab: (studioTab) => set({ studioTab }),

    setMaterial(change) {
      const { material } = get();
      if (material) propose({ ...material, ...change });
    },
    setRecipe: (change) => set({ recipe: { ...get().recipe, ...change } }),
    setRecipeParam(key, value) {
      const choice = valueOf(get().catalogue)?.studio.generator;
      if (!choice) return;
      const { changed, preset } = get().recipe;
      const rest = Object.fromEntries(Object.entries(changed).filter(([other]) => other !== key));
      const isPreset = presetValues(choice, preset)[key] === value;
      get().setRecipe({ changed: isPreset ? rest : { ...rest, [key]: value } });
    },

    async trainGenerator() {
      const { material, recipe } = get();
      if (!material) return;
      const { preset, changed, seed } = recipe;
      const job = { jobId: newId(), material, preset, params: changed, seed };
      const made = await get().carryOutStudio('train', job.jobId, (tell, signal) =>
        engine.trainGenerator(job, tell, signal),
      );
      if (!made || !isHere(material.data.datasetId)) return;
      const others = generatorsOf(get()).filter(({ id }) => id !== made.id);
      set({ generators: { is: 'ready', value: [made, ...others] } });
      await get().chooseGenerator(made.id);
    },

    async deleteGenerator(id) {
      const outcome = await engine.deleteGenerator(id);
      if (!outcome.ok) {
        set({ notice: outcome.error });
        return;
      }
      const left = generatorsOf(get()).filter((other) => other.id !== id);
      set({ generators: { is: 'ready', value: left } });
      if (get().generatorId !== id) return;
      const [next] = left;
      if (next) await get().chooseGenerator(next.id);
      else set({ ...NOTHING_MADE, generatorId: null, studioWindows: none, studioView: 'train' });
    },
  };
}
