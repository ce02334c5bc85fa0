/**
 * The active-learning paper's protocol with a simulated oracle: windows of 50 side by side, 40 % of the test part as pool,
 * a budget of windows asked in rounds, feedback after each, everything judged on the rest by one score (eq. 4).
 * Every piece of work is kept, so that a stopped benchmark goes on where it was.
 */
import { resolve as resolvePath } from 'node:path';
import { EngineError } from '../../src/engine/errors.ts';
import type { AnyDetector } from '../../src/engine/model.ts';
import { packWeights, unpackWeights } from '../../src/engine/shipped.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Series } from '../../src/engine/types.ts';
import { backboneValues, baseOf, plainRows, taughtRow, variants, widerRow } from './activeRows.ts';
import type { ActiveSettings, Row } from './activeRows.ts';
import { ACTIVE_SETS, RATIO, WINDOW } from './activeSets.ts';
import { detectorNamed } from './attention.ts';
import type { Bench, BenchOptions, Cell, Table } from './bench.ts';
import { meanOf } from './bench.ts';
import { VUS_WINDOW } from './judge.ts';
import { openStore, RESULTS } from './store.ts';
import type { Store } from './store.ts';

/** The paper's seven, and two of ours that fill in hidden steps too. */
const BACKBONES = [
  'transformer',
  'usad',
  'lstm-vae',
  'omni-anomaly',
  'anomaly-transformer',
  'vtt-sat',
  'vtt-pat',
  'amad',
  'm2ad',
];

/** The backbone of the paper's ablation. */
const ABLATED = 'transformer';

/** Raise it when code that the results depend on has changed. */
const VERSION = 1;

const DEFAULTS: ActiveSettings = {
  budget: 50,
  perRound: 10,
  epochs: 10,
  rate: 1e-3,
  cap: 0,
  wrong: 0,
  trainEpochs: 10,
};

type Rows = Readonly<Record<string, Row>>;

const chosenBackbones = (wanted: string | undefined): AnyDetector[] =>
  (wanted === undefined || wanted === 'all' ? BACKBONES : wanted.split(',')).map((id) => {
    const detector = detectorNamed(id);
    if (detector.teaches === true) return detector;
    throw new EngineError(
      'bad-input',
      'cannot-learn',
      `${detector.card.title} does not fill in hidden steps`,
      `Choose from ${BACKBONES.join(', ')}.`,
    );
  });

const settingsOf = (set: BenchOptions['set']): ActiveSettings =>
  Object.fromEntries(
    Object.entries(DEFAULTS).map(([key, value]) => [key, Number(set[key] ?? value)]),
  ) as ActiveSettings;

type Work = {
  readonly store: Store<unknown>;
  readonly options: BenchOptions;
  readonly settings: ActiveSettings;
  /** Rows without each part of the framework, too. */
  readonly ablates: boolean;
  readonly until: number;
  left: number;
};

/** Means over the assets of a set, by row. */
function meanRows(all: readonly Rows[]): Record<string, Omit<Row, 'curve'>> {
  const names = [...new Set(all.flatMap((rows) => Object.keys(rows)))];
  return Object.fromEntries(
    names.map((name) => {
      const held = all.flatMap((rows) => (Object.hasOwn(rows, name) ? [rows[name]] : []));
      const mean = (of: (row: Row) => number | null): number => meanOf(held.map(of)) ?? NaN;
      const seconds = held.reduce((sum, row) => sum + row.seconds, 0);
      const scores = { paF1: mean((row) => row.paF1), f1: mean((row) => row.f1), paK: mean((row) => row.paK) };
      return [name, { ...scores, vusPr: meanOf(held.map(({ vusPr }) => vusPr)), seconds }];
    }),
  );
}

/** A kept result, or a new one while there is time; null when there is none left. */
async function piece<R>(work: Work, name: string, key: object, make: () => Promise<R>): Promise<R | null> {
  const whole = { version: VERSION, seed: work.options.seed, ...key };
  const kept = work.store.get(name, whole);
  if (kept !== null) return kept as R;
  if (performance.now() > work.until) {
    work.left++;
    return null;
  }
  const made = await make();
  work.store.put(name, whole, made);
  work.options.log(name);
  return made;
}

/** The rows of one backbone on one series that are there or could be made in time. */
async function backboneRows(work: Work, set: string, series: Series, detector: AnyDetector): Promise<Rows> {
  const { settings, options } = work;
  const { seed } = options;
  const { asset } = series;
  const id = detector.card.id;
  const { trainEpochs } = settings;
  const values = backboneValues(detector, settings);
  const named = (row: string): string => `active-${set}-${asset}-${id}-${row.replaceAll(' ', '-')}`;
  const trained = { set, asset, id, trainEpochs, values };
  const rows: Record<string, Row> = {};
  const base = await piece(work, named('base'), { ...trained, row: 'base' }, async () => {
    const { row, weights } = await baseOf(series, detector, settings, seed);
    return { row, weights: packWeights(weights) };
  });
  if (base === null) return rows;
  rows['without unlabelled'] = base.row;
  for (const variant of variants(settings).slice(0, id === ABLATED && work.ablates ? undefined : 1)) {
    const row = await piece(work, named(variant.name), { ...trained, settings, variant }, () =>
      taughtRow(series, detector, unpackWeights(base.weights), variant, settings, seed),
    );
    if (row !== null) rows[variant.name] = row;
  }
  const wider = await piece(work, named('wider'), { ...trained, row: 'wider' }, () =>
    widerRow(series, detector, settings, seed),
  );
  if (wider !== null) rows['with unlabelled'] = wider;
  return rows;
}

