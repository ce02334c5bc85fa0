/** What generated anomalies do to detectors: the C-GATS paper's Table 3 and Tables 1 and 2 in shape. */
import { join } from 'node:path';
import { SETTINGS, tryOut } from '../../src/engine/generate/judge.ts';
import type { F1s, Setting } from '../../src/engine/generate/judge.ts';
import { countOf } from '../../src/engine/generate/samples.ts';
import { trialDetector, trialMaker } from '../../src/engine/generate/trialSetup.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import type { Bench, BenchOptions, Table } from './bench.ts';
import { cgatsTables } from './cgatsTables.ts';
import type { Row, Shown } from './cgatsTables.ts';
import { openStore, RESULTS } from './store.ts';
import { GROUPS, nabSet, sinesSet } from './windowSets.ts';
import type { WindowSet } from './windowSets.ts';

type Result = { readonly detector: string; readonly setting: Setting; readonly f1s: F1s };

const LEARNING = ['robust-tad', 'sr-cnn', 'ncad'];
const RULES = ['one-liner-a', 'one-liner-b', 'sr', 'case-1', 'case-2', 'case-3'];
const MAKERS = ['none', 'mixup', 'cutmix', 'combination', 'rcgan', 'c-gats'];

const list = (text: string | undefined, all: readonly string[]): string[] =>
  text === undefined ? [...all] : text.split('+').filter((name) => all.includes(name));

type Plan = {
  readonly sets: readonly WindowSet[];
  readonly detectors: readonly string[];
  readonly makers: readonly string[];
  readonly splits: readonly ('window' | 'source')[];
  readonly seeds: number;
  readonly epochs: number;
  readonly settings: readonly Setting[];
  /** NCAD takes most of the time: unless asked for more, it meets C-GATS alone, and only beside real windows. */
  readonly spared: (detector: string) => boolean;
  /** Updates of each step of C-GATS, at least; null: as the preset says. */
  readonly updates: number | null;
  /** Pieces that are begun after this time (of `performance.now`) are left for another run. */
  readonly until: number;
};

function makerOf(id: string, set: WindowSet, updates: number | null) {
  if (id === 'none') return null;
  if (id !== 'c-gats') return trialMaker(id);
  return trialMaker(id, {
    ...(set.name === 'sines' ? { scale: 'none' } : {}),
    ...(updates === null ? {} : { updates1: updates, updates2: Math.round(updates / 4) }),
  });
}

const run = { checkpoint: () => Promise.resolve(), progress: () => undefined };

/** What one augmentation is asked: the other sides of Tables 1 and 2 are C-GATS' alone. */
function settingsFor(plan: Plan, maker: string, detector: string): readonly Setting[] {
  if (maker === 'none') return ['TRTR'];
  if (plan.spared(detector)) return ['T(R+S)TR'];
  return plan.settings.filter((setting) => setting === 'T(R+S)TR' || (setting !== 'TRTR' && maker === 'c-gats'));
}

/**
 * One split, seed and augmentation, which is trained once for all detectors that are asked the same; kept, so that a
 * stopped benchmark goes on. `missing`: detectors whose results are not there since time is up.
 */
