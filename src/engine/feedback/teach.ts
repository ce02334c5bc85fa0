/**
 * The feedback stage: labelled windows, some of their steps hidden, are shown to a fitted model over and over; it learns to
 * fill in normal steps better, then, in a step of its own, to fill in anomalous ones worse.
 * Source: the active-learning framework for reconstruction models, section 3.5.
 */
import { EngineError } from '../errors.ts';
import type { Rebuilds, Run } from '../model.ts';
import { shuffle } from '../rng.ts';
import { adam } from '../tensor/adam.ts';
import type { Adam } from '../tensor/adam.ts';
import { assertAlive } from '../tensor/backend.ts';
import { globalNorm } from '../tensor/clip.ts';
import * as tf from '../tensor/tf.ts';
import { assignWeights, readWeights } from '../tensor/weights.ts';
import type { History } from '../train.ts';
import { inOrder } from '../window.ts';
import { cutLesson } from './lesson.ts';
import type { Lesson } from './lesson.ts';
import { hiddenError, phaseLoss, phaseStep } from './minimax.ts';
import type { LabelledBatch, Phase } from './minimax.ts';
import type { TeachSettings } from './teachParams.ts';

type Teacher = {
  readonly rebuilds: Rebuilds;
  readonly lesson: Lesson;
  readonly p: TeachSettings;
  readonly run: Run;
  readonly optimiser: Adam;
};

/** Mean squared errors of judged steps, as last seen: the cap compares them. `strained`: training windows are lost. */
type Seen = { normal: number; anomalous: number; strained: boolean };

async function valueOf(make: () => tf.Scalar | null): Promise<number | null> {
  const loss = make();
  if (loss === null) return null;
  const [value] = await loss.data().finally(() => loss.dispose());
  return value;
}

const phasesOf = ({ phases }: TeachSettings): readonly Phase[] =>
  phases === 'both' ? ['min', 'max'] : [phases as Phase];

/** True while anomalous steps are so badly rebuilt, or training windows too, that going on would only tear at the weights. */
const rests = ({ cap }: TeachSettings, phase: Phase, { normal, anomalous, strained }: Seen): boolean =>
  phase === 'max' && (strained || (cap > 0 && normal > 0 && anomalous > cap * normal));

/** Windows of a sample of the training part, and of a batch of it. */
const SAMPLE = 128;
const SAMPLE_BATCH = 32;

/** Mean squared error over a sample of training windows, the same every time; NaN where there are none. */
async function trainingError({ rebuilds, lesson, p, run }: Teacher): Promise<number> {
  const { start_N, first_N } = lesson.rehearsal;
  const N = Math.min(SAMPLE, start_N.length);
  const order = Int32Array.from({ length: N }, (_, n) => Math.floor((n * start_N.length) / N));
  const normal_T = new Uint8Array(lesson.label_T.length);
  const sample = { ...lesson, windows: { ...lesson.windows, start_N }, first_N, label_T: normal_T };
  const shown = { ...p, hide: false };
  let sum = 0;
  for (let from = 0; from < N; from += SAMPLE_BATCH) {
    await run.checkpoint();
    assertAlive();
    const to = Math.min(N, from + SAMPLE_BATCH);
    const batch = cutLesson(sample, { order, from, to, more: 0 }, rebuilds.lead, shown, run.rng);
    const error = await valueOf(() =>
      tf.tidy(() => phaseLoss('min', hiddenError(rebuilds.reconstruct, batch), batch)),
    ).finally(() => batch.x_BWF.dispose());
    sum += (to - from) * (error ?? NaN);
  }
  return sum / N;
}

