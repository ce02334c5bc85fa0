/**
 * Steps from one version of the project file to the next, as those of run files. Version 1 was the run file: what the
 * page could save then was one run with the labels of its asset, without data.
 */
import type { Migration } from '../../bundle/migrations/index.ts';
import { runToProject } from './v1.ts';

/** By the version that a step starts from. */
export const PROJECT_MIGRATIONS: ReadonlyMap<number, Migration> = new Map([[1, runToProject]]);