async function piece(
  plan: Plan,
  set: WindowSet,
  split: 'window' | 'source',
  maker: string,
  seed: number,
  detectors: readonly string[],
  log: (line: string) => void,
): Promise<{ readonly results: readonly Result[]; readonly missing: number }> {
  const store = openStore<Result[]>(join(RESULTS, 'cgats'));
  const augmentation = makerOf(maker, set, plan.updates);
  const places = detectors.map((detector) => {
    const chosen = trialDetector(detector, plan.epochs, set.samples.T);
    const settings = settingsFor(plan, maker, detector);
    const key = {
      set: set.name,
      windows: countOf(set.samples),
      stride: set.stride,
      split,
      seed,
      detector,
      values: chosen.values,
      maker,
      made: augmentation?.values ?? null,
      settings,
      version: 1,
    };
    return { detector, chosen, settings, key, name: `${set.name}-${split}-${detector}-${maker}-${seed}` };
  });
  const missing = places.filter(({ name, key }) => store.get(name, key) === null);
  const isLate = performance.now() > plan.until;
  const made: Result[] = [];
  const keep = ({ detector, settings, name, key }: (typeof places)[number]): void => {
    const own = made.filter((result) => result.detector === detector);
    if (own.length < settings.length) return;
    log(`${name}: ${own.map(({ setting, f1s }) => `${setting} ${f1s.macroOracle.toFixed(3)}`).join(', ')}`);
    store.put(name, key, own);
  };
  if (missing.length > 0 && !isLate)
    await tryOut(
      {
        ...{ samples: set.samples, split, seed, augmentation, settings: SETTINGS },
        detectors: missing.map(({ chosen, settings }) => ({ ...chosen, settings })),
      },
      run,
      (detector, setting, f1s) => {
        made.push({ detector, setting, f1s });
        missing.filter((place) => place.detector === detector).forEach(keep);
      },
    );
  const results = places.flatMap(({ name, key }) => store.get(name, key) ?? []);
  return { results, missing: isLate ? missing.length : 0 };
}

/** All of one split: what is kept or could be made in time, and how many pieces are left. */
async function rowsOf(
  plan: Plan,
  split: Shown['split'],
  log: BenchOptions['log'],
): Promise<{ rows: Row[]; left: number }> {
  const rows: Row[] = [];
  let left = 0;
  for (const set of plan.sets)
    for (const maker of plan.makers) {
      const isMet = (id: string): boolean => LEARNING.includes(id) && (maker === 'c-gats' || !plan.spared(id));
      const asked = plan.detectors.filter((id) => maker === 'none' || isMet(id));
      for (let seed = 1; seed <= plan.seeds; seed++) {
        const { results, missing } = await piece(plan, set, split, maker, seed, asked, log);
        rows.push(...results.map((result): Row => ({ ...result, set: set.name, maker })));
        left += missing;
      }
    }
  return { rows, left };
}

export const cgatsBench: Bench = {
  name: 'cgats',
  about:
    'detectors with and without generated windows (--set windows=N seeds=N epochs=N updates=N splits=window+source makers=… detectors=… settings=… whole=true minutes=N)',
  async run({ data, only, set, log }) {
    const device = await useBackend('wasm');
    const most = Number(set['windows'] ?? 600);
    const wanted = only.length > 0 ? only : ['sines', ...GROUPS];
    const sets: WindowSet[] = [];
    if (wanted.includes('sines')) sets.push(sinesSet(most, 7));
    for (const group of GROUPS.filter((name) => wanted.includes(name))) {
      const found = await nabSet(data, group, most);
      if (found === null) log(`${group}: not below ${data}, skipped`);
      else sets.push(found);
    }
    const plan: Plan = {
      sets,
      detectors: list(set['detectors'], [...LEARNING, ...RULES]),
      makers: list(set['makers'], MAKERS),
      splits: list(set['splits'], ['window', 'source']) as Plan['splits'],
      seeds: Number(set['seeds'] ?? 3),
      epochs: Number(set['epochs'] ?? 16),
      settings: list(set['settings'], SETTINGS) as Plan['settings'],
      spared: (detector) => set['whole'] !== 'true' && detector === 'ncad',
      updates: set['updates'] === undefined ? null : Number(set['updates']),
      until: performance.now() + 60_000 * Number(set['minutes'] ?? Infinity),
    };
    const tables: Table[] = [];
    let left = 0;
    for (const split of plan.splits) {
      const found = await rowsOf(plan, split, log);
      left += found.left;
      const learning = plan.detectors.filter((id) => LEARNING.includes(id));
      tables.push(
        ...cgatsTables({
          ...{ split, sets, learning, makers: plan.makers, seeds: plan.seeds, rows: found.rows },
          rules: plan.detectors.filter((id) => RULES.includes(id)),
          asked: plan.settings.length > 2 ? learning.filter((id) => !plan.spared(id)) : [],
        }),
      );
    }
    const { seeds, epochs, updates } = plan;
    return { settings: { windows: most, seeds, epochs, updates, device }, tables, left };
  },
};