async function rowsOf(
  work: Work,
  set: string,
  assets: readonly Series[],
  detector: AnyDetector | null,
): Promise<Rows[]> {
  const found: Rows[] = [];
  for (const series of assets) {
    const { asset } = series;
    const rows =
      detector === null
        ? await piece(work, `active-${set}-${asset}-plain`, { set, asset, row: 'plain' }, () =>
            plainRows(series, work.options.seed),
          )
        : await backboneRows(work, set, series, detector);
    if (rows !== null && Object.keys(rows).length > 0) found.push(rows);
  }
  return found;
}

const cells = ({ paF1, f1, paK, vusPr, seconds }: Omit<Row, 'curve'>): Cell[] => [paF1, f1, paK, vusPr, seconds];

const notesOf = (
  assets: readonly Series[],
  { budget, perRound, epochs, rate, trainEpochs }: ActiveSettings,
): string[] => [
  `Means over ${assets.map(({ asset }) => asset).join(', ')}; judged on the last ${100 - 100 * RATIO} % of the test part, asked in the first ${100 * RATIO} %.`,
  `Windows of ${WINDOW} side by side; budget ${budget} windows, ${perRound} a round; feedback ${epochs} epochs at ${rate}, training at most ${trainEpochs} epochs; one score for all rows: mean over sensors of |x − x̂|.`,
  `F1, PA F1 and PA%K AUC choose thresholds with the labels (oracle); VUS-PR with window ${VUS_WINDOW}. PA F1 is won by random scores: read it beside the row Random.`,
];

const TABLE2 = ['without unlabelled', 'with unlabelled', 'ours'];

function tables(
  set: string,
  assets: readonly Series[],
  found: ReadonlyMap<AnyDetector | null, readonly Rows[]>,
  settings: ActiveSettings,
): Table[] {
  const main: Cell[][] = [];
  const ablation: Cell[][] = [];
  const curves: Cell[][] = [];
  for (const [detector, all] of found) {
    if (all.length === 0) continue;
    const means = meanRows(all);
    const title = detector?.card.title ?? '';
    for (const [name, row] of Object.entries(means)) {
      if (detector === null) main.push([name, '', ...cells(row), all.length]);
      else if (TABLE2.includes(name)) main.push([title, name, ...cells(row), all.length]);
      if (detector?.card.id === ABLATED) ablation.push([name, ...cells(row), all.length]);
    }
    const longest = Math.max(...all.map((rows) => (rows['ours'] as Row | undefined)?.curve?.length ?? 0));
    if (detector !== null)
      curves.push([
        title,
        ...Array.from({ length: longest }, (_, n) =>
          meanOf(all.map((rows) => (rows['ours'] as Row | undefined)?.curve?.[n]?.paK ?? null)),
        ),
        all.map((rows) => (rows['ours'] as Row | undefined)?.curve?.at(-1)?.anomalous ?? 0).join(' '),
      ]);
  }
  const rounds = Math.max(0, ...curves.map((row) => row.length - 2));
  const notes = notesOf(assets, settings);
  const measures = ['PA F1', 'F1', 'PA%K', 'VUS-PR', 'seconds', 'assets'];
  return [
    {
      title: `${set}: feedback and what it is compared with`,
      notes,
      columns: ['backbone', 'type', ...measures],
      rows: main,
    },
    { title: `${set}: parts of the framework, Transformer`, notes: [], columns: ['row', ...measures], rows: ablation },
    {
      title: `${set}: PA%K AUC by windows asked`,
      notes: ['Last column: asked windows that held an anomaly, by asset.'],
      columns: [
        'backbone',
        ...Array.from({ length: rounds }, (_, n) => String(Math.min(settings.budget, n * settings.perRound))),
        'anomalous',
      ],
      rows: curves.filter((row) => row.length === rounds + 2),
    },
  ].filter(({ rows }) => rows.length > 0);
}

export const active: Bench = {
  name: 'active',
  about:
    'active learning by a simulated oracle on SMD, ASD, SKAB, GECCO (--set backbone=all|ID,ID ablate=false budget=N epochs=N rate=N wrong=N minutes=N results=DIR)',
  async run(options) {
    const { set, only, data, log } = options;
    const known = [...Object.keys(DEFAULTS), 'backbone', 'ablate', 'minutes', 'results'];
    const unknown = Object.keys(set).filter((key) => !known.includes(key));
    if (unknown.length > 0)
      throw new EngineError('bad-input', 'bad-parameter', `there is no setting ${unknown.join(', ')}`, 'See --help.');
    const backbones = chosenBackbones(set['backbone']);
    const settings = settingsOf(set);
    const device = await useBackend('wasm');
    const minutes = Number(set['minutes'] ?? 0);
    const work: Work = {
      store: openStore<unknown>(resolvePath(set['results'] ?? RESULTS)),
      options,
      settings,
      ablates: set['ablate'] !== 'false',
      until: minutes > 0 ? performance.now() + minutes * 60_000 : Infinity,
      left: 0,
    };
    const all: Table[] = [];
    for (const [name, load] of Object.entries(ACTIVE_SETS)) {
      if (only.length > 0 && !only.map((one) => one.toUpperCase()).includes(name)) continue;
      const assets = await load(data);
      const found = new Map<AnyDetector | null, Rows[]>();
      for (const detector of [null, ...backbones]) found.set(detector, await rowsOf(work, name, assets, detector));
      all.push(...tables(name, assets, found, settings));
    }
    if (work.left > 0) log(`${work.left} pieces are left: give the same command again to go on.`);
    return { settings: { ...settings, variants: variants(settings), seed: options.seed, device }, tables: all };
  },
};
