/** Tables of `bench cgats`: the C-GATS paper's Table 3, its Tables 1 and 2, and the detectors that learn nothing. */
import { SETTINGS } from '../../src/engine/generate/judge.ts';
import type { F1s, Setting } from '../../src/engine/generate/judge.ts';
import { byKind, countOf } from '../../src/engine/generate/samples.ts';
import { meanOf } from './bench.ts';
import type { Cell, Table } from './bench.ts';
import { PRINTED } from './windowSets.ts';
import type { WindowSet } from './windowSets.ts';

export type Row = {
  readonly set: string;
  readonly detector: string;
  readonly maker: string;
  readonly setting: Setting;
  readonly f1s: F1s;
};

export type Shown = {
  readonly split: 'window' | 'source';
  readonly sets: readonly WindowSet[];
  readonly learning: readonly string[];
  readonly rules: readonly string[];
  readonly makers: readonly string[];
  /** Detectors that were asked for every setting. */
  readonly asked: readonly string[];
  readonly seeds: number;
  readonly rows: readonly Row[];
};

const KINDS = [
  ['macroOracle', 'macro'],
  ['pooled', 'pooled'],
] as const;

/** Mean ± deviation; the mean alone of a single seed, whose deviation nobody knows. */
function spread(values: readonly number[]): Cell {
  const mean = meanOf(values);
  if (mean === null || values.length === 1) return mean;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return `${mean.toFixed(3)} ± ${sd.toFixed(3)}`;
}

const settingOf = (maker: string): Setting => (maker === 'none' ? 'TRTR' : 'T(R+S)TR');

/** The tables of one split. */
export function cgatsTables({ split, sets, learning, rules, makers, asked, seeds, rows }: Shown): Table[] {
  const cell = (set: string, detector: string, maker: string, setting: Setting, kind: keyof F1s): Cell =>
    spread(
      rows
        .filter((row) => row.set === set && row.detector === detector && row.maker === maker && row.setting === setting)
        .map(({ f1s }) => f1s[kind]),
    );
  const each = <R>(
    make: (set: string, detector: string, kind: keyof F1s, title: string) => R,
    ids: readonly string[],
  ) =>
    sets.flatMap(({ name }) =>
      ids.flatMap((detector) => KINDS.map(([kind, title]) => make(name, detector, kind, title))),
    );
  const notes = [
    ...sets.map(
      ({ name, samples }) =>
        `${name}: ${countOf(samples)} windows of 240 steps, ${byKind(samples).anomalous.length} of them anomalous, from ${new Set(samples.source_N).size} series.`,
    ),
    seeds === 1 ? 'One seed.' : `Mean ± deviation over ${seeds} seeds, each with a split and a generator of its own.`,
  ];
  const gain: Table = {
    id: `gain-${split}`,
    title: `Trained on real and generated windows, tested on real ones (Table 3), split by ${split}`,
    notes,
    columns: ['set', 'detector', 'F1', ...makers, 'paper: none', 'paper: C-GATS'],
    rows: each((set, detector, kind, title): Cell[] => {
      const printed = kind === 'macroOracle' ? PRINTED[detector]?.[set] : undefined;
      const ours = makers.map((maker) => cell(set, detector, maker, settingOf(maker), kind));
      return [set, detector, title, ...ours, ...(printed ?? [null, null])];
    }, learning),
  };
  const sides: Table = {
    id: `sides-${split}`,
    title: `Which side C-GATS makes (Tables 1 and 2), split by ${split}`,
    notes: [],
    columns: ['set', 'detector', 'F1', ...SETTINGS],
    rows: each(
      (set, detector, kind, title): Cell[] => [
        set,
        detector,
        title,
        ...SETTINGS.map((setting) => cell(set, detector, setting === 'TRTR' ? 'none' : 'c-gats', setting, kind)),
      ],
      asked,
    ),
  };
  const plain: Table = {
    id: `rules-${split}`,
    title: `Detectors that learn nothing from windows (Table 9), macro F1, split by ${split}`,
    notes: [],
    columns: ['detector', ...sets.map(({ name }) => name)],
    rows: rules.map((detector): Cell[] => [
      detector,
      ...sets.map(({ name }) => cell(name, detector, 'none', 'TRTR', 'macroOracle')),
    ]),
  };
  const isMade = makers.includes('c-gats') && asked.length > 0;
  return [gain, ...(isMade ? [sides] : []), ...(rules.length > 0 ? [plain] : [])];
}
