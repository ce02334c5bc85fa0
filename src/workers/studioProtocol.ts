/**
 * The wire of the studio, where anomalies are made: types only, a part of `protocol.ts`.
 * Dimensions: N windows, T steps of a window, Z latent numbers.
 */
import type { AnyValues } from '../engine/params.ts';
import type { Channel, Span } from '../engine/types.ts';
import type { AssetRef, DatasetInfo, EngineChoice, Export, JobUpdate, Outcome } from './protocol.ts';

/** Something a trial can use, by its id in a registry. */
export type TrialChoice = {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** It learns from windows; what does not is judged on real windows alone. */
  readonly learns: boolean;
};

/** What the studio offers; a part of the catalogue. */
export type StudioChoices = {
  /** The generator with its presets and parameters. */
  readonly generator: EngineChoice;
  /** Augmentations. */
  readonly makers: readonly TrialChoice[];
  /** Detectors of single steps. */
  readonly detectors: readonly TrialChoice[];
};

/** Windows of one sensor of one asset, and whose word on what is anomalous counts. */
export type Material = {
  readonly data: AssetRef;
  /** Number among the sensors of the asset. */
  readonly sensor: number;
  /** Steps of a window. */
  readonly window: number;
  readonly stride: number;
  /** Labels of the file, the analyst's own, or both together. */
  readonly labels: 'file' | 'mine' | 'both';
};

export type MaterialInfo = {
  readonly windows: number;
  readonly normal: number;
  readonly anomalous: number;
  readonly min: number;
  readonly max: number;
  /** First row of each window, [N]. */
  readonly start_N: Int32Array;
  /** Windows with at least one anomalous step, [N]. */
  readonly anomalous_N: Uint8Array;
  /** Steps of a run of anomalous steps, the median; an eighth of a window where there is none. */
  readonly run: number;
};

/** One real window in the sensor's own units. */
export type RealWindow = { readonly start: number; readonly x_T: Float32Array; readonly label_T: Uint8Array };

export type GeneratorJob = {
  readonly jobId: string;
  readonly material: Material;
  readonly preset: string;
  /** Only what differs from the preset. */
  readonly params: AnyValues;
  readonly seed: number;
};

export type GeneratorInfo = {
  readonly id: string;
  readonly name: string;
  readonly job: GeneratorJob;
  readonly sensor: Channel;
  readonly T: number;
  readonly latent: number;
  readonly normal: number;
  readonly anomalous: number;
  /** Losses by epoch of step 1 (normal windows) and step 2 (anomalous ones). */
  readonly history: {
    readonly normal: readonly Readonly<Record<string, number>>[];
    readonly anomalous: readonly Readonly<Record<string, number>>[];
  };
  readonly seconds: number;
  readonly createdAtMs: number;
  readonly backend: string;
  readonly shipped: boolean;
};

/** What the encoder makes of a real window whose masked steps are hidden. */
export type Description = { readonly mu_Z: Float32Array; readonly sd_Z: Float32Array };

/** The answer to a stroke of the brush or a move of a slider. */
export type Decoded = {
  /** With the anomaly, in the sensor's units, [T]. */
  readonly x_T: Float32Array;
  /** The same latent numbers with an empty mask, [T]. */
  readonly plain_T: Float32Array;
};

export type SetJob = {
  readonly generatorId: string;
  readonly count: number;
  readonly seed: number;
  readonly source: 'posterior' | 'prior';
  /** null: drawn from p(Y) for every window. */
  readonly mask_T: Uint8Array | null;
};

/** Generated windows with their labels; synthetic for good. */
export type SampleSet = {
  readonly id: string;
  readonly generatorId: string;
  readonly createdAtMs: number;
  readonly T: number;
  /** [N, T], in the sensor's units. */
  readonly x_NT: Float32Array;
  readonly label_NT: Uint8Array;
  /** Latent numbers [N, Z] and the real window that each was drawn from, [N], -1 for the prior: they open it again. */
  readonly z_NZ: Float32Array;
  readonly from_N: Int32Array;
  readonly figures: SetFigures;
};

export type SetFigures = {
  /** Mean |change| by the label inside the labelled steps and outside: a label is kept when little moves outside. */
  readonly inside: number;
  readonly outside: number;
  /** Mean distance between two windows: of the set, of the real anomalous ones. */
  readonly diversity: number;
  readonly realDiversity: number;
  /** Mean distance to the nearest real anomalous window, and of real ones among each other: far below means copied. */
  readonly nearest: number;
  readonly realNearest: number;
};

