/** What kinds of golden files there are and who checks them. A new model: its row names a checker instead of none. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesOf, filesBelow } from '../files.ts';

export type Check = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** The checker itself passes over it. */
  readonly skipped?: boolean;
};

export type Checker = {
  readonly title: string;
  readonly reads: (json: unknown) => boolean;
  /** null: the engine does not have the thing yet, the file is skipped. */
  readonly check: ((json: unknown, name: string) => Promise<readonly Check[]>) | null;
};

const field = (json: unknown, key: string): unknown =>
  typeof json === 'object' && json !== null && key in json ? (json as Record<string, unknown>)[key] : undefined;

const hasSchema =
  (schema: string) =>
  (json: unknown): boolean =>
    field(json, 'schema') === schema;

/** Model files are known by what their `spec` says they are, or by the beginning of their name. */
const isModel =
  (name: string, section: string) =>
  (json: unknown): boolean => {
    if (field(json, 'expected') === undefined) return false;
    const own = field(json, 'name');
    return field(field(json, 'spec'), 'section') === section || (typeof own === 'string' && own.startsWith(name));
  };

/**
 * A checker that lies beside the code it checks, in `src/engine`. Named as data, so that the tool runs while rooms of the
 * engine are still empty, and loads only what a file needs.
 */
function testkit(file: string, name: string): ((...given: readonly unknown[]) => Promise<readonly Check[]>) | null {
  const url = new URL(`../../src/engine/${file}.testkit.ts`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) return null;
  return async (...given) => {
    const found = ((await import(url.href)) as Record<string, unknown>)[name];
    if (typeof found !== 'function') throw new Error(`${file}.testkit.ts exports no ${name}`);
    return (await (found as (...args: readonly unknown[]) => unknown)(...given)) as readonly Check[];
  };
}

/** Model files run on the backend that trains in Node; it starts with the first of them. */
function onBackend(check: ReturnType<typeof testkit>): Checker['check'] {
  if (check === null) return null;
  return async (json) => {
    const { useBackend } = await import('../../src/engine/tensor/node.testkit.ts');
    await useBackend('wasm');
    return check(json);
  };
}

const stats = testkit('math/stats', 'checkStats');

const models: readonly (readonly [name: string, section: string, file?: string, check?: string])[] = [
  ['m2ad_scoring', 'M2AD scoring chain', 'detect/m2ad', 'checkM2adScoring'],
  ['m2ad_lstm', 'M2AD LSTM forecaster', 'models/m2ad', 'checkM2adLstm'],
  ['amad', 'AMAD', 'models/amad', 'checkAmad'],
  ['amsl', 'AMSL', 'models/amsl', 'checkAmsl'],
  [
    'active_transformer',
    'Active learning: masked minimax feedback (Transformer backbone)',
    'feedback/minimax',
    'checkActiveTransformer',
  ],
  ['anomaly_transformer', 'Anomaly Transformer', 'models/transformer', 'checkAnomalyTransformer'],
  ['transformer', 'Transformer backbone', 'models/transformer', 'checkTransformer'],
  ['usad', 'USAD', 'models/usad', 'checkUsad'],
  ['lstm_vae', 'LSTM-VAE', 'models/lstmVae', 'checkLstmVae'],
  ['omni_anomaly', 'OmniAnomaly (small)', 'models/omniAnomaly', 'checkOmniAnomaly'],
  ['vtt_sat', 'VTT-SAT', 'models/vtt', 'checkVttSat'],
  ['vtt_pat', 'VTT-PAT', 'models/vtt', 'checkVttPat'],
  ['cgats', 'C-GATS', 'generate/cgats', 'checkCgats'],
  ['robusttad_unet', 'RobustTAD U-Net', 'models/labelled', 'checkRobustTad'],
  ['srcnn', 'SR-CNN head', 'models/labelled', 'checkSrCnn'],
  ['ncad', 'NCAD', 'models/labelled', 'checkNcad'],
];

export const CHECKERS: readonly Checker[] = [
  {
    title: 'metrics',
    reads: hasSchema('golden-metrics/1'),
    check: testkit('eval/metrics', 'checkMetrics'),
  },
  {
    title: 'statistics',
    reads: hasSchema('golden-stats/1'),
    check: stats && ((json, name) => stats(basename(name), json)),
  },
  ...models.map(([name, section, file, check]) => ({
    title: section,
    reads: isModel(name, section),
    check: file === undefined || check === undefined ? null : onBackend(testkit(file, check)),
  })),
  {
    title: 'a kind of golden file that this engine does not know',
    reads: (json) => typeof field(json, 'schema') === 'string' && String(field(json, 'schema')).startsWith('golden-'),
    check: null,
  },
];

const formats = testkit('data/formats', 'checkFormats');

/** A folder of samples with an `expected.json` that describes each of them. */
export const FORMATS = {
  reads(folder: string): boolean {
    const path = join(folder, 'expected.json');
    return existsSync(path) && hasSchema('golden-formats/1')(JSON.parse(readFileSync(path, 'utf8')));
  },
  check:
    formats &&
    ((folder: string, json: unknown) =>
      formats(
        { read: (path: string) => bytesOf(folder, path), list: (below: string) => filesBelow(join(folder, below)) },
        json,
      )),
};