/** Both phases on one batch; gives the errors from before each of them, null for a phase that no hidden step is of. */
async function onBatch(
  { rebuilds, p, optimiser }: Teacher,
  batch: LabelledBatch,
  seen: Seen,
): Promise<Partial<Record<Phase, number | null>>> {
  const { weights, reconstruct } = rebuilds;
  const found: Partial<Record<Phase, number | null>> = {};
  for (const phase of phasesOf(p)) {
    const value = await valueOf(() =>
      rests(p, phase, seen)
        ? tf.tidy(() => phaseLoss(phase, hiddenError(reconstruct, batch), batch))
        : phaseStep(phase, weights, Object.keys(weights), reconstruct, batch, { optimiser, longest: p.clip }),
    );
    found[phase] = value;
    if (value === null) continue;
    if (phase === 'min') seen.normal = value;
    else seen.anomalous = -value;
  }
  return found;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function epochOf(teacher: Teacher, epoch: number, seen: Seen): Promise<Record<string, number>> {
  const { rebuilds, lesson, p, run } = teacher;
  const order = shuffle(inOrder(lesson.windows.start_N.length), run.rng);
  const errors: Record<Phase, number[]> = { min: [], max: [] };
  const batches = Math.ceil(order.length / p.batch);
  for (let n = 0; n < batches; n++) {
    await run.checkpoint();
    assertAlive();
    const to = Math.min(order.length, (n + 1) * p.batch);
    const from = n * p.batch;
    const more = Math.round(p.rehearse * (to - from));
    const batch = cutLesson(lesson, { order, from, to, more }, rebuilds.lead, p, run.rng);
    try {
      const { min = null, max = null } = await onBatch(teacher, batch, seen);
      if (min !== null) errors.min.push(min);
      if (max !== null) errors.max.push(-max);
    } finally {
      batch.x_BWF.dispose();
    }
    run.progress({ kind: 'batch', epoch: epoch + 1, epochs: p.epochs, done: n + 1, of: batches });
  }
  return {
    ...(errors.min.length > 0 && { normal: mean(errors.min) }),
    ...(errors.max.length > 0 && { anomalous: mean(errors.max) }),
  };
}

/** A loss that is not finite poisons its mean; the last step of an epoch shows in the weights alone. */
async function guard({ rebuilds, p }: Teacher, losses: Readonly<Record<string, number>>, epoch: number): Promise<void> {
  const norm = await valueOf(() => tf.tidy(() => globalNorm(rebuilds.weights)));
  if ([...Object.values(losses), norm ?? NaN].every(Number.isFinite)) return;
  throw new EngineError(
    'bad-input',
    'diverged',
    `the feedback left the finite numbers in epoch ${epoch + 1}; the model is as it was before`,
    `Lower the learning rate (now ${p.rate}), set a cap on the anomalous error, or take fewer epochs.`,
  );
}

/** Names under which the history of a bounded fine-tuning holds the error of training windows and its bound. */
const TRAINING = 'training';
const BOUND = 'training (bound)';

/** What a bound on the training error let through. */
export type Bounded = {
  /** The epoch whose weights were taken, from 1; 0 when none was within the bound and the model stayed as it was. */
  readonly taken: number;
  readonly epochs: number;
  /** The smallest training error of an epoch, as a multiple of the bound. */
  readonly closest: number;
};

/** Read off the history of `teach`; null where no bound was set. */
export function boundedBy(history: History): Bounded | null {
  const times = history.flatMap((losses) => (BOUND in losses ? [losses[TRAINING] / losses[BOUND]] : []));
  if (times.length === 0) return null;
  return { taken: times.findLastIndex((of) => !(of > 1)) + 1, epochs: times.length, closest: Math.min(...times) };
}

/**
 * Teaches a fitted model in place. Every epoch draws the order of the windows and their masks anew from `run.rng`; the
 * maximise phase is skipped where nothing anomalous is hidden; one Adam, fresh, serves both phases. Gives the mean error
 * of hidden normal and anomalous steps by epoch, from before each update, and under a bound the error of training windows
 * after the epoch beside it.
 * Throws EngineError: 'no-labels' when no window holds a labelled step, 'diverged', 'device-lost', 'cancelled'. On any
 * throw the weights are as they were.
 */
export async function teach(rebuilds: Rebuilds, lesson: Lesson, p: TeachSettings, run: Run): Promise<History> {
  if (lesson.windows.start_N.length === 0)
    throw new EngineError(
      'bad-input',
      'no-labels',
      'no window holds a labelled step, so there is nothing to learn from',
      'Answer a few queries or label some ranges first; unsure teaches nothing.',
    );
  const { weights } = rebuilds;
  const before = await readWeights(weights);
  let kept = before;
  const optimiser = adam(weights, { rate: p.rate });
  const teacher = { rebuilds, lesson, p, run, optimiser };
  const history: Record<string, number>[] = [];
  const seen: Seen = { normal: 0, anomalous: 0, strained: false };
  try {
    const most = p.keep > 0 ? p.keep * (await trainingError(teacher)) : Infinity;
    for (let epoch = 0; epoch < p.epochs; epoch++) {
      const losses = await epochOf(teacher, epoch, seen);
      await guard(teacher, losses, epoch);
      if (p.keep > 0) {
        losses[TRAINING] = await trainingError(teacher);
        losses[BOUND] = most;
        seen.strained = losses[TRAINING] > most;
        if (!seen.strained) kept = await readWeights(weights);
      }
      history.push(losses);
      run.progress({ kind: 'epoch', epoch: epoch + 1, epochs: p.epochs, losses });
    }
    if (seen.strained) assignWeights(weights, kept);
    return history;
  } catch (thrown) {
    // A lost device has no weights to restore.
    if (!(thrown instanceof EngineError && thrown.code === 'backend')) assignWeights(weights, before);
    throw thrown;
  } finally {
    optimiser.dispose();
  }
}
