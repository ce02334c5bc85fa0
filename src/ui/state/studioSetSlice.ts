/** What was made: sets of generated windows, samples picked by hand, the map of a set, an anomaly placed in a series. */
import type { Span } from '../../engine/types.ts';
import type { DatasetInfo, Export, Outcome, SampleMap, SampleSet } from '../../workers/protocol.ts';
import type { AppState, Get, Set } from './store.ts';
import { canvasOf } from './studioCanvasSlice.ts';
import { maskOf } from './studioMask.ts';
import { chosenGenerator } from './studioSlice.ts';
import { loading, none, settled, valueOf, type Deps, type Load } from './types.ts';

export type SetForm = {
  readonly count: number;
  readonly source: 'posterior' | 'prior';
  /** Labels drawn from p(Y), or the painted mask for all. */
  readonly mask: 'drawn' | 'painted';
  readonly seed: number;
};

/** A generated window that the person kept from the canvas. */
export type Handpicked = {
  readonly id: string;
  readonly x_T: Float32Array;
  readonly runs: readonly Span[];
  readonly z_Z: Float32Array;
  readonly number: number;
};

export type PlaceForm = { readonly sensor: number; readonly start: number };

export type Injection = { readonly dataset: DatasetInfo; readonly injected: Span };

export type StudioSetSlice = {
  readonly setForm: SetForm;
  readonly sets: Load<readonly SampleSet[]>;
  readonly setId: string | null;
  readonly making: Load<null>;
  readonly sampleMap: Load<SampleMap>;
  readonly handpicked: readonly Handpicked[];
  readonly placeForm: PlaceForm;
  readonly injection: Load<Injection>;
  readonly setSetForm: (change: Partial<SetForm>) => void;
  readonly loadSets: () => Promise<void>;
  readonly chooseSet: (id: string) => Promise<void>;
  readonly makeSet: () => Promise<void>;
  readonly deleteSet: (id: string) => Promise<void>;
  readonly exportSet: (id: string) => Promise<Outcome<Export> | null>;
  /** Fine-tunes the run in view on the set beside what people said; the Label page shows what came of it. */
  readonly teachWithSet: () => Promise<void>;
  /** Keeps what the canvas shows beside the set. */
  readonly handpick: () => void;
  readonly openHandpicked: (id: string) => Promise<void>;
  readonly dropHandpicked: (id: string) => void;
  readonly loadMap: () => Promise<void>;
  readonly setPlace: (change: Partial<PlaceForm>) => void;
  readonly inject: () => Promise<void>;
  /** Opens the data set that came of it, at the anomaly. */
  readonly openInjection: () => Promise<void>;
};

export const setsOf = (state: Pick<AppState, 'sets' | 'generatorId'>): readonly SampleSet[] =>
  valueOf(state.sets) ?? NO_SETS;
const NO_SETS: readonly SampleSet[] = [];

export const chosenSet = (state: Pick<AppState, 'sets' | 'setId' | 'generatorId'>): SampleSet | null =>
  setsOf(state).find(({ id }) => id === state.setId) ?? null;

const MAP_SEED = 1;
/** Steps shown on both sides of a placed anomaly, in lengths of it. */
const AROUND = 4;

