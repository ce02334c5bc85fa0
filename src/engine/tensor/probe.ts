/** How fast the device in use really is, for an estimate of time before a run starts. */
import { lstm } from './lstm.ts';
import { randomUniform, square, sum, tidy, variableGrads } from './tf.ts';
import type { Rank, Scalar } from './tf.ts';
import { disposeWeights, makeWeights, readAll, weightArray } from './weights.ts';

const B = 32;
const W = 16;
const F = 32;
const H = 32;
/** Two a product term, three products of that size (forward, and backward for input and weights). */
const FLOPS = 6 * B * W * (F + H) * 4 * H;
const REPEATS = 3;

/**
 * Floating-point operations a second reached in a small training step of an LSTM, the least device-friendly thing that
 * we train; so estimates made from it err on the long side. `nowMs` is the caller's clock. Takes some tens of milliseconds.
 */
export async function probeRate(nowMs: () => number): Promise<number> {
  const weights = makeWeights({
    kernel: weightArray([F, 4 * H], new Float32Array(F * 4 * H).fill(0.01)),
    recurrent: weightArray([H, 4 * H], new Float32Array(H * 4 * H).fill(0.01)),
    bias: weightArray([4 * H], new Float32Array(4 * H)),
  });
  const x_BWF = randomUniform<Rank.R3>([B, W, F], 0, 1, 'float32', 1);
  const step = async (): Promise<number> => {
    const start = nowMs();
    const grads = tidy(() => {
      const layer = { kernel_FG: weights['kernel'], recurrent_HG: weights['recurrent'], bias_G: weights['bias'] };
      const value = (): Scalar => sum(square(lstm(x_BWF, layer as Parameters<typeof lstm>[1])));
      return Object.values(variableGrads(value, Object.values(weights)).grads);
    });
    await readAll(grads);
    for (const grad of grads) grad.dispose();
    return nowMs() - start;
  };
  try {
    // The first step compiles shaders and code.
    await step();
    let best = Infinity;
    for (let n = 0; n < REPEATS; n++) best = Math.min(best, await step());
    return (FLOPS / Math.max(best, 1e-3)) * 1e3;
  } finally {
    disposeWeights(weights);
    x_BWF.dispose();
  }
}
