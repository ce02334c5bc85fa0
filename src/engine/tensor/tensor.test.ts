import { describe, expect, it } from 'vitest';
import { seeded } from '../rng.ts';
import { adam } from './adam.ts';
import { withoutFused } from './fused.ts';
import { dropoutMask, glorotUniform, orthogonal, torchUniform } from './init.ts';
import { lstm, lstmLast } from './lstm.ts';
import { useBackend } from './node.testkit.ts';
import { stopGradient } from './stopGradient.ts';
import * as tf from './tf.ts';
import type { Scalar, Tensor3D } from './tf.ts';
import { disposeWeights, makeWeights, readWeights, weightArray } from './weights.ts';

const weightsFor = (F: number, H: number, rng: () => number) =>
  makeWeights({
    kernel: weightArray([F, 4 * H], torchUniform(F * 4 * H, 1, rng)),
    recurrent: weightArray([H, 4 * H], torchUniform(H * 4 * H, 1, rng)),
    bias: weightArray([4 * H], torchUniform(4 * H, 1, rng)),
  });

const layerOf = (w: ReturnType<typeof weightsFor>) =>
  ({ kernel_FG: w['kernel'], recurrent_HG: w['recurrent'], bias_G: w['bias'] }) as unknown as Parameters<
    typeof lstm
  >[1];

/** The equations of one LSTM in float64, gate by gate. */
function plainLstm(x: number[][], K: number[][], R: number[][], b: number[]): number[][] {
  const H = R.length;
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  let h = new Array<number>(H).fill(0);
  let c = new Array<number>(H).fill(0);
  return x.map((row) => {
    const z = b.map(
      (bias, j) =>
        bias + row.reduce((sum, v, f) => sum + v * K[f][j], 0) + h.reduce((sum, v, k) => sum + v * R[k][j], 0),
    );
    c = c.map((old, k) => sigmoid(z[H + k]) * old + sigmoid(z[k]) * Math.tanh(z[2 * H + k]));
    h = c.map((cell, k) => sigmoid(z[3 * H + k]) * Math.tanh(cell));
    return h;
  });
}

describe.each(['cpu', 'wasm'] as const)('the LSTM op on %s', (backend) => {
  it.each([
    [1, 1, 1, 1],
    [2, 5, 3, 4],
    [3, 4, 1, 7],
  ])('follows the equations for B=%i W=%i F=%i H=%i, fused or not', async (B, W, F, H) => {
    await useBackend(backend);
    const rng = seeded(B + 10 * W);
    const w = weightsFor(F, H, rng);
    const x = tf.tensor3d(torchUniform(B * W * F, 1, rng), [B, W, F]);
    const [rows, K, R, b] = [
      await x.array(),
      await w['kernel'].array(),
      await w['recurrent'].array(),
      await w['bias'].array(),
    ];
    const want = rows.map((row) => plainLstm(row, K as number[][], R as number[][], b as number[]));
    for (const run of [<T>(fn: () => T): T => fn(), withoutFused]) {
      const got = run(() => lstm(x, layerOf(w)));
      const last = run(() => lstmLast(x, layerOf(w)));
      (await got.array()).flat(2).forEach((value, i) => expect(value).toBeCloseTo(want.flat(2)[i], 5));
      (await last.array())
        .flat()
        .forEach((value, i) => expect(value).toBeCloseTo(want.map((r) => r.at(-1)!).flat()[i], 5));
      tf.dispose([got, last]);
    }
    disposeWeights(w);
    x.dispose();
  });

  it('has the gradient of finite differences, for the input too', async () => {
    await useBackend(backend);
    const rng = seeded(5);
    const [B, W, F, H] = [2, 4, 3, 2];
    const w = weightsFor(F, H, rng);
    const weigh = tf.tensor3d(torchUniform(B * W * H, 1, rng), [B, W, H]);
    const inputs = { ...w, x: tf.variable(tf.tensor3d(torchUniform(B * W * F, 1, rng), [B, W, F])) };
    const loss = (): Scalar => tf.sum(tf.mul(weigh, lstm(inputs.x as unknown as Tensor3D, layerOf(w))));
    const { value, grads } = tf.variableGrads(loss, Object.values(inputs));
    for (const input of Object.values(inputs)) {
      const base = await input.data();
      const slope = await grads[input.name].data();
      const at = async (i: number, by: number): Promise<number> => {
        const moved = Float32Array.from(base);
        moved[i] += by;
        tf.tidy(() => input.assign(tf.tensor(moved, input.shape)));
        const here = tf.tidy(loss);
        return here.data().then(([v]) => (here.dispose(), v));
      };
      for (const i of [0, base.length - 1]) {
        const numeric = ((await at(i, 5e-3)) - (await at(i, -5e-3))) / 1e-2;
        expect(slope[i]).toBeCloseTo(numeric, 2);
      }
      tf.tidy(() => input.assign(tf.tensor(base, input.shape)));
    }
    tf.dispose([value, grads, weigh, inputs]);
  });
});

