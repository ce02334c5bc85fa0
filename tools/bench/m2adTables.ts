/** Tables of `bench m2ad`: ranking, events, attribution by asset, and its paper's comparison by set. */
import type { AttributionRule } from '../../src/engine/detect/attribution.ts';
import { meanChanced } from '../../src/engine/eval/attribution.ts';
import type { Chanced } from '../../src/engine/eval/attribution.ts';
import type { Cell, Table } from './bench.ts';
import { meanRanking, pool, RULES, VUS_WINDOW } from './judge.ts';
import type { Flagged, Ranking } from './judge.ts';

export const PLACES = [1, 5] as const;
export const CONTRIBUTIONS: readonly AttributionRule[] = ['error', 'p'];

export type Hits = Readonly<Record<AttributionRule, readonly (readonly (Chanced | null)[])[]>>;

export type AssetResult = {
  readonly asset: string;
  /** By the head; null where no sensor moves in training, so that there is nothing to calibrate. */
  readonly head: Ranking | null;
  readonly squared: Ranking;
  /** Uniform random scores. */
  readonly chance: Ranking;
  readonly flagged: Flagged;
  readonly random: readonly Flagged[];
  readonly everything: Flagged;
  /** Other heads on the same residuals and simple detectors, by name. */
  readonly variants: Readonly<Record<string, Flagged>>;
  readonly hits: Hits;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
};

const NO_RANKING: Ranking = { vusPr: null, ap: null, roc: null, paK: null };

const hitCells = (all: readonly AssetResult[]): Cell[] =>
  CONTRIBUTIONS.flatMap((rule) =>
    PLACES.map((_, i) => meanChanced(all.flatMap(({ hits }) => hits[rule][i]))?.value ?? null),
  );

const chanceCells = (all: readonly AssetResult[]): Cell[] =>
  PLACES.map((_, i) => meanChanced(all.flatMap(({ hits }) => hits.error[i]))?.chance ?? null);

const counts = ({ overlap }: { readonly overlap: Flagged['overlap'] }): string =>
  `${overlap.tp}/${overlap.fp}/${overlap.fn}`;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export function rankingTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, part: readonly AssetResult[]): Cell[] => {
    const h = meanRanking(part.map((one) => one.head ?? NO_RANKING));
    const q = meanRanking(part.map((one) => one.squared));
    const fit = sum(part.map((one) => one.fitSeconds));
    const score = sum(part.map((one) => one.scoreSeconds));
    return [name, h.vusPr, h.ap, h.roc, h.paK, q.vusPr, q.ap, q.roc, fit, score];
  };
  const random = meanRanking(all.map((one) => one.chance));
  const drawn = [random.vusPr, random.ap, random.roc, random.paK];
  const chance = ['random scores', ...drawn, ...drawn.slice(0, 3), null, null];
  return {
    id: `${set.toLowerCase()}-ranking`,
    title: `${set}: ranking`,
    notes: [
      `Test part; VUS-PR with window ${VUS_WINDOW}; PA%K AUC re-maximises F1 for each K (oracle). "sq." is the plain squared residual.`,
    ],
    columns: ['asset', 'VUS-PR', 'AP', 'ROC', 'PA%K', 'sq. VUS-PR', 'sq. AP', 'sq. ROC', 'fit s', 'score s'],
    rows: [...all.map((one) => row(one.asset, [one])), row('mean (times: sum)', all), chance],
  };
}

export function eventTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, flagged: readonly Flagged[], scale = 1): Cell[] => {
    const p = pool(flagged);
    const { tp, fp, fn } = p.overlap;
    const shown = scale === 1 ? counts(p) : [tp, fp, fn].map((n) => (n / scale).toFixed(1)).join('/');
    const far = p.falseAlarmRate;
    return [
      name,
      shown,
      p.overlap.precision,
      p.overlap.recall,
      p.overlap.f1,
      100 * p.flagged,
      100 * p.padded,
      p.stepPrecision,
      far === null ? null : 100 * far,
    ];
  };
  const draws = all[0].random.length;
  return {
    id: `${set.toLowerCase()}-events`,
    title: `${set}: events`,
    notes: [
      `Gamma threshold from training scores; nominal false-alarm rate ${100 * RULES.significance} %; padding ${RULES.padding}, overlaps merged.`,
      'Event counts by overlap, pooled over assets. Step precision and false alarms before padding.',
      `The rows below the sum show what the event counts are worth: random flags on the same share of steps (mean of ${draws} draws), and everything flagged.`,
    ],
    columns: [
      'asset',
      'TP/FP/FN',
      'precision',
      'recall',
      'F1',
      'flagged %',
      'padded %',
      'step precision',
      'false alarms %',
    ],
    rows: [
      ...all.map((one) => row(one.asset, [one.flagged])),
      row(
        'all',
        all.map((one) => one.flagged),
      ),
      row(
        'random flags',
        all.flatMap((one) => one.random),
        draws,
      ),
      row(
        'flag everything',
        all.map((one) => one.everything),
      ),
    ],
  };
}

export function attributionTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, part: readonly AssetResult[]): Cell[] => [
    name,
    sum(part.map(({ hits }) => hits.error[0].length)),
    ...hitCells(part),
    ...chanceCells(part),
  ];
  return {
    id: `${set.toLowerCase()}-attribution`,
    title: `${set}: attribution`,
    notes: [
      'HitRate@k over all labelled causes, detected or not: a true cause among the first k sensors.',
      '"error": largest unsmoothed error over its training deviation (default). "p": −2 ln p of the smoothed error at the peak.',
    ],
    columns: ['asset', 'causes', 'error @1', 'error @5', 'p @1', 'p @5', 'chance @1', 'chance @5'],
    rows: [...all.map((one) => row(one.asset, [one])), row('all', all)],
  };
}

/** The measures of the paper's tables 2, 3 and 8: every system over all assets, counts added. */
export function paperTable(set: string, all: readonly AssetResult[]): Table {
  const row = (name: string, flagged: readonly Flagged[], scale = 1): Cell[] => {
    const { overlap, flagged: before, padded, stepPrecision } = pool(flagged);
    const { tp, fp, fn, precision, recall, f1, f05 } = overlap;
    const shown = [tp, fp, fn].map((n) => (scale === 1 ? n : (n / scale).toFixed(1))).join('/');
    return [name, shown, precision, recall, f1, f05, 100 * before, 100 * padded, stepPrecision];
  };
  const names = Object.keys(all[0].variants);
  const still = all.filter(({ head }) => head === null).length;
  return {
    id: `${set.toLowerCase()}-paper`,
    title: `${set}: event overlap as in the paper's tables 2, 3 and 8, ${all.length} assets`,
    notes: [
      `One training an asset, every head on the same residuals; threshold at significance ${RULES.significance}, padding ${RULES.padding}, counts added over assets.`,
      ...(still > 0
        ? [
            `${still} assets have no sensor that moves in training: no head can be calibrated, nothing is flagged there.`,
          ]
        : []),
      'The last rows say what event overlap is worth: random flags at the share of the lite head, and everything flagged.',
    ],
    columns: ['system', 'TP/FP/FN', 'precision', 'recall', 'F1', 'F0.5', 'flagged %', 'padded %', 'step precision'],
    rows: [
      ...names.map((name) =>
        row(
          name,
          all.flatMap(({ variants }) => variants[name] ?? []),
        ),
      ),
      row(
        'random flags',
        all.flatMap((one) => one.random),
        all[0].random.length,
      ),
      row(
        'flag everything',
        all.map((one) => one.everything),
      ),
    ],
  };
}