/** Real and generated windows on a plane. */
export type SampleMap = {
  readonly method: string;
  readonly x_P: Float32Array;
  readonly y_P: Float32Array;
  /** 0 real normal, 1 real anomalous, 2 synthetic, [P]. */
  readonly kind_P: Uint8Array;
  /** Number of the window among the material or in the set, [P]. */
  readonly number_P: Int32Array;
};

export type InjectJob = {
  readonly generatorId: string;
  readonly data: AssetRef;
  readonly sensor: number;
  /** Row where the window begins. */
  readonly start: number;
  readonly z_Z: Float32Array;
  readonly mask_T: Uint8Array;
};

/** What a generator does to detectors; as `bench cgats` (paper, supplement 6.3 and 6.4). */
export type TrialJob = {
  readonly jobId: string;
  readonly material: Material;
  readonly detectors: readonly string[];
  /** Ids of augmentations; each is trained on the training windows of its split. */
  readonly makers: readonly string[];
  readonly splits: readonly ('window' | 'source')[];
  readonly settings: readonly string[];
  readonly seeds: number;
  /** Epochs of the detectors that learn. */
  readonly epochs: number;
};

export type TrialRow = {
  readonly detector: string;
  /** null: real windows alone. */
  readonly maker: string | null;
  readonly split: 'window' | 'source';
  readonly setting: string;
  readonly seed: number;
  readonly pooled: number;
  readonly pooledOracle: number;
  readonly macroOracle: number;
};

export type TrialUpdate =
  JobUpdate | { readonly kind: 'row'; readonly row: TrialRow; readonly done: number; readonly of: number };

/** Injected anomalies of given size and length: how many a run's engine finds at its own threshold. */
export type StressJob = {
  readonly jobId: string;
  readonly runId: string;
  readonly generatorId: string;
  readonly sensor: number;
  /** Factors on the change that the generator makes. */
  readonly sizes: readonly number[];
  /** Steps. */
  readonly lengths: readonly number[];
  /** Injections for each pair of size and length. */
  readonly count: number;
  readonly seed: number;
};

export type StressCell = {
  readonly size: number;
  readonly length: number;
  readonly found: number;
  readonly of: number;
  /** Share of the same places that were flagged before anything was injected. */
  readonly flaggedBefore: number;
};

export type StudioApi = {
  readonly material: (material: Material) => Promise<Outcome<MaterialInfo>>;
  readonly realWindow: (material: Material, number: number) => Promise<Outcome<RealWindow>>;
  readonly generators: (datasetId: string) => Promise<Outcome<readonly GeneratorInfo[]>>;
  /** As `run`: progress, pause, resume and cancel by job id. */
  readonly trainGenerator: (job: GeneratorJob, onUpdate: (u: JobUpdate) => void) => Promise<Outcome<GeneratorInfo>>;
  readonly deleteGenerator: (id: string) => Promise<Outcome<null>>;
  readonly describe: (generatorId: string, number: number, mask_T: Uint8Array) => Promise<Outcome<Description>>;
  /** `number` names the real window whose series gives level and scale. */
  readonly decode: (
    generatorId: string,
    z_Z: Float32Array,
    mask_T: Uint8Array,
    number: number,
  ) => Promise<Outcome<Decoded>>;
  readonly makeSet: (job: SetJob) => Promise<Outcome<SampleSet>>;
  /** Sets of a data set's generators that are kept. */
  readonly sets: (datasetId: string) => Promise<Outcome<readonly SampleSet[]>>;
  readonly deleteSet: (id: string) => Promise<Outcome<null>>;
  readonly mapSet: (setId: string, seed: number) => Promise<Outcome<SampleMap>>;
  /** CSV: window, step, value, label, synthetic (always 1). */
  readonly exportSet: (setId: string) => Promise<Outcome<Export>>;
  /** A new data set with the anomaly in one sensor, marked as synthetic for good. */
  readonly inject: (job: InjectJob) => Promise<Outcome<{ readonly dataset: DatasetInfo; readonly injected: Span }>>;
  readonly trial: (job: TrialJob, onUpdate: (u: TrialUpdate) => void) => Promise<Outcome<readonly TrialRow[]>>;
  readonly stress: (job: StressJob, onUpdate: (u: JobUpdate) => void) => Promise<Outcome<readonly StressCell[]>>;
};
