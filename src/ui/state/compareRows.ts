/** Runs, baselines and their metrics as rows of one table. Pure. */
import type {
  AssetRef,
  Beside,
  BesideRules,
  MetricChoice,
  MetricRow,
  RunInfo,
  RunMeasures,
  Trivial,
  Yardsticks,
} from '../../workers/protocol.ts';
import type { Threshold } from '../../engine/types.ts';
import { en } from '../messages/en.ts';
import type { Load } from './types.ts';

/** Baselines have no settings of their own: these are the ones a run starts with. */
export const defaultRules: BesideRules = {
  significance: 0.001,
  percentile: 99.5,
  padding: 0,
  mergeGap: 10,
  minLength: 1,
  spacing: 0,
};

/** A run is measured anew when its events are settled otherwise. */
export const measureKey = ({ id, result }: RunInfo): string =>
  `${id} ${result.threshold.value} ${JSON.stringify(result.settings)}`;

export const besideKey = ({ datasetId, asset }: AssetRef, baselineId: string): string =>
  `${datasetId} ${asset} ${baselineId}`;

const sorted = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

/** Everything that makes a method, data and seed left out: runs with the same text are the same method. */
export const methodKey = ({ job, descent }: RunInfo): string =>
  JSON.stringify([job.engine, job.preset, sorted(job.params), job.head, sorted(job.headParams), descent?.round ?? 0]);

/** Runs with the same text differ in the seed alone. */
export const settingsKey = (run: RunInfo): string =>
  JSON.stringify([run.data.datasetId, run.data.asset, methodKey(run), run.result.settings]);

/** What a run changes of its presets: "window 20, error area". */
export const changesOf = ({ job }: RunInfo): string =>
  Object.entries({ ...job.params, ...job.headParams })
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');

/** Mean and deviation of a metric over seeds; null where any of them has none. */
export type Cell = {
  readonly value: number;
  /** Sample deviation; 0 for one value. */
  readonly deviation: number;
  readonly provenance: string;
};

export type Cells = Readonly<Partial<Record<string, Cell>>>;

export type TableRow = {
  readonly id: string;
  readonly kind: 'run' | 'baseline';
  readonly name: string;
  /** The newest run of the row; null for baselines. */
  readonly run: RunInfo | null;
  /** All runs of the row: several where seeds are shown together. */
  readonly runs: readonly RunInfo[];
  readonly about: string;
  readonly seeds: readonly number[];
  readonly threshold: Threshold | null;
  readonly cells: Cells;
  readonly isLoading: boolean;
  /** What random flags and flagging everything reach under this row's rules. */
  readonly trivial: readonly Trivial[];
};

const cellsOf = (metrics: readonly MetricRow[]): Cells =>
  Object.fromEntries(
    metrics.flatMap(({ id, value, provenance }) => (value === null ? [] : [[id, { value, deviation: 0, provenance }]])),
  );

/** Mean and sample deviation of each metric over the seeds. */
function together(all: readonly Cells[]): Cells {
  const [first] = all;
  if (!first || all.length === 1) return first ?? {};
  return Object.fromEntries(
    Object.entries(first).flatMap(([id, cell]) => {
      const values = all.flatMap((cells) => cells[id]?.value ?? []);
      if (!cell || values.length < all.length) return [];
      const value = values.reduce((a, b) => a + b, 0) / values.length;
      const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
      const deviation = Math.sqrt(squares / (values.length - 1));
      return [[id, { value, deviation, provenance: `mean of ${values.length} seeds; ${cell.provenance}` }]];
    }),
  );
}

