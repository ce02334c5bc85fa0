/**
 * The wire between page and worker: types only. Nothing here may hold a function, a tensor or an AbortSignal
 * (protocol.check.ts asserts it for every message); progress arrives through a comlink proxy, results are values.
 */
import type { Bands } from '../engine/drift/bands.ts';
import type { Learned } from '../engine/prepare.ts';
import type { AnyValues, ParamTable } from '../engine/params.ts';
import type { Cause, Imputation, Span, Channel } from '../engine/types.ts';
import type { RolePlan, RowsPage, SourceReport, ReadProgress } from '../engine/data/types.ts';
import type { Progress } from '../engine/model.ts';
import type { Quality } from '../engine/quality.ts';
import type { TrackRef } from '../engine/tracks.ts';
import type { EventDetail, EventSettings, EventWords, MetricRow, RunEvents, ThresholdRow } from '../engine/review.ts';
import type { HeadEvidence } from '../engine/detect/evidence.ts';
import type { AttentionView, MapPick } from '../engine/attention.ts';
import type { MemoryView } from '../engine/memory.ts';
import type { ErrorCode, Place } from '../engine/errors.ts';
import type { BundleApi } from './bundleProtocol.ts';
import type { CompareApi } from './compareProtocol.ts';
import type { Confirmation, DriftApi } from './driftProtocol.ts';
import type { FormatChoice, LabelApi } from './labelProtocol.ts';
import type { LiveApi } from './liveProtocol.ts';
import type { ProjectApi } from './projectProtocol.ts';
import type { ShareApi } from './shareProtocol.ts';
import type { StudioApi, StudioChoices } from './studioProtocol.ts';
import type { AllRuns, AssetProgress, MemoryNeed, RunWork } from './workProtocol.ts';

export type {
  EventDetail,
  EventRow,
  EventSettings,
  EventWords,
  MetricRow,
  RuleNumbers,
  RunEvents,
  SensorAtPeak,
  ThresholdRow,
} from '../engine/review.ts';
export type { TrackRef } from '../engine/tracks.ts';
export type * from './bundleProtocol.ts';
export type * from './compareProtocol.ts';
export type * from './driftProtocol.ts';
export type * from './labelProtocol.ts';
export type * from './liveProtocol.ts';
export type * from './projectProtocol.ts';
export type * from './studioProtocol.ts';
export type * from './workProtocol.ts';

export type { Curve, Histogram } from '../engine/detect/evidence.ts';

export type {
  AttentionView,
  DivergenceSet,
  HeadPick,
  LayerPick,
  LearnedPeriods,
  MapPick,
  MapSet,
  Spectrum,
} from '../engine/attention.ts';

export type { MemoryView } from '../engine/memory.ts';

export type WireError = {
  readonly code: ErrorCode;
  readonly kind: string;
  readonly message: string;
  readonly cure: string;
  readonly place: Place;
};

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

/** Backend in use and why, and what it holds. `software` is a GPU adapter that computes on the CPU; never chosen. */
export type DeviceInfo = {
  readonly backend: 'webgpu' | 'wasm' | 'cpu';
  readonly detail: string;
  readonly reason: string;
  readonly simd: boolean;
  readonly tensors: number;
  readonly bytes: number;
};

export type DatasetInfo = {
  readonly id: string;
  readonly name: string;
  readonly origin: 'bundled' | 'file';
  readonly layout: string;
  readonly checksum: string;
  readonly plan: RolePlan | null;
  readonly assets: readonly AssetSummary[];
  readonly savedAtMs: number | null;
  /** True where its values are not kept here, by the person's choice: its files must be opened again. */
  readonly byReference?: boolean;
};

export type AssetSummary = {
  readonly name: string;
  readonly T: number;
  readonly sensors: readonly Channel[];
  readonly covariates: readonly Channel[];
  readonly train: Span;
  readonly test: Span;
  readonly clock: WireClock;
  readonly labels: readonly Span[] | null;
  /** Ranges that were generated and in which sensors, for good; absent where everything was measured. */
  readonly synthetic?: readonly Cause[];
};

