/**
 * What a detector takes of memory before it is run at full size: counted on a few windows, and on shorter ones where
 * even those might be too large. Tensors of a window grow at most with the square of its steps, and those of a
 * batch with its windows, so that three lengths by two counts tell the rest.
 */
import { asEngineError } from './errors.ts';
import type { AnyDetector, Run } from './model.ts';
import type { AnyValues } from './params.ts';
import type { Part, Replica } from './replica.ts';
import { seeded } from './rng.ts';
import { bytesOf } from './tensor/memory.ts';
import type { Bytes } from './tensor/memory.ts';
import type { Windows } from './types.ts';
import { cutStarts, withStarts } from './window.ts';

export type Dims = { readonly S: number; readonly C: number };

/** Bytes of n windows at a time: `fixed + n each`, for the peak and for the largest tensor. */
export type Load = { readonly fixed: number; readonly each: number; readonly largest: number };

export type Footprint = {
  readonly training: Load;
  readonly judging: Load;
  readonly scoring: Load;
  readonly separable: boolean;
};

export const bytesFor = ({ fixed, each }: Load, windows: number): number => fixed + each * windows;

const FLOAT = 4;

const quiet = (): Run => ({ rng: seeded(1), checkpoint: () => Promise.resolve(), progress: () => undefined });

/** Rows of noise with room for `count` windows, every second one labelled for those that learn from labels. */
export function blankWindows(detector: AnyDetector, values: AnyValues, { S, C }: Dims, count: number): Windows {
  const { W, horizon } = detector.windowing(values);
  const T = W + horizon + count - 1;
  const rng = seeded(2);
  return {
    x_TF: Float32Array.from({ length: T * (S + C) }, rng),
    seen_TS: new Uint8Array(T * S).fill(1),
    // Those that learn from labels refuse rows without any.
    ...(detector.supervised !== undefined && { label_T: Uint8Array.from({ length: T }, (_, t) => t % 2) }),
    ...{ T, S, C, W, horizon },
    start_N: cutStarts([{ start: 0, end: T }], { W, horizon, stride: 1 }),
  };
}

/** The first `count` windows as a whole batch for one of the losses. */
export function blankPart(windows: Windows, loss: number, count: number, training: boolean): Part {
  const { x_TF, W, S, C } = windows;
  const x_BWF = new Float32Array(count * W * (S + C));
  for (let i = 0; i < x_BWF.length; i++) x_BWF[i] = x_TF[i % x_TF.length];
  return {
    ...{ loss, training, epoch: 1, seed: 1, chunk: count, share: { from: 0, to: count, of: count } },
    ...{ x_BWF, y_BS: x_BWF.slice(0, count * S) },
  };
}

/** Hands the untrained model to `use`, and gives what that gives. */
export async function withReplica<T>(
  detector: AnyDetector,
  values: AnyValues,
  windows: Windows,
  use: (replica: Replica) => Promise<T>,
): Promise<T> {
  const results: T[] = [];
  const serve = async (replica: Replica): Promise<void> => {
    results.push(await use(replica));
  };
  try {
    await detector.fit(windows, values, quiet(), { serve });
  } catch (thrown) {
    if (results.length === 0) throw thrown;
  }
  return results[0];
}

/**
 * From the counts for `few` windows and twice as many; `held` stays over all batches. The worst moment of a batch may be
 * another one when it is small, so the few are as many as is cheap.
 */
function loadOf(few: number, one: Bytes, two: Bytes, held: number): Load {
  const each = Math.max(0, two.peak - one.peak) / few;
  return {
    fixed: Math.max(0, one.peak - few * each) + held,
    each,
    largest: Math.max(0, two.largest - one.largest) / few,
  };
}

/** Bytes of one window up to which more of them are counted, and how many then. */
const CHEAP = 2e6;
const FEW = 8;

async function worst(counts: readonly (() => Promise<Bytes>)[]): Promise<Bytes> {
  let most: Bytes = { peak: 0, largest: 0 };
  for (const count of counts) {
    const { peak, largest } = await count();
    most = { peak: Math.max(most.peak, peak), largest: Math.max(most.largest, largest) };
  }
  return most;
}

