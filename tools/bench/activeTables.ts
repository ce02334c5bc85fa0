/** The tables of `bench active`: each set by itself, and each measure over all sets. */
import type { AnyDetector } from '../../src/engine/model.ts';
import type { ActiveSettings, Row } from './activeRows.ts';
import { RATIO, WINDOW } from './activeSets.ts';
import { meanOf } from './bench.ts';
import type { Cell, Table } from './bench.ts';
import { VUS_WINDOW } from './judge.ts';

/** The rows of one asset, by name. */
export type Rows = Readonly<Partial<Record<string, Row>>>;

/** What was found on a set; null stands for the simple detectors. */
export type SetRows = {
  readonly set: string;
  readonly assets: readonly string[];
  readonly found: ReadonlyMap<AnyDetector | null, readonly Rows[]>;
};

type Means = Omit<Row, 'curve'> & { readonly assets: number };

/** Means over the assets of a set, by row. */
function meanRows(all: readonly Rows[]): ReadonlyMap<string, Means> {
  const names = [...new Set(all.flatMap((rows) => Object.keys(rows)))];
  return new Map(
    names.map((name) => {
      const held = all.flatMap((rows) => rows[name] ?? []);
      const mean = (of: (row: Row) => number | null): number => meanOf(held.map(of)) ?? NaN;
      const seconds = held.reduce((sum, row) => sum + row.seconds, 0);
      const scores = { paF1: mean((row) => row.paF1), f1: mean((row) => row.f1), paK: mean((row) => row.paK) };
      return [name, { ...scores, vusPr: meanOf(held.map(({ vusPr }) => vusPr)), seconds, assets: held.length }];
    }),
  );
}

const cells = ({ paF1, f1, paK, vusPr, seconds, assets }: Means): Cell[] => [paF1, f1, paK, vusPr, seconds, assets];
const MEASURES = ['PA F1', 'F1', 'PA%K', 'VUS-PR', 'seconds', 'assets'];

const notesOf = (
  assets: readonly string[],
  { budget, perRound, epochs, rate, trainEpochs }: ActiveSettings,
): string[] => [
  `Means over ${assets.join(', ')}; judged on the last ${100 - 100 * RATIO} % of the test part, asked in the first ${100 * RATIO} %.`,
  `Windows of ${WINDOW} side by side; budget ${budget} windows, ${perRound} a round; feedback ${epochs} epochs at ${rate}, training at most ${trainEpochs} epochs; one score for all rows: mean over sensors of |x − x̂|.`,
  `F1, PA F1 and PA%K AUC choose thresholds with the labels (oracle); VUS-PR with window ${VUS_WINDOW}. PA F1 is won by random scores: read it beside the row Random.`,
];

/** The rows of the paper's table 2. */
const TYPES = ['without unlabelled', 'with unlabelled', 'ours'];

function mainTable({ set, assets, found }: SetRows, settings: ActiveSettings): Table {
  const rows: Cell[][] = [];
  for (const [detector, all] of found)
    for (const [name, row] of meanRows(all)) {
      if (detector === null) rows.push([name, '', ...cells(row)]);
      else if (TYPES.includes(name)) rows.push([detector.card.title, name, ...cells(row)]);
    }
  return {
    id: set.toLowerCase(),
    title: `${set}: feedback and what it is compared with`,
    notes: notesOf(assets, settings),
    columns: ['backbone', 'type', ...MEASURES],
    rows,
  };
}

function curveTable({ set, found }: SetRows, { budget, perRound }: ActiveSettings): Table {
  const rows: Cell[][] = [];
  for (const [detector, all] of found) {
    const curves = all.map(({ ours }) => ours?.curve ?? []);
    const longest = Math.max(0, ...curves.map((curve) => curve.length));
    if (detector === null || longest === 0) continue;
    const means = Array.from({ length: longest }, (_, n) => meanOf(curves.map((curve) => curve[n]?.paK ?? null)));
    rows.push([detector.card.title, ...means, curves.map((curve) => curve.at(-1)?.anomalous ?? 0).join(' ')]);
  }
  const rounds = Math.max(0, ...rows.map((row) => row.length - 2));
  const asked = Array.from({ length: rounds }, (_, n) => String(Math.min(budget, n * perRound)));
  return {
    id: `${set.toLowerCase()}-curve`,
    title: `${set}: PA%K AUC by windows asked`,
    notes: ['Last column: asked windows that held an anomaly, by asset.'],
    columns: ['backbone', ...asked, 'anomalous'],
    rows: rows.filter((row) => row.length === rounds + 2),
  };
}

