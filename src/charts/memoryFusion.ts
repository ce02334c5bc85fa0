/** Fusion weights by epoch: how much of each view's local and global read goes into its rebuilt code. */
import type { EChartsOption } from 'echarts';
import { axisOption, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { fixed } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type FusionInput = {
  /** Titles of the views, the untransformed one first. */
  readonly views: readonly string[];
  /** One row an epoch: [epochs][views]. */
  readonly local: readonly (readonly number[])[];
  readonly global: readonly (readonly number[])[];
};

const PANELS = ['local', 'global'] as const;
const WORDS = 84;

export function memoryFusion(input: FusionInput, theme: Theme): EChartsOption {
  const { views } = input;
  const all = PANELS.flatMap((panel) => input[panel].flat());
  const [low, high] = [Math.min(0.45, ...all), Math.max(0.55, ...all)];
  const epochs = Math.max(2, input.local.length);
  const range = { min: Math.floor(low * 20) / 20, max: Math.ceil(high * 20) / 20 };
  const names = [...views.keys()];
  return {
    ...baseOption(theme),
    grid: [
      { left: 40, right: '52%', top: 26, bottom: 34 },
      { left: '56%', right: WORDS, top: 26, bottom: 34 },
    ],
    xAxis: PANELS.map((_, n) => ({
      ...axisOption(theme, { name: n === 1 ? chartWords.epoch : '', min: 1, max: epochs, side: 'x' }),
      gridIndex: n,
      minInterval: 1,
      splitNumber: 4,
    })),
    yAxis: PANELS.map((panel, n) => ({
      ...axisOption(theme, { name: `α ${chartWords.memoryKinds[panel]}`, ...range, side: 'y' }),
      gridIndex: n,
      splitNumber: 3,
    })),
    series: PANELS.flatMap((panel, n) =>
      names.map((view) => ({
        type: 'line' as const,
        name: `${chartWords.memoryKinds[panel]} ${views[view]!}`,
        xAxisIndex: n,
        yAxisIndex: n,
        showSymbol: input[panel].length === 1,
        symbolSize: 4,
        data: input[panel].map((row, epoch) => [epoch + 1, row[view]!]),
        lineStyle: {
          color: view === 0 ? theme.colour.model : theme.colour['ink-3'],
          width: view === 0 ? 2 : 1,
          type: view === 0 ? ('solid' as const) : ([4 + 2 * view, 2] as number[]),
        },
        itemStyle: { color: view === 0 ? theme.colour.model : theme.colour['ink-3'] },
        endLabel: {
          show: n === 1,
          formatter: views[view]!,
          color: view === 0 ? theme.colour['model-text'] : theme.colour['ink-2'],
          fontSize: 12,
          distance: 6,
        },
        labelLayout: { moveOverlap: 'shiftY' as const },
        emphasis: { disabled: true },
      })),
    ),
  };
}

export function memoryFusionTable({ views, local, global }: FusionInput): ChartTable {
  const [lastLocal, lastGlobal] = [local.at(-1) ?? [], global.at(-1) ?? []];
  return {
    caption: chartWords.fusionCaption,
    columns: chartWords.fusionColumns,
    rows: views.map((view, n) => [view, fixed(lastLocal[n] ?? NaN, 3), fixed(lastGlobal[n] ?? NaN, 3)]),
  };
}
