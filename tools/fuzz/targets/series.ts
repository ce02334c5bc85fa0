/** What every series that is read must hold, and series that labels can be put on. */
import type { Clock, Series, Span } from '../../../src/engine/types.ts';
import { holds } from '../types.ts';

const isSpan = ({ start, end }: Span, T: number): boolean =>
  Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= T;

function checkClock(clock: Clock, T: number): void {
  if (clock.kind === 'regular') holds(clock.stepNs > 0n, 'a clock that stands still');
  if (clock.kind === 'stamps') holds(clock.ns_T.length === T, 'a stamp for each step');
}

function checkLabels({ labels, causes, T, sensors }: Series): void {
  let before = -1;
  for (const span of labels ?? []) {
    holds(isSpan(span, T) && span.start < span.end && span.start > before, 'labels are sorted, disjoint and inside');
    before = span.end;
  }
  for (const cause of causes) {
    holds(isSpan(cause.span, T) && cause.span.start < cause.span.end, 'causes lie inside of the series');
    holds(
      cause.sensors.every((s) => Number.isInteger(s) && s >= 0 && s < sensors.length),
      'causes name sensors that are there',
    );
  }
}

/** Throws `Broken` where a series is not what `Series` says. */
export function checkSeries(series: Series): void {
  const { T, sensors, covariates, columns, train, test, segments } = series;
  holds(Number.isInteger(T) && T >= 1, 'a series has steps');
  holds(columns.length === sensors.length + covariates.length, 'a column for each channel');
  holds(sensors.length > 0, 'a series has sensors');
  for (const column of columns) {
    holds(column.length === T, 'a value for each step');
    for (const value of column)
      if (!Number.isFinite(value) && !Number.isNaN(value)) holds(false, 'values are finite or missing');
  }
  for (const channel of [...sensors, ...covariates])
    holds(
      [channel.name, channel.unit, channel.system].every((text) => typeof text === 'string'),
      'names are text',
    );
  holds(isSpan(train, T) && isSpan(test, T), 'parts lie inside of the series');
  holds(
    train.end <= test.start || test.end <= train.start || train.start === train.end || test.start === test.end,
    'parts do not overlap',
  );
  checkClock(series.clock, T);
  checkLabels(series);
  let end = 0;
  for (const segment of segments ?? []) {
    holds(segment.start === end && segment.end > segment.start && segment.end <= T, 'segments follow one another');
    end = segment.end;
  }
}

const CLOCKS: readonly Clock[] = [
  { kind: 'index' },
  { kind: 'regular', startNs: 1_700_000_000_000_000_000n, stepNs: 60_000_000_000n, zone: 'UTC' },
  { kind: 'regular', startNs: 1_700_000_000_000_000_000n, stepNs: 250_000n, zone: 'Europe/Berlin' },
  {
    kind: 'stamps',
    ns_T: BigInt64Array.from({ length: 24 }, (_, t) => 1_600_000_000_000_000_000n + BigInt(t * t) * 1_000_000_000n),
    zone: 'UTC',
  },
];

/** Three sensors and a covariate over 24 steps, on every kind of clock. */
export const SERIES: readonly Series[] = CLOCKS.map((clock) => ({
  asset: 'pump',
  T: 24,
  sensors: ['p1', 'p2', '=q1'].map((name) => ({ name, unit: '', system: name[0] })),
  covariates: [{ name: 'mode', unit: '', system: '' }],
  columns: [0, 1, 2, 3].map((c) => Float64Array.from({ length: 24 }, (_, t) => (t === 3 ? NaN : c + t / 7))),
  clock,
  train: { start: 0, end: 10 },
  test: { start: 10, end: 24 },
  contiguous: clock.kind !== 'stamps',
  labels: null,
  causes: [],
}));
