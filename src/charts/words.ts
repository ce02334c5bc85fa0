/**
 * What charts say by themselves: times, axes, captions. English here; the page may put another language in its place
 * before or between drawings.
 */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day of the calendar; `month` from 1. */
type Day = { readonly year: number; readonly month: number; readonly day: number };

const monthOf = ({ month }: Pick<Day, 'month'>) => MONTHS[month - 1]!;

const english = {
  /** Units of time with what stands between number and unit: symbols keep a gap that never breaks. */
  units: { d: '\u00A0d', h: '\u00A0h', min: '\u00A0min', s: '\u00A0s', ms: '\u00A0ms' },
  day: (at: Day) => `${at.day} ${monthOf(at)}`,
  date: (at: Day) => `${at.day} ${monthOf(at)} ${at.year}`,
  month: (at: Day) => monthOf(at),
  monthOfYear: (at: Day) => `${monthOf(at)} ${at.year}`,
  year: (at: Day) => at.year.toString(),
  dayNumber: (day: number) => `d${day}`,
  step: (n: string) => `step ${n}`,
  steps: (n: string, isOne: boolean) => `${n} step${isOne ? '' : 's'}`,
  stepsZone: 'steps',
  elapsedZone: 'elapsed',
  shown: (length: string) => `${length} shown`,
  range: (from: string, to: string, length: string) => `${from} to ${to}, ${length}`,
  missing: 'missing',
  expected: (label: string, observed: string, expected: string) => `${label} ${observed}, expected ${expected}`,
  fileLabel: 'file label',
  synthetic: 'synthetic',
  threshold: 'Threshold',
  oracle: 'oracle',
  thresholdAt: (value: string) => `threshold ${value}`,
  density: 'density',
  densityLog: 'density, log',
  log: (name: string) => `${name}, log`,
  errorAt: (at: string, error: string, p: string) => `${at}: error ${error}\nupper tail p = ${p}`,
  errorCaption: (at: string, error: string, p: string) =>
    `Training errors and mixture. At ${at} the error is ${error}, upper tail p = ${p}.`,
  errorColumns: ['Error from', 'to', 'Density in training', 'Mixture'] as readonly string[],
  chi2Quantile: (df: string, value: string) => `χ²(${df}) quantile ${value}`,
  scoreCaption: (gamma: string, df: string, threshold: string) =>
    `Training scores, ${gamma} and χ²(${df}). Threshold ${threshold}.`,
  scoreColumns: ['S from', 'to', 'Observed density', 'Gamma', 'χ²'] as readonly string[],
  modelQuantile: 'model quantile of S',
  observedS: 'observed S',
  qqCaption: (gamma: string, chi2: string) =>
    `Quantiles of S. Largest distance of the distributions (KS): Gamma ${gamma}, χ² ${chi2}.`,
  qqColumns: ['Observed', 'Gamma', 'χ²'] as readonly string[],
  curves: {
    'pa-k': { x: 'K, % of an event that must be flagged', y: 'best F1', title: 'Best F1 by K' },
    roc: { x: 'share of normal steps flagged', y: 'recall', title: 'Recall by false alarms' },
    pr: { x: 'recall', y: 'precision', title: 'Precision by recall' },
    flagged: { x: 'steps over the threshold, %', y: 'F1', title: 'F1 by share flagged' },
  },
  epoch: 'epoch',
  lossKinds: { training: 'training', validation: 'validation', bound: 'bound' },
  lossCaption: 'Loss by epoch',
  meanRank: 'mean rank, 1 is best',
  layer: (n: number) => `Layer ${n}`,
  series: 'Series',
  heatMap: (sensors: number) => `Map of −log10 p, ${sensors} sensors. Arrow keys move, Enter chooses.`,
  heatCaption: 'Largest −log10 p of each sensor in the range shown',
  heatColumns: ['System', 'Sensor', 'Largest −log10 p', 'at'] as readonly [string, string, string, string],
  attentionMap: (title: string) => `${title}. Arrow keys move, Enter pins.`,
  memoryKinds: { local: 'local', global: 'global' },
  nominal: 'nominal',
  actual: 'actual',
  alarmsOverTimeCaption: (significance: string) => `Share of known normal steps with p below ${significance}, by time`,
  startColumn: 'From',
  alarmsCaption: 'Nominal against actual false-alarm rate',
  driftCaption: (limit: string) =>
    `Strength of drift; 1 is the farthest that training strayed, from ${limit} a change counts`,
  driftColumns: ['Time', 'Measured', 'Residuals', 'Regime'] as readonly string[],
  notKnown: 'not known',
  rankCaption: (metric: string, dataSets: number, cd: string) =>
    `Mean ranks by ${metric} over ${dataSets} data sets. Critical difference (Nemenyi, 5 %): ${cd}.`,
  rankColumns: ['Method', 'Mean rank'] as readonly string[],
  fusionCaption: 'Fusion weights after the last epoch',
  fusionColumns: ['View', 'Local', 'Global'] as readonly string[],
  confusionCaption: 'Share of windows whose view (row) is taken for each view (column)',
  periodsCaption: 'Learned period of each head, and the share of that period in the variance of the series',
  periodsColumns: ['Layer', 'Head', 'Period in steps', 'Period', 'Share of the series'] as readonly string[],
  signalColumns: ['Signal', 'Value', 'Input', 'Rebuilt'] as readonly string[],
  addressingCaption: 'Memory items that answer most, and their share of the addressing',
  addressingColumns: ['Memory', 'Item', 'Share'] as readonly string[],
  metricBy: (metric: string, setting: string) => `${metric} by ${setting}.`,
  laneCaption: (from: string, to: string, events: number) =>
    `Lanes from ${from} to ${to}: lowest and highest value of each, then ${events} event${events === 1 ? '' : 's'}`,
  laneColumns: ['Lane or event', 'Lowest, or from', 'Highest, or to'] as readonly string[],
  overviewCaption: (events: number) => `The whole series: ${events} event${events === 1 ? '' : 's'}`,
  eventColumns: ['Event', 'From', 'To'] as readonly string[],
  eventNumber: (n: number) => `event ${n}`,
  pair: { vanished: 'vanished', appeared: 'appeared', columns: ['Change', 'From', 'To'] as readonly string[] },
  paintColumns: ['Step', 'Measured', 'Generated', 'Painted'] as readonly string[],
  painted: 'yes',
  saveAs: (kind: string, title: string) => `Save as ${kind}: ${title}`,
  firstRows: (shown: number, of: number) => ` First ${shown} of ${of} rows.`,
};

export type ChartWords = typeof english;

/** The words in force. Read them while drawing, not while a module loads. */
export const chartWords: ChartWords = { ...english };

/** Puts the words of another language in force, or English again. */
export function speakCharts(words: ChartWords | null): void {
  Object.assign(chartWords, words ?? english);
}
