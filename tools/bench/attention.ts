/**
 * AMAD and its family on SMD, ASD, MSL and SMAP: each engine by its paper's score, by its squared error and through the
 * M2AD head, beside itself untrained, random scores and simple detectors. Long, so every piece is kept and found again.
 */
import { resolve as resolvePath } from 'node:path';
import { BASELINES } from '../../src/engine/baselines/index.ts';
import { EngineError } from '../../src/engine/errors.ts';
import { detectors } from '../../src/engine/models/index.ts';
import type { AnyDetector } from '../../src/engine/model.ts';
import { resolve } from '../../src/engine/params.ts';
import type { AnyValues } from '../../src/engine/params.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Series } from '../../src/engine/types.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { chosenSets, loadAsset } from './benchmarkSets.ts';
import type { ChosenSet } from './benchmarkSets.ts';
import { VUS_WINDOW } from './judge.ts';
import { settingsFor } from './m2ad.ts';
import { summary } from './protocols.ts';
import { scoreBaseline, scoreDetector, untrainedKey } from './scoring.ts';
import type { Scored, Scoring } from './scoring.ts';
import { openStore, RESULTS } from './store.ts';
import type { Key, Store } from './store.ts';

const ENGINES = ['amad', 'transformer', 'anomaly-transformer', 'vtt-sat', 'vtt-pat'];

/** Simple detectors beside the engines; all there are have a benchmark of their own. */
const BESIDE = ['random', 'z-score', 'difference', 'pca', 'kmeans'];

/** Training windows an asset at most: the stride of `lite` is widened until they are no more. */
const WINDOWS = 1000;

/** Raise it when code that the results depend on has changed. */
const VERSION = 1;

const SCORINGS: Readonly<Record<Scoring, string>> = {
  paper: 'paper’s score',
  error: 'squared error',
  head: 'M2AD head',
};

/** A piece of work: what it is made of names it, `make` does it. */
type Piece = {
  readonly row: string;
  readonly asset: string;
  readonly name: string;
  readonly key: Key;
  readonly make: (series: Series) => Promise<Scored>;
};

/** A detector under a name of its own, with settings on top of `lite`. */
export type Entry = { readonly title: string; readonly detector: AnyDetector; readonly settings: AnyValues };

const valuesOf = ({ detector, settings }: Entry): AnyValues =>
  resolve(detector.params, { ...(detector.presets['lite'] as AnyValues), ...settings });

/** Settings of an entry for an asset with this many training rows. */
function valuesFor(entry: Entry, trainRows: number, windows: number): AnyValues {
  const values = valuesOf(entry);
  const widened = Math.max(Number(values['stride']), Math.floor(trainRows / windows));
  return 'stride' in entry.settings ? values : { ...values, stride: widened };
}

function detectorPieces(entry: Entry, set: ChosenSet, asset: string, seed: number, windows: number): [Piece, Piece] {
  const { title, detector, settings } = entry;
  const id = detector.card.id;
  const common = { version: VERSION, set: set.name, ratio: set.ratio, asset, id, seed };
  const piece = (isTrained: boolean, key: Key): Piece => ({
    row: isTrained ? title : `${title}, untrained`,
    asset,
    name: `${set.name}-${asset}-${id}${isTrained ? '' : '-untrained'}`,
    key,
    make: (series) => {
      const values = valuesFor(entry, series.train.end - series.train.start, windows);
      return scoreDetector(series, detector, values, set.ratio, seed, isTrained);
    },
  });
  const values = valuesOf(entry);
  return [
    piece(true, { ...common, values, windows: 'stride' in settings ? null : windows }),
    piece(false, { ...common, values: untrainedKey(values) }),
  ];
}

const baselinePieces = (set: ChosenSet, asset: string, seed: number): Piece[] =>
  BASELINES.filter(({ id }) => BESIDE.includes(id)).map((baseline) => ({
    row: baseline.title,
    asset,
    name: `${set.name}-${asset}-${baseline.id}`,
    key: { version: VERSION, set: set.name, ratio: set.ratio, asset, id: baseline.id, seed },
    make: (series) => scoreBaseline(series, baseline, set.ratio, seed),
  }));

type Limits = { readonly until: number; left: number };

