/** What a generator returns, and the way from there to a Series. */
import type { Cause, Channel, Clock, Series, Span } from '../types.ts';
import type { Anomaly } from './anomaly.ts';
import { quantise } from './parts.ts';

/** A column of a synthetic system: name, unit, system and the decimals its instrument shows. */
export type SynthChannel = Channel & { readonly decimals: number; readonly about: string };

/**
 * A finished synthetic system: sensors, then covariates, one column each (T values, already as the instrument shows
 * them; NaN where a value is missing). `gaps` are steps that the recorder missed altogether: NaN in every column.
 */
export type SynthSystem = {
  readonly asset: string;
  readonly T: number;
  readonly sensors: readonly SynthChannel[];
  readonly covariates: readonly SynthChannel[];
  readonly columns: readonly Float64Array[];
  readonly clock: Clock;
  readonly train: Span;
  readonly test: Span;
  readonly contiguous: boolean;
  readonly gaps: readonly Span[];
  /** Sorted by start; they do not overlap. */
  readonly anomalies: readonly Anomaly[];
  /** Labelled ranges. The ranges of `anomalies`, except where a system has too many of one kind to list. */
  readonly labels: readonly Span[];
};

/** Rounds each column to its instrument's decimals and blanks the gaps. */
export function asRecorded(
  raw: readonly Float64Array[],
  channels: readonly SynthChannel[],
  gaps: readonly Span[],
): readonly Float64Array[] {
  return raw.map((x_T, i) => {
    const seen_T = x_T.map((x) => quantise(x, channels[i].decimals));
    for (const gap of gaps) seen_T.fill(NaN, gap.start, gap.end);
    return seen_T;
  });
}

export const causesOf = (anomalies: readonly Anomaly[], sensors: readonly Channel[]): readonly Cause[] =>
  anomalies.map((anomaly) => ({
    span: anomaly.span,
    sensors: anomaly.sensors.map((name) => sensors.findIndex((sensor) => sensor.name === name)),
  }));

const bare = ({ name, unit, system }: Channel): Channel => ({ name, unit, system });

/** The system as a Series, for tests and for the person who generates rather than loads. */
export function seriesOf(system: SynthSystem): Series {
  return {
    asset: system.asset,
    T: system.T,
    sensors: system.sensors.map(bare),
    covariates: system.covariates.map(bare),
    columns: system.columns.map((x_T) => Float32Array.from(x_T)),
    clock: system.clock,
    train: system.train,
    test: system.test,
    contiguous: system.contiguous,
    labels: system.labels,
    causes: causesOf(system.anomalies, system.sensors),
  };
}
