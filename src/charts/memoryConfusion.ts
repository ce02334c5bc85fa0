/** For each view, the share of windows in which the classifier takes it for each other one; a good one is a diagonal. */
import type { EChartsOption } from 'echarts';
import { baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { percent } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type ConfusionInput = {
  readonly views: readonly string[];
  /** [R, R], row = the true view; rows add to 1. */
  readonly share_RR: Float32Array;
};

const ROW = 24;
const LEFT = 82;
/** Room for slanted names: seven do not stand side by side in a narrow panel. */
const TOP = 52;

export const confusionHeight = (views: number): number => TOP + views * ROW + 8;

export function memoryConfusion({ views, share_RR }: ConfusionInput, theme: Theme): EChartsOption {
  const R = views.length;
  const cells = Array.from(share_RR, (share, i) => [i % R, Math.floor(i / R), share]);
  const quiet = { show: false };
  const axis = { type: 'category' as const, data: [...views], axisLine: quiet, axisTick: quiet, splitLine: quiet };
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    grid: { left: LEFT, right: 8, top: TOP, bottom: 8 },
    xAxis: {
      ...axis,
      position: 'top',
      axisLabel: { color: theme.colour['ink-2'], fontSize: 12, interval: 0, rotate: 35 },
    },
    yAxis: { ...axis, inverse: true, axisLabel: { color: theme.colour['ink-2'], fontSize: 12, interval: 0 } },
    series: [
      {
        type: 'custom',
        name: 'taken for',
        silent: true,
        data: cells,
        encode: { x: 0, y: 1 },
        renderItem: (_params, api) => {
          const share = api.value(2) as number;
          const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
          const [wide, high] = api.size!([1, 1]) as [number, number];
          const shape = { x: x - wide / 2 + 1, y: y - high / 2 + 1, width: wide - 2, height: high - 2 };
          const text = share < 0.005 ? '' : percent(share);
          return {
            type: 'group',
            children: [
              { type: 'rect', shape, style: { fill: theme.colour.raise } },
              { type: 'rect', shape, style: { fill: theme.colour.model, opacity: 0.85 * share } },
              {
                type: 'text',
                style: {
                  ...{ text, x, y, align: 'center', verticalAlign: 'middle', fontSize: 12, fontFamily: theme.font },
                  fill: share > 0.55 ? theme.colour['ink-on'] : theme.colour.ink,
                },
              },
            ],
          };
        },
      },
    ],
  };
}

export function memoryConfusionTable({ views, share_RR }: ConfusionInput): ChartTable {
  const R = views.length;
  return {
    caption: chartWords.confusionCaption,
    columns: [chartWords.fusionColumns[0]!, ...views],
    rows: views.map((view, r) => [view, ...views.map((_, c) => percent(share_RR[r * R + c]!))]),
  };
}
