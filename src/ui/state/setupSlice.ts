import type { AnyValues, Param, Value } from '../../engine/params.ts';
import type { Imputation } from '../../engine/types.ts';
import type { Catalogue, DatasetInfo, EngineChoice, RunJob } from '../../workers/protocol.ts';
import { currentRef } from './select.ts';
import type { Link } from './linkText.ts';
import type { AppState, Get, Set } from './store.ts';
import { none, valueOf } from './types.ts';

export type SetupSlice = {
  readonly engineId: string | null;
  readonly preset: string;
  /** Only what differs from the preset. */
  readonly changed: AnyValues;
  readonly headId: string | null;
  readonly headChanged: AnyValues;
  readonly seed: number;
  readonly takeSetup: (catalogue: Catalogue, link: Link) => void;
  readonly chooseEngine: (id: string) => void;
  readonly choosePreset: (preset: string) => void;
  readonly setParam: (key: string, value: Value) => void;
  readonly resetParams: () => void;
  readonly chooseHead: (id: string) => void;
  readonly setHeadParam: (key: string, value: Value) => void;
  readonly setHeadPreset: (preset: string) => void;
  readonly setSeed: (seed: number) => void;
};

/** Why a value cannot stand for this parameter, or null. The worker checks again. */
export function isValid(param: Param, value: unknown): value is Value {
  switch (param.kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && value >= param.min && value <= param.max;
    case 'choice':
      return param.options.some((option) => option.value === value);
    case 'switch':
      return typeof value === 'boolean';
  }
}

/** What the preset gives for every parameter: the table's defaults overlaid with the preset. */
export function presetValues(choice: EngineChoice, preset: string): AnyValues {
  const defaults = Object.fromEntries(Object.entries(choice.params).map(([key, param]) => [key, param.default]));
  return { ...defaults, ...choice.presets[preset] };
}

/** What a preset says otherwise than the defaults. */
function presetChanges(choice: EngineChoice, preset: string): AnyValues {
  const base = presetValues(choice, '');
  return Object.fromEntries(Object.entries(choice.presets[preset] ?? {}).filter(([key, value]) => base[key] !== value));
}

/** Name of the preset that these changes of the defaults amount to, or null. */
export function presetOf(choice: EngineChoice, changed: AnyValues): string | null {
  const same = (wanted: AnyValues) =>
    Object.keys({ ...wanted, ...changed }).every((key) => wanted[key] === changed[key]);
  return Object.keys(choice.presets).find((name) => same(presetChanges(choice, name))) ?? null;
}

function withParam(base: AnyValues, changed: AnyValues, key: string, value: Value): AnyValues {
  const rest = Object.fromEntries(Object.entries(changed).filter(([other]) => other !== key));
  return base[key] === value ? rest : { ...rest, [key]: value };
}

function onlyValid(choice: EngineChoice, given: AnyValues): AnyValues {
  return Object.fromEntries(
    Object.entries(given).filter(([key, value]) => {
      const param = choice.params[key];
      return param !== undefined && isValid(param, value);
    }),
  );
}

export function engineChoice(state: Pick<AppState, 'catalogue' | 'engineId'>): EngineChoice | null {
  return valueOf(state.catalogue)?.engines.find((engine) => engine.id === state.engineId) ?? null;
}

export function headChoice(state: Pick<AppState, 'catalogue' | 'headId'>): EngineChoice | null {
  return valueOf(state.catalogue)?.heads.find((head) => head.id === state.headId) ?? null;
}

function firstPreset(choice: EngineChoice | undefined): string {
  if (!choice) return '';
  return Object.hasOwn(choice.presets, 'lite') ? 'lite' : (Object.keys(choice.presets)[0] ?? '');
}

function imputationOf(info: DatasetInfo): Record<string, Imputation> {
  const sensors = info.assets[0]?.sensors ?? [];
  const planned = info.plan?.columns.filter((column) => column.role === 'sensor') ?? [];
  return Object.fromEntries(
    sensors.flatMap((sensor, index) => {
      const column = planned[index];
      return column ? [[sensor.name, column.imputation]] : [];
    }),
  );
}

/** The job that Run would start now; null while data set or engine are missing. */
export function jobOf(state: AppState, jobId: string): RunJob | null {
  const data = currentRef(state);
  const info = valueOf(state.dataset);
  if (!data || !info || state.engineId === null || state.headId === null) return null;
  return {
    jobId,
    data,
    engine: state.engineId,
    preset: state.preset,
    params: state.changed,
    head: state.headId,
    headParams: state.headChanged,
    seed: state.seed,
    imputation: imputationOf(info),
  };
}

export function setupSlice(set: Set, get: Get): SetupSlice {
  const change = (change: Partial<AppState>) => set({ ...change, estimate: none });
  return {
    engineId: null,
    preset: '',
    changed: {},
    headId: null,
    headChanged: {},
    seed: 1,

    takeSetup(catalogue, link) {
      const engine = catalogue.engines.find((entry) => entry.id === link.engine) ?? catalogue.engines[0];
      const head = catalogue.heads.find((entry) => entry.id === link.head) ?? catalogue.heads[0];
      const linked = link.preset ?? '';
      change({
        engineId: engine?.id ?? null,
        preset: engine && Object.hasOwn(engine.presets, linked) ? linked : firstPreset(engine),
        changed: engine ? onlyValid(engine, link.params ?? {}) : {},
        headId: head?.id ?? null,
        headChanged: head ? onlyValid(head, link.headParams ?? {}) : {},
        seed: link.seed ?? get().seed,
      });
    },

    chooseEngine(id) {
      const engine = valueOf(get().catalogue)?.engines.find((entry) => entry.id === id);
      if (engine) change({ engineId: id, preset: firstPreset(engine), changed: {} });
    },

    // A preset names a whole recipe: the head follows where it knows the name.
    choosePreset(preset) {
      const head = headChoice(get());
      change({ preset, changed: {}, ...(head?.presets[preset] && { headChanged: presetChanges(head, preset) }) });
    },

    setParam(key, value) {
      const choice = engineChoice(get());
      if (choice) change({ changed: withParam(presetValues(choice, get().preset), get().changed, key, value) });
    },

    resetParams: () => change({ changed: {} }),
    chooseHead: (id) => change({ headId: id, headChanged: {} }),

    setHeadParam(key, value) {
      const choice = headChoice(get());
      if (choice) change({ headChanged: withParam(presetValues(choice, ''), get().headChanged, key, value) });
    },

    setHeadPreset(preset) {
      const choice = headChoice(get());
      if (!choice) return;
      change({ headChanged: presetChanges(choice, preset) });
    },

    setSeed: (seed) => change({ seed }),
  };
}
