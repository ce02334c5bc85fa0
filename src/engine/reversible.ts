/**
 * Reversible normalisation of single windows: each sensor's level and spread in a window are taken out before a model
 * sees it and put back into what the model says, so that residuals stay in the scaled units of the series.
 *
 *     x̂ = (x − μ_w) · g + m,   g = σ / max(σ_w, φ·σ)       and back: y = (ŷ − m) / g + μ_w
 *
 * μ_w, σ_w: mean and standard deviation of the sensor over the window; of a forecast over its context, never over the
 * target. m, σ: the same over the training rows; φ: the least spread. Source: Kim, Kim, Tae, Park, Choi, Choo:
 * "Reversible Instance Normalization for Accurate Time-Series Forecasting against Distribution Shift", ICLR 2022, without
 * its learned affine map: here that is fixed to m and σ, so that windows stay in the range that the model is made for.
 * Differences: the floor φ·σ in place of √(σ_w² + ε), which would blow up the noise of a window that stands still; losses
 * of training are taken in the normalised units; `level` leaves g = 1. Covariates, which are known and whose level means
 * something, stay as they are. What models say in score parts of their own is in normalised units; association
 * discrepancies, divergences of attention and likelihoods of latent numbers have no unit that could be put back.
 * Dimensions: B windows, W steps of a window, K steps that are said of it, S sensors, F columns, sensors first.
 */

/** How windows are normalised; kept with the scale, for it is learned with it. */
export type WindowNorm = {
  readonly by: 'level' | 'full';
  /** Mean and standard deviation of each sensor over the training rows, in scaled units, [S]. */
  readonly mean_S: Float64Array;
  readonly sd_S: Float64Array;
  /** φ, as a share of the training deviation. */
  readonly least: number;
};

type Rows = Float32Array | Float64Array;

/** Mean and standard deviation of column `s` of `W` rows of `F` values from `at` on. */
function momentsOf(x: Rows, at: number, s: number, W: number, F: number): { mean: number; sd: number } {
  let sum = 0;
  for (let w = 0; w < W; w++) sum += x[at + w * F + s];
  const mean = sum / W;
  let squares = 0;
  for (let w = 0; w < W; w++) squares += (x[at + w * F + s] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / W) };
}

/** What a window is seen through: level and gain of each sensor. */
export type Glass = { readonly level_S: Float64Array; readonly gain_S: Float64Array };

/** Learned from `W` rows of `F` values from `at` on. */
export function glassOf({ by, sd_S, least }: WindowNorm, x: Rows, at: number, W: number, F: number): Glass {
  const S = sd_S.length;
  const level_S = new Float64Array(S);
  const gain_S = new Float64Array(S).fill(1);
  for (let s = 0; s < S; s++) {
    const { mean, sd } = momentsOf(x, at, s, W, F);
    level_S[s] = mean;
    // A sensor without spread in training has none to give to a window.
    if (by === 'full' && sd_S[s] > 0) gain_S[s] = sd_S[s] / Math.max(sd, least * sd_S[s]);
  }
  return { level_S, gain_S };
}

/** Normalises `rows` rows of `F` values from `at` on, in place. */
export function through({ mean_S }: WindowNorm, glass: Glass, x: Rows, at: number, rows: number, F: number): void {
  const { level_S, gain_S } = glass;
  for (let row = at; row < at + rows * F; row += F)
    for (let s = 0; s < mean_S.length; s++) x[row + s] = (x[row + s] - level_S[s]) * gain_S[s] + mean_S[s];
}

/** Puts back what `through` took out of `rows` rows of S values from `at` on, in place. */
export function back({ mean_S }: WindowNorm, glass: Glass, y: Rows, at: number, rows: number): void {
  const { level_S, gain_S } = glass;
  const S = mean_S.length;
  for (let row = at; row < at + rows * S; row += S)
    for (let s = 0; s < S; s++) y[row + s] = (y[row + s] - mean_S[s]) / gain_S[s] + level_S[s];
}

/** Means and deviations over training rows [n, F], of which `x` has those from `start` to `end`. */
export function learnNorm(
  by: WindowNorm['by'],
  least: number,
  x_TF: Float32Array,
  { start, end }: { readonly start: number; readonly end: number },
  S: number,
  F: number,
): WindowNorm {
  const both = Array.from({ length: S }, (_, s) => momentsOf(x_TF, start * F, s, end - start, F));
  return {
    ...{ by, least },
    mean_S: Float64Array.from(both, ({ mean }) => mean),
    sd_S: Float64Array.from(both, ({ sd }) => sd),
  };
}
