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
import { ACTIVE_SETS } from './activeSets.ts';
import { activeTables } from './activeTables.ts';
import type { Rows, SetRows } from './activeTables.ts';
import { detectorNamed } from './attention.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { held, openStore, RESULTS } from './store.ts';
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

/** A kept result, or a new one while there is time; null when there is none left. */
async function piece<R>(work: Work, name: string, key: object, make: () => Promise<R>): Promise<R | null> {
  const whole = { version: VERSION, seed: work.options.seed, ...key };
  const found = await held(work.store, name, whole, work.until, async () => {
    const made = await make();
    work.options.log(name);
    return made;
  });
  if (found === null) work.left++;
  return found as R | null;
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
    const all: SetRows[] = [];
    for (const [name, load] of Object.entries(ACTIVE_SETS)) {
      if (only.length > 0 && !only.map((one) => one.toUpperCase()).includes(name)) continue;
      const assets = await load(data);
      const found = new Map<AnyDetector | null, Rows[]>();
      for (const detector of [null, ...backbones]) found.set(detector, await rowsOf(work, name, assets, detector));
      all.push({ set: name, assets: assets.map(({ asset }) => asset), found });
    }
    if (work.left > 0) log(`${work.left} pieces are left: give the same command again to go on.`);
    const { left } = work;
    const tables = activeTables(all, settings, ABLATED);
    return { settings: { ...settings, variants: variants(settings), seed: options.seed, device }, tables, left };
  },
};
