/**
 * The classifier of SR-CNN: reads the saliency of a whole window and gives each step a logit. What the published code
 * calls convolutions have one step and as many channels as the window has steps: dense layers in effect.
 * Dimensions: B batch, W window.
 */
import { dense } from '../tensor/encoder.ts';
import * as tf from '../tensor/tf.ts';
import type { Tensor2D } from '../tensor/tf.ts';
import type { Tensors } from '../tensor/weights.ts';
import { linear } from './shared/linear.ts';
import type { Shapes } from './shared/reconstructor.ts';

export const srCnnShapes = (W: number): Shapes => ({
  ...linear('dense1', W, W),
  ...linear('dense2', W, 2 * W),
  ...linear('dense3', 2 * W, 4 * W),
  ...linear('dense4', 4 * W, W),
});

/** Logits [B, W] of saliencies [B, W]. */
export const srCnnLogits = (weights: Tensors, saliency_BW: Tensor2D): Tensor2D =>
  dense(
    weights,
    'dense4',
    ['dense1', 'dense2', 'dense3'].reduce((h, name) => tf.relu(dense(weights, name, h)), saliency_BW),
  );
