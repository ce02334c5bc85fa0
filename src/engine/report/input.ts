/** What a report is written from. */
import type { Banded } from '../drift/bands.ts';
import type { AnyValues, ParamTable } from '../params.ts';
import type { MetricRow, RunEvents } from '../review.ts';
import type { RunArrays } from '../tracks.ts';
import type { Series } from '../types.ts';
import type { Speech } from './speech.ts';

/** An engine or a head with the settings of the run. */
export type ReportPart = {
  readonly title: string;
  readonly summary: string;
  readonly cite: string;
  readonly deviations: readonly string[];
  readonly params: ParamTable;
  readonly preset: string;
  /** All settings in force, and those that differ from the preset. */
  readonly values: AnyValues;
  readonly changed: AnyValues;
};

export type ReportInput = Banded & {
  readonly series: Series;
  readonly run: RunArrays;
  readonly result: RunEvents;
  readonly metrics: readonly MetricRow[];
  readonly engine: ReportPart;
  readonly head: ReportPart;
  readonly seed: number;
  readonly seconds: number;
  readonly backend: string;
  /** When the run was made and when this is written, as ISO 8601. */
  readonly madeAt: string;
  readonly writtenAt: string;
  readonly data: { readonly name: string; readonly layout: string; readonly checksum: string; readonly digest: string };
  readonly leftOut: readonly { readonly sensor: number; readonly why: string }[];
  readonly epochs: number;
  readonly version: string;
  readonly speech: Speech;
};
