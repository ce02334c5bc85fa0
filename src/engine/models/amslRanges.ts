/**
 * Views as the network gets them: scaled to 0..1 by their range in training, cut a little beyond it. The ranges are kept
 * beside the weights. Dimensions: R views, B windows, W steps, F channels.
 */
import { stopGradient } from '../tensor/stopGradient.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor, Tensor3D, Tensor4D } from '../tensor/tf.ts';
import { weightArray } from '../tensor/weights.ts';
import type { Tensors, WeightArrays } from '../tensor/weights.ts';
import type { Windows } from '../types.ts';
import { gather, inOrder } from '../window.ts';
import type { AmslSettings } from './amslParams.ts';
import { viewBatch, viewsUsed } from './amslViews.ts';
import type { ViewBatch } from './amslViews.ts';
import { rangeShapes } from './amslWeights.ts';

export type Viewed = {
  /** Scaled views. */
  readonly x_RBWF: Tensor4D;
  /** Source step of each step of each view, [R, B, W]. */
  readonly from_RBW: ViewBatch['from_RBW'];
  /** A rebuilt view [B, W, F] back in the units of the windows. */
  readonly unscaled: (y_BWF: Tensor3D, view: number) => Tensor3D;
};

/** Views of a batch of windows. The windows were just cut, so that reading them back costs nothing. */
export function viewsOf(weights: Tensors, x_BWF: Tensor3D, p: AmslSettings): Viewed {
  const [B, W, F] = x_BWF.shape;
  const used = viewsUsed(p);
  const { x_RBWF, from_RBW } = viewBatch(x_BWF.dataSync<'float32'>(), [B, W, F], used, p);
  const rows = p.normalise === 'cell' ? W : 1;
  // What was measured is not to be learned, not even from a person's answers.
  const range = (name: string): Tensor4D => tf.reshape(stopGradient(weights[name]), [used.length, 1, rows, F]);
  const [low, width] = [range('views.low'), range('views.width')];
  const scaled = tf.div<Tensor4D>(tf.sub(tf.tensor4d(x_RBWF, [used.length, B, W, F]), low), width);
  const of = (all: Tensor4D, view: number): Tensor =>
    tf.reshape(tf.slice4d(all, [view, 0, 0, 0], [1, 1, rows, F]), [1, rows, F]);
  return {
    x_RBWF: tf.clipByValue(scaled, -p.beyond, 1 + p.beyond),
    from_RBW,
    unscaled: (y_BWF, view) => tf.add(tf.mul(y_BWF, of(width, view)), of(low, view)),
  };
}

/** Windows whose views are made at a time. */
const CHUNK = 64;

/** Least and largest value of each view in the training windows, as `views.low` and `views.width`. */
export function rangesOf(train: Windows, p: AmslSettings): WeightArrays {
  const { W, S, C, start_N } = train;
  const F = S + C;
  const used = viewsUsed(p);
  const shapes = rangeShapes(p, { S, C });
  const [R, size] = shapes['views.low'];
  const low = new Float32Array(R * size).fill(Infinity);
  const high = new Float32Array(R * size).fill(-Infinity);
  const order = inOrder(start_N.length);
  for (let from = 0; from < order.length; from += CHUNK) {
    const to = Math.min(order.length, from + CHUNK);
    const { x_RBWF } = viewBatch(gather(train, order, from, to), [to - from, W, F], used, p);
    const perView = x_RBWF.length / R;
    for (let i = 0; i < x_RBWF.length; i++) {
      const cell = Math.floor(i / perView) * size + (i % size);
      if (x_RBWF[i] < low[cell]) low[cell] = x_RBWF[i];
      if (x_RBWF[i] > high[cell]) high[cell] = x_RBWF[i];
    }
  }
  const width = high.map((most, i) => (most > low[i] && Number.isFinite(most - low[i]) ? most - low[i] : 1));
  return { 'views.low': weightArray([R, size], low), 'views.width': weightArray([R, size], width) };
}
