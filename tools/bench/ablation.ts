/** AMAD with parts of the method left out, in the rows of the paper's Table 5. */
import { amad } from '../../src/engine/models/amad.ts';
import { useBackend } from '../../src/engine/tensor/node.testkit.ts';
import { compare, refuseUnknown } from './attention.ts';
import type { Entry, RowResults } from './attention.ts';
import type { Bench, Cell, Table } from './bench.ts';
import { chosenSets } from './benchmarkSets.ts';
import type { ChosenSet } from './benchmarkSets.ts';
import { VUS_WINDOW } from './judge.ts';
import { settingsFor } from './m2ad.ts';
import { summary } from './protocols.ts';
import type { Scoring } from './scoring.ts';

type Ablation = {
  readonly title: string;
  /** Minimise phase, maximise phase, contrastive loss, AutoMask. */
  readonly parts: readonly [min: boolean, max: boolean, contrastive: boolean, autoMask: boolean];
  /** F1 after point adjustment as printed. */
  readonly printed: { readonly SMAP: number; readonly SMD: number };
};

const ROWS: readonly Ablation[] = [
  { title: 'plain Transformer', parts: [false, false, false, false], printed: { SMAP: 0.7212, SMD: 0.7766 } },
  { title: 'no min, no max', parts: [false, false, true, true], printed: { SMAP: 0.9618, SMD: 0.856 } },
  { title: 'no contrastive', parts: [true, true, false, true], printed: { SMAP: 0.9644, SMD: 0.859 } },
  { title: 'max only', parts: [false, true, false, true], printed: { SMAP: 0.9162, SMD: 0.8363 } },
  { title: 'AutoMask only', parts: [false, false, false, true], printed: { SMAP: 0.9153, SMD: 0.7944 } },
  { title: 'full', parts: [true, true, true, true], printed: { SMAP: 0.9683, SMD: 0.8748 } },
];

function tableFor(set: ChosenSet, byRow: RowResults): Table {
  const rows = ROWS.flatMap(({ title, parts, printed }): Cell[][] => {
    const all = byRow.get(title) ?? [];
    const by = (scoring: Scoring) => summary(all.flatMap(({ scored }) => scored.by[scoring] ?? []));
    if (all.length === 0) return [];
    const [paper, error, head] = [by('paper'), by('error'), by('head')];
    const marks = parts.map((has) => (has ? 'yes' : '–'));
    const values = [paper.vusPr, error.vusPr, head.vusPr, paper.roc, head.roc, paper.adjustedF1];
    return [[title, ...marks, ...values, printed.SMAP, printed.SMD, all.length]];
  });
  for (const [title, all] of byRow) {
    if (ROWS.some((row) => row.title === title)) continue;
    const [alone, head] = (['paper', 'head'] as const).map((by) =>
      summary(all.flatMap(({ scored }) => scored.by[by] ?? [])),
    );
    const values = [alone.vusPr, null, head.vusPr, alone.roc, head.roc, alone.adjustedF1];
    rows.push([title, '', '', '', '', ...values, null, null, all.length]);
  }
  return {
    id: set.name.toLowerCase(),
    title: `${set.name}: AMAD without some of its parts, ${set.assets.length} of ${set.of} assets (${set.assets.join(', ')})`,
    notes: [
      `Means over assets, test part; VUS-PR with window ${VUS_WINDOW}, by the paper’s score, the squared error and the M2AD head.`,
      'PA F1 is the paper’s own measure, most of which random scores reach; the last columns are what it printed.',
    ],
    columns: [
      'variant',
      'min',
      'max',
      'contrastive',
      'AutoMask',
      'VUS-PR score',
      'VUS-PR error',
      'VUS-PR head',
      'ROC score',
      'ROC head',
      'PA F1',
      'printed SMAP',
      'printed SMD',
      'assets',
    ],
    rows,
  };
}

export const ablation: Bench = {
  name: 'ablation',
  about: 'AMAD in the rows of its Table 5 on one set (ASD, or --only NAME; other options as for attention)',
  async run(options) {
    refuseUnknown(options.set, [amad]);
    const device = await useBackend((options.set['backend'] ?? 'wasm') as 'wasm' | 'cpu' | 'webgpu');
    const given = settingsFor(amad.params, options.set);
    const entries = ROWS.map(({ title, parts: [minPhase, maxPhase, contrastive, autoMask] }): Entry => ({
      title,
      detector: amad,
      settings: { ...given, minPhase, maxPhase, contrastive, autoMask },
    }));
    const only = options.only.length > 0 ? options.only : ['ASD'];
    const sets = chosenSets(options.data, only, options.set['whole'] === 'true');
    const results = await compare({ entries, sets, beside: 'simple' }, options);
    const tables = results.sets.map(({ set, byRow }) => tableFor(set, byRow));
    const { left } = results;
    return { settings: { ...options.set, seed: options.seed, vusWindow: VUS_WINDOW, device }, tables, left };
  },
};
