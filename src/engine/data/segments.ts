/**
 * Recordings that come as separate segments, each of one class: which classes count as normal, what trains and what is
 * judged. Windows are the unit there, and none crosses from one segment into the next.
 */
import { EngineError } from '../errors.ts';
import { seeded, shuffle } from '../rng.ts';
import type { Segment, Span } from '../types.ts';

/** A segment as the source has it: rows of the asset's table. */
export type SegmentInfo = Omit<Segment, 'normal'>;

/** How a person wants segments to be used. */
export type SegmentPlan = {
  /** Classes that train, and are not flagged rightly. */
  readonly normal: readonly string[];
  /** `segment`: normal segments at random; `subject`: everything of one subject is judged, the others train. */
  readonly by: 'segment' | 'subject';
  /** The subject to judge; '' where segments have no subjects. */
  readonly judged: string;
};

/** Share of the normal segments that train where they are drawn at random (the AMSL paper: 5 parts and 1 for validation of 10). */
const TRAIN_SHARE = 0.6;
const DRAW = 1;

export type Arrangement = {
  /** Numbers of the segments in the order of the series, those that train first. */
  readonly order: readonly number[];
  /** How many of them train. */
  readonly train: number;
};

const unique = (names: readonly string[]): string[] => [...new Set(names)];

export const classesOf = (segments: readonly SegmentInfo[]): string[] => unique(segments.map((one) => one.class));
export const subjectsOf = (segments: readonly SegmentInfo[]): string[] => unique(segments.map((one) => one.subject));

/** Which segments train and which are judged. Throws EngineError('bad-input', 'no-training-rows') where none trains. */
export function arrange(segments: readonly SegmentInfo[], plan: SegmentPlan): Arrangement {
  const normal = new Set(plan.normal);
  const numbers = segments.map((_, n) => n);
  const usual = numbers.filter((n) => normal.has(segments[n].class));
  const odd = numbers.filter((n) => !normal.has(segments[n].class));
  const ofJudged = (n: number): boolean => segments[n].subject === plan.judged;
  const drawn = [...shuffle(Int32Array.from(usual), seeded(DRAW))];
  const cut = Math.round(TRAIN_SHARE * drawn.length);
  const [train, test] =
    plan.by === 'subject'
      ? [drawn.filter((n) => !ofJudged(n)), numbers.filter(ofJudged)]
      : [drawn.slice(0, cut), [...drawn.slice(cut).sort((a, b) => a - b), ...odd]];
  if (train.length === 0)
    throw new EngineError(
      'bad-input',
      'no-training-rows',
      'No segment is left to train on.',
      plan.by === 'subject'
        ? 'Judge another subject, or draw segments at random.'
        : 'Choose at least one normal class.',
    );
  return { order: [...train, ...test], train: train.length };
}

export type Proposal = { readonly normal: readonly string[]; readonly reason: string };

const NORMAL_WORD = /^(normal|ok|good|healthy|baseline|regular|benign|nominal)\b/i;
/** Classes with the commonest segments, until this share of them is normal. */
const COMMON = 0.75;

/** Classes to begin with: named normal, else the commonest, else all but the quarter that moves most. */
export function proposeNormal(segments: readonly SegmentInfo[], movement: (segment: SegmentInfo) => number): Proposal {
  const classes = classesOf(segments);
  const named = classes.filter((name) => NORMAL_WORD.test(name));
  if (named.length > 0) return { normal: named, reason: 'named so in the source' };
  const members = (name: string): readonly SegmentInfo[] => segments.filter((one) => one.class === name);
  const counts = classes.map((name) => members(name).length);
  if (Math.max(...counts) > 2 * Math.min(...counts)) {
    const ranked = classes.map((name, c) => ({ name, count: counts[c] })).sort((a, b) => b.count - a.count);
    const normal: string[] = [];
    for (let sum = 0, n = 0; sum < COMMON * segments.length && n < ranked.length - 1; n++) {
      normal.push(ranked[n].name);
      sum += ranked[n].count;
    }
    return { normal, reason: 'the commonest classes; the rare ones are judged' };
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const ranked = classes
    .map((name) => ({ name, moves: mean(members(name).map(movement)) }))
    .sort((a, b) => a.moves - b.moves);
  const kept = Math.max(1, Math.min(classes.length - 1, Math.round(COMMON * classes.length)));
  const normal = new Set(ranked.slice(0, kept).map(({ name }) => name));
  return {
    normal: classes.filter((name) => normal.has(name)),
    reason: 'all are as common; the quarter that moves most is judged',
  };
}

/** The judged segments of one class. */
export type ClassResult = {
  readonly class: string;
  readonly normal: boolean;
  readonly segments: number;
  /** Those whose mean score is over the threshold. */
  readonly flagged: number;
};

/** Mean score of each segment over the steps that have one; NaN where none has. */
const segmentScores = (segments: readonly Segment[], score_T: ArrayLike<number>): Float64Array =>
  Float64Array.from(segments, ({ start, end }) => {
    let sum = 0;
    let count = 0;
    for (let t = start; t < end; t++) {
      if (Number.isNaN(score_T[t])) continue;
      sum += score_T[t];
      count++;
    }
    return count === 0 ? NaN : sum / count;
  });

/** One verdict a segment, counted by class: normal classes first, each kind in the order of the source. */
export function classResults(
  segments: readonly Segment[],
  score_T: ArrayLike<number>,
  threshold: number,
  judged: Span,
): ClassResult[] {
  const tested = segments.filter(({ start, end }) => start >= judged.start && end <= judged.end);
  const score_N = segmentScores(tested, score_T);
  const rows = new Map<string, { class: string; normal: boolean; segments: number; flagged: number }>();
  tested.forEach((segment, n) => {
    const row = rows.get(segment.class) ?? { class: segment.class, normal: segment.normal, segments: 0, flagged: 0 };
    row.segments++;
    if (score_N[n] > threshold) row.flagged++;
    rows.set(segment.class, row);
  });
  return [...rows.values()].sort((a, b) => Number(b.normal) - Number(a.normal));
}
