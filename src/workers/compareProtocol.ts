/** The wire of comparisons: types only, a part of `protocol.ts`. */
import type { Beside, BesideRules, Measured, Trivial } from '../engine/beside.ts';
import type { BesideRow } from '../engine/besideEvents.ts';
import type { Metric } from '../engine/eval/index.ts';
import type { Ranks } from '../engine/ranks.ts';
import type { AssetRef, EventRow, MetricRow, Outcome, RunInfo, RunJob } from './protocol.ts';
import type { AllRuns, AssetProgress } from './workProtocol.ts';

export type { Beside, BesideRules, Measured, Trivial } from '../engine/beside.ts';
export type { Verdict } from '../engine/besideEvents.ts';
export type { Operating, ScoreCurves } from '../engine/curves.ts';
export type { Ranks } from '../engine/ranks.ts';

/** A metric as the page explains it. */
export type MetricChoice = Pick<Metric, 'id' | 'title' | 'paper' | 'better' | 'wonBy' | 'basis'>;

/** Something simple to hold a run against. */
export type BaselineChoice = { readonly id: string; readonly title: string; readonly summary: string };

export type Yardsticks = { readonly metrics: readonly MetricChoice[]; readonly baselines: readonly BaselineChoice[] };

/** What a person says about a run. */
export type RunNote = { readonly tags: readonly string[]; readonly note: string };

/** A run against the labels of its file, with what trivial detectors reach under its rules; null without labels. */
export type RunMeasures = Measured & { readonly rules: BesideRules; readonly trivial: readonly Trivial[] };

/** A setting of two runs that differs. `label` is that of a parameter; null where `key` says what it is. */
export type Difference = {
  readonly of: 'run' | 'engine' | 'head' | 'events';
  readonly key: string;
  readonly label: string | null;
  readonly a: string;
  readonly b: string;
};

export type EventBeside = BesideRow<EventRow>;

export type RunsBeside = { readonly differences: readonly Difference[]; readonly rows: readonly EventBeside[] };

/** How severe the judged steps of one asset are, cell by cell. */
export type SeverityRow = {
  readonly runId: string;
  readonly asset: string;
  /** First judged step, steps under a cell, judged steps. */
  readonly from: number;
  readonly stepsPerCell: number;
  readonly steps: number;
  /** Largest severity of each cell, 0 to 100; NaN where no score speaks. */
  readonly severity_N: Float32Array;
};

/** A job of a queue with the name under which its progress is told. */
export type NamedJob = { readonly name: string; readonly job: RunJob };

/** Jobs on one data set, each with an id of its own; `jobId` is that of the queue. */
export type QueueJob = { readonly jobId: string; readonly jobs: readonly NamedJob[] };

export type CompareApi = {
  readonly yardsticks: () => Promise<Outcome<Yardsticks>>;
  /** Runs of all data sets, the newest first. */
  readonly allRuns: () => Promise<Outcome<readonly RunInfo[]>>;
  readonly noteRun: (runId: string, note: RunNote) => Promise<Outcome<RunInfo>>;
  readonly measures: (runId: string) => Promise<Outcome<RunMeasures | null>>;
  /** One baseline on one asset: its own score and, where it has residuals, these through the M2AD head. */
  readonly baseline: (data: AssetRef, id: string, rules: BesideRules) => Promise<Outcome<readonly Beside[]>>;
  readonly compareRuns: (a: string, b: string) => Promise<Outcome<RunsBeside>>;
  readonly severity: (runId: string, stepsPerCell: number) => Promise<Outcome<SeverityRow>>;
  /** Metrics over several assets: one run of each. */
  readonly pooled: (runIds: readonly string[]) => Promise<Outcome<readonly MetricRow[]>>;
  /** Values of methods on data sets, a row each. */
  readonly rank: (values: readonly (readonly number[])[], better: 'higher' | 'lower') => Promise<Outcome<Ranks>>;
  /** As `runAll`, for jobs that differ; several at once where the device has the cores. */
  readonly runEach: (queue: QueueJob, onUpdate: (p: AssetProgress) => void) => Promise<Outcome<AllRuns>>;
};
