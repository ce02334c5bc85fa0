/** Windows of the C-GATS paper's simulated sines, for tests. */
import { seeded } from '../rng.ts';
import { sineWindow } from '../synth/sines.ts';
import type { Samples } from './samples.ts';

/** `count` windows shortened to `T` steps from where their anomaly begins, if they have one. */
export function sineSamples(count: number, T: number, seed: number): Samples {
  const rng = seeded(seed);
  const x_NT = new Float32Array(count * T);
  const label_NT = new Float32Array(count * T);
  for (let n = 0; n < count; n++) {
    const { x_W, anomaly } = sineWindow(rng);
    const from = anomaly === null ? 0 : Math.max(0, Math.min(x_W.length - T, anomaly.start - Math.floor(T / 2)));
    x_NT.set(x_W.subarray(from, from + T), n * T);
    if (anomaly !== null)
      label_NT.fill(1, n * T + Math.max(0, anomaly.start - from), n * T + Math.min(T, anomaly.end - from));
  }
  return { T, x_NT, label_NT, source_N: Int32Array.from({ length: count }, (_, n) => n) };
}
