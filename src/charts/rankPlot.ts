/**
 * Mean ranks of methods over data sets, each with half the critical difference on both sides: methods whose bars do not
 * meet differ (Nemenyi, 5 %). The same as Demšar's diagram, read without counting lines.
 */
import type { EChartsOption } from 'echarts';
import { axisOption, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type RankInput = {
  /** The best first. */
  readonly methods: readonly { readonly name: string; readonly rank: number; readonly isRun: boolean }[];
  /** NaN where it is not known. */
  readonly criticalDifference: number;
  readonly dataSets: number;
  readonly metric: string;
};

export function rankPlot({ methods, criticalDifference }: RankInput, theme: Theme): EChartsOption {
  const half = Number.isNaN(criticalDifference) ? 0 : criticalDifference / 2;
  const rows = [...methods].reverse();
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    grid: { left: 200, right: 60, top: 12, bottom: 40 },
    xAxis: {
      ...axisOption(theme, { name: chartWords.meanRank, min: 0, max: methods.length + 1, side: 'x' }),
      splitLine: { show: true, lineStyle: { color: theme.colour.grid } },
      minInterval: 1,
    },
    yAxis: {
      type: 'category',
      data: rows.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.colour['ink-2'], fontSize: 12, width: 190, overflow: 'truncate' },
    },
    series: [
      {
        type: 'custom',
        data: rows.map(({ rank }, at) => [rank - half, rank + half, at]),
        silent: true,
        clip: true,
        encode: { x: [0, 1], y: 2 },
        renderItem: (_params, api) => {
          const left = api.coord([api.value(0), api.value(2)]);
          const right = api.coord([api.value(1), api.value(2)]);
          return {
            type: 'line',
            shape: { x1: left[0]!, y1: left[1]!, x2: right[0]!, y2: right[1]! },
            style: { stroke: theme.colour['ink-4'], lineWidth: 2, fill: 'none' },
          };
        },
      },
      {
        type: 'scatter',
        data: rows.map(({ rank, isRun }, at) => ({
          value: [rank, at],
          itemStyle: {
            color: isRun ? theme.colour.observed : theme.colour.plot,
            borderColor: theme.colour.observed,
            borderWidth: 1.5,
            opacity: 1,
          },
          label: {
            show: true,
            position: 'top',
            distance: 4,
            formatter: rank.toFixed(2),
            color: theme.colour['ink-2'],
            fontSize: 12,
          },
        })),
        symbolSize: 9,
        silent: true,
      },
    ],
  };
}

export function rankTable({ methods, criticalDifference, dataSets, metric }: RankInput): ChartTable {
  const cd = Number.isNaN(criticalDifference) ? chartWords.notKnown : criticalDifference.toFixed(2);
  return {
    caption: chartWords.rankCaption(metric, dataSets, cd),
    columns: chartWords.rankColumns,
    rows: methods.map(({ name, rank }) => [name, rank.toFixed(2)]),
  };
}
