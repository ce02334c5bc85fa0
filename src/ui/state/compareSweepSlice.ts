/** A parameter sweep: a grid of values and seeds as a queue of jobs, each a run with the sweep's tag. */
import type { AnyValues, Value } from '../../engine/params.ts';
import type { AssetProgress, EngineChoice, NamedJob, RunInfo, RunJob, WireError } from '../../workers/protocol.ts';
import { withRow } from './allSlice.ts';
import { engineChoice, headChoice, isValid, jobOf } from './setupSlice.ts';
import type { AppState, Get, Set } from './store.ts';
import { valueOf, type Deps } from './types.ts';

/** A parameter of the engine or of its head, with the values as they were typed. */
export type SweepAxis = { readonly of: 'engine' | 'head'; readonly key: string; readonly text: string };

export type SweepForm = {
  readonly first: SweepAxis | null;
  readonly second: SweepAxis | null;
  readonly seeds: string;
  /** Metric that is drawn. */
  readonly metric: string;
};

export type SweepState =
  | { readonly is: 'idle' }
  | {
      readonly is: 'running';
      readonly tag: string;
      readonly cancelling: boolean;
      readonly rows: readonly AssetProgress[];
    }
  | {
      readonly is: 'over';
      readonly tag: string;
      readonly error: WireError | null;
      readonly rows: readonly AssetProgress[];
    };

export type SweepSlice = {
  readonly sweepForm: SweepForm;
  readonly sweep: SweepState;
  /** Tag of the sweep whose results are shown; null: the newest. */
  readonly sweepTag: string | null;
  readonly setSweep: (change: Partial<SweepForm>) => void;
  readonly showSweep: (tag: string) => void;
  readonly startSweep: () => Promise<void>;
  readonly cancelSweep: () => void;
};

export const SWEEP = 'sweep';
export const isSweepTag = (tag: string): boolean => tag.startsWith(`${SWEEP} `);

/** More jobs than this are a mistake in typing. */
export const MOST_JOBS = 200;

/** The values of a list such as "20, 50, 100"; null where one of them cannot stand for the parameter. */
export function valuesOf(choice: EngineChoice, { key, text }: Pick<SweepAxis, 'key' | 'text'>): Value[] | null {
  const param = choice.params[key];
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  if (!param || words.length === 0) return null;
  const values = words.map((word): unknown => {
    if (param.kind === 'number') return Number(word);
    if (param.kind === 'switch')
      return word === 'true' || word === 'on' ? true : word === 'false' || word === 'off' ? false : null;
    return word;
  });
  return values.every((value): value is Value => isValid(param, value)) ? [...new Set(values)] : null;
}

/** Whole numbers from "1, 2, 3" or "1-3"; null where anything else is there. */
export function seedsOf(text: string): number[] | null {
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  const seeds = words.flatMap((word): number[] => {
    const range = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word);
    if (!range) return [NaN];
    const from = Number(range[1]);
    const to = Number(range[2] ?? range[1]);
    return to < from || to - from > MOST_JOBS ? [NaN] : Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return seeds.length === 0 || seeds.some(Number.isNaN) ? null : [...new Set(seeds)];
}

type Setup = Pick<AppState, 'catalogue' | 'engineId' | 'headId' | 'sweepForm'>;

/** One of the axes with its values; null where there is none or its values are wrong. */
function axisOf(state: Setup, axis: SweepAxis | null) {
  const choice = axis?.of === 'head' ? headChoice(state) : engineChoice(state);
  if (!axis || !choice) return null;
  const values = valuesOf(choice, axis);
  return values && { ...axis, values, label: choice.params[axis.key]?.label ?? axis.key };
}

/** The jobs of the form in order; null while it cannot be started. */
export function sweepJobs(state: AppState, tag: string, newId: () => string): NamedJob[] | null {
  const base = jobOf(state, '');
  const { first, second, seeds: text } = state.sweepForm;
  const one = axisOf(state, first);
  const other = axisOf(state, second);
  const seeds = seedsOf(text);
  if (!base || !one || (second && !other) || !seeds) return null;
  const jobs: NamedJob[] = [];
  for (const a of one.values) {
    for (const b of other?.values ?? [null]) {
      for (const seed of seeds) {
        const changed = (of: SweepAxis['of']): AnyValues => ({
          ...(one.of === of && { [one.key]: a }),
          ...(other && b !== null && other.of === of && { [other.key]: b }),
        });
        const job: RunJob = {
          ...base,
          jobId: newId(),
          seed,
          tags: [tag],
          params: { ...base.params, ...changed('engine') },
          headParams: { ...base.headParams, ...changed('head') },
        };
        const words = [`${one.label} ${String(a)}`, ...(other ? [`${other.label} ${String(b)}`] : []), `seed ${seed}`];
        jobs.push({ name: words.join(', '), job });
      }
    }
  }
  return jobs.length <= MOST_JOBS ? jobs : null;
}

/** Tags of the sweeps that have runs, the newest first. */
export const sweepTags = (runs: readonly RunInfo[]): string[] => [
  ...new Set(runs.flatMap(({ tags }) => (tags ?? []).filter(isSweepTag))),
];

/** "sweep 3": one more than the largest number there is. */
export function nextTag(runs: readonly RunInfo[]): string {
  const numbers = sweepTags(runs).map((tag) => Number(tag.slice(SWEEP.length)));
  return `${SWEEP} ${1 + numbers.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0)}`;
}

export function sweepSlice(set: Set, get: Get, { engine, newId }: Deps): SweepSlice {
  let abort: AbortController | null = null;

  const rowsNow = (): readonly AssetProgress[] => {
    const { sweep } = get();
    return sweep.is === 'idle' ? [] : sweep.rows;
  };

  return {
    sweepForm: { first: null, second: null, seeds: '1', metric: 'vus-pr' },
    sweep: { is: 'idle' },
    sweepTag: null,

    setSweep: (change) => set({ sweepForm: { ...get().sweepForm, ...change } }),
    showSweep: (tag) => set({ sweepTag: tag }),

    async startSweep() {
      const tag = nextTag(valueOf(get().manyRuns) ?? []);
      const jobs = sweepJobs(get(), tag, newId);
      if (!jobs || get().sweep.is === 'running' || get().run.is === 'running') return;
      const controller = new AbortController();
      abort = controller;
      set({ sweep: { is: 'running', tag, cancelling: false, rows: [] }, sweepTag: tag });
      const tell = (row: AssetProgress): void => {
        const { sweep } = get();
        if (sweep.is !== 'running') return;
        set({ sweep: { ...sweep, rows: withRow(sweep.rows, row) } });
        // Each finished run is shown at once.
        if (row.is === 'done') void get().loadCompare();
      };
      const outcome = await engine.runEach({ jobId: newId(), jobs }, tell, controller.signal);
      abort = null;
      set({
        sweep: {
          is: 'over',
          tag,
          error: outcome.ok || outcome.error.code === 'cancelled' ? null : outcome.error,
          rows: outcome.ok ? outcome.value.assets : rowsNow(),
        },
      });
      void get().refreshDevice();
      await get().loadCompare();
      const info = valueOf(get().dataset);
      const runs = info && (await engine.runs(info.id));
      if (runs?.ok && valueOf(get().dataset)?.id === info?.id) set({ runs: runs.value });
    },

    cancelSweep() {
      const { sweep } = get();
      if (sweep.is !== 'running' || sweep.cancelling) return;
      set({ sweep: { ...sweep, cancelling: true } });
      abort?.abort();
    },
  };
}
