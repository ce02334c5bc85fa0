import type { ReadFile } from '../read.ts';
import type { Draft, Layout } from './draft.ts';
import { intervals } from './intervals.ts';
import { kpi } from './long.ts';
import { arrays, mergedArrays } from './merged.ts';
import { nab } from './nab.ts';
import { timeEval, tsbAd, ucr } from './names.ts';
import { psm, swatPair, trainAndTest } from './pairs.ts';
import { plain } from './plain.ts';
import { plant } from './plant.ts';
import { classColumn, segmentFiles } from './segments.ts';
import { smd } from './smd.ts';
import { telemanom } from './telemanom.ts';

/** Layouts from the most to the least particular; the first that recognises the files is taken. */
const LAYOUTS: readonly Layout[] = [
  telemanom,
  smd,
  nab,
  ucr,
  tsbAd,
  psm,
  swatPair,
  mergedArrays,
  trainAndTest,
  timeEval,
  kpi,
  segmentFiles,
  classColumn,
  plant,
  intervals,
  arrays,
  plain,
];

export function recognise(files: readonly ReadFile[]): Draft | null {
  for (const layout of LAYOUTS) {
    const found = layout.recognise(files);
    if (found !== null) return found;
  }
  return null;
}
