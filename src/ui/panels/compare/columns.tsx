/** The columns of the table of runs: what stands in a cell, and what it is sorted by. */
import { useMemo, type ReactNode } from 'react';
import { duration } from '../../../charts/format.ts';
import type { AssetRef, MetricChoice, RunInfo } from '../../../workers/protocol.ts';
import { en } from '../../messages/en.ts';
import { aheadOf, besideKey, besideRows } from '../../state/compareRows.ts';
import type { TableRow } from '../../state/compareRows.ts';
import { isSameAsset } from '../../state/select.ts';
import { useApp } from '../../state/useApp.ts';
import { MetricCell } from './MetricCell.tsx';
import { datasetOf, useYardsticks } from './useCompare.ts';

export type TableColumn = {
  readonly id: string;
  readonly title: string;
  readonly isNumber: boolean;
  readonly isMetric: boolean;
  /** Behind the title: "oracle". */
  readonly mark: string;
  readonly tip: string;
  readonly sort: (row: TableRow) => number | string;
  readonly text: (row: TableRow) => string;
  readonly cell: (row: TableRow) => ReactNode;
};

const words = en.compare.table;

/** Columns that are shown until somebody chooses others. */
export const USUAL = [
  ...['about', 'seed', 'time', 'threshold'],
  ...['step-precision', 'step-recall', 'step-f1', 'average-precision', 'vus-pr', 'pa-k-auc', 'best-pa-f1'],
];

const plain = (
  id: string,
  title: string,
  text: (row: TableRow) => string,
  more: Partial<TableColumn> = {},
): TableColumn => ({
  ...{ id, title, text, isNumber: false, isMetric: false, mark: '', tip: '', sort: text },
  cell: (row) => <span className="soft">{text(row)}</span>,
  ...more,
});

const ofRun = (row: TableRow, of: (run: RunInfo) => string): string => (row.run ? of(row.run) : '');

/** Columns that are no metric; `about` of data sets comes from the state. */
function facts(nameOf: (id: string) => string, checksumOf: (id: string) => string): readonly TableColumn[] {
  const { head } = words;
  return [
    plain('about', head.about, ({ about, kind }) => (about === '' && kind === 'run' ? words.asPreset : about), {
      cell: (row) => (
        <span className="soft clipped" title={row.about}>
          {row.about === '' && row.kind === 'run' ? words.asPreset : row.about}
        </span>
      ),
    }),
    plain(
      'seed',
      head.seed,
      ({ seeds }) => (seeds.length > 1 ? words.seedCount(seeds.length) : seeds.map(String).join('')),
      { isNumber: true, sort: ({ seeds }) => seeds[0] ?? -1 },
    ),
    plain('time', head.time, (row) => ofRun(row, ({ seconds }) => duration(seconds * 1000)), {
      isNumber: true,
      sort: ({ run }) => run?.seconds ?? -1,
    }),
    plain('threshold', head.threshold, ({ threshold }) => (threshold ? `${threshold.rule}, ${threshold.source}` : ''), {
      cell: ({ threshold }) =>
        threshold && (
          <span className={threshold.oracle ? 'chip oracle' : 'soft clipped'} title={threshold.source}>
            {words.source(threshold.rule, threshold.source)}
          </span>
        ),
    }),
    plain('asset', head.asset, (row) => ofRun(row, ({ data }) => data.asset)),
    plain('dataset', head.dataset, (row) => ofRun(row, ({ data }) => nameOf(data.datasetId))),
    plain('checksum', head.checksum, (row) => ofRun(row, ({ data }) => checksumOf(data.datasetId)), {
      cell: (row) => <span className="mono">{ofRun(row, ({ data }) => checksumOf(data.datasetId)).slice(0, 12)}</span>,
    }),
    plain('when', head.when, (row) => ofRun(row, ({ createdAtMs }) => en.when(createdAtMs)), {
      sort: ({ run }) => run?.createdAtMs ?? 0,
    }),
    plain('backend', head.backend, (row) => ofRun(row, ({ backend }) => backend)),
    plain('tags', head.tags, (row) => ofRun(row, ({ tags }) => (tags ?? []).join(', '))),
    plain('note', head.note, (row) => ofRun(row, ({ note }) => note ?? ''), {
      cell: (row) => <span className="soft clipped">{row.run?.note ?? ''}</span>,
    }),
  ];
}

