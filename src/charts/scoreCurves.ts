/**
 * What scores are worth at every threshold: F1 as the adjustment gets stricter, ROC, precision against recall, and F1 by
 * how much is flagged. Runs are drawn strong, baselines thin, random scores in the colour of alarms.
 */
import type { EChartsOption, SeriesOption } from 'echarts';
import type { ScoreCurves } from '../workers/protocol.ts';
import { axisOption, axisText, baseOption } from './chartParts.ts';
import type { ChartTable } from './chartParts.ts';
import { num } from './format.ts';
import type { Theme } from './theme.ts';
import { chartWords } from './words.ts';

export type CurveKind = 'pa-k' | 'roc' | 'pr' | 'flagged';

export type NamedCurves = {
  readonly name: string;
  readonly look: 'a' | 'b' | 'baseline' | 'random';
  readonly curves: ScoreCurves;
};

export type ScoreCurvesInput = { readonly kind: CurveKind; readonly of: readonly NamedCurves[] };

/** The share flagged is of interest over powers of ten. */
const isLog = (kind: CurveKind): boolean => kind === 'flagged';

/** Least share on the logarithmic axis, in per cent. */
const LEAST = 0.01;

/** Per cent of judged steps that a point flags. */
const flaggedAt = (recall: number, falseAlarms: number, labelled: number): number =>
  100 * (recall * labelled + falseAlarms * (1 - labelled));

/** Points of one curve in the order of falling thresholds. */
export function pointsOf(kind: CurveKind, c: ScoreCurves): [number, number][] {
  switch (kind) {
    case 'pa-k':
      return Array.from(c.paK_K, (f1, K) => [K, f1]);
    case 'roc':
      return Array.from(c.recall_P, (recall, i) => [c.falseAlarms_P[i]!, recall]);
    case 'pr':
      return Array.from(c.precision_P, (precision, i) => [c.recall_P[i]!, precision]);
    case 'flagged':
      return Array.from(c.f1_P, (f1, i): [number, number] => [
        flaggedAt(c.recall_P[i]!, c.falseAlarms_P[i]!, c.labelledShare),
        f1,
      ]).filter(([x]) => x >= LEAST);
  }
}

/** The number that stands for the whole curve. */
export function areaOf(kind: CurveKind, c: ScoreCurves): number | null {
  switch (kind) {
    case 'pa-k':
      return c.paKAuc;
    case 'roc':
      return c.aucRoc;
    case 'pr':
      return c.averagePrecision;
    case 'flagged':
      return c.bestF1;
  }
}

/** Where the threshold in force lies; null on curves that have no such place. */
function markOf(kind: CurveKind, { inForce, labelledShare }: ScoreCurves): [number, number] | null {
  if (inForce === null || kind === 'pa-k') return null;
  const { recall, precision, falseAlarms, f1 } = inForce;
  if (kind === 'roc') return [falseAlarms, recall];
  if (kind === 'pr') return [recall, precision];
  return [Math.max(LEAST, flaggedAt(recall, falseAlarms, labelledShare)), f1];
}

type Look = {
  readonly colour: string;
  readonly width: number;
  readonly type: 'solid' | 'dashed' | 'dotted' | number[];
};

function lookOf(look: NamedCurves['look'], n: number, theme: Theme): Look {
  switch (look) {
    case 'a':
      return { colour: theme.colour.observed, width: 1.5, type: [6, 3] };
    case 'b':
      return { colour: theme.colour.observed, width: 2, type: 'solid' };
    case 'random':
      return { colour: theme.colour.event, width: 1.5, type: 'dotted' };
    case 'baseline':
      return {
        colour: theme.colour['ink-3'],
        width: 1,
        type: (['solid', 'dashed', 'dotted', [8, 2, 2, 2]] as const)[n % 4]! as Look['type'],
      };
  }
}

/** Runs go by their letter: the name is in the list beside the chart. */
const shortOf = ({ name, look }: NamedCurves): string => (look === 'a' || look === 'b' ? look.toUpperCase() : name);

