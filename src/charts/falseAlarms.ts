/** Nominal against actual false-alarm rate: on the diagonal a head means what it says. Both axes logarithmic. */
import type { EChartsOption } from 'echarts';
import { axisOption, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num, percent } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type AlarmLine = {
  readonly name: string;
  /** The run in view is drawn strong, the one before dashed, others thin. */
  readonly look: 'chosen' | 'before' | 'other';
  readonly nominal_P: ArrayLike<number>;
  /** NaN where nothing is known. */
  readonly actual_P: ArrayLike<number>;
  /** Steps that the rates rest on. */
  readonly steps: number;
};

export type FalseAlarmsInput = {
  readonly lines: readonly AlarmLine[];
  /** The level in use, marked. */
  readonly significance: number;
};

/** Rates below the axis stand on its lower end: none is drawn as 0. */
const LO = 1e-4;

const WIDTH = { chosen: 1.6, before: 1.2, other: 1 } as const;

export function falseAlarms({ lines, significance }: FalseAlarmsInput, theme: Theme): EChartsOption {
  const colour = {
    chosen: theme.colour.observed,
    before: theme.colour['ink-3'],
    other: theme.colour['ink-4'],
  } as const;
  const dash = { chosen: 'solid', before: 'dashed', other: 'solid' } as const;
  return {
    ...baseOption(theme),
    grid: { left: 48, right: 16, top: 26, bottom: 36 },
    xAxis: axisOption(theme, { name: chartWords.nominal, min: LO, max: 1, log: true, side: 'x' }),
    yAxis: axisOption(theme, { name: chartWords.actual, min: LO, max: 1, log: true, side: 'y' }),
    series: [
      {
        type: 'line',
        name: 'as it says',
        data: [
          [LO, LO],
          [1, 1],
        ],
        showSymbol: false,
        silent: true,
        lineStyle: { color: theme.colour['line-2'], width: 1 },
        itemStyle: { color: theme.colour['line-2'] },
      },
      // A marked line of ECharts reaches to minus infinity, which a logarithmic axis does not have.
      {
        type: 'line',
        name: 'in use',
        data: [
          [significance, LO],
          [significance, 1],
        ],
        showSymbol: false,
        silent: true,
        lineStyle: { color: theme.colour.threshold, width: 1, type: 'dashed' },
        itemStyle: { color: theme.colour.threshold },
        endLabel: { show: true, formatter: `p = ${num(significance, 2)}`, color: theme.colour['ink-3'], fontSize: 12 },
      },
      ...[...lines]
        .sort((a, b) => WIDTH[a.look] - WIDTH[b.look])
        .map((line) => ({
          type: 'line' as const,
          name: line.name,
          data: Array.from(line.nominal_P, (level, i) => [level, Math.max(LO, line.actual_P[i] ?? NaN)]).filter(
            ([, actual]) => !Number.isNaN(actual),
          ),
          symbol: line.look === 'before' ? 'diamond' : 'circle',
          symbolSize: line.look === 'other' ? 3 : 5,
          lineStyle: { color: colour[line.look], width: WIDTH[line.look], type: dash[line.look] },
          itemStyle: { color: colour[line.look] },
        })),
    ],
  };
}

export function falseAlarmsTable({ lines }: FalseAlarmsInput): ChartTable {
  const levels = Array.from(lines[0]?.nominal_P ?? []);
  return {
    caption: chartWords.alarmsCaption,
    columns: [chartWords.nominal, ...lines.map(({ name, steps }) => `${name}, ${chartWords.steps(num(steps), false)}`)],
    rows: levels.map((level, i) => [
      num(level),
      ...lines.map(({ actual_P }) => (Number.isNaN(actual_P[i] ?? NaN) ? '–' : percent(actual_P[i] ?? NaN))),
    ]),
  };
}
