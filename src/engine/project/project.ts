/**
 * A project as it travels: one data set, by reference or with its values, with everything that was made of it: runs,
 * what people said, generators and what they made, and settings of the page.
 */
import type { Bundle } from '../bundle/bundle.ts';
import type { RolePlan } from '../data/types.ts';
import type { Entry } from '../labels/types.ts';
import type { Channel, Series } from '../types.ts';
import type { ProjectGenerator, ProjectSet } from './studio.ts';

/** What an asset is known by, whether or not its values are in the file. */
export type ProjectAsset = {
  readonly name: string;
  /** Hex sha256 of its values: `seriesDigest`. */
  readonly series: string;
  readonly T: number;
  readonly sensors: readonly Channel[];
  readonly covariates: readonly Channel[];
};

export type ProjectData = {
  /** Letters that are safe in a database key. */
  readonly id: string;
  readonly name: string;
  /** How to get it: it comes with the page, or is a file of this name and checksum. */
  readonly origin: 'bundled' | 'file';
  readonly layout: string;
  readonly checksum: string;
  /** Roles and split; null for bundled data. */
  readonly plan: RolePlan | null;
  readonly assets: readonly ProjectAsset[];
};

export type ProjectRun = {
  /** Number among the assets. */
  readonly asset: number;
  /** When its settings or notes were last changed; null where that is not known. */
  readonly changedAtMs: number | null;
  /** Its journal is empty: labels are the project's. */
  readonly bundle: Bundle;
};

export type Project = {
  readonly savedAtMs: number;
  readonly data: ProjectData;
  /** Values of the assets, in their order; null where the project only refers to them. */
  readonly series: readonly Series[] | null;
  readonly runs: readonly ProjectRun[];
  /** Every act on the labels of each asset, in the order of the assets. */
  readonly journals: readonly (readonly Entry[])[];
  readonly generators: readonly ProjectGenerator[];
  readonly sets: readonly ProjectSet[];
  /** What the page keeps of it, by key. The page checks each with a schema of its own. */
  readonly settings: Readonly<Record<string, unknown>>;
};

/** A project to be written: runs are made one after the other, so that all need not be in memory at once. */
export type ProjectDraft = Omit<Project, 'runs'> & {
  readonly runs: readonly (Omit<ProjectRun, 'bundle'> & { readonly bundle: () => Promise<Bundle> })[];
};

/** Ending of a project's file name. */
export const PROJECT_EXTENSION = '.telltale-project';

/** "name.telltale-project" in letters that every file system takes. */
export const projectName = (name: string): string =>
  `${name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '_').slice(0, 80) || 'project'}${PROJECT_EXTENSION}`;
