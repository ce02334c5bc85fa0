/** Formats that list ranges of time or steps, read through the common reader of label files. */
import { csvText } from '../../data/csvOut.ts';
import type { OutCell } from '../../data/csvOut.ts';
import { labelsIn } from '../../data/labels.ts';
import type { LabelSet } from '../../data/labels.ts';
import { wallReader } from '../../data/zones.ts';
import { EngineError } from '../../errors.ts';
import { stampOf } from '../../exports.ts';
import type { Clock, Series, Span } from '../../types.ts';
import { ANOMALOUS, sensorsIn, stepLabels } from '../steps.ts';
import type { Label, Scope } from '../types.ts';
import { firstStep, runsOf } from './csvColumn.ts';
import { EVERYWHERE, isSeries, labelFor, verdictOf } from './format.ts';
import type { Found, LabelFormat, Target } from './format.ts';
import { needTimes, nsOf, NS_PER_S, secondsText, stepsWithin, zoneOf } from './moments.ts';

/** Anomalous ranges by step, later labels winning; overlapping ones are one. */
const anomalousSpans = (labels: readonly Label[], series: Series): Span[] =>
  runsOf(stepLabels(labels, series)).flatMap(({ span, code }) => (code === ANOMALOUS ? [span] : []));

/** A name without the apostrophe that tables put before what a spreadsheet would run. */
const unguarded = (name: string): string => name.replace(/^'(?=[=+\-@\t\r])/, '');

/** The entries of this series: those that name it, none when the file says so, else all when it names one series only. */
function ofSeries<E extends { readonly series: string }>(
  all: readonly E[],
  named: readonly string[],
  series: Series,
  file: string,
): readonly E[] {
  const { asset, sensors } = series;
  const isOwn = (name: string): boolean => isSeries(name, asset) || sensors.some((sensor) => sensor.name === name);
  const entries = all.map((one) => ({ ...one, series: unguarded(one.series) }));
  const names = named.map(unguarded);
  if (names.some(isOwn)) return entries.filter((one) => isOwn(one.series));
  if (names.length <= 1) return entries;
  throw new EngineError(
    'bad-input',
    'other-series',
    `${file} has labels of ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}, none of ${asset}`,
    `Name the series ${asset} in the file, or keep only its labels.`,
    { file },
  );
}

const scopeOf = (name: string, { sensors }: Series): Scope =>
  sensors.some((sensor) => sensor.name === name) ? { kind: 'sensors', sensors: [name] } : EVERYWHERE;

function fromIntervals({ intervals, named }: LabelSet, target: Target, file: string): Found {
  const { series } = target;
  const labels: Label[] = [];
  const problems: string[] = [];
  for (const { startNs, endNs, label, line, series: name } of ofSeries(intervals, named, series, file)) {
    const span = stepsWithin(series, startNs, endNs);
    if (span === null)
      problems.push(`The range ${line === null ? '' : `in line ${line} `}lies outside the series and was left out.`);
    else labels.push(labelFor(target, { span, verdict: verdictOf(label), scope: scopeOf(name, series) }));
  }
  return { labels, problems };
}

function fromRows({ rows, named, rowCount }: LabelSet, target: Target, file: string): Found {
  const { series } = target;
  const from = rowCount === null ? 0 : firstStep(series, rowCount, file);
  const labels: Label[] = [];
  const problems: string[] = [];
  for (const { span, label, series: name, sensors } of ofSeries(rows, named, series, file)) {
    const [start, end] = [span.start + from, Math.min(series.T, span.end + from)];
    const known = sensors.flatMap((s) => (s in series.sensors ? [series.sensors[s].name] : []));
    const scope: Scope = known.length > 0 ? { kind: 'sensors', sensors: known } : scopeOf(name, series);
    if (end <= start) problems.push(`Rows ${span.start} to ${span.end - 1} lie outside the series and were left out.`);
    else labels.push(labelFor(target, { span: { start, end }, verdict: verdictOf(label), scope }));
  }
  return { labels, problems };
}

/** Any label file that the common reader knows (its `format` among `formats`, or any of them). */
export function readRanges(file: Parameters<typeof labelsIn>[0], target: Target): Found & { readonly format: string } {
  const read = labelsIn(file, file.path, zoneOf(target.series.clock));
  // Interpretation labels name the file they are in, which is no series.
  const isNameless = read.format === 'Interpretation ranges';
  const set = isNameless ? { ...read, named: [''], rows: read.rows.map((one) => ({ ...one, series: '' })) } : read;
  // TRAINSET has a line for each sensor and step, so its lines are no steps even where nothing is labelled.
  const hasTimes = set.intervals.length > 0 || set.format === 'TRAINSET';
  const found =
    hasTimes && (target.series.clock.kind !== 'index' || set.rows.length === 0)
      ? fromIntervals(set, target, file.path)
      : fromRows(set, target, file.path);
  return { ...found, format: set.format };
}

/** Reads files that the common reader calls by this name, and no others. */
export const readAs =
  (format: string): LabelFormat['read'] =>
  (file, target) => {
    if (file.kind !== 'json' && file.kind !== 'table') return null;
    try {
      if (labelsIn(file, file.path, zoneOf(target.series.clock)).format !== format) return null;
    } catch (thrown) {
      // A file of another form is for another format; a broken one is told of by whoever knows its form.
      if (thrown instanceof EngineError && thrown.kind === 'unknown-labels') return null;
      throw thrown;
    }
    return readRanges(file, target);
  };

export const nabWindows: LabelFormat = {
  id: 'nab',
  title: 'NAB windows JSON',
  about:
    'Anomalous ranges by time to the microsecond on the clock of the data, both ends inclusive. No sensors, authors or notes; no "normal".',
  bounds: 'inclusive',
  extension: 'json',
  write(labels, series) {
    needTimes(series, 'NAB');
    const toWall = wallReader(zoneOf(series.clock));
    const stamp = (step: number): string => {
      // NAB has no zones: its times are those that the data's own clock shows.
      const ns = nsOf(series.clock, step);
      const seconds = Number((ns - (((ns % NS_PER_S) + NS_PER_S) % NS_PER_S)) / NS_PER_S);
      const wall: Clock = {
        kind: 'stamps',
        ns_T: BigInt64Array.of(ns + BigInt(toWall(seconds) - seconds) * NS_PER_S),
        zone: 'UTC',
      };
      const [whole, decimals = ''] = stampOf(wall, 0)!.replace('T', ' ').replace('Z', '').split('.');
      return `${whole}.${decimals.padEnd(6, '0').slice(0, 6)}`;
    };
    const windows = anomalousSpans(labels, series).map(({ start, end }) => [stamp(start), stamp(end - 1)]);
    return `${JSON.stringify({ [series.asset]: windows }, null, 1)}\n`;
  },
  read: readAs('NAB windows'),
};

export const orion: LabelFormat = {
  id: 'orion',
  title: 'Orion CSV',
  about:
    'start, end and severity of anomalous ranges, in seconds since 1970 (or step numbers), both ends inclusive. No sensors, authors or notes; no "normal".',
  bounds: 'inclusive',
  extension: 'csv',
  write(labels, series) {
    const text = (step: number): string => secondsText(nsOf(series.clock, step));
    const lines = anomalousSpans(labels, series).map(({ start, end }) => `${text(start)},${text(end - 1)},1\n`);
    return `start,end,severity\n${lines.join('')}`;
  },
  read: readAs('Orion'),
};

export const telemanom: LabelFormat = {
  id: 'telemanom',
  title: 'telemanom ranges',
  about:
    'One line a sensor, or one for the whole series, with anomalous ranges as step numbers of the series, both ends inclusive. No authors or notes; no "normal".',
  bounds: 'inclusive',
  extension: 'csv',
  write(labels, series) {
    const line = (name: string, spans: readonly Span[]): OutCell[] => [
      name,
      '',
      `[${spans.map(({ start, end }) => `[${start}, ${end - 1}]`).join(', ')}]`,
      `[${spans.map(() => 'unknown').join(', ')}]`,
      series.T,
    ];
    const whole = labels.filter(({ scope }) => scope.kind === 'all');
    const lines = [line(series.asset, anomalousSpans(whole, series))];
    series.sensors.forEach((sensor, s) => {
      const own = labels.filter(({ scope }) => scope.kind !== 'all' && sensorsIn(scope, series.sensors).includes(s));
      if (own.length === 0) return;
      const alone = { ...series, sensors: [sensor] };
      lines.push(line(sensor.name, anomalousSpans(own, alone)));
    });
    return csvText([['chan_id', 'spacecraft', 'anomaly_sequences', 'class', 'num_values'], ...lines]);
  },
  read: readAs('telemanom'),
};