/** Rows of runs; runs that differ in the seed alone become one row when `isTogether`. */
export function runRows(
  runs: readonly RunInfo[],
  measured: Readonly<Record<string, Load<RunMeasures | null>>>,
  isTogether: boolean,
): TableRow[] {
  const groups = new Map<string, RunInfo[]>();
  for (const run of runs) {
    const key = isTogether ? settingsKey(run) : run.id;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group): TableRow[] => {
    const [run] = group;
    if (!run) return [];
    const loads = group.map((each) => measured[measureKey(each)]);
    const known = loads.flatMap((load) => (load?.is === 'ready' && load.value ? [load.value] : []));
    const { threshold } = run.result;
    return [
      {
        id: run.id,
        kind: 'run',
        name: en.runName(run.name),
        run,
        runs: group,
        about: changesOf(run),
        seeds: group.map(({ job }) => job.seed),
        threshold,
        cells: known.length === group.length ? together(known.map(({ metrics }) => cellsOf(metrics))) : {},
        isLoading: loads.some((load) => !load || load.is === 'loading'),
        trivial: known[0]?.trivial ?? [],
      },
    ];
  });
}

/** Rows of the baselines of one asset: each by itself and, where it has residuals, through the head. */
export function besideRows(
  data: AssetRef,
  yardsticks: Yardsticks,
  beside: Readonly<Record<string, Load<readonly Beside[]>>>,
  headName: string,
): TableRow[] {
  return yardsticks.baselines.flatMap(({ id, ...card }): TableRow[] => {
    const title = en.engineText(card.title);
    const about = en.engineText(card.summary);
    const load = beside[besideKey(data, id)];
    const base = { kind: 'baseline', run: null, runs: [], seeds: [], trivial: [] } as const;
    const waiting = { ...base, id, name: title, about, threshold: null, cells: {} };
    if (load?.is !== 'ready') return load?.is === 'failed' ? [] : [{ ...waiting, isLoading: true }];
    return load.value.map((row) => ({
      ...base,
      id: `${id} ${row.how}`,
      name: row.how === 'own' ? title : `${title} + ${headName}`,
      about,
      threshold: row.threshold,
      cells: cellsOf(row.metrics),
      isLoading: false,
    }));
  });
}

/** `id` is that of the detector, without how it was scored. */
export type Ahead = { readonly id: string; readonly name: string; readonly value: number; readonly isTrivial: boolean };

/** Baselines that look at no model at all. */
const TRIVIAL = ['random', 'raw'];

const isBetter = (choice: MetricChoice, value: number, than: number): boolean =>
  choice.better === 'lower' ? value < than : value > than;

/**
 * Who reaches at least as much as this run in a metric, among baselines of the same asset: a trivial detector first, else the best of the simple baselines;
 * null where nobody does, or more is not better. `names` are those of the trivial detectors that only flag.
 */
export function aheadOf(
  choice: MetricChoice,
  row: TableRow,
  baselines: readonly TableRow[],
  names: Readonly<Record<Trivial['id'], string>>,
): Ahead | null {
  const own = row.cells[choice.id];
  if (!own || choice.better === 'neither' || row.kind !== 'run') return null;
  const rivals: Ahead[] = [
    ...row.trivial.flatMap(({ id, metrics }) => {
      const value = metrics.find((metric) => metric.id === choice.id)?.value ?? null;
      return value === null ? [] : [{ id, name: names[id], value, isTrivial: true }];
    }),
    ...baselines.flatMap(({ id, name, cells }): Ahead[] => {
      const cell = cells[choice.id];
      const [detector = '', how] = id.split(' ');
      const isTrivial = TRIVIAL.includes(detector) && how === 'own';
      return cell ? [{ id: detector, name, value: cell.value, isTrivial }] : [];
    }),
  ].filter(({ value }) => value === own.value || isBetter(choice, value, own.value));
  const best = (all: readonly Ahead[]) =>
    all.reduce<Ahead | null>((top, one) => (top && !isBetter(choice, one.value, top.value) ? top : one), null);
  return best(rivals.filter(({ isTrivial }) => isTrivial)) ?? best(rivals);
}

/** Whether all words of the filter are somewhere in the row. */
export function holds(row: TableRow, filter: string): boolean {
  const { run } = row;
  const text = [
    row.name,
    row.about,
    ...row.seeds.map((seed) => `seed ${seed}`),
    ...(run ? [run.data.asset, run.backend, run.note ?? '', ...(run.tags ?? [])] : []),
  ]
    .join(' ')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
