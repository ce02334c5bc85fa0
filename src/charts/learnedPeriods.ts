/** Learned periods of each head by layer on a log axis, over the spectrum of the series around the window. */
import type { EChartsOption, SeriesOption } from 'echarts';
import type { LearnedPeriods, Spectrum } from '../workers/protocol.ts';
import { baseOption, largest } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num, percent } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type LearnedPeriodsInput = {
  readonly periods: readonly LearnedPeriods[];
  readonly spectrum: Spectrum;
  /** Steps of the window, marked on the axis. */
  readonly window: number;
  /** The head that is looked at; null for means. */
  readonly chosen: { readonly layer: number; readonly head: number } | null;
  /** A period of so many steps as time. */
  readonly length: (steps: number) => string;
};

const BAND = 28;
const SPECTRUM = 44;
const TOP = 8;
const AXIS = 22;
const LEFT = 66;
const RIGHT = 24;
const MARK = 16;

export const periodsHeight = (layers: number): number => TOP + layers * BAND + 6 + SPECTRUM + AXIS;

/** Ends of the axis: two steps, the shortest period there is, to the longest of all that is to be seen. */
function ends({ periods, spectrum, window }: LearnedPeriodsInput): readonly [number, number] {
  const learned = periods.flatMap(({ period_H }) => Array.from(period_H).filter(Number.isFinite));
  const longest = Math.max(window, spectrum.period_K[0] ?? window);
  return [1.9, Math.max(longest * 1.15, Math.min(largest(learned), 4 * longest) * 1.15)];
}

/** A head whose period is beyond the axis stands at its end. */
function marks(input: LearnedPeriodsInput, theme: Theme, row: number): SeriesOption {
  const { periods, chosen } = input;
  const { layer, period_H } = periods[row]!;
  const end = ends(input)[1];
  const { ink, page } = theme.colour;
  return {
    type: 'scatter',
    name: chartWords.layer(layer + 1),
    silent: true,
    clip: false,
    z: 5,
    symbol: 'circle',
    symbolSize: MARK,
    data: Array.from(period_H, (period, head) => {
      const isChosen = chosen?.layer === layer && chosen.head === head;
      return {
        value: [Math.min(period, end), row],
        itemStyle: { color: isChosen ? ink : page, borderColor: ink, borderWidth: 1, opacity: 1 },
        label: {
          show: true,
          formatter: period > end ? `${head + 1}›` : String(head + 1),
          color: isChosen ? theme.colour['ink-on'] : ink,
          fontSize: 12,
        },
      };
    }),
  };
}

export function learnedPeriods(input: LearnedPeriodsInput, theme: Theme): EChartsOption {
  const { periods, spectrum, window, length } = input;
  const [min, max] = ends(input);
  // Share times frequency: on a log axis equal areas are then equal shares of the variance.
  const density_K = spectrum.share_K.map((share, k) => share / spectrum.period_K[k]!);
  const upper = periods.length * BAND;
  const quiet = { show: false };
  const log = { type: 'log' as const, logBase: 2, min, max, axisTick: quiet, minorTick: quiet };
  const text = { color: theme.colour['ink-3'], fontSize: 12 };
  const grid = { show: true, lineStyle: { color: theme.colour.grid } };
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    grid: [
      { left: LEFT, right: RIGHT, top: TOP, height: upper },
      { left: LEFT, right: RIGHT, top: TOP + upper + 6, height: SPECTRUM },
    ],
    xAxis: [
      { ...log, gridIndex: 0, axisLine: quiet, axisLabel: quiet, splitLine: grid },
      {
        ...log,
        gridIndex: 1,
        axisLine: { show: true, lineStyle: { color: theme.colour['line-2'] } },
        axisLabel: {
          ...text,
          formatter: (value: number) => (Math.abs(Math.log2(value) % 1) < 1e-9 ? length(value) : ''),
          hideOverlap: true,
          showMinLabel: false,
          showMaxLabel: false,
        },
        splitLine: grid,
      },
    ],
    yAxis: [
      {
        type: 'category',
        inverse: true,
        gridIndex: 0,
        data: periods.map(({ layer }) => chartWords.layer(layer + 1)),
        axisLine: quiet,
        axisTick: quiet,
        axisLabel: { ...text, color: theme.colour['ink-2'], align: 'left', margin: LEFT },
        splitLine: quiet,
      },
      {
        type: 'value',
        gridIndex: 1,
        min: 0,
        max: largest(density_K) || 1,
        name: chartWords.series,
        nameLocation: 'middle',
        nameRotate: 0,
        nameGap: LEFT,
        nameTextStyle: { align: 'left', color: theme.colour['ink-2'], fontSize: 12 },
        axisLine: quiet,
        axisTick: quiet,
        axisLabel: quiet,
        splitLine: quiet,
      },
    ],
    series: [
      ...periods.map((_, row): SeriesOption => ({
        type: 'line',
        name: 'row',
        silent: true,
        showSymbol: false,
        data: [
          [min, row],
          [max, row],
        ],
        lineStyle: { color: theme.colour.line, width: 1 },
      })),
      ...periods.map((_, row) => marks(input, theme, row)),
      {
        type: 'line',
        name: 'spectrum',
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        showSymbol: false,
        data: Array.from(spectrum.period_K, (period, k) => [period, density_K[k]!]),
        lineStyle: { color: theme.colour.observed, width: 1.15 },
        areaStyle: { color: theme.colour.grid, opacity: 1 },
      },
      ...[0, 1].map((axis): SeriesOption => ({
        type: 'line',
        name: 'window',
        xAxisIndex: axis,
        yAxisIndex: axis,
        data: [],
        markLine: {
          silent: true,
          animation: false,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: theme.colour['ink-4'], type: 'dashed', width: 1 },
          data: [{ xAxis: window }],
        },
      })),
    ],
  };
}

export function learnedPeriodsTable({ periods, spectrum, length }: LearnedPeriodsInput): ChartTable {
  const shareNear = (period: number): number => {
    let near = -1;
    spectrum.period_K.forEach((other, k) => {
      const known = near < 0 ? Infinity : Math.abs(Math.log(spectrum.period_K[near]! / period));
      if (Math.abs(Math.log(other / period)) < known) near = k;
    });
    return near < 0 ? 0 : spectrum.share_K[near]!;
  };
  return {
    caption: chartWords.periodsCaption,
    columns: chartWords.periodsColumns,
    rows: periods.flatMap(({ layer, period_H }) =>
      Array.from(period_H, (period, head) => [
        String(layer + 1),
        String(head + 1),
        num(period),
        Number.isFinite(period) ? length(period) : 'none',
        Number.isFinite(period) ? percent(shareNear(period)) : '–',
      ]),
    ),
  };
}
