/**
 * Losses by epoch while a run trains: a panel for each term with an axis of its own, because a divergence in nats says
 * nothing on the axis of a squared error. Validation and bounds are dashed.
 */
import type { EChartsOption } from 'echarts';
import { axisOption, axisText, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type LossInput = {
  /** One record an epoch: name of the loss term to its value; `NAME (validation)` and `NAME (bound)` stand beside NAME. */
  readonly history: readonly Readonly<Record<string, number>>[];
  /** Epochs planned; the axis is as long from the start. */
  readonly epochs: number;
};

/** Room for the words at the end of the curves, in per cent of the width. */
const WORDS = 11;
/** Room for the axis of a panel, the same. */
const AXIS = 8;

type Curve = { readonly key: string; readonly name: string; readonly isBeside: boolean };
type Panel = { readonly term: string; readonly curves: readonly Curve[] };

/** Learned weights are kept with the losses, under names that begin so; they have charts of their own. */
const isWeight = (key: string): boolean => key.startsWith('α ');

const keysOf = (history: LossInput['history']): string[] =>
  [...new Set(history.flatMap((record) => Object.keys(record)))].filter((key) => !isWeight(key));

const BESIDE = ['validation', 'bound'] as const;

/** The terms in the order of the record, each with its curves in training and, where there are any, beside it. */
function panelsOf(history: LossInput['history']): Panel[] {
  const keys = keysOf(history);
  const besides = (term: string) =>
    BESIDE.map((name) => ({ key: `${term} (${name})`, name: chartWords.lossKinds[name], isBeside: true }));
  const terms = keys.filter((key) => !keys.some((term) => besides(term).some((curve) => curve.key === key)));
  return terms.map((term) => ({
    term,
    curves: [
      { key: term, name: chartWords.lossKinds.training, isBeside: false },
      ...besides(term).filter(({ key }) => keys.includes(key)),
    ],
  }));
}

type Range = { readonly min: number; readonly max: number; readonly log: boolean };

function rangeOf({ curves }: Panel, history: LossInput['history']): Range {
  const values = history
    .flatMap((record) => curves.map(({ key }) => record[key] ?? NaN))
    .filter((value) => Number.isFinite(value));
  const log = values.length > 0 && values.every((value) => value > 0);
  const hi = values.reduce((a, b) => Math.max(a, b), log ? 0 : 1e-9);
  const lo = values.reduce((a, b) => Math.min(a, b), hi);
  return log ? { min: lo * 0.8, max: hi * 1.25, log } : { min: Math.min(0, lo), max: hi * 1.05, log };
}

export function lossCurves({ history, epochs }: LossInput, theme: Theme): EChartsOption {
  const panels = panelsOf(history);
  const wide = (100 - WORDS) / Math.max(1, panels.length);
  const last = Math.max(2, epochs, history.length);
  const lines = panels.flatMap(({ curves }, panel) => curves.map((curve) => ({ ...curve, panel })));
  return {
    ...baseOption(theme),
    grid: panels.map((_, n) => ({ left: `${n * wide + AXIS}%`, width: `${wide - AXIS}%`, top: 24, bottom: 36 })),
    xAxis: panels.map((_, n) => ({
      ...axisOption(theme, { name: n === panels.length - 1 ? chartWords.epoch : '', min: 1, max: last, side: 'x' }),
      gridIndex: n,
      minInterval: 1,
      splitNumber: panels.length > 2 ? 2 : 5,
    })),
    yAxis: panels.map((panel, n) => {
      const range = rangeOf(panel, history);
      return {
        ...axisOption(theme, { name: range.log ? chartWords.log(panel.term) : panel.term, ...range, side: 'y' }),
        gridIndex: n,
        axisLabel: { color: theme.colour['ink-3'], formatter: (v: number) => axisText(Number(v.toPrecision(2))) },
      };
    }),
    series: lines.map(({ key, name, isBeside, panel }) => ({
      type: 'line' as const,
      name: panels.length > 1 ? key : name,
      xAxisIndex: panel,
      yAxisIndex: panel,
      data: history.map((record, epoch) => [epoch + 1, record[key] ?? NaN]),
      showSymbol: history.length === 1,
      symbolSize: 4,
      lineStyle: {
        color: isBeside ? theme.colour['ink-2'] : theme.colour.observed,
        width: isBeside ? 1.25 : 1.75,
        type: isBeside ? ('dashed' as const) : ('solid' as const),
      },
      itemStyle: { color: isBeside ? theme.colour['ink-2'] : theme.colour.observed },
      endLabel: {
        show: panel === panels.length - 1,
        formatter: name,
        color: theme.colour['ink-2'],
        fontSize: 12,
        distance: 4,
      },
      labelLayout: { moveOverlap: 'shiftY' as const },
      emphasis: { disabled: true },
    })),
  };
}

export function lossTable({ history }: LossInput): ChartTable {
  const keys = keysOf(history);
  return {
    caption: chartWords.lossCaption,
    columns: [chartWords.epoch, ...keys],
    rows: history.map((record, i) => [`${i + 1}`, ...keys.map((key) => num(record[key] ?? NaN))]),
  };
}