/** Counts at the very settings. */
async function counted(detector: AnyDetector, values: AnyValues, dims: Dims): Promise<Footprint> {
  const windows = blankWindows(detector, values, dims, 2 * FEW);
  const { few, weights, size, training, judging, separable } = await withReplica(
    detector,
    values,
    windows,
    async (replica) => {
      const losses = Array.from({ length: replica.losses }, (_, n) => n);
      const count = (n: number, isTraining: boolean) =>
        worst(
          losses.map(
            (l) => () => bytesOf(() => replica.rehearse(blankPart({ ...windows, ...replica.shape }, l, n, isTraining))),
          ),
        );
      // Weights, the moments of Adam for each loss, and gradients on their way to another replica.
      const held = FLOAT * replica.size * (2 + 2 * replica.losses);
      const few = (await count(1, true)).peak <= CHEAP ? FEW : 1;
      return {
        few,
        size: replica.size,
        separable: replica.separable,
        training: loadOf(few, await count(few, true), await count(2 * few, true), held),
        judging: loadOf(few, await count(few, false), await count(2 * few, false), held),
        weights: await replica.weights(),
      };
    },
  );
  const fitted = detector.restore(weights, values, dims);
  try {
    const count = (n: number) =>
      bytesOf(() => fitted.expect(withStarts(windows, windows.start_N.subarray(0, n)), { ...quiet(), scored: n }));
    return { training, judging, scoring: loadOf(few, await count(few), await count(2 * few), FLOAT * size), separable };
  } finally {
    fitted.dispose();
  }
}

/** The parabola through three points at x = 1, 2, 3, taken at `x`; growth never turns to shrinking. */
function extrapolated([one, two, three]: readonly [number, number, number], x: number): number {
  const bend = (three - 2 * two + one) / 2;
  const slope = two - one - 3 * bend;
  return Math.max(one, one - slope - bend + slope * x + bend * x * x);
}

/** Steps of the shortest windows that are counted, where the detector takes windows so short. */
const SHORT = 16;
/** Two windows that may take more than this are not tried. */
const TRY = 384e6;

const windowOf = (values: AnyValues): number | null => (typeof values['window'] === 'number' ? values['window'] : null);

type LoadName = 'training' | 'judging' | 'scoring';
const KEYS = ['fixed', 'each', 'largest'] as const;

/** Footprint of a window of `steps`. */
type Short = { readonly steps: number; readonly footprint: Footprint };

/** The shortest of 16, 32, 64 ... steps below `window` that the detector does not refuse; null where it refuses all. */
async function shortest(detector: AnyDetector, values: AnyValues, dims: Dims, window: number): Promise<Short | null> {
  for (let steps = SHORT; steps < window; steps *= 2) {
    try {
      return { steps, footprint: await counted(detector, { ...values, window: steps }, dims) };
    } catch (thrown) {
      if (asEngineError(thrown).code !== 'bad-input') throw thrown;
    }
  }
  return null;
}

/** Footprint at other window lengths, from three short ones. */
async function byWindow(
  detector: AnyDetector,
  values: AnyValues,
  dims: Dims,
  { steps, footprint: first }: Short,
): Promise<(window: number) => Footprint> {
  const second = await counted(detector, { ...values, window: 2 * steps }, dims);
  const third = await counted(detector, { ...values, window: 3 * steps }, dims);
  return (window) => {
    const load = (of: LoadName): Load => {
      const [fixed, each, largest] = KEYS.map((key) =>
        extrapolated([first[of][key], second[of][key], third[of][key]], window / steps),
      );
      return { fixed, each, largest };
    };
    return {
      training: load('training'),
      judging: load('judging'),
      scoring: load('scoring'),
      separable: first.separable,
    };
  };
}

/** A footprint, and what it would be with other windows. */
export type Sized = { readonly footprint: Footprint; readonly at: (window: number) => Promise<Footprint> };

/**
 * Footprint of a detector with these settings. Never makes tensors that may take much more than `TRY` bytes. Throws as
 * `fit` does for settings that do not go together.
 */
export async function footprintOf(detector: AnyDetector, values: AnyValues, dims: Dims): Promise<Sized> {
  const window = windowOf(values);
  const short = window === null ? null : await shortest(detector, values, dims, window);
  if (window === null || short === null) {
    const footprint = await counted(detector, values, dims);
    return { footprint, at: () => Promise.resolve(footprint) };
  }
  let lengths: Promise<(window: number) => Footprint> | null = null;
  const at = async (other: number): Promise<Footprint> => {
    lengths ??= byWindow(detector, values, dims, short);
    return (await lengths)(other);
  };
  const most = bytesFor(short.footprint.training, 2) * (window / short.steps) ** 2;
  return { footprint: most <= TRY ? await counted(detector, values, dims) : await at(window), at };
}
