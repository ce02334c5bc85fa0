/** The wire's words for projects and what is kept of them. Types only, as in protocol.ts. */
import type { RolePlan } from '../engine/data/types.ts';
import type { DatasetInfo, Export, Outcome, RunInfo, WireError } from './protocol.ts';

/** What a project file held when it was written: newest act of each asset, and when each run was last changed. */
export type SavedMark = {
  readonly atMs: number;
  readonly acts: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
};

/** What the newest project file of a data set lacks. */
export type Safety = {
  readonly savedAtMs: number | null;
  readonly acts: number;
  readonly runs: number;
  /** When the first of it was said or made; null where nothing is lacking. */
  readonly sinceMs: number | null;
};

/** What the page keeps of a project, as JSON of an object: the page alone knows its keys. */
export type ProjectSettings = string;

export type ProjectExport = Export & { readonly mark: SavedMark };

/** The data that a project refers to, where this browser has not got it. */
export type ProjectNeed = {
  readonly name: string;
  readonly layout: string;
  /** Of its files. */
  readonly checksum: string;
  readonly plan: RolePlan | null;
  readonly assets: readonly { readonly name: string; readonly rows: number; readonly sensors: number }[];
  readonly runs: number;
  /** Id of a data set of the same files with other roles or another split; null where none is. */
  readonly otherwise: string | null;
};

/** What an import brought. What was here and is newer stays; nothing comes twice. */
export type ProjectReport = {
  readonly dataset: DatasetInfo;
  /** The data came with the file. */
  readonly isNew: boolean;
  readonly runs: { readonly added: number; readonly renewed: number; readonly kept: number };
  readonly labels: { readonly added: number; readonly leftOut: number };
  readonly generators: number;
  readonly settings: ProjectSettings;
  /** What differs from the file, in words: another version wrote it. */
  readonly notes: readonly string[];
};

export type ProjectOpened =
  ({ readonly is: 'project' } & ProjectReport) | { readonly is: 'data-needed'; readonly need: ProjectNeed };

/** Something that is in memory alone, because the browser did not keep it. */
export type Unsaved = {
  readonly what: 'data' | 'run';
  readonly id: string;
  readonly name: string;
  readonly error: WireError;
};

/** What of a data set is kept here; sizes in bytes, about as many as the browser counts. */
export type KeptPart = {
  readonly id: string;
  readonly name: string;
  readonly origin: 'bundled' | 'file';
  readonly dataBytes: number;
  readonly runs: number;
  readonly runBytes: number;
  /** Acts on labels. */
  readonly acts: number;
  readonly labelBytes: number;
  readonly generators: number;
  readonly studioBytes: number;
};

export type ProjectApi = {
  /** A data set with everything that was made of it as one file; `withData` puts its values in. */
  readonly exportProject: (
    datasetId: string,
    choice: { readonly withData: boolean; readonly settings: ProjectSettings },
  ) => Promise<Outcome<ProjectExport>>;
  /** Remembers what a written project file holds, so that what it lacks can be told. */
  readonly markSaved: (datasetId: string, mark: SavedMark) => Promise<Outcome<null>>;
  /**
   * Takes a project in, all or nothing. Refused are files that are damaged, of an unknown version, or do not hold
   * together; the message says which.
   */
  readonly openProject: (file: Blob) => Promise<Outcome<ProjectOpened>>;
  readonly safety: (datasetId: string) => Promise<Outcome<Safety>>;
  readonly keptParts: () => Promise<Outcome<readonly KeptPart[]>>;
  /** The token of the store: another one than remembered means that the browser has removed what was kept. */
  readonly storeToken: () => Promise<Outcome<string>>;
  /** Runs of a data set as they are kept now, after another tab has changed them. */
  readonly freshRuns: (datasetId: string) => Promise<Outcome<readonly RunInfo[]>>;
  readonly unsaved: () => Promise<Outcome<readonly Unsaved[]>>;
  /** Tries again to keep what is in memory alone, and gives what still is. */
  readonly saveAgain: () => Promise<Outcome<readonly Unsaved[]>>;
  /** Removes the values of a data set and keeps what it is known by; its runs and labels stay. */
  readonly dropValues: (datasetId: string) => Promise<Outcome<null>>;
  /** Removes all runs of a data set; its data and labels stay. */
  readonly deleteRuns: (datasetId: string) => Promise<Outcome<null>>;
};
