import { useMemo } from 'react';
import { EChart } from '../../../charts/EChart.tsx';
import { spreadCurves, spreadTable } from '../../../charts/spreadCurves.ts';
import type { SpreadInput, SpreadPoint } from '../../../charts/spreadCurves.ts';
import type { Catalogue, RunInfo } from '../../../workers/protocol.ts';
import { Btn, Empty, Skeleton } from '../../controls/Basics.tsx';
import { en } from '../../messages/en.ts';
import type { TableRow } from '../../state/compareRows.ts';
import { valueOf } from '../../state/types.ts';
import { useApp } from '../../state/useApp.ts';
import { metricText } from './MetricCell.tsx';
import { saveSweep } from './saveTable.ts';
import { useBesideRows, useRunRows, useRuns, useYardsticks } from './useCompare.ts';

const words = en.compare.sweep;

type Axis = { readonly of: 'params' | 'headParams'; readonly key: string; readonly values: readonly string[] };

const valueIn = (run: RunInfo, { of, key }: Pick<Axis, 'of' | 'key'>): string => String(run.job[of][key] ?? '');

const inOrder = (a: string, b: string): number => {
  const by = Number(a) - Number(b);
  return Number.isNaN(by) ? (a < b ? -1 : 1) : by;
};

/** Settings that differ among the runs, the one with the most values first. */
export function axesOf(runs: readonly RunInfo[]): Axis[] {
  return (['params', 'headParams'] as const)
    .flatMap((of) => {
      const keys = new Set(runs.flatMap(({ job }) => Object.keys(job[of])));
      return [...keys].map((key) => ({
        of,
        key,
        values: [...new Set(runs.map((run) => valueIn(run, { of, key })))].sort(inOrder),
      }));
    })
    .filter(({ values }) => values.length > 1)
    .sort((a, b) => b.values.length - a.values.length);
}

function pointOf(at: number, values: readonly number[]): SpreadPoint[] {
  if (values.length === 0) return [];
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  return [{ at, mean, deviation, seeds: values.length }];
}

/** Means over seeds along the first axis, a line for each value of the second. */
export function spreadOf(
  rows: readonly TableRow[],
  axes: readonly Axis[],
  metric: string,
): Pick<SpreadInput, 'values' | 'lines'> {
  const [first, second] = axes;
  if (!first) return { values: [], lines: [] };
  const value = (row: TableRow): number[] => {
    const cell = row.cells[metric];
    return cell ? [cell.value] : [];
  };
  const is = (row: TableRow, axis: Axis, text: string): boolean => row.run !== null && valueIn(row.run, axis) === text;
  const lines = (second?.values ?? ['']).map((name) => {
    const held = second ? rows.filter((row) => is(row, second, name)) : rows;
    return {
      name,
      points: first.values.flatMap((text, at) =>
        pointOf(at, held.filter((row) => is(row, first, text)).flatMap(value)),
      ),
    };
  });
  return { values: first.values, lines };
}

function labelOf(catalogue: Catalogue | null, run: RunInfo | undefined, { of, key }: Axis): string {
  const choice =
    of === 'params'
      ? catalogue?.engines.find(({ id }) => id === run?.job.engine)
      : catalogue?.heads.find(({ id }) => id === run?.job.head);
  return en.engineText(choice?.params[key]?.label ?? key);
}

/** A metric over the values of a sweep, as a chart and as the table below it. */
export function SweepResults({ tag }: { readonly tag: string }) {
  const all = useRuns();
  const runs = useMemo(() => all.filter(({ tags }) => tags?.includes(tag)), [all, tag]);
  const rows = useRunRows(runs, false);
  const metric = useApp((s) => s.sweepForm.metric);
  const catalogue = useApp((s) => valueOf(s.catalogue));
  const { metrics } = useYardsticks();
  const baselines = useBesideRows(runs[0]?.data ?? null);
  const choice = metrics.find(({ id }) => id === metric);
  const input = useMemo((): SpreadInput => {
    const axes = axesOf(runs);
    const [first, second] = axes;
    const name = (axis: Axis) => labelOf(catalogue, runs[0], axis);
    const { values, lines } = spreadOf(rows, axes, metric);
    const beside = baselines
      .flatMap(({ name: title, cells }) => {
        const cell = cells[metric];
        return cell ? [{ name: title, value: cell.value }] : [];
      })
      .sort((a, b) => (choice?.better === 'lower' ? a.value - b.value : b.value - a.value));
    return {
      setting: first ? name(first) : '',
      metric: en.engineText(choice?.title ?? metric),
      values,
      lines: lines.map((line) => ({
        ...line,
        name: second ? `${name(second)} ${line.name}` : en.engineText(choice?.title ?? ''),
      })),
      beside: beside.slice(0, 1),
    };
  }, [runs, rows, metric, catalogue, choice, baselines]);
  if (rows.some(({ isLoading }) => isLoading) && input.lines.every(({ points }) => points.length === 0))
    return baselines.length === 0 &&
      rows.every(({ cells }) => Object.keys(cells).length === 0) &&
      !rows.some(({ run }) => run?.metrics.length) ? (
      <Empty title={words.noMetric} />
    ) : (
      <Skeleton lines={4} saying={en.compare.table.measuring} />
    );
  if (input.lines.every(({ points }) => points.length === 0)) return <Empty title={words.noMetric} />;
  return (
    <div className="sweep-body">
      <div className="plot sweep-plot">
        <EChart input={input} option={spreadCurves} table={spreadTable} />
      </div>
      <div className="quiet-scroll" tabIndex={0} role="group" aria-label={words.table}>
        <table className="tight">
          <thead className="sticky">
            <tr>
              <th>{input.setting}</th>
              {input.lines.map(({ name }) => (
                <th key={name} className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {input.values.map((value, at) => (
              <tr key={value}>
                <td>{value}</td>
                {input.lines.map(({ name, points }) => {
                  const point = points.find((each) => each.at === at);
                  return (
                    <td key={name} className="num">
                      {point && choice ? metricText(choice, point.mean) : '–'}
                      {point && choice && point.seeds > 1 && (
                        <span className="hint"> ± {metricText(choice, point.deviation)}</span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
            {input.beside.map(({ name, value }) => (
              <tr key={name}>
                <td className="soft">{name}</td>
                <td className="num soft">{choice ? metricText(choice, value) : value}</td>
                {input.lines.slice(1).map((line) => (
                  <td key={line.name} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <p className="inset">
          <Btn small onPress={() => saveSweep(input)}>
            {en.compare.table.export}
          </Btn>
        </p>
        <p className="hint small inset">{words.dangers}</p>
      </div>
    </div>
  );
}
