/** Small pictures of signals of one sensor on one scale: views of a window with what was rebuilt, or memory items. */
import type { EChartsOption, SeriesOption } from 'echarts';
import { baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type SignalPanel = {
  readonly title: string;
  /** What the network got; null where there is only a rebuilt signal. */
  readonly input_W: Float32Array | null;
  readonly rebuilt_W: Float32Array;
  /** Error or share beside the title. */
  readonly note: string;
};

export type SignalsInput = {
  readonly caption: string;
  readonly panels: readonly SignalPanel[];
  readonly columns: number;
};

const HEIGHT = 76;
const TITLE = 20;

export const signalsHeight = (panels: number, columns: number): number => Math.ceil(panels / columns) * HEIGHT + 4;

export function memorySignals({ panels, columns }: SignalsInput, theme: Theme): EChartsOption {
  const values = panels.flatMap(({ input_W, rebuilt_W }) => [...(input_W ?? []), ...rebuilt_W]);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const air = Math.max(1e-6, 0.06 * (high - low));
  const wide = 100 / columns;
  const steps = Math.max(1, (panels[0]?.rebuilt_W.length ?? 1) - 1);
  const line = (n: number, name: string, y: Float32Array, colour: string, width: number): SeriesOption => ({
    type: 'line',
    name,
    xAxisIndex: n,
    yAxisIndex: n,
    silent: true,
    showSymbol: false,
    data: Array.from(y, (value, t) => [t, value]),
    lineStyle: { color: colour, width },
  });
  const quiet = { show: false };
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    grid: panels.map((_, n) => ({
      left: `${(n % columns) * wide + 0.6}%`,
      width: `${wide - 1.6}%`,
      top: Math.floor(n / columns) * HEIGHT + TITLE,
      height: HEIGHT - TITLE - 6,
      show: true,
      borderWidth: 0,
      borderColor: theme.colour.raise,
      backgroundColor: theme.colour.raise,
    })),
    xAxis: panels.map((_, n) => ({
      ...{ type: 'value' as const, gridIndex: n, min: 0, max: steps },
      ...{ axisLine: quiet, axisTick: quiet, axisLabel: quiet, splitLine: quiet },
    })),
    yAxis: panels.map(({ title, note }, n) => ({
      ...{ type: 'value' as const, gridIndex: n, min: low - air, max: high + air },
      ...{ axisLine: quiet, axisTick: quiet, axisLabel: quiet, splitLine: quiet },
      name: `{title|${title}}  {note|${note}}`,
      nameLocation: 'end' as const,
      nameGap: 5,
      nameTextStyle: {
        align: 'left' as const,
        rich: {
          title: { color: theme.colour['ink-2'], fontSize: 12 },
          note: { color: theme.colour['ink-3'], fontSize: 12 },
        },
      },
    })),
    series: panels.flatMap(({ title, input_W, rebuilt_W }, n) => [
      ...(input_W === null ? [] : [line(n, `${title}, input`, input_W, theme.colour.observed, 1.25)]),
      line(n, `${title}, rebuilt`, rebuilt_W, theme.colour.model, 1.25),
    ]),
  };
}

const ends = (x: Float32Array): string => `${num(Math.min(...x))} to ${num(Math.max(...x))}`;

export function memorySignalsTable({ caption, panels }: SignalsInput): ChartTable {
  return {
    caption,
    columns: chartWords.signalColumns,
    rows: panels.map(({ title, note, input_W, rebuilt_W }) => [
      title,
      note,
      input_W === null ? '–' : ends(input_W),
      ends(rebuilt_W),
    ]),
  };
}