export type WireClock =
  | { readonly kind: 'index' }
  | { readonly kind: 'regular'; readonly startNs: bigint; readonly stepNs: bigint; readonly zone: string }
  | { readonly kind: 'stamps'; readonly ns_T: BigInt64Array; readonly zone: string };

/** Which data a picture or question is about. */
export type AssetRef = { readonly datasetId: string; readonly asset: string };

/** Steps per tile at every level; a bucket of level L covers 2^L steps, so a tile covers TILE·2^L steps. */
export type TileRequest = { readonly track: TrackRef; readonly level: number; readonly tile: number };

/** Min and max per bucket, NaN where nothing is there; `gap` is 1 where any step of the bucket is missing. */
export type Tile = { readonly min: Float32Array; readonly max: Float32Array; readonly gap: Uint8Array };

export type TrackStats = { readonly min: number; readonly max: number };

export type RunJob = {
  readonly jobId: string;
  readonly data: AssetRef;
  readonly engine: string;
  readonly preset: string;
  /** Only what differs from the preset. */
  readonly params: AnyValues;
  readonly head: string;
  readonly headParams: AnyValues;
  readonly seed: number;
  readonly imputation: Readonly<Record<string, Imputation>>;
  /** How to compute it, to do a run again to the byte; left out: as suits the device. */
  readonly work?: RunWork;
  /** Tags that its run shall carry from the start. */
  readonly tags?: readonly string[];
  /** Of a model that came in a file: the scale that it learned with its own data, and the means of that. */
  readonly learned?: Learned;
};

export type Estimate = {
  /** NaN where the job does not fit into memory. */
  readonly seconds: number;
  /** At the worst moment, data of the run included. */
  readonly bytes: number;
  readonly memory: MemoryNeed;
  readonly windows: number;
  readonly note: string;
};

export type JobUpdate =
  | {
      readonly kind: 'phase';
      readonly phase: 'probing' | 'preparing' | 'training' | 'scoring' | 'calibrating' | 'saving';
    }
  | (Progress & { readonly secondsLeft: number | null })
  | { readonly kind: 'paused'; readonly paused: boolean }
  | { readonly kind: 'note'; readonly text: string };

export type RunInfo = {
  readonly id: string;
  readonly data: AssetRef;
  readonly name: string;
  readonly job: RunJob;
  readonly engineTitle: string;
  readonly createdAtMs: number;
  /** When its event settings, tags or note were last changed; absent where they never were. */
  readonly changedAtMs?: number;
  readonly seconds: number;
  readonly backend: string;
  readonly shipped: boolean;
  /** What a person said of it; absent where nothing was. */
  readonly tags?: readonly string[];
  readonly note?: string;
  /** How it was computed; absent where nothing was trained. */
  readonly work?: RunWork;
  /** Absent for runs that were trained from scratch. */
  readonly descent?: Descent;
  /** Ranges that people confirmed as normal and that it was calibrated on since, oldest first; absent without any. */
  readonly confirmed?: readonly Confirmation[];
  readonly history: readonly Readonly<Record<string, number>>[];
  readonly parts: readonly { readonly name: string; readonly title: string }[];
  /** Half-width of the 95 % band per sensor in raw units: 0.95 quantile of |residual| in training. */
  readonly band_S: Float32Array;
  /** The same over confirmed ranges, for the steps that these judge, oldest first: a newer one holds. Absent without any. */
  readonly bands?: Bands;
  /** Sensors that do not count in the score and why ("constant in training"). */
  readonly leftOut: readonly { readonly sensor: number; readonly why: string }[];
  readonly result: RunEvents;
  /** Metrics where the file has labels. */
  readonly metrics: readonly MetricRow[];
};

