/** A finished run as it travels between page and command line: everything that questions about it need but its data. */
import type { Piece } from '../drift/renew.ts';
import type { Entry } from '../labels/types.ts';
import type { HeadState, WeightArray } from '../model.ts';
import type { MetricRow, RunEvents } from '../review.ts';
import type { RunArrays } from '../tracks.ts';
import type { Facts } from './manifest.ts';

export type { Facts } from './manifest.ts';

export type Bundle = {
  /** What was run on what, how and when. */
  readonly facts: Facts;
  readonly weights: Readonly<Record<string, WeightArray>>;
  readonly headState: HeadState;
  readonly arrays: RunArrays;
  /** As RunInfo.band_S: half-width of the 95 % band per sensor in the source's units. */
  readonly band_S: Float32Array;
  /** Training mean of each column, sensors first, with which gaps of other data are filled; NaN for an empty column. */
  readonly mean_F: Float64Array;
  readonly history: readonly Readonly<Record<string, number>>[];
  readonly result: RunEvents;
  readonly metrics: readonly MetricRow[];
  /** Every act on the labels of the asset, from the first on; [] where nobody said anything. */
  readonly journal: readonly Entry[];
  /** What judges the ranges that were confirmed as normal; [] where none was. */
  readonly pieces: readonly Piece[];
};

/** Member that holds the journal of labels; not there where nothing was said. */
export const LABELS = 'labels.json';

/** Ending of a bundle's file name. */
export const BUNDLE_EXTENSION = '.telltale';

/** "asset-engine-preset.telltale" in letters that every file system takes. */
export const bundleName = (asset: string, { engine, preset }: Pick<Facts['job'], 'engine' | 'preset'>): string =>
  `${[asset, engine, preset].join('-').replaceAll(/[^\w.-]+/g, '_')}${BUNDLE_EXTENSION}`;
