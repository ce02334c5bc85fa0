/** The wire's words for run bundles. Types only, as in protocol.ts. */
import type { RolePlan } from '../engine/data/types.ts';
import type { DatasetInfo, Export, Outcome, RunInfo } from './protocol.ts';

/** The data that a run belongs to, where this browser has not got it. */
export type BundleNeed = {
  readonly run: string;
  readonly name: string;
  readonly asset: string;
  readonly layout: string;
  /** Of its files. */
  readonly checksum: string;
  /** Roles and split that the run was made with; null for bundled data. */
  readonly plan: RolePlan | null;
  readonly rows: number;
  readonly sensors: number;
  /** Id of a data set of the same files that was opened with other roles or another split; null where none is. */
  readonly otherwise: string | null;
};

export type BundleOpened =
  | {
      readonly is: 'run';
      readonly run: RunInfo;
      readonly dataset: DatasetInfo;
      /** What differs from the file, in words: it was written by another version. */
      readonly notes: readonly string[];
    }
  | { readonly is: 'data-needed'; readonly need: BundleNeed };

export type BundleApi = {
  /** A run as one file that the command line and other browsers open; the data itself is not in it. */
  readonly exportBundle: (runId: string) => Promise<Outcome<Export>>;
  /**
   * Keeps the run of a bundle where its data is, known by its values. Refused are files that are damaged, of an unknown
   * version, or do not hold together; the message says which.
   */
  readonly openBundle: (file: Blob) => Promise<Outcome<BundleOpened>>;
};
