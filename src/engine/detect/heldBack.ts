/** The last part of training, which a detector never sees and its head is calibrated on. */
import type { Series, Span } from '../types.ts';

export type Split = {
  /** What the detector learns from. */
  readonly learned: Span;
  /** What the head is calibrated on: the same, or the part held back. */
  readonly calibrated: Span;
};

/**
 * Holds back a share (0 to 0.9) of the training steps, the last ones, because they are nearest to what will be judged.
 * Nothing is held back where the first part would be shorter than `needed` steps, or the training part is cut in segments.
 */
export function heldBack(
  { train, segments }: Pick<Series, 'train' | 'segments'>,
  share: number,
  needed: number,
): Split {
  const border = train.end - Math.floor(share * (train.end - train.start));
  if (share <= 0 || segments !== undefined || border - train.start < needed || border === train.end)
    return { learned: train, calibrated: train };
  return { learned: { start: train.start, end: border }, calibrated: { start: border, end: train.end } };
}
