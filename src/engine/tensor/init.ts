/** Seeded initial weights, and seeded masks, as plain arrays: the same seed gives the same bytes on every backend. */
import { normal } from '../rng.ts';

/** Keras and TF.js default for dense and recurrent input kernels: U(±√(6 / (fanIn + fanOut))). [fanIn, fanOut] */
export function glorotUniform(fanIn: number, fanOut: number, rng: () => number): Float32Array {
  return uniform(fanIn * fanOut, Math.sqrt(6 / (fanIn + fanOut)), rng);
}

/** PyTorch default for Linear and Conv weights and biases (fan = fan in) and for LSTM and GRU (fan = hidden): U(±1/√fan). */
export function torchUniform(size: number, fan: number, rng: () => number): Float32Array {
  return uniform(size, 1 / Math.sqrt(fan), rng);
}

export function uniform(size: number, limit: number, rng: () => number): Float32Array {
  return Float32Array.from({ length: size }, () => (2 * rng() - 1) * limit);
}

/**
 * A random matrix [rows, columns] with orthonormal rows or columns, whichever are fewer (Saxe et al. 2014): the default
 * of Keras and TF.js for recurrent kernels. Modified Gram-Schmidt in float64, done twice for orthogonality to rounding.
 */
export function orthogonal(rows: number, columns: number, rng: () => number): Float32Array {
  const few = Math.min(rows, columns);
  const many = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  for (let k = 0; k < few; k++) {
    const v = Float64Array.from({ length: many }, () => normal(rng));
    for (let pass = 0; pass < 2; pass++)
      for (const u of basis) {
        let dot = 0;
        for (let i = 0; i < many; i++) dot += u[i] * v[i];
        for (let i = 0; i < many; i++) v[i] -= dot * u[i];
      }
    const length = Math.hypot(...v);
    basis.push(v.map((x) => x / length));
  }
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[r * columns + c] = rows <= columns ? basis[r][c] : basis[c][r];
  return out;
}

/**
 * Inverted dropout: 0 with probability `rate`, else 1 / (1 - rate). One draw from `rng` seeds a fast 32-bit generator
 * (xorshift, Marsaglia 2003), because a mask may have a million values.
 */
export function dropoutMask(size: number, rate: number, rng: () => number): Float32Array {
  const mask = new Float32Array(size);
  const keep = 1 / (1 - rate);
  const limit = rate * 2 ** 32;
  let state = (Math.floor(rng() * 2 ** 32) | 1) >>> 0;
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    mask[i] = state >>> 0 < limit ? 0 : keep;
  }
  return mask;
}
