/** How much of a run is computed at a time on a device, and what to change where even the least is too much. */
import { EngineError } from './errors.ts';
import { bytesFor, footprintOf } from './footprint.ts';
import type { Dims, Footprint, Load, Sized } from './footprint.ts';
import type { AnyDetector } from './model.ts';
import type { AnyValues } from './params.ts';
import type { Room } from './tensor/memory.ts';

/** The most windows at a time for which there is room; 0 where not even one fits. */
export function windowsIn({ fixed, each, largest }: Load, { total, single }: Room): number {
  const together = each > 0 ? Math.floor((total - fixed) / each) : Infinity;
  const alone = largest > 0 ? Math.floor(single / largest) : Infinity;
  return Math.max(0, total < fixed ? 0 : Math.min(together, alone));
}

/** Windows at a time in training, validation and scoring; Infinity where memory sets no limit. */
export type Limits = { readonly training: number; readonly judging: number; readonly scoring: number };

const limitsOf = ({ training, judging, scoring }: Footprint, room: Room): Limits => ({
  training: windowsIn(training, room),
  judging: windowsIn(judging, room),
  scoring: windowsIn(scoring, room),
});

/** A batch that can be divided needs room for one window, another one for all of its windows. */
function fits(footprint: Footprint, room: Room, batch: number): boolean {
  const { training, judging, scoring } = limitsOf(footprint, room);
  return training >= (footprint.separable ? 1 : batch) && judging >= 1 && scoring >= 1;
}

/** Bytes that training and scoring need at least. */
function bytesNeeded({ training, judging, scoring, separable }: Footprint, batch: number): number {
  return Math.max(bytesFor(training, separable ? 1 : batch), bytesFor(judging, 1), bytesFor(scoring, 1));
}

const numberOf = (values: AnyValues, key: string): number | null => {
  const value = values[key];
  return typeof value === 'number' ? value : null;
};

/** The batch of a detector, 1 for those that have none. */
export const batchOf = (values: AnyValues): number => numberOf(values, 'batch') ?? 1;

/** Largest value of `from` to `to` that passes, all below it passing too; null where none does. */
async function largest(from: number, to: number, passes: (value: number) => Promise<boolean>): Promise<number | null> {
  if (!(await passes(from))) return null;
  let [low, high] = [from, to + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await passes(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Two significant digits, downwards: a suggestion is no measurement. */
function rounded(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / step) * step;
}

/** Settings whose cost this knows how to lower by halving. */
const HALVED = ['heads', 'layers', 'hidden'] as const;
const ENOUGH = 3;

/**
 * Changes of one setting each with which the run would fit, those that change the method least first; [] where none of
 * the settings helps alone.
 */
async function smallerSettings(
  detector: AnyDetector,
  values: AnyValues,
  dims: Dims,
  { footprint, at }: Sized,
  room: Room,
): Promise<AnyValues[]> {
  const found: AnyValues[] = [];
  const batch = batchOf(values);
  const byBatch = limitsOf(footprint, room).training;
  if (!footprint.separable && byBatch >= 2 && byBatch < batch) found.push({ batch: rounded(byBatch) });
  const window = numberOf(values, 'window');
  const { window: param } = detector.params as Readonly<Record<string, { readonly min?: number } | undefined>>;
  if (window !== null) {
    const shorter = await largest(Math.max(2, param?.min ?? 2), window - 1, async (w) =>
      fits(await at(w), room, batch),
    );
    if (shorter !== null) found.push({ window: rounded(shorter) });
  }
  for (const key of HALVED) {
    const now = numberOf(values, key);
    // Three suggestions are choice enough, and each costs a count.
    if (found.length >= ENOUGH) break;
    for (let less = Math.floor((now ?? 0) / 2); less >= 1; less = Math.floor(less / 2)) {
      // Sizes that do not go together (heads that do not divide the width) are no suggestion.
      const smaller = await footprintOf(detector, { ...values, [key]: less }, dims).catch(() => null);
      if (smaller === null || !fits(smaller.footprint, room, batch)) continue;
      found.push({ [key]: less });
      break;
    }
  }
  return found;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(2)} GB`;

/** 'batch to 8' in the words of the settings. */
function wordsOf(detector: AnyDetector, change: AnyValues): string {
  const labels = detector.params as Readonly<Record<string, { readonly label: string } | undefined>>;
  return Object.entries(change)
    .map(([key, value]) => {
      return `"${labels[key]?.label ?? key}" to ${String(value)}`;
    })
    .join(' and ');
}

/** What is said instead of a run that would end in the middle: how much is needed, and what would do. */
function tooLarge(
  detector: AnyDetector,
  values: AnyValues,
  footprint: Footprint,
  room: Room,
  smaller: readonly AnyValues[],
): EngineError {
  const batch = batchOf(values);
  const what = footprint.separable ? 'one window' : `a batch of ${batch} windows, which cannot be divided,`;
  return new EngineError(
    'bad-input',
    'too-large',
    `${detector.card.title} with these settings needs about ${gigabytes(bytesNeeded(footprint, batch))} for ${what} ` +
      `and this device has room for ${gigabytes(Math.max(0, room.total))}`,
    smaller.length > 0
      ? `Set ${smaller.map((change) => wordsOf(detector, change)).join(', or ')}.`
      : 'Choose a smaller preset, fewer sensors or a device with more memory.',
  );
}

export type Fit = {
  readonly footprint: Footprint;
  readonly limits: Limits;
  /** Null where it fits; else what to say, and changes with which it would fit. */
  readonly refusal: { readonly error: EngineError; readonly smaller: readonly AnyValues[] } | null;
};

/** Whether a detector with these settings fits into the room. Throws as `fit` does for settings that make no sense. */
export async function fitInto(room: Room, detector: AnyDetector, values: AnyValues, dims: Dims): Promise<Fit> {
  const sized = await footprintOf(detector, values, dims);
  const { footprint } = sized;
  const limits = limitsOf(footprint, room);
  if (fits(footprint, room, batchOf(values))) return { footprint, limits, refusal: null };
  const smaller = await smallerSettings(detector, values, dims, sized, room);
  return { footprint, limits, refusal: { error: tooLarge(detector, values, footprint, room, smaller), smaller } };
}