/** Results by row; pieces that are not there are made until the time is up. */
async function resultsOf(
  set: ChosenSet,
  pieces: readonly Piece[],
  { data, log }: BenchOptions,
  store: Store<Scored>,
  limits: Limits,
): Promise<RowResults> {
  const byRow = new Map<string, { asset: string; scored: Scored }[]>();
  let open: Series | null = null;
  for (const { row, asset, name, key, make } of pieces) {
    let scored = store.get(name, key);
    if (scored === null && performance.now() > limits.until) {
      limits.left += 1;
      continue;
    }
    if (scored === null) {
      if (open?.asset !== asset) open = await loadAsset(data, set, asset);
      scored = await make(open);
      store.put(name, key, scored);
      const vus = Object.entries(scored.by).map(([by, { vusPr }]) => `${by} ${vusPr?.toFixed(3) ?? '–'}`);
      log(`${set.name} ${asset} ${row}: VUS-PR ${vus.join(', ')}; ${scored.seconds.toFixed(0)} s`);
    }
    byRow.set(row, [...(byRow.get(row) ?? []), { asset, scored }]);
  }
  return byRow;
}

const COLUMNS = ['by', 'VUS-PR', 'AP', 'ROC', 'PA%K', 'best F1', 'F1', 'PA F1', 'assets', 'seconds'];

function resultTable(set: ChosenSet, byRow: RowResults): Table {
  const rows: Cell[][] = [];
  for (const [row, all] of byRow) {
    for (const by of ['paper', 'error', 'head'] as const) {
      const held = all.flatMap(({ scored }) => scored.by[by] ?? []);
      if (held.length === 0) continue;
      const s = summary(held);
      const seconds = all.reduce((sum, { scored }) => sum + scored.seconds, 0);
      const isBaseline = BASELINES.some(({ title }) => title === row);
      const how = isBaseline && by === 'paper' ? '' : SCORINGS[by];
      rows.push([row, how, s.vusPr, s.ap, s.roc, s.paK, s.bestF1, s.pointF1, s.adjustedF1, held.length, seconds]);
    }
  }
  return {
    id: set.name.toLowerCase(),
    title: `${set.name}: ${set.assets.length} of ${set.of} assets (${set.assets.join(', ')})`,
    notes: [
      `Means over assets, test part. VUS-PR with window ${VUS_WINDOW}; PA%K AUC and best F1 choose thresholds by labels (oracle).`,
      `F1 and PA F1: the papers' threshold, the ${100 - set.ratio} percentile of training and test scores of each asset together; counts pooled.`,
      'PA F1 (point adjustment): random scores reach most of it, so read it beside the first row only.',
    ],
    columns: ['engine', ...COLUMNS],
    rows,
  };
}

/** What training is worth: the same network before and after, asset by asset. */
function gainTable(set: ChosenSet, entries: readonly Entry[], byRow: RowResults): Table {
  const rows = entries.flatMap(({ title }): Cell[][] =>
    (['paper', 'error', 'head'] as const).flatMap((by): Cell[][] => {
      const before = byRow.get(`${title}, untrained`) ?? [];
      const pairs = (byRow.get(title) ?? []).flatMap((trained, n) => {
        const after = trained.scored.by[by]?.vusPr ?? null;
        const start = before[n]?.scored.by[by]?.vusPr ?? null;
        return after === null || start === null || before[n].asset !== trained.asset ? [] : [{ start, after }];
      });
      if (pairs.length === 0) return [];
      const mean = (of: (pair: { start: number; after: number }) => number) =>
        pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
      const better = pairs.filter(({ start, after }) => after > start).length;
      return [
        [
          title,
          SCORINGS[by],
          mean(({ start }) => start),
          mean(({ after }) => after),
          mean(({ start, after }) => after - start),
          `${better} of ${pairs.length}`,
        ],
      ];
    }),
  );
  return {
    id: `${set.name.toLowerCase()}-gain`,
    title: `${set.name}: VUS-PR before and after training`,
    notes: [
      'Untrained: the same network with its first weights. It expects next to nothing, so its error is nearly |z|.',
    ],
    columns: ['engine', 'by', 'untrained', 'trained', 'gain', 'better on'],
    rows,
  };
}

/** null where an asset has no such score: means over different assets do not compare. */
function vusOf(byRow: RowResults, row: string, by: Scoring): number | null {
  const all = byRow.get(row) ?? [];
  const held = all.flatMap(({ scored }) => scored.by[by] ?? []);
  return held.length === 0 || held.length < all.length ? null : summary(held).vusPr;
}