export function scoreCurves({ kind, of }: ScoreCurvesInput, theme: Theme): EChartsOption {
  const { x, y } = chartWords.curves[kind];
  const log = isLog(kind);
  const end = kind === 'pa-k' || kind === 'flagged' ? 100 : 1;
  const baselines = of.filter(({ look }) => look === 'baseline');
  const lines = of.map((one): SeriesOption => {
    const look = lookOf(one.look, baselines.indexOf(one), theme);
    const area = areaOf(kind, one.curves);
    return {
      type: 'line',
      name: one.name,
      data: pointsOf(kind, one.curves),
      showSymbol: false,
      silent: true,
      z: one.look === 'baseline' ? 2 : 3,
      lineStyle: { color: look.colour, width: look.width, type: look.type },
      itemStyle: { color: look.colour },
      endLabel: {
        show: kind === 'pa-k',
        formatter: `${shortOf(one)} ${area === null ? '' : area.toFixed(2)}`,
        color:
          one.look === 'random' ? theme.colour['event-text'] : theme.colour[one.look === 'baseline' ? 'ink-3' : 'ink'],
        fontWeight: one.look === 'a' || one.look === 'b' ? 600 : 400,
        fontSize: 12,
        distance: 6,
      },
      labelLayout: { moveOverlap: 'shiftY' },
    };
  });
  const marks = of.flatMap((one): SeriesOption[] => {
    const at = one.look === 'a' || one.look === 'b' ? markOf(kind, one.curves) : null;
    if (at === null) return [];
    return [
      {
        type: 'scatter',
        name: `${one.name}, threshold in force`,
        data: [at],
        symbol: 'diamond',
        symbolSize: 11,
        silent: true,
        z: 4,
        itemStyle: {
          color: one.look === 'b' ? theme.colour.observed : theme.colour.plot,
          borderColor: theme.colour.observed,
          borderWidth: 1.5,
          opacity: 1,
        },
      },
    ];
  });
  return {
    ...baseOption(theme),
    grid: { left: 44, right: kind === 'pa-k' ? 148 : 20, top: 28, bottom: 40 },
    tooltip: {
      ...(baseOption(theme).tooltip as object),
      valueFormatter: (value) => num(Number(value), 3),
    },
    xAxis: {
      ...axisOption(theme, { name: x, min: log ? LEAST : 0, max: end, log, side: 'x' }),
      axisLabel: {
        color: theme.colour['ink-3'],
        fontSize: 12,
        formatter: axisText,
        hideOverlap: true,
        showMaxLabel: true,
      },
    },
    yAxis: { ...axisOption(theme, { name: y, min: 0, max: 1, side: 'y' }), splitNumber: 4 },
    series: [...lines, ...marks],
  };
}

/** Rows of the table: values of each curve at even places of the horizontal axis. */
const ROWS = 21;

/** Value of a curve at `x`: that of the last point not beyond it, in rising x. */
function valueAt(points: readonly (readonly [number, number])[], x: number): number {
  let value = NaN;
  let at = -Infinity;
  for (const [px, py] of points)
    if (px <= x + 1e-9 && px >= at) {
      at = px;
      value = py;
    }
  return value;
}

export function scoreCurvesTable({ kind, of }: ScoreCurvesInput): ChartTable {
  const { x, title } = chartWords.curves[kind];
  const log = isLog(kind);
  const end = kind === 'pa-k' || kind === 'flagged' ? 100 : 1;
  const places = Array.from({ length: ROWS }, (_, i) => {
    const share = i / (ROWS - 1);
    return log ? LEAST * (end / LEAST) ** share : share * end;
  });
  const curves = of.map((one) => pointsOf(kind, one.curves));
  const text = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3));
  return {
    caption: `${title}. ${of.map((one) => `${one.name}: ${areaOf(kind, one.curves)?.toFixed(3) ?? '–'}`).join(', ')}.`,
    columns: [x, ...of.map(({ name }) => name)],
    rows: places.map((place) => [num(place), ...curves.map((points) => text(valueAt(points, place)))]),
  };
}
