/** What a run came to, in numbers. */
import type { Glance } from '../../src/engine/bundle/read.ts';
import { meanOf, tableText } from '../bench/bench.ts';

export type Summary = {
  readonly asset: string;
  readonly file: string;
  readonly id: string;
  readonly engine: string;
  readonly preset: string;
  readonly seed: number;
  readonly seconds: number;
  readonly events: number;
  /** Share of judged steps over the threshold. */
  readonly flagged: number;
  readonly threshold: {
    readonly value: number;
    readonly rule: string;
    readonly source: string;
    readonly oracle: boolean;
  };
  /** By id, of the judged steps against the file's labels; empty without labels. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Not computed now: its file was found. */
  readonly wasThere: boolean;
};

export const summaryOf = (file: string, { facts, result, metrics }: Glance, wasThere: boolean): Summary => ({
  asset: facts.data.asset,
  file,
  id: facts.run.id,
  engine: facts.job.engine,
  preset: facts.job.preset,
  seed: facts.job.seed,
  seconds: facts.run.seconds,
  events: result.events.length,
  flagged: result.flaggedShare,
  threshold: result.threshold,
  metrics: Object.fromEntries(metrics.map(({ id, value }) => [id, value])),
  wasThere,
});

/** Metrics that stand in the table, with their heads; all are in the JSON. */
const SHOWN: readonly (readonly [string, string])[] = [
  ['vus-pr', 'VUS-PR'],
  ['average-precision', 'AP'],
  ['auc-roc', 'AUC-ROC'],
  ['overlap-f1', 'event F1'],
];

/** A table, with the mean over several assets. */
export function summaryText(runs: readonly Summary[]): string {
  const shown = SHOWN.filter(([id]) => runs.some(({ metrics }) => id in metrics));
  const rows = runs.map((run) => [
    run.asset,
    run.events,
    100 * run.flagged,
    run.seconds,
    ...shown.map(([id]) => run.metrics[id] ?? null),
    run.file,
  ]);
  const mean = [
    'mean',
    ...(rows[0]?.slice(1, -1).map((_, c) => meanOf(rows.map((row) => row[c + 1] as number | null))) ?? []),
    '',
  ];
  const first = runs.at(0);
  return tableText({
    title: first === undefined ? 'No run' : `${first.engine} ${first.preset}, seed ${first.seed}`,
    notes: first === undefined ? [] : [`threshold: ${first.threshold.rule}, from ${first.threshold.source}`],
    columns: ['asset', 'events', 'flagged %', 'seconds', ...shown.map(([, title]) => title), 'file'],
    rows: rows.length > 1 ? [...rows, mean] : rows,
  });
}
