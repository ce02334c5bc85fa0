/** Losses by epoch while a run trains. The first term is the whole loss, drawn in ink; parts differ by dash. */
import type { EChartsOption } from 'echarts';
import { axisOption, axisText, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';

export type LossInput = {
  /** One record an epoch: name of the loss term to its value. */
  readonly history: readonly Readonly<Record<string, number>>[];
  /** Epochs planned; the axis is as long from the start. */
  readonly epochs: number;
};

const DASHES = ['solid', 'dashed', 'dotted', [6, 2, 1, 2], [2, 2], [8, 3]] as const;

function termsOf(history: LossInput['history']): string[] {
  return [...new Set(history.flatMap((record) => Object.keys(record)))];
}

export function lossCurves({ history, epochs }: LossInput, theme: Theme): EChartsOption {
  const terms = termsOf(history);
  const values = history.flatMap((record) => Object.values(record)).filter((v) => Number.isFinite(v));
  const isLog = values.length > 0 && values.every((v) => v > 0);
  const hi = values.reduce((a, b) => Math.max(a, b), isLog ? 0 : 1e-9);
  const lo = values.reduce((a, b) => Math.min(a, b), hi);
  const inks = [theme.colour.observed, theme.colour['ink-2'], theme.colour['ink-3']];
  return {
    ...baseOption(theme),
    grid: { left: 52, right: 96, top: 24, bottom: 36 },
    xAxis: {
      ...axisOption(theme, { name: 'epoch', min: 1, max: Math.max(2, epochs, history.length), side: 'x' }),
      minInterval: 1,
    },
    yAxis: {
      ...axisOption(theme, {
        name: isLog ? 'loss, log' : 'loss',
        min: isLog ? lo * 0.8 : Math.min(0, lo),
        max: isLog ? hi * 1.25 : hi * 1.05,
        log: isLog,
        side: 'y',
      }),
      axisLabel: { color: theme.colour['ink-3'], formatter: (v: number) => axisText(Number(v.toPrecision(2))) },
    },
    series: terms.map((term, i) => ({
      type: 'line' as const,
      name: term,
      data: history.map((record, epoch) => [epoch + 1, record[term] ?? NaN]),
      showSymbol: history.length === 1,
      symbolSize: 4,
      lineStyle: {
        color: inks[Math.min(i, 2)]!,
        width: i === 0 ? 1.75 : 1.25,
        type: DASHES[i % DASHES.length] as 'solid',
      },
      itemStyle: { color: inks[Math.min(i, 2)]! },
      endLabel: { show: true, formatter: term, color: theme.colour['ink-2'], fontSize: 12, distance: 4 },
      labelLayout: { moveOverlap: 'shiftY' as const },
      emphasis: { disabled: true },
    })),
  };
}

export function lossTable({ history }: LossInput): ChartTable {
  const terms = termsOf(history);
  return {
    caption: 'Loss by epoch',
    columns: ['Epoch', ...terms],
    rows: history.map((record, i) => [`${i + 1}`, ...terms.map((term) => num(record[term] ?? NaN))]),
  };
}
