/** Options that say what is run, as a job with a key by which its result is found again. */
import { createHash } from 'node:crypto';
import { jsonBytes } from '../../src/engine/bundle/json.ts';
import type { Facts } from '../../src/engine/bundle/bundle.ts';
import { seriesDigest } from '../../src/engine/bundle/digest.ts';
import { WRITER } from '../../src/engine/bundle/writer.ts';
import type { AnyValues, Param, ParamTable, Value } from '../../src/engine/params.ts';
import type { BackendName } from '../../src/engine/tensor/backend.ts';
import type { Imputation, Series } from '../../src/engine/types.ts';
import { choices, setupOf } from '../../src/workers/engines.ts';
import type { RunJob, RunWork } from '../../src/workers/protocol.ts';
import { isSeed, numberOf } from './command.ts';
import { misuse } from './failure.ts';

export const JOB_OPTIONS = {
  engine: { type: 'string' },
  preset: { type: 'string' },
  head: { type: 'string' },
  set: { type: 'string', multiple: true },
  seed: { type: 'string' },
  backend: { type: 'string' },
  like: { type: 'string' },
} as const;

export const JOB_HELP = [
  '--engine ID      what to run (default m2ad); `telltale engines` lists them',
  '--preset NAME    its settings to begin with (default lite)',
  '--set KEY=VALUE  a setting of the engine, or of the head as head.KEY=VALUE; may be repeated',
  '--head ID        scoring head (default m2ad)',
  '--seed N         seed of all randomness (default 1)',
  '--backend NAME   wasm (default), cpu or webgpu',
  '--like RUN       engine, settings, seed, roles and way of computing of a run file, to do it again',
];

/** What is run, on whatever data. */
export type Recipe = Pick<RunJob, 'engine' | 'preset' | 'params' | 'head' | 'headParams' | 'seed'> & {
  readonly backend: BackendName;
  readonly work?: RunWork;
};

type Given = { readonly [K in Exclude<keyof typeof JOB_OPTIONS, 'set'>]?: string | undefined } & {
  readonly set?: readonly string[] | undefined;
};

const BACKENDS: readonly BackendName[] = ['wasm', 'cpu', 'webgpu'];

function backendOf(text: string): BackendName {
  const found = BACKENDS.find((name) => name === text);
  if (found === undefined) throw misuse(`there is no backend "${text}"`, `Choose one of ${BACKENDS.join(', ')}.`);
  return found;
}

/** As the parameter's kind reads it; what does not fit is refused by the parameter's own check. */
function valueOf(param: Param | undefined, text: string): Value {
  if (param?.kind === 'number' && text.trim() !== '') return Number(text);
  if (param?.kind === 'switch' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

/** `key=value` pairs of one table, chosen by `take`. */
function settings(pairs: readonly string[], table: ParamTable, take: (key: string) => string | null): AnyValues {
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw misuse(`--set is "${pair}"; KEY=VALUE is needed`);
      const key = take(pair.slice(0, at));
      return key === null ? [] : [[key, valueOf(table[key], pair.slice(at + 1))]];
    }),
  );
}

const ofHead = /^head\.(.+)$/;
const tableOf = (entries: readonly { id: string; params: ParamTable }[], id: string): ParamTable =>
  entries.find((entry) => entry.id === id)?.params ?? {};

type Names = Pick<Recipe, 'engine' | 'preset' | 'head'>;

const DEFAULT = { engine: 'm2ad', preset: 'lite', head: 'm2ad', seed: 1, backend: 'wasm' } as const;

/** Settings that differ from the preset: those of the run to follow, unless its preset is left, and those that are given. */
function changesOf(
  pairs: readonly string[],
  { engine, head }: Names,
  like: Facts['job'] | null,
): Pick<Recipe, 'params' | 'headParams'> {
  const { engines, heads } = choices();
  const params = settings(pairs, tableOf(engines, engine), (key) => (ofHead.test(key) ? null : key));
  const headParams = settings(pairs, tableOf(heads, head), (key) => ofHead.exec(key)?.[1] ?? null);
  return { params: { ...like?.params, ...params }, headParams: { ...like?.headParams, ...headParams } };
}

/** Settings of a command line over those of a run to follow. Throws EngineError('bad-input') for any that are wrong. */
export function recipeOf(given: Given, like: Facts | null): Recipe {
  const base = like === null ? DEFAULT : { ...like.job, backend: like.run.backend };
  const { engine = base.engine, preset = base.preset, head = base.head, set = [] } = given;
  const followed = given.engine === undefined && given.preset === undefined ? like : null;
  const recipe: Recipe = {
    ...{ engine, preset, head },
    ...changesOf(set, { engine, preset, head }, followed?.job ?? null),
    seed: numberOf('seed', given.seed ?? String(base.seed), isSeed, 'a whole number'),
    backend: backendOf(given.backend ?? base.backend),
    ...(set.length === 0 && followed?.run.work && { work: followed.run.work }),
  };
  // Refuses unknown names and values out of range before any data is read.
  setupOf({ ...recipe, imputation: {} });
  return recipe;
}

const sorted = (values: AnyValues): [string, Value][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * Names a result by everything that it depends on: values of the series, every setting, seed, backend, version. Hex, 16
 * characters.
 */
export async function keyOf(recipe: Recipe, series: Series, imputation: Record<string, Imputation>): Promise<string> {
  const { values, headValues } = setupOf({ ...recipe, imputation });
  const { engine, preset, head, seed, backend, work } = recipe;
  const parts = [
    [await seriesDigest(series), WRITER.version],
    [engine, preset, sorted(values), head, sorted(headValues), seed, backend, work ?? null],
    sorted(imputation),
  ];
  return createHash('sha256').update(jsonBytes(parts)).digest('hex').slice(0, 16);
}
