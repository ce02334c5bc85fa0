import type { Series } from '../engine/types.ts';

/** Two waves of `T` steps, the second half to be judged. */
export function waves(T: number): Series {
  const channel = (name: string) => ({ name, unit: '', system: '' });
  const wave = (shift: number) => Float32Array.from({ length: T }, (_, t) => Math.sin(t / 7 + shift));
  return {
    ...{ asset: 'north', T, sensors: [channel('a'), channel('b')], covariates: [], columns: [wave(0), wave(1)] },
    ...{ train: { start: 0, end: T / 2 }, test: { start: T / 2, end: T }, contiguous: true, labels: null, causes: [] },
    clock: { kind: 'index' },
  };
}
