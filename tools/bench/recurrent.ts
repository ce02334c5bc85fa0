/** Stand-ins for M2AD, LSTM-VAE, C-GATS stage 1, USAD and AMSL, in the shapes of torch_baseline.py. */
import { adam } from '../../src/engine/tensor/adam.ts';
import * as tf from '../../src/engine/tensor/tf.ts';
import type { Scalar, Tensor, Tensor2D, Tensor3D, Tensor4D } from '../../src/engine/tensor/tf.ts';
import { mse, Net, simple } from './standin.ts';
import type { Standin } from './standin.ts';

const lastStep = (h: Tensor3D): Tensor2D => {
  const [B, W, H] = h.shape;
  return tf.reshape(tf.slice(h, [0, W - 1, 0], [B, 1, H]), [B, H]);
};

export function m2ad(batch = 64): Standin {
  const net = new Net();
  const layers = [net.lstm(38, 80), net.lstm(80, 80), net.lstm(80, 80)];
  const head = net.dense(80, 38);
  const x = tf.keep<Tensor3D>(tf.randomUniform([batch, 100, 38], 0, 1, 'float32', 3));
  const y = tf.keep(tf.randomUniform([batch, 38], 0, 1, 'float32', 4));
  // As the baseline: dropout of 0.2 between the first two layers, while training.
  const mask = tf.keep(tf.cast(tf.greater(tf.randomUniform([batch, 100, 80], 0, 1, 'float32', 5), 0.2), 'float32'));
  const forward = (training: boolean): Tensor2D => {
    const first = layers[0](x, false);
    const second = layers[1](training ? tf.mul(tf.mul(first, mask), 1.25) : first);
    return head(lastStep(layers[2](second)));
  };
  return simple(
    net,
    () => mse(forward(true), y),
    () => forward(false),
    1e-3,
    [x, y, mask],
  );
}

const gaussian = (mu: Tensor, logVariance: Tensor): Tensor =>
  tf.mul(0.5, tf.sub(tf.sub(tf.add(tf.square(mu), tf.exp(logVariance)), 1), logVariance));

const draw = (mu: Tensor, logVariance: Tensor): Tensor =>
  tf.add(mu, tf.mul(tf.randomNormal(mu.shape), tf.exp(tf.mul(0.5, logVariance))));

export function lstmVae(batch = 64, n = 50, C = 25): Standin {
  const net = new Net();
  const [encode, decode] = [net.lstm(C, 60), net.lstm(20, 60)];
  const [toMu, toLog, head] = [net.dense(60, 20), net.dense(60, 20), net.dense(60, C)];
  const x = tf.keep<Tensor3D>(tf.randomNormal([batch, n, C], 0, 1, 'float32', 3));
  const forward = (noise: boolean) => {
    const h = encode(x, false);
    const [mu, log] = [toMu(h), toLog(h)];
    return { y: head(decode((noise ? draw(mu, log) : mu) as Tensor3D)), mu, log };
  };
  const loss = (): Scalar => {
    const { y, mu, log } = forward(true);
    return tf.add(mse(y, x), tf.mul(1e-3, tf.mean(tf.sum(gaussian(mu, log), -1))));
  };
  return simple(net, loss, () => tf.mean(tf.abs(tf.sub(x, forward(false).y)), -1), 1e-3, [x]);
}

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

export function usad(batch = 64, n = 50, C = 25, Z = 100): Standin {
  const W = n * C;
  const net = new Net();
  const mlp = (sizes: number[], last: (x: Tensor2D) => Tensor2D) => {
    const layers = sizes.slice(1).map((to, i) => net.dense(sizes[i], to));
    return (x: Tensor2D): Tensor2D =>
      layers.reduce((h, layer, i) => (i === layers.length - 1 ? last(layer(h)) : tf.relu(layer(h))), x);
  };
  const e = mlp([W, W >> 1, W >> 2, Z], tf.relu);
  const split = Object.keys(net.variables).length;
  const d1 = mlp([Z, W >> 2, W >> 1, W], tf.sigmoid);
  const middle = Object.keys(net.variables).length;
  const d2 = mlp([Z, W >> 2, W >> 1, W], tf.sigmoid);
  const all = Object.entries(net.variables);
  const groups = [[...all.slice(0, middle)], [...all.slice(0, split), ...all.slice(middle)]];
  const optimisers = groups.map((group) => adam(Object.fromEntries(group), { rate: 1e-3 }));
  const x = tf.keep<Tensor2D>(tf.randomUniform([batch, W], 0, 1, 'float32', 3));
  const k = 1 / 3;
  const losses = [
    () => {
      const w1 = d1(e(x));
      return tf.add<Scalar>(tf.mul(k, mse(w1, x)), tf.mul(1 - k, mse(d2(e(w1)), x)));
    },
    () => {
      const q = e(x);
      return tf.sub<Scalar>(tf.mul(k, mse(d2(q), x)), tf.mul(1 - k, mse(d2(e(d1(q))), x)));
    },
  ];
  return {
    weights: net.count(),
    step: () => {
      losses.forEach((loss, i) => {
        tf.tidy(() => {
          const { value, grads } = tf.variableGrads(
            loss,
            groups[i].map(([, variable]) => variable),
          );
          optimisers[i].step(Object.fromEntries(groups[i].map(([name, { name: id }]) => [name, grads[id]])));
          value.dataSync();
        });
      });
    },
    infer: () => {
      tf.tidy(() => {
        const w1 = d1(e(x));
        const both = [w1, d2(e(w1))].map((y) => tf.mean(tf.square(tf.sub(x, y)), 1));
        tf.add(both[0], both[1]).dataSync();
      });
    },
    dispose: () => {
      optimisers.forEach((one) => {
        one.dispose();
      });
      tf.dispose([Object.values(net.variables), x]);
    },
  };
}