export const metricTip = ({ title, paper, wonBy }: MetricChoice): string =>
  [`${en.engineText(title)}: ${paper}`, ...(wonBy === null ? [] : [words.wonBy(wonBy)])].join('. ');

/** Baselines of the asset that a row is about. */
type Rivals = (row: TableRow) => readonly TableRow[];

function metricColumn(choice: MetricChoice, rivals: Rivals, isBest: (row: TableRow) => boolean): TableColumn {
  const { id, basis } = choice;
  return {
    ...{
      id,
      title: words.short[id] ?? en.engineText(choice.title),
      isNumber: true,
      isMetric: true,
      tip: metricTip(choice),
    },
    mark: basis === 'oracle' ? words.oracle : '',
    // What was not measured stands last when the best come first.
    sort: ({ cells }) => cells[id]?.value ?? -Infinity,
    text: ({ cells }) => String(cells[id]?.value ?? ''),
    cell: (row) => (
      <MetricCell
        choice={choice}
        cell={row.cells[id] ?? null}
        ahead={aheadOf(choice, row, rivals(row), en.compare.trivial)}
        isBest={isBest(row)}
        isLoading={row.isLoading}
      />
    ),
  };
}

/** Everything that can be a column, with what it is called. */
export function useColumnNames(): readonly { readonly id: string; readonly title: string }[] {
  const { metrics } = useYardsticks();
  return [
    ...facts(
      () => '',
      () => '',
    ),
    ...metrics,
  ].map(({ id, title }) => ({ id, title }));
}

/** The columns that are shown, in order; what is best is said among what is about one asset: its baselines and runs. */
export function useColumns(
  baselines: readonly TableRow[],
  rows: readonly TableRow[],
  focus: AssetRef | null,
): readonly TableColumn[] {
  const yardsticks = useYardsticks();
  const beside = useApp((s) => s.beside);
  const wanted = useApp((s) => s.compareColumns);
  const datasets = useApp((s) => s.datasets);
  const dataset = useApp((s) => s.dataset);
  const isMixed = new Set(rows.map(({ run }) => run && besideKey(run.data, ''))).size > 1;
  return useMemo(() => {
    const known = new Map<string, readonly TableRow[]>();
    const rivals: Rivals = ({ run }) => {
      if (!run) return [];
      const key = besideKey(run.data, '');
      const rows = known.get(key) ?? besideRows(run.data, yardsticks, beside, en.compare.head);
      known.set(key, rows);
      return rows;
    };
    const among = [...baselines, ...rows.filter(({ run }) => isSameAsset(run?.data, focus))];
    const info = (id: string) => datasetOf({ datasets, dataset }, id);
    const all = [
      ...facts(
        (id) => info(id)?.name ?? id,
        (id) => info(id)?.checksum ?? '',
      ),
      ...yardsticks.metrics.map((choice) => {
        const values = among.flatMap(({ cells }) => cells[choice.id]?.value ?? []);
        const best = choice.better === 'higher' ? values.reduce((a, b) => Math.max(a, b), -Infinity) : NaN;
        return metricColumn(choice, rivals, (row) => among.includes(row) && row.cells[choice.id]?.value === best);
      }),
    ];
    const ids = wanted ?? (isMixed ? ['asset', ...USUAL] : USUAL);
    return ids.flatMap((id) => all.find((column) => column.id === id) ?? []);
  }, [yardsticks, beside, wanted, datasets, dataset, isMixed, baselines, rows, focus]);
}