/** How a person's answers are turned into a better run: queries first, then masked minimax on what was said. */
export type QueryJob = {
  readonly runId: string;
  readonly strategy: string;
  readonly params: AnyValues;
  /** What windows are ranked by: mean |x − x̂| over sensors (eq. 4 of the paper), or the run's own score. */
  readonly score: 'error' | 'run';
  /** Steps of one query window. */
  readonly window: number;
  /** How many windows to ask for in this round; the rest of the budget is the caller's to keep. */
  readonly count: number;
  readonly seed: number;
  /** Where to ask: the first part of the judged steps (0 to 1), as the paper has it, or all of the series. */
  readonly pool: { readonly kind: 'part'; readonly ratio: number } | { readonly kind: 'all' };
};

export type TeachJob = {
  readonly jobId: string;
  /** The run that is fine-tuned; it stays as it is, so going back means deleting the new one. */
  readonly runId: string;
  /** Settings of the feedback, checked against the table in the catalogue. */
  readonly params: AnyValues;
  readonly seed: number;
  /** A set of generated windows that teaches beside what people said. */
  readonly setId?: string;
};

/** Where a fine-tuned run comes from. */
export type Descent = {
  readonly runId: string;
  /** 1 for the first round after training. */
  readonly round: number;
  /** Labelled steps that taught it. */
  readonly anomalous: number;
  readonly normal: number;
  /** Generated windows that taught it as well; absent where there were none. */
  readonly generated?: number;
};

export type ScoreEvidence = HeadEvidence;

export type SensorQuality = Quality;

export type StepValues = {
  readonly step: number;
  readonly observed_F: Float32Array;
  readonly expected_S: Float32Array | null;
  readonly score: number | null;
  readonly logP: number | null;
};

export type BundledInfo = {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly rows: number;
  readonly sensors: number;
};

export type Unfinished = {
  readonly job: RunJob;
  /** Present where it is a fine-tuning that was interrupted. */
  readonly teach?: TeachJob;
  readonly epoch: number;
  readonly epochs: number;
  readonly savedAtMs: number;
};

export type EngineChoice = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly cite: string;
  readonly url: string;
  readonly deviations: readonly string[];
  readonly presets: Readonly<Record<string, AnyValues>>;
  readonly params: ParamTable;
  /** Its runs can show what their memories recall. */
  readonly recalls?: boolean;
  /** Its runs can show what they attend to. */
  readonly inspects: boolean;
  /** Labels change its weights. */
  readonly teaches?: boolean;
  /** Labels change its settings instead of its weights. */
  readonly settles?: boolean;
};

/** A way of choosing windows to ask about. */
export type StrategyChoice = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly params: ParamTable;
};

export type Catalogue = {
  readonly engines: readonly EngineChoice[];
  readonly heads: readonly EngineChoice[];
  readonly strategies: readonly StrategyChoice[];
  /** Settings of the feedback. */
  readonly feedback: ParamTable;
  /** When live alarms come on and go off. */
  readonly alarms: ParamTable;
  /** Its settings by name, as what differs from the defaults. */
  readonly feedbackPresets: Readonly<Record<string, AnyValues>>;
  readonly labelFormats: readonly FormatChoice[];
  readonly studio: StudioChoices;
  readonly bundled: readonly BundledInfo[];
};

/** A file's bytes to download; text is neutralised against spreadsheet formulas where it is a cell. */
export type Export = { readonly name: string; readonly mime: string; readonly blob: Blob };

