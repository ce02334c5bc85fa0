/** Results of a trial as a table: one line a detector and augmentation, mean and deviation over the seeds. Pure. */
import type { TrialRow } from '../../workers/protocol.ts';
import type { F1Kind } from './kinds.ts';

/** Which windows teach and which are judged, in the order of the paper's tables. */
export const TRIAL_SETTINGS = ['TRTR', 'T(R+S)TR', 'TRTS', 'TSTR'] as const;

export type Figure = {
  readonly mean: number;
  /** Standard deviation over the seeds, as the paper's tables have it (divided by their number). */
  readonly sd: number;
  readonly seeds: number;
};

export type TrialLine = {
  readonly detector: string;
  /** null: real windows alone. */
  readonly maker: string | null;
  /** Stands in the first line of each detector. */
  readonly isFirst: boolean;
  /** By setting; null where there is no result yet. */
  readonly figures: Readonly<Record<string, Figure | null>>;
  /** Real windows alone, which every line of the detector is compared with. */
  readonly base: Figure | null;
};

export function figureOf(values: readonly number[]): Figure | null {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const sd = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return { mean, sd, seeds: known.length };
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Lines of one split in the order in which detectors and augmentations came. */
export function trialLines(rows: readonly TrialRow[], split: TrialRow['split'], kind: F1Kind): TrialLine[] {
  const here = rows.filter((row) => row.split === split);
  const figure = (detector: string, maker: string | null, setting: string): Figure | null =>
    figureOf(
      here
        .filter((row) => row.detector === detector && row.maker === maker && row.setting === setting)
        .map((row) => row[kind]),
    );
  return distinct(here.map(({ detector }) => detector)).flatMap((detector) => {
    const base = figure(detector, null, 'TRTR');
    const made = distinct(here.filter((row) => row.detector === detector).map(({ maker }) => maker)).filter(
      (maker) => maker !== null,
    );
    const makers: readonly (string | null)[] = made.length > 0 ? made : [null];
    return makers.map((maker, n) => ({
      detector,
      maker,
      isFirst: n === 0,
      figures: Object.fromEntries(
        TRIAL_SETTINGS.map((setting) => [setting, setting === 'TRTR' ? base : figure(detector, maker, setting)]),
      ),
      base,
    }));
  });
}

/** How many lines gain from windows that were made, beside the real ones. */
export function gainOf(lines: readonly TrialLine[]): {
  readonly better: number;
  readonly of: number;
  readonly mean: number;
} {
  const gains = lines.flatMap(({ figures, base }) => {
    const both = figures['T(R+S)TR'];
    return both && base ? [both.mean - base.mean] : [];
  });
  const mean = gains.length > 0 ? gains.reduce((sum, gain) => sum + gain, 0) / gains.length : 0;
  return { better: gains.filter((gain) => gain > 0).length, of: gains.length, mean };
}

/** Numbers of a text such as "0.5, 1, 2"; null where one of them is no number in the range. */
export function numbersIn(text: string, min: number, max: number): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const values = parts.map(Number);
  return values.length > 0 && values.every((value) => value >= min && value <= max) ? values : null;
}
