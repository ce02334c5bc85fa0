/** Errors of one sensor in training on a log density, the mixture fitted to them, and the error of the chosen step. */
import type { EChartsOption } from 'echarts';
import type { Curve, Histogram } from '../workers/protocol.ts';
import { axisOption, barsOf, baseOption, curveOf, largest, uprightOf } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num, probabilityText } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type ErrorHistogramInput = {
  /** Words of the x axis: "smoothed error". */
  readonly errorTitle: string;
  readonly errors: Histogram;
  readonly mixture: Curve;
  /** Weighted densities of the parts of the mixture. */
  readonly components: readonly Curve[];
  /** Error of the chosen step and its upper tail (natural log). */
  readonly error: number;
  readonly logP: number;
  /** The chosen step in words: "01:35". */
  readonly at: string;
};

/** Decades shown below the lowest occupied bin. */
const ROOM = 2;

export function errorHistogram(input: ErrorHistogramInput, theme: Theme): EChartsOption {
  const { errors, mixture, components, error } = input;
  const present = errors.density.filter((value) => value > 0);
  const floor = present.length > 0 ? present.reduce((a, b) => Math.min(a, b)) / ROOM : 1e-3;
  const top = Math.max(largest(errors.density), largest(mixture.y), floor * 10) * 1.5;
  const end = Math.max(errors.from + errors.width * errors.density.length, Number.isNaN(error) ? 0 : error) * 1.04;
  const isRight = error > (errors.from + end) / 2;
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    xAxis: axisOption(theme, { name: input.errorTitle, min: errors.from, max: end, side: 'x' }),
    yAxis: axisOption(theme, { name: chartWords.densityLog, min: floor, max: top, log: true, side: 'y' }),
    series: [
      barsOf('training', errors, floor, theme.colour.residual),
      ...components.map((part, i) =>
        curveOf(`part ${i + 1}`, part, floor, { colour: theme.colour.model, width: 1, dash: 'dashed' }),
      ),
      curveOf('mixture', mixture, floor, { colour: theme.colour.model, width: 1.75 }),
      ...(Number.isNaN(error)
        ? []
        : [
            uprightOf('chosen step', {
              at: error,
              text: chartWords.errorAt(input.at, num(error), probabilityText(input.logP, true)),
              colour: theme.colour.event,
              ink: theme.colour['event-text'],
              dash: 'solid',
              width: 2,
              marker: true,
              side: isRight ? 'left' : 'right',
            }),
          ]),
    ],
  };
}

export function errorHistogramTable({ errors, mixture, error, logP, at }: ErrorHistogramInput): ChartTable {
  return {
    caption: chartWords.errorCaption(at, num(error), probabilityText(logP, true)),
    columns: chartWords.errorColumns,
    rows: Array.from(errors.density, (value, i) => {
      const from = errors.from + i * errors.width;
      return [num(from), num(from + errors.width), num(value), num(curveAt(mixture, from + errors.width / 2))];
    }),
  };
}

/** A curve at any place, straight between its points; NaN outside. */
export function curveAt({ x, y }: Curve, at: number): number {
  const right = x.findIndex((value) => value >= at);
  if (right < 0 || at < x[0]!) return NaN;
  if (right === 0) return y[0]!;
  const part = (at - x[right - 1]!) / (x[right]! - x[right - 1]! || 1);
  return y[right - 1]! + part * (y[right]! - y[right - 1]!);
}
