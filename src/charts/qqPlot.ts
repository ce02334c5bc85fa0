/** Observed quantiles of S against those of the two models; on the diagonal the model is right. */
import type { EChartsOption, SeriesOption } from 'echarts';
import type { ScoreEvidence } from '../workers/protocol.ts';
import { axisOption, baseOption, largest } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type QqInput = ScoreEvidence['qq'];

const CROSS = 'path://M0,0 L6,6 M6,0 L0,6';

export function qqPlot({ observed, gamma, chi2 }: QqInput, theme: Theme): EChartsOption {
  const end = Math.max(largest(observed), 1) * 1.02;
  const points = (name: string, model: Float32Array, look: Record<string, unknown>): SeriesOption => ({
    type: 'scatter',
    name,
    data: Array.from(model, (x, i) => [x, observed[i]!]).filter(([x]) => Number.isFinite(x) && x! <= end),
    silent: true,
    ...look,
  });
  return {
    ...baseOption(theme),
    tooltip: { show: false },
    xAxis: axisOption(theme, { name: chartWords.modelQuantile, min: 0, max: end, side: 'x' }),
    yAxis: axisOption(theme, { name: chartWords.observedS, min: 0, max: end, side: 'y' }),
    series: [
      {
        type: 'line',
        name: 'equal',
        data: [
          [0, 0],
          [end, end],
        ],
        showSymbol: false,
        silent: true,
        lineStyle: { color: theme.colour['ink-4'], width: 1 },
      },
      points('χ²', chi2, {
        symbol: CROSS,
        symbolSize: 6,
        itemStyle: { color: 'transparent', borderColor: theme.colour['ink-3'], borderWidth: 1, opacity: 1 },
      }),
      points('Gamma', gamma, { symbol: 'circle', symbolSize: 5, itemStyle: { color: theme.colour.model, opacity: 1 } }),
    ],
  };
}

export function qqTable({ observed, gamma, chi2, ksGamma, ksChi2 }: QqInput): ChartTable {
  return {
    caption: chartWords.qqCaption(num(ksGamma, 2), num(ksChi2, 2)),
    columns: chartWords.qqColumns,
    rows: Array.from(observed, (value, i) => [value, gamma[i]!, chi2[i]!].map((v) => num(v))),
  };
}
