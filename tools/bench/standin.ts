/**
 * Models of the benchmark's shapes, written with the engine's tensor ops alone. They stand in for the engine's own
 * models, which carry schedules and reports, so that a step here does what a step of ../../../shared/bench/
 * torch_baseline.py does: forward, backward, one Adam update on one random batch.
 */
import { adam } from '../../src/engine/tensor/adam.ts';
import { lstm } from '../../src/engine/tensor/lstm.ts';
import { attentionMap } from '../../src/engine/tensor/kernels/attention.ts';
import { layerNorm } from '../../src/engine/tensor/kernels/layerNorm.ts';
import { stopGradient } from '../../src/engine/tensor/stopGradient.ts';
import * as tf from '../../src/engine/tensor/tf.ts';
import type { Scalar, Tensor, Tensor1D, Tensor3D, Tensor4D, Variable } from '../../src/engine/tensor/tf.ts';

export type Standin = {
  readonly weights: number;
  readonly step: () => void;
  readonly infer: () => void;
  readonly dispose: () => void;
};

/** Makes and owns the weights of one stand-in. */
export class Net {
  readonly variables: Record<string, Variable> = {};
  private seed = 1;

  weight<R extends tf.Rank>(shape: tf.ShapeMap[R], size?: number): tf.Tensor<R> {
    const deviation = size ?? 1 / Math.sqrt(shape.length > 1 ? shape[shape.length - 2] : shape[0]);
    const name = `w${Object.keys(this.variables).length}`;
    const made = tf.tidy(() => tf.variable(tf.randomUniform(shape, -deviation, deviation, 'float32', this.seed++)));
    this.variables[name] = made;
    return made as Tensor as tf.Tensor<R>;
  }

  filled(shape: number[], value: number): Tensor1D {
    const made = tf.tidy(() => tf.variable(tf.fill(shape, value)));
    this.variables[`w${Object.keys(this.variables).length}`] = made;
    return made as Tensor as Tensor1D;
  }

  dense(from: number, to: number, bias = true): <T extends Tensor>(x: T) => T {
    const kernel = this.weight<tf.Rank.R2>([from, to]);
    const shift = bias ? this.weight<tf.Rank.R1>([to]) : null;
    return <T extends Tensor>(x: T): T => {
      const flat = tf.reshape<tf.Rank.R2>(x, [x.size / from, from]);
      const product = tf.matMul(flat, kernel);
      const y: Tensor = shift === null ? product : tf.add(product, shift);
      return tf.reshape<tf.Rank>(y, [...x.shape.slice(0, -1), to]) as T;
    };
  }

  norm(size: number): <T extends Tensor>(x: T) => T {
    const gamma = this.filled([size], 1);
    const beta = this.filled([size], 0);
    return (x) => layerNorm(x, gamma, beta);
  }

  lstm(from: number, units: number): (x: Tensor3D, wantDx?: boolean) => Tensor3D {
    const size = 1 / Math.sqrt(units);
    const kernel_FG = this.weight<tf.Rank.R2>([from, 4 * units], size);
    const recurrent_HG = this.weight<tf.Rank.R2>([units, 4 * units], size);
    const bias_G = this.weight<tf.Rank.R1>([4 * units], size);
    return (x, wantDx = true) => lstm(x, { kernel_FG, recurrent_HG, bias_G }, { wantDx });
  }

  count(): number {
    return Object.values(this.variables).reduce((sum, { size }) => sum + size, 0);
  }
}

export const mse = (x: Tensor, y: Tensor): Scalar => tf.mean(tf.square(tf.sub(x, y)));

/** A stand-in with one loss over all weights. */
export function simple(net: Net, loss: () => Scalar, infer: () => Tensor, rate = 1e-3, owned: Tensor[] = []): Standin {
  const optimiser = adam(net.variables, { rate });
  return {
    weights: net.count(),
    step: () => {
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss, Object.values(net.variables));
        const named = Object.entries(net.variables).map(([name, variable]) => [name, grads[variable.name]] as const);
        optimiser.step(Object.fromEntries(named));
        // Reading the loss waits for what was queued on a GPU.
        value.dataSync();
      });
    },
    infer: () => {
      tf.tidy(() => {
        infer().dataSync();
      });
    },
    dispose: () => {
      optimiser.dispose();
      tf.dispose([...Object.values(net.variables), ...owned]);
    },
  };
}

/** [B, N, D] to [h, B, N, D/h], heads first: then per-head weights need no copies. */
export const split = (x: Tensor3D, heads: number): Tensor4D => {
  const [B, N, D] = x.shape;
  return tf.transpose(tf.reshape<tf.Rank.R4>(x, [B, N, heads, D / heads]), [2, 0, 1, 3]);
};

export const merge = (x: Tensor4D): Tensor3D => {
  const [heads, B, N, K] = x.shape;
  return tf.reshape<tf.Rank.R3>(tf.transpose(x, [1, 2, 0, 3]), [B, N, heads * K]);
};

/** Circular convolution of width 3 as one product, plus the fixed sinusoid. */
export function embedding(net: Net, C: number, D: number, N: number): (x: Tensor3D) => Tensor3D {
  const project = net.dense(3 * C, D, false);
  const angles = Array.from({ length: N * D }, (_, i) => {
    const column = i % D;
    const angle = Math.floor(i / D) * 10000 ** (-(column - (column % 2)) / D);
    return column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  const places = tf.keep(tf.tensor2d(angles, [N, D]));
  return (x) => {
    const [B] = x.shape;
    const last = tf.slice(x, [0, N - 1, 0], [B, 1, C]);
    const first = tf.slice(x, [0, 0, 0], [B, 1, C]);
    const before = tf.concat([last, tf.slice(x, [0, 0, 0], [B, N - 1, C])], 1);
    const after = tf.concat([tf.slice(x, [0, 1, 0], [B, N - 1, C]), first], 1);
    return tf.add(project(tf.concat([before, x, after], 2)), places);
  };
}

/** A layer of the plain Transformer with post-norm; `mix` says how the maps come about. */
export type Mixed = { readonly map: Tensor4D; readonly rest: readonly Tensor4D[] };

export function encoderLayer(
  net: Net,
  D: number,
  heads: number,
  feedForward: <T extends Tensor>(x: T) => T,
  mix: (q: Tensor4D, k: Tensor4D, x: Tensor3D, cutS: () => Tensor4D) => Mixed,
  bias: boolean,
): (x: Tensor3D) => { readonly y: Tensor3D; readonly rest: readonly Tensor4D[] } {
  const [q, k, v] = [net.dense(D, D, bias), net.dense(D, D, bias), net.dense(D, D, bias)];
  const out = net.dense(D, D);
  const [n1, n2] = [net.norm(D), net.norm(D)];
  const scale = 1 / Math.sqrt(D / heads);
  return (x) => {
    const cut = (): Tensor4D => {
      const still = stopGradient(x);
      return attentionMap(split(q(still), heads), split(k(still), heads), scale);
    };
    const { map, rest } = mix(split(q(x), heads), split(k(x), heads), x, cut);
    const h = n1(tf.add<Tensor3D>(x, out(merge(tf.matMul(map, split(v(x), heads))))));
    return { y: n2(tf.add<Tensor3D>(h, feedForward(h))), rest };
  };
}
