/** A small project with everything that a project can have, made without a model. */
import { smallBundle } from '../bundle/bundle.testkit.ts';
import { seriesDigest } from '../bundle/digest.ts';
import { seeded } from '../rng.ts';
import type { Clock, Series } from '../types.ts';
import type { Project, ProjectDraft } from './project.ts';

const T = 40;

/** As long as the small bundle's: two sensors, one of them in double precision, and a covariate with a hole. */
export function smallSeries(asset: string, seed: number, clock: Clock): Series {
  const rng = seeded(seed);
  const channel = (name: string) => ({ name, unit: 'bar', system: 'pump' });
  const numbers = { length: T };
  const odd = Float32Array.from(numbers, rng).fill(NaN, 3, 5);
  odd[7] = -0;
  odd[8] = Infinity;
  return {
    ...{ asset, T, sensors: [channel('flow'), channel('pressure')], covariates: [channel('mode')] },
    columns: [Float32Array.from(numbers, rng), Float64Array.from(numbers, () => 1e9 + rng()), odd],
    ...{ clock, train: { start: 0, end: T / 2 }, test: { start: T / 2, end: T }, contiguous: true },
    segments: [
      { start: 0, end: T / 2, class: 'walk', subject: 'ada', name: 'a.csv', normal: true },
      { start: T / 2, end: T, class: 'fall', subject: '', name: 'b.csv', normal: false },
    ],
    labels: [{ start: 30, end: 34 }],
    causes: [{ span: { start: 30, end: 34 }, sensors: [0] }],
    synthetic: [{ span: { start: 30, end: 34 }, sensors: [0] }],
  };
}

const regular: Clock = { kind: 'regular', startNs: 1_700_000_000_000_000_001n, stepNs: 60_000_000_000n, zone: 'UTC' };
const stamps: Clock = {
  kind: 'stamps',
  ns_T: BigInt64Array.from({ length: T }, (_, t) => BigInt(t * t) * 1_000_000_007n - 5n),
  zone: 'Asia/Shanghai',
};

export async function smallProject(): Promise<Project> {
  const all = [smallSeries('pump 1', 1, regular), smallSeries('pump 2', 2, stamps)];
  const bundle = smallBundle(T);
  const { journal } = bundle;
  const assets = await Promise.all(
    all.map(async (one) => ({
      ...{ name: one.asset, series: await seriesDigest(one), T: one.T },
      ...{ sensors: one.sensors, covariates: one.covariates },
    })),
  );
  const run = (n: number, id: string) => ({
    asset: n,
    changedAtMs: n === 0 ? 1_700_000_000_500 : null,
    bundle: {
      ...smallBundle(T, n + 1),
      facts: {
        ...bundle.facts,
        run: { ...bundle.facts.run, id },
        data: { ...bundle.facts.data, asset: assets[n].name, series: assets[n].series },
      },
      journal: [],
    },
  });
  const { name, origin, layout, checksum, plan } = bundle.facts.data;
  const rng = seeded(9);
  const wide = (length: number) => Float32Array.from({ length }, rng);
  return {
    savedAtMs: 1_700_000_001_000,
    data: { ...{ id: 'd-1', name, origin, layout, checksum, plan }, assets },
    series: all,
    runs: [run(0, 'run-1'), run(1, 'run-2')],
    journals: [journal, []],
    generators: [
      {
        asset: 1,
        info: {
          ...{ id: 'g-1', name: 'C-GATS of flow', sensor: all[1].sensors[0], T: 8, latent: 2, normal: 3, anomalous: 1 },
          job: {
            ...{ jobId: 'g-1', material: { sensor: 0, window: 8, stride: 2, labels: 'both' as const } },
            ...{ preset: 'lite', params: { epochs: 2 }, seed: 3 },
          },
          history: { normal: [{ loss: 1 }], anomalous: [{ loss: NaN }] },
          ...{ seconds: 1, createdAtMs: 1_700_000_000_000, backend: 'wasm', shipped: false },
        },
        weights: { kernel: { shape: [2, 2], data: wide(4) } },
        label_T: Uint8Array.from({ length: T }, (_, t) => Number(t >= 30 && t < 34)),
      },
    ],
    sets: [
      {
        ...{ id: 's-1', generatorId: 'g-1', createdAtMs: 1_700_000_000_900, T: 8 },
        figures: { inside: 1, outside: 0.1, diversity: NaN, realDiversity: 2, nearest: 0.5, realNearest: 0.6 },
        ...{ x_NT: wide(16), label_NT: new Uint8Array(16).fill(1, 3, 6), z_NZ: wide(4), from_N: Int32Array.of(-1, 7) },
      },
    ],
    settings: { teachings: { 'run-1': [] }, arrangement: { order: ['flow'] }, preset: 'lite' },
  };
}

export const draftOf = (project: Project): ProjectDraft => ({
  ...project,
  runs: project.runs.map(({ bundle, ...run }) => ({ ...run, bundle: () => Promise.resolve(bundle) })),
});