type Measure = 'paK' | 'vusPr' | 'f1' | 'paF1';

const ACROSS: readonly { id: string; title: string; of: Measure }[] = [
  { id: 'pak', title: 'PA%K AUC', of: 'paK' },
  { id: 'vus-pr', title: 'VUS-PR', of: 'vusPr' },
  { id: 'f1', title: 'F1', of: 'f1' },
  { id: 'pa-f1', title: 'PA F1', of: 'paF1' },
];

/** A mean as text; an asterisk where not every asset has been run. */
function text(row: Means | undefined, of: Measure, assets: number): string {
  const value = row?.[of] ?? null;
  return row === undefined || value === null ? '–' : `${value.toFixed(3)}${row.assets < assets ? '*' : ''}`;
}

/** One measure, backbones by sets: without the pool / with it taken for normal / with the oracle's answers. */
function acrossTable(all: readonly SetRows[], { id, title, of }: (typeof ACROSS)[number]): Table {
  const sets = all.map((one) => ({ ...one, of: new Map([...one.found].map(([key, rows]) => [key, meanRows(rows)])) }));
  const detectors = [...new Set(all.flatMap(({ found }) => [...found.keys()]))];
  const plain = [...new Set(sets.flatMap((one) => [...(one.of.get(null)?.keys() ?? [])]))];
  return {
    id,
    title: `${title}, all sets`,
    notes: [
      'Each cell: without the pool / with the pool taken for normal / with the oracle’s answers; simple detectors have one figure.',
      'A dash has not been run, an asterisk on some assets alone.',
    ],
    columns: ['', ...sets.map(({ set }) => set)],
    rows: [
      ...detectors.flatMap((detector) =>
        detector === null
          ? []
          : [
              [
                detector.card.title,
                ...sets.map(({ of: means, assets }) =>
                  TYPES.map((type) => text(means.get(detector)?.get(type), of, assets.length)).join(' / '),
                ),
              ],
            ],
      ),
      ...plain.map((name) => [
        name,
        ...sets.map(({ of: means, assets }) => text(means.get(null)?.get(name), of, assets.length)),
      ]),
    ],
  };
}

/** What each part of the framework is worth, with one backbone: rows by sets, PA%K AUC (VUS-PR). */
function partsTable(all: readonly SetRows[], ablated: string): Table {
  const sets = all.map(({ set, assets, found }) => {
    const key = [...found.keys()].find((detector) => detector?.card.id === ablated);
    return { set, assets: assets.length, means: meanRows((key && found.get(key)) ?? []) };
  });
  const names = [...new Set(sets.flatMap(({ means }) => [...means.keys()]))];
  return {
    id: 'parts',
    title: 'Parts of the framework, PA%K AUC (VUS-PR)',
    notes: [`Backbone: ${ablated}.`],
    columns: ['parts', ...sets.map(({ set }) => set)],
    rows: names.map((name) => [
      name,
      ...sets.map(({ means, assets }) => {
        const row = means.get(name);
        return row === undefined ? '–' : `${text(row, 'paK', assets)} (${text(row, 'vusPr', assets)})`;
      }),
    ]),
  };
}

/** All tables that have rows. `ablated`: id of the backbone whose parts were taken away. */
export function activeTables(all: readonly SetRows[], settings: ActiveSettings, ablated: string): Table[] {
  return [
    ...ACROSS.map((measure) => acrossTable(all, measure)),
    partsTable(all, ablated),
    ...all.flatMap((one) => [mainTable(one, settings), curveTable(one, settings)]),
  ].filter(({ rows }) => rows.length > 0);
}
