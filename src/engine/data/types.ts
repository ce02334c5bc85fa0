import type { Imputation, Series } from '../types.ts';
import type { SegmentPlan } from './segments.ts';

/** A file as it comes from a drop, a picker, a zip entry or Node. `path` keeps folders ("train/machine-1-1.txt"). */
export type InputFile = {
  readonly path: string;
  readonly size: number;
  readonly stream: () => ReadableStream<Uint8Array>;
};

export type Role = 'time' | 'sensor' | 'covariate' | 'label' | 'ignore';

export type ColumnType = 'timestamp' | 'number' | 'boolean' | 'text';

/** How sure a guess is: 1 a default, 2 likely, 3 certain. */
export type Sureness = 1 | 2 | 3;

export type ColumnInfo = {
  readonly name: string;
  readonly type: ColumnType;
  readonly missing: number;
  readonly constant: boolean;
  /** NaN for text. */
  readonly min: number;
  readonly max: number;
  /** First cell as written. */
  readonly sample: string;
  /** 2·60 numbers: min and max of 60 equal parts, for a thumbnail; NaN where missing. */
  readonly spark: Float32Array;
  readonly reason: string;
  readonly sure: Sureness;
};

export type ColumnPlan = {
  readonly role: Role;
  readonly unit: string;
  readonly system: string;
  readonly imputation: Imputation;
};

export type Split =
  /** As the layout says: separate train and test files, or an index in the file name. */
  | { readonly kind: 'layout' }
  /** The first share of the rows trains. */
  | { readonly kind: 'share'; readonly share: number }
  /** Rows before this 0-based step train. */
  | { readonly kind: 'step'; readonly step: number };

/** Everything a person may decide about a source. Editing it is undoable because it is one plain value. */
export type RolePlan = {
  readonly name: string;
  readonly columns: readonly ColumnPlan[];
  readonly split: Split;
  /** IANA zone of stamps without one. */
  readonly zone: string;
  readonly dateOrder: 'auto' | 'day-first' | 'month-first';
  readonly duplicates: 'keep' | 'first' | 'last' | 'mean';
  /** How numbers in the time column are read; 'auto' by their size. 'days' are spreadsheet days, 'index' step numbers. */
  readonly timeReading?: 'auto' | 's' | 'ms' | 'us' | 'ns' | 'days' | 'index';
  /** True when the file guessed to be the training part is the test part, and the other way round. */
  readonly swap?: boolean;
  /** What trains and what is judged, where the source is segments of known classes. */
  readonly segments?: SegmentPlan;
  /** Which assets, where a source holds assets with different columns; a name of `SourceReport.groups`. */
  readonly group?: string;
};

/** A warning or note about the source. `code` is one of the stable words of `WARNING_CODES`. */
export type Problem = {
  readonly code: string;
  readonly level: 'warning' | 'note';
  readonly title: string;
  /** What and where, with row numbers as in the file. */
  readonly detail: string;
  readonly lines: readonly number[];
  readonly column: string | null;
  /** Ways to settle it; each is a change of the plan. */
  readonly choices: readonly { readonly id: string; readonly label: string; readonly change: Partial<RolePlan> }[];
  /** Id of the choice that the current plan amounts to; null when a decision is still needed. */
  readonly chosen: string | null;
};

export type Gap = {
  /** 1-based data row before the hole, in time order. */
  readonly afterRow: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Absent samples at the median step. */
  readonly missing: number;
};

export type AssetInfo = {
  readonly name: string;
  readonly rows: number;
  readonly trainRows: number;
  readonly testRows: number;
  /** null: the source has no labels for it. */
  readonly labelledSegments: number | null;
  readonly labelledRows: number;
};

export type ClockInfo = {
  /** null when rows are only numbered. */
  readonly firstNs: bigint | null;
  readonly lastNs: bigint | null;
  readonly stepMs: number | null;
  readonly zone: string;
  readonly gaps: readonly Gap[] | null;
  readonly duplicates: number;
};

export type ClassesInfo = {
  readonly classes: readonly { readonly name: string; readonly segments: number }[];
  readonly subjects: readonly string[];
  /** Why the guessed classes are taken as normal. */
  readonly reason: string;
};

/** What was recognised, for the person to look over before anything is used. */
export type SourceReport = {
  /** 'CSV', 'NumPy', 'SMD', 'telemanom', 'PSM', 'NAB', 'UCR', 'TSB-AD', 'TimeEval', 'KPI', ... */
  readonly layout: string;
  readonly reason: string;
  /** Short facts such as encoding, separator, decimal sign. */
  readonly facts: readonly string[];
  readonly sizeBytes: number;
  /** Hex sha256 over all files in path order. */
  readonly checksum: string;
  readonly assets: readonly AssetInfo[];
  /** Names of the groups of assets that have the same columns; one, unless a problem 'several-shapes' says otherwise. */
  readonly groups?: readonly string[];
  /** Columns as in the first asset; every asset of a source has the same. */
  readonly columns: readonly ColumnInfo[];
  readonly clock: ClockInfo;
  readonly problems: readonly Problem[];
  /** Classes and subjects, where the source is segments. */
  readonly classes?: ClassesInfo;
  readonly plan: RolePlan;
  /** The plan as first guessed, to return to. */
  readonly guessed: RolePlan;
};

export type RowsPage = {
  /** Line numbers in the file, 1-based. */
  readonly lines: readonly number[];
  readonly cells: readonly (readonly string[])[];
};

/** A parsed source that waits for decisions. Holds the tables; `build` makes series and may be called again. */
export type Source = {
  readonly report: SourceReport;
  /** The report under another plan (problems settled, clock re-read, roles changed). Throws EngineError('bad-input'). */
  readonly revise: (plan: RolePlan) => SourceReport;
  readonly rows: (asset: string, from: number, count: number) => RowsPage;
  /** One series an asset. Throws EngineError('bad-input') e.g. when no sensor or no training row is left. */
  readonly build: (plan: RolePlan) => readonly Series[];
};

export type ReadProgress = {
  readonly phase: 'reading' | 'recognising';
  readonly doneBytes: number;
  readonly ofBytes: number;
  readonly file: string;
};

export type ReadRun = { readonly checkpoint: () => Promise<void>; readonly progress: (p: ReadProgress) => void };
