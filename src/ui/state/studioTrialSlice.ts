/** What generated windows are good for: trials of detectors with and without them, and stress tests of a run. */
import type { Material, StressCell, StressJob, TrialJob, TrialRow } from '../../workers/protocol.ts';
import type { AppState, Get, Set } from './store.ts';
import type { StudioUpdate } from './studioJobSlice.ts';
import { chosenGenerator } from './studioSlice.ts';
import type { F1Kind } from './kinds.ts';
import { none, valueOf, type Deps, type Load } from './types.ts';

export type TrialForm = {
  readonly detectors: readonly string[];
  readonly makers: readonly string[];
  readonly splits: readonly TrialRow['split'][];
  readonly settings: readonly string[];
  readonly seeds: number;
  readonly epochs: number;
  /** Windows of the material that it works with at most, evenly spread. */
  readonly windows: number;
};

/** A trial that was done, whole or in part. */
export type Trial = {
  readonly material: Material;
  readonly seeds: number;
  readonly epochs: number;
  readonly rows: readonly TrialRow[];
  readonly of: number;
  readonly atMs: number;
};

export type StressForm = {
  readonly sizes: readonly number[];
  readonly lengths: readonly number[];
  readonly count: number;
  readonly seed: number;
};

export type StressResult = { readonly runId: string; readonly cells: readonly StressCell[] };

export type StudioTrialSlice = {
  readonly trialForm: TrialForm;
  /** The last trial of each data set. */
  readonly trials: Readonly<Record<string, Trial>>;
  readonly trialKind: F1Kind;
  readonly trialSplit: TrialRow['split'];
  readonly stressForm: StressForm;
  readonly stressCells: Load<StressResult>;
  readonly setTrialForm: (change: Partial<TrialForm>) => void;
  readonly setTrialView: (change: Partial<Pick<StudioTrialSlice, 'trialKind' | 'trialSplit'>>) => void;
  readonly runTrial: () => Promise<void>;
  readonly setStressForm: (change: Partial<StressForm>) => void;
  readonly runStress: () => Promise<void>;
};

/** The last trial of the open data set. */
export function trialOf(state: Pick<AppState, 'trials' | 'dataset'>): Trial | null {
  const id = valueOf(state.dataset)?.id;
  return id === undefined ? null : (state.trials[id] ?? null);
}

export function studioTrialSlice(set: Set, get: Get, { engine, newId, nowMs }: Deps): StudioTrialSlice {
  return {
    trialForm: {
      detectors: ['robust-tad', 'sr-cnn', 'ncad'],
      makers: ['c-gats'],
      splits: ['window'],
      settings: ['TRTR', 'T(R+S)TR'],
      seeds: 3,
      epochs: 6,
      windows: 300,
    },
    trials: {},
    trialKind: 'macroOracle',
    trialSplit: 'window',
    stressForm: { sizes: [0.5, 1, 2], lengths: [5, 20, 60], count: 8, seed: 1 },
    stressCells: none,

    setTrialForm: (change) => set({ trialForm: { ...get().trialForm, ...change } }),
    setTrialView: (change) => set(change),

    async runTrial() {
      const whole = chosenGenerator(get())?.job.material;
      const { windows, ...trialForm } = get().trialForm;
      if (!whole || get().studioJob.is === 'running') return;
      const all = valueOf(get().studioWindows)?.windows ?? windows;
      const material: Material = { ...whole, stride: whole.stride * Math.ceil(all / windows) };
      const { datasetId } = material.data;
      const job: TrialJob = { jobId: newId(), material, ...trialForm };
      const { seeds, epochs, splits } = trialForm;
      const started: Trial = { material, seeds, epochs, rows: [], of: 0, atMs: nowMs() };
      const put = (trial: Trial): void => set({ trials: { ...get().trials, [datasetId]: trial } });
      put(started);
      const [split] = splits;
      if (split && !splits.includes(get().trialSplit)) set({ trialSplit: split });
      let trial = started;
      const note = (update: StudioUpdate): void => {
        if (update.kind !== 'row') return;
        trial = { ...trial, rows: [...trial.rows, update.row], of: update.of };
        put(trial);
      };
      const rows = await get().carryOutStudio('trial', job.jobId, (tell, signal) =>
        engine.trial(
          job,
          (update) => {
            note(update);
            tell(update);
          },
          signal,
        ),
      );
      if (rows) put({ ...trial, rows, of: rows.length });
    },

    setStressForm: (change) => set({ stressForm: { ...get().stressForm, ...change } }),

    async runStress() {
      const generator = chosenGenerator(get());
      const run = valueOf(get().current);
      if (!generator || !run || get().studioJob.is === 'running') return;
      const job: StressJob = {
        jobId: newId(),
        runId: run.id,
        generatorId: generator.id,
        sensor: generator.job.material.sensor,
        ...get().stressForm,
      };
      const cells = await get().carryOutStudio('stress', job.jobId, (tell, signal) => engine.stress(job, tell, signal));
      if (cells) set({ stressCells: { is: 'ready', value: { runId: run.id, cells } } });
    },
  };
}