export function amsl(batch = 8, R = 7, T = 128, D = 36, C = 500, F = 64): Standin {
  const net = new Net();
  const kernel = (height: number, from: number, to: number) => {
    const filter = net.weight<tf.Rank.R4>([4, height, from, to], 1 / Math.sqrt(16 * from));
    return { filter, bias: net.weight<tf.Rank.R1>([to], 1 / Math.sqrt(16 * from)) };
  };
  const conv = (x: Tensor4D, { filter, bias }: ReturnType<typeof kernel>): Tensor4D =>
    tf.add(tf.conv2d(x, filter, 1, 'same'), bias);
  const [c1, c2, cc] = [kernel(4, 1, 32), kernel(4, 32, F), kernel(4, F, 1)];
  const [k1, k2] = [net.dense((T * D) / 16, 128), net.dense(128, R)];
  const memory = Array.from({ length: R + 1 }, () => net.weight<tf.Rank.R2>([C, F], 1 / Math.sqrt(C)));
  const alpha = net.filled([2 * R], 0);
  const ups = Array.from({ length: R }, () =>
    (
      [
        [2 * F, 128, 1],
        [128, 64, 2],
        [64, 32, 2],
        [32, 1, 1],
      ] as const
    ).map(([from, to, stride]) => ({
      filter: net.weight<tf.Rank.R4>([4, 4, to, from], 1 / Math.sqrt(16 * to)),
      bias: net.weight<tf.Rank.R1>([to], 1 / Math.sqrt(16 * to)),
      stride,
      to,
    })),
  );
  const x = tf.keep<Tensor4D>(tf.randomUniform([batch, R, T, D], 0, 1, 'float32', 3));
  const [h, w] = [T / 4, D / 4];
  const labels = tf.keep(tf.tidy(() => tf.oneHot(tf.tile(tf.range(0, R, 1, 'int32'), [batch]), R)));
  const images = (r: number): Tensor4D => tf.reshape(tf.slice(x, [0, r, 0, 0], [batch, 1, T, D]), [batch, T, D, 1]);
  const decode = (z: Tensor4D, r: number): Tensor4D => {
    let t = z;
    ups[r].forEach(({ filter, bias, stride, to }, i) => {
      const [, height, width] = t.shape;
      const grown = tf.conv2dTranspose(t, filter, [batch, height * stride, width * stride, to], stride, 'same');
      t = i === 3 ? tf.sigmoid(tf.add<Tensor4D>(grown, bias)) : tf.relu(tf.add<Tensor4D>(grown, bias));
    });
    return t;
  };
  const forward = () => {
    const all = tf.reshape<tf.Rank.R4>(x, [batch * R, T, D, 1]);
    const e = tf.maxPool(tf.relu(conv(tf.maxPool(tf.relu(conv(all, c1)), 2, 2, 'same'), c2)), 2, 2, 'same');
    const flat = tf.reshape<tf.Rank.R2>(tf.sigmoid(conv(e, cc)), [batch * R, h * w]);
    const logits = k2(tf.relu(k1(flat)));
    const mixing = tf.sigmoid(alpha);
    const entropy: Tensor[] = [];
    const per = tf.reshape(e, [batch, R, h, w, F]);
    const outs = Array.from({ length: R }, (_, i) => {
      const z4 = tf.reshape<tf.Rank.R4>(tf.slice(per, [0, i, 0, 0, 0], [batch, 1, h, w, F]), [batch, h, w, F]);
      const z = tf.reshape<tf.Rank.R2>(z4, [batch * h * w, F]);
      const reads = [i, R].map((m, side) => {
        const address = tf.softmax(tf.matMul(z, memory[m], false, true));
        entropy.push(tf.neg(tf.mean(tf.sum(tf.mul(address, tf.log(tf.add(address, 1e-12))), -1))));
        return tf.mul(tf.slice(mixing, [2 * i + side], [1]), tf.matMul(address, memory[m]));
      });
      const read = tf.reshape<tf.Rank.R4>(tf.add(reads[0], reads[1]), [batch, h, w, F]);
      return decode(tf.concat4d([z4, read], 3), i);
    });
    return { outs, logits, entropy: tf.addN(entropy) };
  };
  const loss = (): Scalar => {
    const { outs, logits, entropy } = forward();
    const rebuilt = outs.map((y, r) => mse(y, images(r)));
    const classes = tf.mul(R, tf.losses.softmaxCrossEntropy(labels, logits));
    return tf.addN([...rebuilt, classes, tf.mul(2e-4, entropy)]) as Scalar;
  };
  const infer = (): Tensor =>
    tf.addN(forward().outs.map((y, r) => tf.mean(tf.square(tf.sub(y, images(r))), [1, 2, 3])));
  return simple(net, loss, infer, 1e-3, [x, labels]);
}
