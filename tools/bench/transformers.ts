/** Stand-ins for AMAD, the Anomaly Transformer and VTT-SAT, in the shapes of torch_baseline.py. */
import { attentionMap } from '../../src/engine/tensor/kernels/attention.ts';
import { divergence } from '../../src/engine/tensor/kernels/divergence.ts';
import { gelu } from '../../src/engine/tensor/kernels/gelu.ts';
import { stopGradient } from '../../src/engine/tensor/stopGradient.ts';
import * as tf from '../../src/engine/tensor/tf.ts';
import type { Scalar, Tensor, Tensor3D, Tensor4D } from '../../src/engine/tensor/tf.ts';
import { embedding, encoderLayer, merge, mse, Net, simple, split } from './standin.ts';
import type { Standin } from './standin.ts';

const [C, N, HEADS, LAYERS] = [25, 100, 8, 3];

const sumAll = (parts: readonly Tensor[]): Scalar => tf.addN([...parts]) as Scalar;

/** Rotation of pairs of columns by an angle a position: x -> x cos + (x J) sin, J swapping the pairs with a sign. */
function rotation(net: Net, K: number): (x: Tensor4D, pair: Tensor3D) => Tensor4D {
  const omega = net.filled([HEADS, 1], 0.2);
  const position = tf.keep(tf.range(1, N + 1));
  const swap = Array.from({ length: K * K }, (_, i) => {
    const [row, column] = [Math.floor(i / K), i % K];
    if (row === column + 1 && column % 2 === 0) return -1;
    return row + 1 === column && row % 2 === 0 ? 1 : 0;
  });
  const J = tf.keep(tf.tensor2d(swap, [K, K]));
  return (x, weight) => {
    const B = x.shape[1];
    const angle = tf.reshape(tf.mul(omega, position), [HEADS, 1, N, 1]);
    const rows = tf.reshape<tf.Rank.R3>(x, [HEADS, B * N, K]);
    const turned = tf.reshape<tf.Rank.R3>(tf.matMul(tf.reshape<tf.Rank.R2>(weight, [HEADS * K, K]), J), [HEADS, K, K]);
    const shape: [number, number, number, number] = [HEADS, B, N, K];
    const straight = tf.reshape<tf.Rank.R4>(tf.matMul(rows, weight), shape);
    const across = tf.reshape<tf.Rank.R4>(tf.matMul(rows, turned), shape);
    return tf.add(tf.mul(straight, tf.cos(angle)), tf.mul(across, tf.sin(angle)));
  };
}

/**
 * AMAD: two maps a layer, their contrastive loss and the routed divergence in one pass: down for the mask's weights,
 * up for the queries' and keys', on copies that cut every other path.
 */