describe('Adam', () => {
  it('takes the step of the formula, and keys moments by name when a gradient is missing', async () => {
    await useBackend('cpu');
    const w = makeWeights({ a: weightArray([1], Float32Array.of(1)), b: weightArray([1], Float32Array.of(2)) });
    const optimiser = adam(w, { rate: 0.1 });
    const g = tf.tensor1d([0.5]);
    optimiser.step({ a: g });
    optimiser.step({ b: g });
    const [a, b] = [(await w['a'].data())[0], (await w['b'].data())[0]];
    // Step 1 of a: 0.1 · 0.5 / (0.5 + 1e-7). Step 2: m = .9·.05, v = .999·.00025, without a gradient.
    const second = (0.1 * (0.045 / (1 - 0.81))) / (Math.sqrt(0.00024975 / (1 - 0.998001)) + 1e-7);
    expect(a).toBeCloseTo(1 - 0.1 - second, 5);
    // b had zero in step 1: m = .05, v = .00025 at step 2.
    expect(b).toBeCloseTo(2 - (0.1 * (0.05 / 0.19)) / (Math.sqrt(0.00025 / (1 - 0.998001)) + 1e-7), 5);
    optimiser.dispose();
    disposeWeights(w);
    g.dispose();
  });

  it('decays the weight itself as AdamW', async () => {
    await useBackend('cpu');
    const w = makeWeights({ a: weightArray([1], Float32Array.of(2)) });
    const optimiser = adam(w, { rate: 0.1, decay: 0.5 });
    optimiser.step({ a: null });
    expect((await w['a'].data())[0]).toBeCloseTo(2 * (1 - 0.05), 6);
    optimiser.dispose();
    disposeWeights(w);
  });

  it('refuses a state of other weights', async () => {
    await useBackend('cpu');
    const w = makeWeights({ a: weightArray([2], Float32Array.of(1, 2)) });
    const optimiser = adam(w, { rate: 0.1 });
    const state: Record<string, ReturnType<typeof weightArray>> = {
      ...(await readWeights(optimiser.tensors())),
      step: weightArray([], Float32Array.of(7)),
    };
    optimiser.load(state);
    expect(optimiser.count()).toBe(7);
    expect(() => optimiser.load({ ...state, 'a/v': weightArray([1], Float32Array.of(1)) })).toThrow(
      'another shape of "a/v"',
    );
    expect(() => optimiser.load({ 'a/m': state['a/m'] })).toThrow('no "a/v"');
    optimiser.dispose();
    disposeWeights(w);
  });
});

describe('small ops', () => {
  it('stops the gradient with zeros and keeps the value', async () => {
    await useBackend('cpu');
    const grad = tf.grad((x) => tf.add(tf.sum(tf.square(stopGradient(x))), tf.sum(x)));
    const x = tf.tensor2d([[1, 2]]);
    expect([...(await stopGradient(x).data())]).toEqual([1, 2]);
    expect([...(await grad(x).data())]).toEqual([1, 1]);
  });

  it('draws initial weights within their limits, the same for the same seed', () => {
    const limit = Math.sqrt(6 / 30);
    const values = glorotUniform(10, 20, seeded(1));
    expect(values).toEqual(glorotUniform(10, 20, seeded(1)));
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.9 * limit);
    expect(Math.min(...torchUniform(500, 4, seeded(2)))).toBeLessThan(-0.45);
    expect(Math.min(...torchUniform(500, 4, seeded(2)))).toBeGreaterThanOrEqual(-0.5);
  });

  it.each([
    [3, 7],
    [7, 3],
    [5, 5],
  ])('makes an orthonormal [%i, %i] matrix', (rows, columns) => {
    const m = orthogonal(rows, columns, seeded(3));
    const few = Math.min(rows, columns);
    const vector = (k: number): number[] =>
      rows <= columns
        ? Array.from(m.subarray(k * columns, (k + 1) * columns))
        : Array.from({ length: rows }, (_, r) => m[r * columns + k]);
    for (let a = 0; a < few; a++)
      for (let b = 0; b < few; b++)
        expect(vector(a).reduce((sum, v, i) => sum + v * vector(b)[i], 0)).toBeCloseTo(a === b ? 1 : 0, 5);
  });

  it('drops the given share and keeps the mean', () => {
    const mask = dropoutMask(100_000, 0.2, seeded(4));
    const zeros = mask.filter((v) => v === 0).length / mask.length;
    expect(zeros).toBeCloseTo(0.2, 2);
    expect(mask.find((v) => v !== 0)).toBeCloseTo(1.25, 6);
    expect(dropoutMask(9, 0.2, seeded(4))).toEqual(mask.slice(0, 9));
  });
});
