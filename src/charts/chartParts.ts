/** The parts of ECharts that we use, and what all option builders share: axes, tooltips and lines from the tokens. */
import type { EChartsOption, SeriesOption } from 'echarts';
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import type { Curve, Histogram } from '../workers/protocol.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';

use([
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  LabelLayout,
  SVGRenderer,
]);

export { init };

/** What an axis needs; EChartsOption wants it plain. */
export type AxisWish = {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
  readonly side: 'x' | 'y';
};

/** A chart in numbers, for those who do not see it. */
export type ChartTable = {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Background, font, margins and tooltip that all charts share. */
export function baseOption(theme: Theme): EChartsOption {
  return {
    animation: false,
    color: [theme.colour['ink-3']],
    textStyle: { fontFamily: theme.font, fontSize: 12, color: theme.colour['ink-3'] },
    grid: { left: 48, right: 16, top: 28, bottom: 36 },
    tooltip: {
      trigger: 'axis',
      transitionDuration: 0,
      backgroundColor: theme.colour.ink,
      borderWidth: 0,
      padding: [3, 6],
      textStyle: { color: theme.colour['ink-on'], fontFamily: theme.font, fontSize: 12 },
      axisPointer: { type: 'line', lineStyle: { color: theme.colour['ink-4'], type: 'solid', width: 1 } },
    },
  };
}

/** A value axis with quiet ticks; the name stands at its end. */
export function axisOption(theme: Theme, { name, min, max, log = false, side }: AxisWish): Record<string, unknown> {
  return {
    type: log ? 'log' : 'value',
    name,
    min,
    max,
    nameLocation: 'end',
    nameGap: side === 'x' ? 0 : 10,
    nameTextStyle:
      side === 'x'
        ? { align: 'right', verticalAlign: 'top', padding: [20, 0, 0, 0], color: theme.colour['ink-3'] }
        : { align: 'left', padding: [0, 0, 0, 4], color: theme.colour['ink-3'] },
    axisLine: { show: side === 'x', lineStyle: { color: theme.colour['line-2'] } },
    axisTick: { show: false },
    axisLabel: {
      color: theme.colour['ink-3'],
      fontSize: 12,
      formatter: axisText,
      hideOverlap: true,
      // Any other least value is where the data happen to begin: 0.00127813.
      showMinLabel: !log && Number.isInteger(min),
      showMaxLabel: false,
    },
    splitLine: { show: side === 'y', lineStyle: { color: theme.colour.grid } },
    minorTick: { show: false },
    splitNumber: 5,
  };
}

/** Axis texts without trailing zeros: 0.05, 100, 10⁻⁵. */
export function axisText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return num(value, 2).replace(/^(−?)1\.0 × /, '$1');
  return Number(value.toPrecision(6)).toString().replace('-', '−');
}

/** Bars of a histogram with exact edges and a hair of space between; empty bins are left out. */
export function barsOf(name: string, { from, width, density }: Histogram, floor: number, colour: string): SeriesOption {
  const bars: number[][] = [];
  density.forEach((value, i) => {
    if (value > 0) bars.push([from + i * width, from + (i + 1) * width, value]);
  });
  return {
    type: 'custom',
    name,
    data: bars,
    silent: true,
    encode: { x: [0, 1], y: 2 },
    clip: true,
    renderItem: (_params, api) => {
      const topLeft = api.coord([api.value(0), api.value(2)]);
      const bottomRight = api.coord([api.value(1), floor]);
      const wide = bottomRight[0]! - topLeft[0]!;
      const space = wide > 4 ? 1 : 0;
      return {
        type: 'rect',
        shape: {
          x: topLeft[0]! + space / 2,
          y: topLeft[1]!,
          width: Math.max(0.5, wide - space),
          height: Math.max(0, bottomRight[1]! - topLeft[1]!),
        },
        style: { fill: colour },
      };
    },
  };
}

export type LineLook = {
  readonly colour: string;
  readonly width?: number;
  readonly dash?: 'solid' | 'dashed' | 'dotted';
};

/** A curve, cut off below `floor` so that a log axis can show it. */
export function curveOf(name: string, { x, y }: Curve, floor: number, look: LineLook): SeriesOption {
  return {
    type: 'line',
    name,
    data: Array.from(x, (at, i) => [at, Math.max(floor, y[i]!)]),
    showSymbol: false,
    silent: true,
    lineStyle: { color: look.colour, width: look.width ?? 1.25, type: look.dash ?? 'solid' },
    itemStyle: { color: look.colour },
  };
}

export type Upright = {
  readonly at: number;
  readonly text: string;
  readonly colour: string;
  readonly ink: string;
  readonly dash: 'solid' | 'dashed' | 'dotted';
  readonly width?: number;
  readonly marker?: boolean;
  /** Which side of the line the text is on. */
  readonly side: 'left' | 'right';
  /** Text lines below the top that are kept free for other texts. */
  readonly drop?: number;
};

/** A marked value: an upright line with its text at the top. Carried by an empty series. */
export function uprightOf(name: string, line: Upright): SeriesOption {
  const align = line.side === 'left' ? 'right' : 'left';
  return {
    type: 'line',
    name,
    data: [],
    markLine: {
      silent: true,
      animation: false,
      symbol: ['none', line.marker ? 'triangle' : 'none'],
      symbolSize: 8,
      symbolRotate: 180,
      lineStyle: { color: line.colour, type: line.dash, width: line.width ?? 1 },
      label: {
        show: true,
        position: 'end',
        formatter: line.text,
        align,
        verticalAlign: 'top',
        padding: [2 + 16 * (line.drop ?? 0), 8, 0, 8],
        distance: 0,
        color: line.ink,
        fontSize: 12,
        lineHeight: 16,
      },
      data: [{ xAxis: line.at }],
    },
  };
}

/** Largest of a list of numbers, 0 when it is empty. */
export function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) if (values[i]! > most) most = values[i]!;
  return most;
}
