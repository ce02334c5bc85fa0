/** Rows of a stream, filled and scaled by what was learned in training. */
import { scaled } from '../prepare.ts';
import type { Learned } from '../prepare.ts';
import type { Imputation } from '../types.ts';

export type Filled = { readonly x_TF: Float32Array; readonly seen_TS: Uint8Array };

/**
 * Fills and scales rows [n, F] as they come. A missing value is filled by what is known by then: the last one that was
 * seen where lines or held values are asked for (a line needs the value after the gap), else training mean or 0.
 * Remembers one row.
 */
export function filler(how_F: readonly Imputation[], S: number, { scaler, mean_F }: Learned) {
  const F = how_F.length;
  const fallback_F = Float64Array.from(mean_F, (mean, f) => (Number.isNaN(mean) ? scaler.offset_F[f] : mean));
  const held_F = Float64Array.from(fallback_F);
  return (rows: Float64Array): Filled => {
    const n = rows.length / F;
    const x_TF = new Float32Array(n * F);
    const seen_TS = new Uint8Array(n * S);
    for (let t = 0; t < n; t++)
      for (let f = 0; f < F; f++) {
        const raw = rows[t * F + f];
        if (!Number.isNaN(raw)) held_F[f] = raw;
        const how = how_F[f];
        const filling = how === 'zero' ? 0 : how === 'mean' ? fallback_F[f] : held_F[f];
        x_TF[t * F + f] = scaled(scaler, f, S, Number.isNaN(raw) ? filling : raw);
        if (f < S) seen_TS[t * S + f] = Number.isNaN(raw) ? 0 : 1;
      }
    return { x_TF, seen_TS };
  };
}