/** Each engine by the scoring that suits it best, beside the simple detectors: one line a set. */
function overviewTable(sets: readonly { set: ChosenSet; byRow: RowResults }[], entries: readonly Entry[]): Table {
  const best = (byRow: RowResults, title: string): Cell => {
    const found = (['paper', 'error', 'head'] as const)
      .map((by) => ({ by, vus: vusOf(byRow, title, by) ?? -Infinity }))
      .sort((a, b) => b.vus - a.vus)[0];
    return found.vus === -Infinity ? null : `${found.vus.toFixed(3)} ${SCORINGS[found.by]}`;
  };
  const simple = BASELINES.filter(({ id }) => BESIDE.includes(id)).map(({ title }) => title);
  return {
    id: 'overview',
    title: 'VUS-PR on the same assets',
    notes: [
      'Engines: by whichever scoring is best, chosen by these labels. Simple detectors: alone / through the M2AD head.',
      'A scoring that some asset does not allow (a head has nothing to calibrate on a sensor that never moves) is left out.',
    ],
    columns: ['set', ...entries.map(({ title }) => title), ...simple],
    rows: sets.map(({ set, byRow }) => [
      `${set.name}, ${set.assets.length} of ${set.of}`,
      ...entries.map(({ title }) => best(byRow, title)),
      ...simple.map((title) =>
        [vusOf(byRow, title, 'paper'), vusOf(byRow, title, 'head')]
          .flatMap((vus) => (vus === null ? [] : [vus.toFixed(3)]))
          .join(' / '),
      ),
    ]),
  };
}

export type Comparison = {
  readonly entries: readonly Entry[];
  readonly sets: readonly ChosenSet[];
  /** Simple detectors alone, or every entry before training, too. */
  readonly beside: 'simple' | 'untrained too';
};

export type RowResults = ReadonlyMap<string, readonly { readonly asset: string; readonly scored: Scored }[]>;

/** Runs what is missing; results of what is there, by set and row. */
export async function compare(
  { entries, sets, beside }: Comparison,
  options: BenchOptions,
): Promise<{ sets: { set: ChosenSet; byRow: RowResults }[]; left: number }> {
  const { results = RESULTS, minutes = '0', seeds = String(options.seed), windows = String(WINDOWS) } = options.set;
  const store = openStore<Scored>(resolvePath(results));
  const limit = Number(minutes);
  const limits: Limits = { until: limit > 0 ? performance.now() + limit * 60_000 : Infinity, left: 0 };
  const draws = seeds.split(',').map(Number);
  const all: { set: ChosenSet; byRow: RowResults }[] = [];
  for (const set of sets) {
    const pieces = set.assets.flatMap((asset) =>
      draws.flatMap((seed) => [
        ...baselinePieces(set, asset, seed),
        ...entries.flatMap((entry) => {
          const [trained, untrained] = detectorPieces(entry, set, asset, seed, Number(windows));
          return beside === 'simple' ? [trained] : [trained, untrained];
        }),
      ]),
    );
    all.push({ set, byRow: await resultsOf(set, pieces, options, store, limits) });
  }
  if (limits.left > 0) options.log(`${limits.left} pieces are left: give the same command again to go on.`);
  return { sets: all, left: limits.left };
}

/** Settings of `--set` that are this benchmark's own and not a detector's. */
const OWN = ['engines', 'results', 'minutes', 'seeds', 'windows', 'whole', 'backend'];

/** Checks that every other setting belongs to some chosen detector. */
export function refuseUnknown(set: BenchOptions['set'], chosen: readonly AnyDetector[]): void {
  const unknown = Object.keys(set).filter((key) => !OWN.includes(key) && !chosen.some(({ params }) => key in params));
  if (unknown.length === 0) return;
  throw new EngineError('bad-input', 'bad-parameter', `there is no setting ${unknown.join(', ')}`, 'See --help.');
}

export function detectorNamed(id: string): AnyDetector {
  const found = detectors.get(id);
  if (found !== undefined) return found;
  throw new EngineError(
    'bad-input',
    'no-engine',
    `there is no engine "${id}"`,
    `Choose from ${[...detectors.keys()].join(', ')}.`,
  );
}

export const attention: Bench = {
  name: 'attention',
  about:
    'AMAD and its family on SMD, ASD, MSL, SMAP (--set engines=ID,ID seeds=1,2 windows=N whole=true minutes=N results=DIR)',
  async run(options) {
    const chosen = (options.set['engines']?.split(',') ?? ENGINES).map(detectorNamed);
    refuseUnknown(options.set, chosen);
    const device = await useBackend((options.set['backend'] ?? 'wasm') as 'wasm' | 'cpu' | 'webgpu');
    const entries = chosen.map((detector): Entry => {
      const settings = settingsFor(detector.params, options.set);
      return { title: detector.card.title, detector, settings };
    });
    const sets = chosenSets(options.data, options.only, options.set['whole'] === 'true');
    const results = await compare({ entries, sets, beside: 'untrained too' }, options);
    const tables = [
      overviewTable(results.sets, entries),
      ...results.sets.flatMap(({ set, byRow }) => [resultTable(set, byRow), gainTable(set, entries, byRow)]),
    ];
    const { left } = results;
    return { settings: { ...options.set, seed: options.seed, vusWindow: VUS_WINDOW, device }, tables, left };
  },
};