export function amad(D: number, batch: number): Standin {
  const net = new Net();
  const K = D / HEADS;
  const scale = 1 / Math.sqrt(K);
  const embed = embedding(net, C, D, N);
  const alpha = 0.9;
  const layers = Array.from({ length: LAYERS }, () => {
    const rotate = rotation(net, K);
    const eye = () => net.weight<tf.Rank.R3>([HEADS, K, K]);
    const [mq, mk] = [eye(), eye()];
    const ff = net.dense(D, D);
    const masked = (q: Tensor4D, k: Tensor4D) => attentionMap(rotate(q, mq), rotate(k, mk), scale);
    return encoderLayer(
      net,
      D,
      HEADS,
      (x) => gelu(ff(x)),
      (q, k, _x, cut) => {
        const s = attentionMap(q, k, scale);
        const a = masked(q, k);
        const rest = training ? [s, a, cut(), masked(stopGradient(q), stopGradient(k))] : [s, a];
        return { map: tf.add(tf.mul(a, alpha), tf.mul(s, 1 - alpha)), rest };
      },
      false,
    );
  });
  const [norm, head] = [net.norm(D), net.dense(D, C)];
  const x = tf.keep<Tensor3D>(tf.randomNormal([batch, N, C], 0, 1, 'float32', 9));
  let training = true;
  const forward = (): { y: Tensor3D; maps: (readonly Tensor4D[])[] } => {
    let t = embed(x);
    const maps = layers.map((layer) => {
      const { y, rest } = layer(t);
      t = y;
      return rest;
    });
    return { y: head(norm(t)), maps };
  };
  const diagonal = tf.keep(tf.range(0, batch, 1, 'int32'));
  const contrast = (s: Tensor4D, a: Tensor4D): Scalar => {
    const rows = (map: Tensor4D) => tf.reshape<tf.Rank.R3>(map, [HEADS, batch, N * N]);
    const logits = tf.mul(tf.sum(tf.matMul(rows(s), rows(a), false, true), 0), Math.exp(0.35));
    const target = tf.oneHot(diagonal, batch);
    return tf.div(tf.losses.softmaxCrossEntropy(target, logits), batch);
  };
  const loss = (): Scalar => {
    training = true;
    const { y, maps } = forward();
    const terms = maps.map(([s, a, sCut, aCut]) => {
      const cad = divergence(aCut, sCut, { gradients: [3 / LAYERS, -3 / LAYERS] });
      return tf.add(contrast(s, a), tf.mean(cad));
    });
    return sumAll([mse(y, x), ...terms]);
  };
  const infer = (): Tensor => {
    training = false;
    const { y, maps } = forward();
    const cad = tf.div(sumAll(maps.map(([s, a]) => tf.mean(divergence(a, s), 0))), LAYERS);
    return tf.mul(tf.softmax(tf.neg(cad)), tf.sum(tf.square(tf.sub(y, x)), 2));
  };
  return simple(net, loss, infer, 1e-4, [x]);
}

/** Anomaly Transformer: the prior is a softmax over the squared distance, which is the normalised Gaussian. */
export function anomalyTransformer(D = 128, batch = 16): Standin {
  const net = new Net();
  const embed = embedding(net, C, D, N);
  const distance = tf.keep(
    tf.tensor2d(
      Array.from({ length: N * N }, (_, i) => (Math.floor(i / N) - (i % N)) ** 2),
      [N, N],
    ),
  );
  const layers = Array.from({ length: LAYERS }, () => {
    const [f1, f2, sigma] = [net.dense(D, D), net.dense(D, D), net.dense(D, HEADS)];
    return encoderLayer(
      net,
      D,
      HEADS,
      (x) => f2(gelu(f1(x))),
      (q, k, x) => {
        const map = attentionMap(q, k, 1 / Math.sqrt(D / HEADS));
        const raw = tf.add(tf.sigmoid(tf.mul(sigma(x), 5)), 1e-5);
        const width = tf.expandDims(tf.transpose(tf.sub(tf.exp(tf.mul(raw, Math.log(3))), 1), [2, 0, 1]), -1);
        const prior = tf.softmax<Tensor4D>(tf.mul(tf.div(-0.5, tf.square(width)), distance));
        return { map, rest: [map, prior] };
      },
      true,
    );
  });
  const [norm, head] = [net.norm(D), net.dense(D, C)];
  const x = tf.keep<Tensor3D>(tf.randomNormal([batch, N, C], 0, 1, 'float32', 9));
  const forward = (): { y: Tensor3D; maps: (readonly Tensor4D[])[] } => {
    let t = embed(x);
    const maps = layers.map((layer) => {
      const { y, rest } = layer(t);
      t = y;
      return rest;
    });
    return { y: head(norm(t)), maps };
  };
  const loss = (): Scalar => {
    const { y, maps } = forward();
    // One pass for both phases: the prior steps down, the series steps up.
    const game = maps.map(([s, p]) => tf.mean(divergence(p, s, { kind: 'kl', epsilon: 1e-4, gradients: [1, -1] })));
    // Two backward passes in the original add the reconstruction's gradient twice.
    return tf.add(tf.mul(mse(y, x), 2), tf.mul(sumAll(game), 3 / LAYERS));
  };
  const infer = (): Tensor => {
    const { y, maps } = forward();
    const gaps = sumAll(maps.map(([s, p]) => tf.mean(divergence(p, s, { kind: 'kl', epsilon: 1e-4 }), 0)));
    return tf.mul(tf.softmax(tf.mul(gaps, -50)), tf.mean(tf.square(tf.sub(y, x)), 2));
  };
  return simple(net, loss, infer, 1e-4, [x]);
}

