/**
 * C-GATS stage 1 in the shape of torch_baseline.py, for as long as the engine has no such model: forward, backward and
 * one Adam update on one random batch.
 */
import { adam } from '../../src/engine/tensor/adam.ts';
import { lstm } from '../../src/engine/tensor/lstm.ts';
import * as tf from '../../src/engine/tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from '../../src/engine/tensor/tf.ts';

export type Standin = {
  readonly weights: number;
  readonly step: () => Promise<void>;
  readonly infer: () => Promise<void>;
  readonly dispose: () => void;
};

/** Makes and owns the weights of one stand-in. */
class Net {
  readonly variables: Record<string, Variable> = {};
  private seed = 1;

  weight<R extends tf.Rank>(shape: tf.ShapeMap[R], size?: number): tf.Tensor<R> {
    const deviation = size ?? 1 / Math.sqrt(shape.length > 1 ? shape[shape.length - 2] : shape[0]);
    const name = `w${Object.keys(this.variables).length}`;
    const made = tf.tidy(() => tf.variable(tf.randomUniform(shape, -deviation, deviation, 'float32', this.seed++)));
    this.variables[name] = made;
    return made as Tensor as tf.Tensor<R>;
  }

  dense(from: number, to: number): <T extends Tensor>(x: T) => T {
    const kernel = this.weight<tf.Rank.R2>([from, to]);
    const shift = this.weight<tf.Rank.R1>([to]);
    return <T extends Tensor>(x: T): T => {
      const flat = tf.reshape<tf.Rank.R2>(x, [x.size / from, from]);
      const y: Tensor = tf.add(tf.matMul(flat, kernel), shift);
      return tf.reshape<tf.Rank>(y, [...x.shape.slice(0, -1), to]) as T;
    };
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

/** Reading waits for what was queued on a GPU. */
async function waitFor(tensor: Tensor): Promise<void> {
  await tensor.data();
  tensor.dispose();
}

/** A stand-in with one loss over all weights. */
function simple(net: Net, lossOf: () => Scalar, infer: () => Tensor, rate = 1e-3, owned: Tensor[] = []): Standin {
  const optimiser = adam(net.variables, { rate });
  return {
    weights: net.count(),
    step: async () => {
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(lossOf, Object.values(net.variables));
        const named = Object.entries(net.variables).map(([name, variable]) => [name, grads[variable.name]] as const);
        optimiser.step(Object.fromEntries(named));
        return value;
      });
      await waitFor(loss);
    },
    infer: () => waitFor(tf.tidy(infer)),
    dispose: () => {
      optimiser.dispose();
      tf.dispose([...Object.values(net.variables), ...owned]);
    },
  };
}

const lastStep = (h: Tensor3D): Tensor2D => {
  const [B, W, H] = h.shape;
  return tf.reshape(tf.slice(h, [0, W - 1, 0], [B, 1, H]), [B, H]);
};

const gaussian = (mu: Tensor, logVariance: Tensor): Tensor =>
  tf.mul(0.5, tf.sub(tf.sub(tf.add(tf.square(mu), tf.exp(logVariance)), 1), logVariance));

const draw = (mu: Tensor, logVariance: Tensor): Tensor =>
  tf.add(mu, tf.mul(tf.randomNormal(mu.shape), tf.exp(tf.mul(0.5, logVariance))));

export function cgats(batch = 64, n = 240): Standin {
  const net = new Net();
  const [e1, e2] = [net.lstm(1, 32), net.lstm(32, 64)];
  const [toMu, toLog] = [net.dense(64, 16), net.dense(64, 16)];
  const [d1, d2, head] = [net.lstm(16, 32), net.lstm(32, 64), net.dense(64, 1)];
  const x = tf.keep<Tensor3D>(tf.randomNormal([batch, n, 1], 0, 1, 'float32', 3));
  const forward = () => {
    const h = lastStep(e2(e1(x, false)));
    const [mu, log] = [toMu(h), toLog(h)];
    const z = tf.add<Tensor3D>(tf.expandDims(draw(mu, log), 1), tf.zeros([1, n, 1]));
    return { y: head(d2(d1(z))), mu, log };
  };
  const loss = (): Scalar => {
    const { y, mu, log } = forward();
    const rebuilt = tf.mul(0.5, tf.sum(tf.square(tf.sub(x, y)), [1, 2]));
    return tf.mean(tf.add(rebuilt, tf.sum(gaussian(mu, log), 1)));
  };
  return simple(net, loss, () => forward().y, 1e-3, [x]);
}
