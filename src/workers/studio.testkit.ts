/** Series for tests of the studio, and a session that holds one of them. */
import { seeded } from '../engine/rng.ts';
import { sineWindow } from '../engine/synth/sines.ts';
import type { Series, Span } from '../engine/types.ts';
import type { DatasetInfo } from './protocol.ts';
import { summaryOf } from './session.ts';

/** Steps of a window of `sineSeries`. */
export const W = 32;

/** The paper's sine windows cut to W steps around their anomaly, end to end, beside a second sensor without one. */
export function sineSeries(windows: number, seed = 3): Series {
  const rng = seeded(seed);
  const T = windows * W;
  const x_T = new Float32Array(T);
  const labels: Span[] = [];
  for (let n = 0; n < windows; n++) {
    const { x_W, anomaly } = sineWindow(rng);
    const from = anomaly === null ? 0 : Math.max(0, Math.min(x_W.length - W, anomaly.start - W / 2));
    x_T.set(x_W.subarray(from, from + W), n * W);
    if (anomaly === null) continue;
    labels.push({ start: n * W + anomaly.start - from, end: n * W + Math.min(W, anomaly.end - from) });
  }
  const channel = (name: string) => ({ name, unit: '', system: '' });
  const border = Math.round(windows * 0.5) * W;
  return {
    asset: 'sines',
    T,
    sensors: [channel('value'), channel('other')],
    covariates: [],
    columns: [x_T, Float32Array.from({ length: T }, (_, t) => Math.sin(t / 7) + 0.1 * rng())],
    clock: { kind: 'index' },
    train: { start: 0, end: border },
    test: { start: border, end: T },
    contiguous: false,
    labels,
    causes: labels.map((span) => ({ span, sensors: [0] })),
  };
}

export const infoOf = (series: Series, id = 'd'): DatasetInfo => ({
  id,
  name: 'Sines',
  origin: 'file',
  layout: 'Plain',
  checksum: 'c',
  plan: null,
  assets: [summaryOf(series)],
  savedAtMs: 1,
});
