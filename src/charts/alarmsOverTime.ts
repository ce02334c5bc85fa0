/** Share of known normal steps over the line, by time: where a head stopped meaning what it says. */
import type { EChartsOption, SeriesOption } from 'echarts';
import { axisOption, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num, percent } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type AlarmTimeLine = {
  readonly name: string;
  readonly look: 'chosen' | 'before';
  /** NaN where no step of the cell is known to be normal. */
  readonly share_N: ArrayLike<number>;
};

export type AlarmsOverTimeInput = {
  readonly lines: readonly AlarmTimeLine[];
  /** Where each cell begins, as the page writes it. */
  readonly starts: readonly string[];
  /** The nominal share. */
  readonly significance: number;
};

/** Shares below this stand on the lower end of the axis. */
const LO = 1e-4;

export function alarmsOverTime({ lines, starts, significance }: AlarmsOverTimeInput, theme: Theme): EChartsOption {
  const colour = { chosen: theme.colour.observed, before: theme.colour['ink-3'] } as const;
  return {
    ...baseOption(theme),
    grid: { left: 48, right: 16, top: 26, bottom: 28 },
    xAxis: {
      type: 'category',
      data: [...starts],
      axisLine: { lineStyle: { color: theme.colour['line-2'] } },
      axisTick: { show: false },
      axisLabel: {
        color: theme.colour['ink-3'],
        fontSize: 12,
        interval: Math.ceil(starts.length / 4) - 1,
        hideOverlap: true,
      },
    },
    yAxis: axisOption(theme, { name: chartWords.actual, min: LO, max: 1, log: true, side: 'y' }),
    series: [
      {
        type: 'line',
        name: 'nominal',
        data: starts.map((_, i) => [i, significance]),
        showSymbol: false,
        silent: true,
        lineStyle: { color: theme.colour.threshold, width: 1, type: 'dashed' },
        itemStyle: { color: theme.colour.threshold },
        endLabel: {
          ...{ show: true, formatter: 'nominal', color: theme.colour['ink-3'], fontSize: 12 },
          ...{ align: 'right', offset: [-6, -8] },
        },
      },
      ...lines.map(({ name, look, share_N }): SeriesOption => ({
        type: 'line',
        name,
        data: Array.from(share_N, (share, i) => [i, Number.isNaN(share) ? '-' : Math.max(LO, share)]),
        symbol: look === 'before' ? 'diamond' : 'circle',
        symbolSize: 5,
        lineStyle: {
          ...{ color: colour[look], width: look === 'chosen' ? 1.6 : 1.2 },
          type: look === 'chosen' ? 'solid' : 'dashed',
        },
        itemStyle: { color: colour[look] },
      })),
    ],
  };
}

export function alarmsOverTimeTable({ lines, starts, significance }: AlarmsOverTimeInput): ChartTable {
  return {
    caption: chartWords.alarmsOverTimeCaption(num(significance)),
    columns: [chartWords.startColumn, ...lines.map(({ name }) => name)],
    rows: starts.map((start, n) => [
      start,
      ...lines.map(({ share_N }) => (Number.isNaN(share_N[n] ?? NaN) ? '–' : percent(share_N[n] ?? NaN))),
    ]),
  };
}
