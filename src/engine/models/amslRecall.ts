/**
 * What AMSL makes of one window: its views and how they were rebuilt, which memory items answered, what these items look
 * like as signals, and how well the classifier tells views apart over several windows.
 * Dimensions: R views, B windows, W steps, S sensors, F channels, N positions of a code, Z its width, C items.
 */
import type { MemoryEvidence, MemoryItem, MemoryRead } from '../model.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import { readAll } from '../tensor/weights.ts';
import type { Tensors } from '../tensor/weights.ts';
import { amslForward, decode, viewErrors } from './amslNet.ts';
import type { AmslForward, Read } from './amslNet.ts';
import type { AmslSettings } from './amslParams.ts';
import { viewsOf } from './amslRanges.ts';
import { VIEW_TITLES, viewsUsed } from './amslViews.ts';
import { paddedTo } from './amslWeights.ts';
import type { Dims } from './shared/reconstructor.ts';

type P = AmslSettings;

/** Items of each memory that are shown as signals. */
const SHOWN = 4;

const sensors = (x_RWF: Tensor3D, S: number): Tensor3D =>
  tf.slice3d(x_RWF, [0, 0, 0], [x_RWF.shape[0], x_RWF.shape[1], S]);

type Held = {
  readonly tensors: readonly tf.Tensor[];
  readonly reads: readonly Omit<MemoryRead, 'weight_C'>[];
  readonly hasAlpha: boolean;
};

/** Means over positions of the addressing of every read, with whose it is. */
function addressing(forward: AmslForward, views: readonly string[]): { reads: Held['reads']; means: Tensor1D[] } {
  const of = (kind: MemoryRead['kind'], reads: readonly (Read | null)[]) =>
    reads.flatMap((read, i) =>
      read === null ? [] : [{ read: { kind, view: views[i] }, mean: tf.mean<Tensor1D>(read.weights, 0) }],
    );
  const all = [...of('global', forward.global), ...of('local', forward.local)];
  return { reads: all.map(({ read }) => read), means: all.map(({ mean }) => mean) };
}

function windowOf(weights: Tensors, x_1WF: Tensor3D, p: P, { S }: Dims): Held {
  return tf.scoped(() => {
    const { x_RBWF } = viewsOf(weights, x_1WF, p);
    const forward = amslForward(weights, x_RBWF, p);
    const [R, , W, F] = x_RBWF.shape;
    const { reads, means } = addressing(forward, viewsUsed(p));
    const tensors: tf.Tensor[] = [
      sensors(tf.reshape<tf.Rank.R3>(x_RBWF, [R, W, F]), S),
      sensors(tf.reshape<tf.Rank.R3>(tf.stack([...forward.rebuilt]), [R, W, F]), S),
      tf.reshape(tf.mean(viewErrors(x_RBWF, forward, S), 2), [R]),
      ...(forward.alpha === null ? [] : [forward.alpha.clone()]),
      ...means,
    ];
    return { tensors, reads, hasAlpha: forward.alpha !== null };
  });
}

/** A window made of one item alone, as the decoder of the untransformed view rebuilds it: [W, S], scaled. */
function itemSignal(weights: Tensors, memory: string, item: number, p: P, { S, C }: Dims): Tensor2D {
  const F = S + C;
  const [h, v] = [paddedTo(p.window) / 4, paddedTo(F) / 4];
  const row = tf.slice2d(weights[memory] as Tensor2D, [item, 0], [1, p.filters]);
  const code = tf.mul<Tensor4D>(tf.reshape(row, [1, 1, 1, p.filters]), tf.ones([1, h, v, 1]));
  const signal = decode(weights, 0, tf.concat4d([code, code], 3), p.window, F);
  return tf.reshape<tf.Rank.R2>(sensors(signal, S), [p.window, S]);
}

/** Numbers of the largest values, the largest first. */
const strongest = (values: Float32Array, count: number): number[] =>
  Array.from(values.keys())
    .sort((a, b) => values[b] - values[a])
    .slice(0, count);

async function itemsOf(weights: Tensors, reads: readonly MemoryRead[], p: P, dims: Dims): Promise<MemoryItem[]> {
  const chosen = reads
    .filter(({ view }) => view === 'raw')
    .flatMap(({ kind, weight_C }) =>
      strongest(weight_C, SHOWN).map((item) => ({ kind, item, weight: weight_C[item] })),
    );
  const signals = tf.scoped(() =>
    chosen.map(({ kind, item }) =>
      itemSignal(weights, kind === 'global' ? 'memory.global' : 'memory.local.0', item, p, dims),
    ),
  );
  const values = await readAll(signals).finally(() => tf.dispose(signals));
  return chosen.map((one, n) => ({ ...one, signal_WS: values[n] }));
}

/** Share of the windows whose view (row) the classifier takes for each view (column); null without a classifier. */
async function confusionOf(weights: Tensors, x_BWF: Tensor3D, p: P): Promise<Float32Array | null> {
  const taken = tf.scoped(() => {
    const { x_RBWF } = viewsOf(weights, x_BWF, p);
    const { logits } = amslForward(weights, x_RBWF, p);
    return logits === null ? null : tf.argMax<Tensor1D>(logits, 1);
  });
  if (taken === null) return null;
  const values = await taken.data().finally(() => taken.dispose());
  const R = viewsUsed(p).length;
  const B = x_BWF.shape[0];
  const share_RR = new Float32Array(R * R);
  values.forEach((column, n) => (share_RR[Math.floor(n / B) * R + column] += 1 / B));
  return share_RR;
}

/** The first window of the batch in full; the classifier is judged over all of them. */
export async function recall(weights: Tensors, x_BWF: Tensor3D, p: P, dims: Dims): Promise<MemoryEvidence> {
  const [B, W, F] = x_BWF.shape;
  const first = tf.slice3d(x_BWF, [0, 0, 0], [1, W, F]);
  try {
    const { tensors, reads: named, hasAlpha } = windowOf(weights, first, p, dims);
    const values = await readAll(tensors).finally(() => tf.dispose([...tensors]));
    const [input_RWS, rebuilt_RWS, error_R, ...rest] = values;
    const alpha_R2 = hasAlpha ? rest.shift()! : null;
    const reads = named.map((read, n): MemoryRead => ({ ...read, weight_C: rest[n] }));
    return {
      W,
      S: dims.S,
      views: viewsUsed(p).map((name) => ({ name, title: VIEW_TITLES[name] })),
      ...{ input_RWS, rebuilt_RWS, error_R, reads, alpha_R2 },
      items: await itemsOf(weights, reads, p, dims),
      confusion_RR: await confusionOf(weights, x_BWF, p),
      windows: B,
    };
  } finally {
    first.dispose();
  }
}