/** What the worker answers. Every method returns an Outcome; none throws across the wire. */
export type EngineApi = BundleApi &
  CompareApi &
  DriftApi &
  LabelApi &
  LiveApi &
  ProjectApi &
  ShareApi &
  StudioApi & {
    readonly device: () => Promise<Outcome<DeviceInfo>>;
    readonly catalogue: () => Promise<Outcome<Catalogue>>;

    readonly open: (
      files: readonly { path: string; file: Blob }[],
      onUpdate: (p: ReadProgress) => void,
    ) => Promise<Outcome<SourceReport>>;
    readonly cancelOpen: () => Promise<Outcome<null>>;
    readonly revise: (plan: RolePlan) => Promise<Outcome<SourceReport>>;
    readonly rows: (asset: string, from: number, count: number) => Promise<Outcome<RowsPage>>;
    /** Builds the series, keeps them in IndexedDB and makes them the current data set. */
    readonly accept: (plan: RolePlan) => Promise<Outcome<DatasetInfo>>;
    readonly openBundled: (id: string) => Promise<Outcome<DatasetInfo>>;
    readonly datasets: () => Promise<Outcome<readonly DatasetInfo[]>>;
    readonly loadDataset: (id: string) => Promise<Outcome<DatasetInfo>>;
    readonly deleteDataset: (id: string) => Promise<Outcome<null>>;
    readonly quality: (data: AssetRef) => Promise<Outcome<readonly SensorQuality[]>>;

    readonly tiles: (
      data: AssetRef,
      runId: string | null,
      requests: readonly TileRequest[],
    ) => Promise<Outcome<readonly Tile[]>>;
    readonly trackStats: (
      data: AssetRef,
      runId: string | null,
      tracks: readonly TrackRef[],
    ) => Promise<Outcome<readonly TrackStats[]>>;
    readonly valuesAt: (data: AssetRef, runId: string | null, step: number) => Promise<Outcome<StepValues>>;

    readonly estimate: (job: RunJob) => Promise<Outcome<Estimate>>;
    readonly run: (job: RunJob, onUpdate: (u: JobUpdate) => void) => Promise<Outcome<RunInfo>>;
    /**
     * The same job on each of these assets of its data set, several at once where the device has the cores; `job.data`
     * names the data set. An asset that fails leaves the others be. The run of an asset has the id `<jobId>-<number>`.
     */
    readonly runAll: (
      job: RunJob,
      assets: readonly string[],
      onUpdate: (p: AssetProgress) => void,
    ) => Promise<Outcome<AllRuns>>;
    readonly pause: (jobId: string) => Promise<Outcome<null>>;
    readonly resume: (jobId: string) => Promise<Outcome<null>>;
    readonly cancel: (jobId: string) => Promise<Outcome<null>>;
    /** Runs that a reload interrupted; `run` with the same job goes on from the checkpoint. */
    readonly unfinished: () => Promise<Outcome<readonly Unfinished[]>>;
    readonly discardUnfinished: (jobId: string) => Promise<Outcome<null>>;
    readonly runs: (datasetId: string) => Promise<Outcome<readonly RunInfo[]>>;
    readonly loadRun: (runId: string) => Promise<Outcome<RunInfo>>;
    readonly deleteRun: (runId: string) => Promise<Outcome<null>>;

    /** Events under other settings. `keep` stores the settings with the run; without it this is a preview. */
    readonly rethreshold: (runId: string, settings: EventSettings, keep: boolean) => Promise<Outcome<RunEvents>>;
    readonly thresholds: (runId: string, settings: EventSettings) => Promise<Outcome<readonly ThresholdRow[]>>;
    /** `number` is the 1-based rank in the current result. */
    readonly event: (runId: string, number: number, words: EventWords) => Promise<Outcome<EventDetail>>;
    readonly evidence: (runId: string, sensor: number, step: number, range: Span) => Promise<Outcome<ScoreEvidence>>;
    /** Attention in the window that best covers `range` and holds `step`; 'no-evidence' for engines that have none. */
    readonly attention: (runId: string, step: number, range: Span) => Promise<Outcome<AttentionView>>;
    /** Memories in the window that best covers `range` and holds `step`; 'no-evidence' for engines that have none. */
    readonly memory: (runId: string, step: number, range: Span) => Promise<Outcome<MemoryView>>;
    /** The numbers of all maps and divergences of that window at one layer and head. */
    readonly exportAttention: (runId: string, step: number, range: Span, pick: MapPick) => Promise<Outcome<Export>>;
    readonly exportCsv: (runId: string, what: 'events' | 'scores') => Promise<Outcome<Export>>;
  };