/** Depthwise causal convolution as a weighted sum of shifted slices. */
function causal(net: Net, width: number, dilation: number, channels: number): (x: Tensor3D) => Tensor3D {
  const taps = Array.from({ length: width }, () => net.weight<tf.Rank.R1>([channels], 1 / Math.sqrt(width)));
  const shift = net.weight<tf.Rank.R1>([channels], 1 / Math.sqrt(width));
  return (x) => {
    const [B, steps] = x.shape;
    const padded = tf.pad(x, [
      [0, 0],
      [(width - 1) * dilation, 0],
      [0, 0],
    ]);
    const parts = taps.map((tap, i) => tf.mul(tf.slice(padded, [0, i * dilation, 0], [B, steps, channels]), tap));
    return tf.add<Tensor3D>(tf.addN(parts), shift);
  };
}

/** VTT-SAT: attention over variables, then over time, with a gated feed-forward. */
export function vtt(batch = 8, n = 50, D = 128, heads = 4): Standin {
  const net = new Net();
  const convs = (
    [
      [4, 1],
      [8, 2],
      [16, 3],
    ] as const
  ).map(([width, dilation]) => causal(net, width, dilation, C));
  const [value, head] = [net.dense(4, D), net.dense(C * D, C)];
  const places = tf.keep(tf.randomNormal([n, 1, D], 0, 1, 'float32', 4));
  const attend = () => {
    const norm = net.norm(D);
    const [qkv, out] = [net.dense(D, 3 * heads * D, false), net.dense(heads * D, D)];
    return (t: Tensor3D): Tensor3D => {
      const [q, k, v] = tf.split<Tensor3D>(qkv(norm(t)), 3, 2).map((u) => split(u, heads));
      return out(merge(tf.matMul(attentionMap(q, k, D ** -0.5), v)));
    };
  };
  const blocks = Array.from({ length: 3 }, () => {
    const [overVariables, overTime, norm] = [attend(), attend(), net.norm(D)];
    const [a, b] = [net.dense(D, 8 * D), net.dense(4 * D, D)];
    return {
      overVariables,
      overTime,
      feed: (t: Tensor3D): Tensor3D => {
        const [u, g] = tf.split(a(norm(t)), 2, 2);
        return b(tf.mul<Tensor3D>(u, gelu(g)));
      },
    };
  });
  const x = tf.keep<Tensor3D>(tf.randomNormal([batch, n, C], 0, 1, 'float32', 9));
  const rows = (t: Tensor4D, outer: number, inner: number) => tf.reshape<tf.Rank.R3>(t, [batch * outer, inner, D]);
  const swap = (t: Tensor3D, outer: number, inner: number) =>
    rows(tf.transpose(tf.reshape<tf.Rank.R4>(t, [batch, outer, inner, D]), [0, 2, 1, 3]), inner, outer);
  const forward = (): Tensor3D => {
    const features = tf.stack([x, ...convs.map((conv) => conv(x))], -1);
    let t = rows(tf.add<Tensor4D>(value(features), places), n, C);
    for (const { overVariables, overTime, feed } of blocks) {
      t = tf.add(t, overVariables(t));
      const u = swap(overTime(swap(t, n, C)), C, n);
      t = tf.add(tf.add<Tensor3D>(t, u), feed(u));
    }
    return head(tf.reshape<tf.Rank.R3>(t, [batch, n, C * D]));
  };
  return simple(
    net,
    () => mse(forward(), x),
    () => tf.mean(tf.abs(tf.sub(x, forward())), -1),
    1e-4,
    [x, places],
  );
}
