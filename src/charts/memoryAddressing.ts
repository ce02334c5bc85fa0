/** How much each memory item answers to a window: the global memory above, the local one below, on one scale. */
import type { EChartsOption, SeriesOption } from 'echarts';
import { axisOption, baseOption, largest } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { percent } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type AddressingRead = { readonly title: string; readonly weight_C: Float32Array };

export type AddressingInput = {
  readonly reads: readonly AddressingRead[];
  /** How many of the strongest items are named. */
  readonly named: number;
};

/** The largest first, so that of names too close to one another it is theirs that stay. */
const strongest = (weight_C: Float32Array, count: number): number[] =>
  Array.from(weight_C.keys())
    .sort((a, b) => weight_C[b]! - weight_C[a]!)
    .slice(0, count);

const BAND = 84;
const TOP = 24;
export const addressingHeight = (reads: number): number => TOP + reads * BAND + 14;

export function memoryAddressing({ reads, named }: AddressingInput, theme: Theme): EChartsOption {
  const C = reads[0]?.weight_C.length ?? 1;
  const most = Math.max(...reads.map(({ weight_C }) => largest(weight_C)), 2 / C) * 1.3;
  const at = reads.map((_, n) => ({ left: 48, right: 16, top: TOP + n * BAND, height: BAND - 30 }));
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    grid: at,
    xAxis: reads.map((_, n) => ({
      ...axisOption(theme, { name: n === reads.length - 1 ? 'item' : '', min: 0, max: C - 1, side: 'x' }),
      gridIndex: n,
      axisLabel: { show: n === reads.length - 1, color: theme.colour['ink-3'], fontSize: 12 },
    })),
    yAxis: reads.map(({ title }, n) => ({
      ...axisOption(theme, { name: title, min: 0, max: most, side: 'y' }),
      gridIndex: n,
      splitNumber: 2,
      axisLabel: {
        color: theme.colour['ink-3'],
        fontSize: 12,
        formatter: (v: number) => percent(v),
        showMaxLabel: false,
      },
    })),
    series: reads.flatMap(({ title, weight_C }, n): SeriesOption[] => [
      {
        type: 'line',
        name: title,
        xAxisIndex: n,
        yAxisIndex: n,
        step: 'middle',
        showSymbol: false,
        silent: true,
        data: Array.from(weight_C, (weight, item) => [item, weight]),
        lineStyle: { color: theme.colour.model, width: 1 },
        areaStyle: { color: theme.colour['model-band'], opacity: 1 },
      },
      {
        type: 'scatter',
        name: `${title}, strongest`,
        xAxisIndex: n,
        yAxisIndex: n,
        silent: true,
        symbolSize: 4,
        itemStyle: { color: theme.colour['model-text'] },
        data: strongest(weight_C, named).map((item) => [item, weight_C[item]!]),
        label: {
          show: true,
          position: 'top',
          distance: 2,
          color: theme.colour['ink-2'],
          fontSize: 12,
          formatter: ({ value }) => String((value as number[])[0]),
        },
        labelLayout: { hideOverlap: true },
      },
      {
        type: 'line',
        name: 'even share',
        xAxisIndex: n,
        yAxisIndex: n,
        silent: true,
        showSymbol: false,
        data: [
          [0, 1 / C],
          [C - 1, 1 / C],
        ],
        lineStyle: { color: theme.colour['ink-4'], type: 'dashed', width: 1 },
      },
    ]),
  };
}

const LISTED = 8;

export function memoryAddressingTable({ reads }: AddressingInput): ChartTable {
  return {
    caption: chartWords.addressingCaption,
    columns: chartWords.addressingColumns,
    rows: reads.flatMap(({ title, weight_C }) =>
      strongest(weight_C, LISTED).map((item) => [title, String(item), percent(weight_C[item]!)]),
    ),
  };
}
