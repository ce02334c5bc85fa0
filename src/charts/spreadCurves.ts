/** A metric against the values of a setting: mean and deviation over seeds, one line for each value of a second one. */
import type { EChartsOption, SeriesOption } from 'echarts';
import { axisOption, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

/** `x` stands at place `at` of `values`; the deviation is 0 for one seed. */
export type SpreadPoint = {
  readonly at: number;
  readonly mean: number;
  readonly deviation: number;
  readonly seeds: number;
};

export type SpreadInput = {
  readonly setting: string;
  readonly metric: string;
  /** Values of the setting in words, in order. */
  readonly values: readonly string[];
  readonly lines: readonly { readonly name: string; readonly points: readonly SpreadPoint[] }[];
  /** What stands beside: a baseline's value of the same metric. */
  readonly beside: readonly { readonly name: string; readonly value: number }[];
};

const DASHES = ['solid', 'dashed', 'dotted'] as const;
const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect'] as const;

function barsFor(points: readonly SpreadPoint[], colour: string): SeriesOption {
  return {
    type: 'custom',
    data: points
      .filter(({ deviation }) => deviation > 0)
      .map(({ at, mean, deviation }) => [at, mean - deviation, mean + deviation]),
    silent: true,
    encode: { x: 0, y: [1, 2] },
    renderItem: (_params, api) => {
      const low = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)]);
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 1, fill: 'none' },
      });
      return {
        type: 'group',
        children: [
          line(low[0]!, low[1]!, high[0]!, high[1]!),
          line(low[0]! - 4, low[1]!, low[0]! + 4, low[1]!),
          line(high[0]! - 4, high[1]!, high[0]! + 4, high[1]!),
        ],
      };
    },
  };
}

export function spreadCurves({ setting, metric, values, lines, beside }: SpreadInput, theme: Theme): EChartsOption {
  const all = [
    ...lines.flatMap(({ points }) => points.flatMap(({ mean, deviation }) => [mean - deviation, mean + deviation])),
    ...beside.map(({ value }) => value),
  ].filter(Number.isFinite);
  const hi = all.reduce((a, b) => Math.max(a, b), 0);
  const lo = all.reduce((a, b) => Math.min(a, b), hi);
  const room = Math.max(0.02, (hi - lo) * 0.15);
  const colours = [theme.colour.observed, theme.colour['ink-2'], theme.colour['ink-3']];
  return {
    ...baseOption(theme),
    grid: { left: 52, right: 120, top: 28, bottom: 40 },
    xAxis: {
      type: 'category',
      name: setting,
      nameLocation: 'end',
      nameGap: 0,
      nameTextStyle: { align: 'right', verticalAlign: 'top', padding: [20, 0, 0, 0], color: theme.colour['ink-3'] },
      data: [...values],
      axisLine: { lineStyle: { color: theme.colour['line-2'] } },
      axisTick: { show: false },
      axisLabel: { color: theme.colour['ink-3'], fontSize: 12 },
    },
    yAxis: axisOption(theme, {
      name: metric,
      min: Math.max(0, Math.floor((lo - room) * 50) / 50),
      max: hi + room,
      side: 'y',
    }),
    series: [
      ...lines.flatMap(({ name, points }, n): SeriesOption[] => {
        const colour = colours[n % colours.length]!;
        return [
          {
            type: 'line',
            name,
            data: points.map(({ at, mean }) => [at, mean]),
            symbol: SYMBOLS[n % SYMBOLS.length]!,
            symbolSize: 8,
            lineStyle: { color: colour, width: 1.5, type: DASHES[n % DASHES.length]! },
            itemStyle: { color: colour },
            endLabel: {
              show: lines.length > 1,
              formatter: name,
              color: theme.colour['ink-2'],
              fontSize: 12,
              distance: 6,
            },
            labelLayout: { moveOverlap: 'shiftY' },
          },
          barsFor(points, colour),
        ];
      }),
      ...beside.map(({ name, value }): SeriesOption => ({
        type: 'line',
        name,
        data: values.map((_, at) => [at, value]),
        showSymbol: false,
        silent: true,
        lineStyle: { color: theme.colour['ink-4'], width: 1, type: 'dashed' },
        itemStyle: { color: theme.colour['ink-4'] },
        endLabel: { show: true, formatter: name, color: theme.colour['ink-3'], fontSize: 12, distance: 6 },
        labelLayout: { moveOverlap: 'shiftY' },
      })),
    ],
  };
}

export function spreadTable({ setting, metric, values, lines, beside }: SpreadInput): ChartTable {
  const cell = (points: readonly SpreadPoint[], at: number): string => {
    const point = points.find((each) => each.at === at);
    if (!point || Number.isNaN(point.mean)) return '–';
    return point.seeds > 1 ? `${num(point.mean)} ± ${num(point.deviation, 2)}` : num(point.mean);
  };
  return {
    caption: `${chartWords.metricBy(metric, setting)} ${beside.map(({ name, value }) => `${name}: ${num(value)}`).join(', ')}`,
    columns: [setting, ...lines.map(({ name }) => name)],
    rows: values.map((value, at) => [value, ...lines.map(({ points }) => cell(points, at))]),
  };
}
