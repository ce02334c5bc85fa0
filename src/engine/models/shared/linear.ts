/** Shapes and first values of weights in the layout `name.kernel` [in, out], `name.bias` [out]. */
import { sizeOf } from '../../shape.ts';
import { torchUniform } from '../../tensor/init.ts';
import type { Tensor1D, Tensor2D } from '../../tensor/tf.ts';
import type { Tensors } from '../../tensor/weights.ts';
import type { Shapes } from './reconstructor.ts';

export const linear = (name: string, from: number, to: number): Shapes => ({
  [`${name}.kernel`]: [from, to],
  [`${name}.bias`]: [to],
});

/** A recurrent layer with `gates` gates (4: LSTM, 3: GRU) over `from` inputs. */
export const recurrent = (name: string, from: number, H: number, gates: number): Shapes => ({
  [`${name}.kernel`]: [from, gates * H],
  [`${name}.recurrent`]: [H, gates * H],
  [`${name}.bias`]: [gates * H],
});

/** The weights of such a layer as `lstm` and `gru` take them. */
export const recurrentWeights = (weights: Tensors, name: string) => ({
  kernel_FG: weights[`${name}.kernel`] as Tensor2D,
  recurrent_HG: weights[`${name}.recurrent`] as Tensor2D,
  bias_G: weights[`${name}.bias`] as Tensor1D,
});

/**
 * As PyTorch starts: U(±1/√fan) with the number of inputs as fan, which a bias shares with its kernel; in a recurrent
 * layer the fan of everything is the number of hidden units.
 */
export function linearStart(
  name: string,
  shape: readonly number[],
  rng: () => number,
  shapes: Readonly<Record<string, readonly number[] | undefined>>,
): Float32Array {
  const layer = name.replace(/\.[^.]+$/, '');
  const fan = (shapes[`${layer}.recurrent`] ?? shapes[`${layer}.kernel`] ?? shape)[0];
  return torchUniform(sizeOf(shape), fan, rng);
}