export function studioSetSlice(set: Set, get: Get, { engine, newId }: Deps): StudioSetSlice {
  return {
    setForm: { count: 100, source: 'posterior', mask: 'drawn', seed: 1 },
    sets: none,
    setId: null,
    making: none,
    sampleMap: none,
    handpicked: [],
    placeForm: { sensor: 0, start: 0 },
    injection: none,

    setSetForm: (change) => set({ setForm: { ...get().setForm, ...change } }),

    async loadSets() {
      const generator = chosenGenerator(get());
      if (!generator) return;
      set({ sets: loading, placeForm: { sensor: generator.job.material.sensor, start: get().placeForm.start } });
      const outcome = await engine.sets(generator.job.material.data.datasetId);
      if (get().generatorId !== generator.id) return;
      if (!outcome.ok) {
        set({ sets: { is: 'failed', error: outcome.error } });
        return;
      }
      const mine = outcome.value.filter((made) => made.generatorId === generator.id);
      set({ sets: { is: 'ready', value: mine } });
      const newest = mine.reduce<SampleSet | null>(
        (best, made) => (best && best.createdAtMs >= made.createdAtMs ? best : made),
        null,
      );
      if (newest) await get().chooseSet(newest.id);
    },

    async chooseSet(id) {
      set({ setId: id, sampleMap: none });
      await get().loadMap();
    },

    async makeSet() {
      const generator = chosenGenerator(get());
      const canvas = canvasOf(get());
      if (!generator || !canvas || get().making.is === 'loading') return;
      const { count, source, mask, seed } = get().setForm;
      const isPainted = mask === 'painted' && canvas.runs.length > 0;
      set({ making: loading });
      const outcome = await engine.makeSet({
        generatorId: generator.id,
        count,
        seed,
        source,
        mask_T: isPainted ? maskOf(canvas.runs, generator.T) : null,
      });
      if (get().generatorId !== generator.id) {
        set({ making: none });
        return;
      }
      if (!outcome.ok) {
        set({ making: { is: 'failed', error: outcome.error } });
        return;
      }
      const others = setsOf(get()).filter(({ id }) => id !== outcome.value.id);
      set({
        making: none,
        sets: { is: 'ready', value: [outcome.value, ...others] },
        setForm: { ...get().setForm, seed: seed + 1 },
      });
      await get().chooseSet(outcome.value.id);
    },

    async deleteSet(id) {
      const outcome = await engine.deleteSet(id);
      if (!outcome.ok) {
        set({ notice: outcome.error });
        return;
      }
      const left = setsOf(get()).filter((made) => made.id !== id);
      set({ sets: { is: 'ready', value: left } });
      if (get().setId !== id) return;
      const [next] = left;
      if (next) await get().chooseSet(next.id);
      else set({ setId: null, sampleMap: none });
    },

    async exportSet(id) {
      const outcome = await engine.exportSet(id);
      if (!outcome.ok) set({ notice: outcome.error });
      return outcome;
    },

    async teachWithSet() {
      const { setId, teachSettings } = get();
      const run = valueOf(get().current);
      if (setId === null || !run || get().run.is === 'running') return;
      const { feedback, seed } = teachSettings;
      get().goTo('label');
      await get().fineTune({ jobId: newId(), runId: run.id, params: feedback, seed, setId });
    },

    handpick() {
      const canvas = canvasOf(get());
      if (!canvas?.decoded) return;
      const { runs, z_Z, number, decoded } = canvas;
      set({ handpicked: [{ id: newId(), x_T: decoded.x_T, runs, z_Z, number }, ...get().handpicked] });
    },
    async openHandpicked(id) {
      const one = get().handpicked.find((other) => other.id === id);
      if (one) await get().openWindow(one.number, one);
    },
    dropHandpicked: (id) => set({ handpicked: get().handpicked.filter((one) => one.id !== id) }),

    async loadMap() {
      const { setId } = get();
      if (setId === null) return;
      set({ sampleMap: loading });
      const outcome = await engine.mapSet(setId, MAP_SEED);
      if (get().setId === setId) set({ sampleMap: settled(outcome) });
    },

    setPlace: (change) => set({ placeForm: { ...get().placeForm, ...change }, injection: none }),

    async inject() {
      const generator = chosenGenerator(get());
      const canvas = canvasOf(get());
      if (!generator || !canvas || canvas.runs.length === 0 || get().injection.is === 'loading') return;
      const { sensor, start } = get().placeForm;
      set({ injection: loading });
      const outcome = await engine.inject({
        generatorId: generator.id,
        data: generator.job.material.data,
        sensor,
        start,
        z_Z: canvas.z_Z,
        mask_T: maskOf(canvas.runs, generator.T),
      });
      if (get().generatorId !== generator.id) return;
      set({ injection: settled(outcome) });
      if (!outcome.ok) return;
      const datasets = await engine.datasets();
      if (datasets.ok) set({ datasets: datasets.value });
    },

    async openInjection() {
      const made = valueOf(get().injection);
      if (!made) return;
      const { start, end } = made.injected;
      await get().chooseDataset(made.dataset.id);
      get().goTo('review');
      const wide = (end - start) * AROUND;
      get().setRange({ from: start - wide, to: end + wide });
      get().setBrush(made.injected);
    },
  };
}
