/** Training scores S with the fitted Gamma density, the chi-square that independence would give, and both thresholds. */
import type { EChartsOption } from 'echarts';
import type { ScoreEvidence } from '../workers/protocol.ts';
import { axisOption, axisText, barsOf, baseOption, curveOf, largest, uprightOf } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { curveAt } from './errorHistogram.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type ScoreHistogramInput = Pick<ScoreEvidence, 'scores' | 'gamma' | 'chi2' | 'chi2Threshold'> & {
  /** Threshold in force. */
  readonly threshold: number;
};

export function scoreHistogram(input: ScoreHistogramInput, theme: Theme): EChartsOption {
  const { scores, gamma, chi2, chi2Threshold, threshold } = input;
  const end = Math.max(scores.from + scores.width * scores.density.length, threshold * 1.25, chi2Threshold * 1.05);
  const top = Math.max(largest(scores.density), largest(gamma.y), largest(chi2.y)) * 1.2;
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    xAxis: axisOption(theme, { name: 'S', min: Math.min(0, scores.from), max: end, side: 'x' }),
    yAxis: axisOption(theme, { name: chartWords.density, min: 0, max: top, side: 'y' }),
    series: [
      barsOf('observed', scores, 0, theme.colour.residual),
      curveOf('chi-square', chi2, 0, { colour: theme.colour['ink-2'], width: 1.5, dash: 'dotted' }),
      curveOf('Gamma', gamma, 0, { colour: theme.colour.model, width: 1.75 }),
      uprightOf('chi-square quantile', {
        at: chi2Threshold,
        text: chartWords.chi2Quantile(axisText(chi2.df), num(chi2Threshold)),
        colour: theme.colour['ink-2'],
        ink: theme.colour['ink-2'],
        dash: 'dotted',
        side: chi2Threshold > end * 0.7 ? 'left' : 'right',
        drop: 2,
      }),
      uprightOf('threshold', {
        at: threshold,
        text: chartWords.thresholdAt(num(threshold, 4)),
        colour: theme.colour.threshold,
        ink: theme.colour.ink,
        dash: 'dashed',
        side: threshold > end * 0.75 ? 'left' : 'right',
      }),
    ],
  };
}

export function scoreHistogramTable({ scores, gamma, chi2, threshold }: ScoreHistogramInput): ChartTable {
  return {
    caption: chartWords.scoreCaption(
      `Gamma(${num(gamma.shape)}, ${num(gamma.scale)})`,
      axisText(chi2.df),
      num(threshold, 4),
    ),
    columns: chartWords.scoreColumns,
    rows: Array.from(scores.density, (value, i) => {
      const from = scores.from + i * scores.width;
      const middle = from + scores.width / 2;
      return [from, from + scores.width, value, curveAt(gamma, middle), curveAt(chi2, middle)].map((v) => num(v));
    }),
  };
}
