/** A small bundle with everything that a bundle can have, made without a model. */
import { aLabel } from '../labels/labels.testkit.ts';
import { defaultSettings } from '../review.ts';
import { seeded } from '../rng.ts';
import type { Bundle } from './bundle.ts';

const numbers = (count: number, rng: () => number): Float32Array => Float32Array.from({ length: count }, rng);

/** `T` steps of two sensors and a covariate, with NaN, infinities and −0 in every place that may hold them. */
export function smallBundle(T = 40, seed = 1): Bundle {
  const rng = seeded(seed);
  const S = 2;
  const channel = (name: string) => ({ name, unit: 'bar', system: 'pump' });
  const wide = (count: number): Float64Array => Float64Array.from({ length: count }, rng);
  const score_T = wide(T);
  score_T[0] = NaN;
  score_T[1] = Infinity;
  return {
    facts: {
      run: {
        id: 'run-1',
        name: 'M2AD lite',
        engineTitle: 'M2AD',
        createdAt: '2026-01-02T03:04:05.678Z',
        seconds: 1.25,
        backend: 'wasm',
        shipped: false,
        tags: ['pump', 'first'],
        note: 'as ordered',
        work: { batch: 8, chunk: 4, judged: 8, scored: null, workers: 1 },
        descent: { runId: 'run-0', round: 1, anomalous: 3, normal: 5, generated: 7 },
        confirmed: [
          {
            ...{ runId: 'run-0', confirmed: { start: 20, end: T }, learned: { start: 20, end: 30 } },
            ...{ applies: { start: 20, end: T }, retrain: true, by: 'ada', words: '20 to 29' },
            ...{ kind: 'level', atMs: 1_700_000_000_000, leftOut: 2 },
          },
        ],
      },
      job: {
        engine: 'm2ad',
        preset: 'lite',
        params: { epochs: 3, shuffle: true },
        head: 'm2ad',
        headParams: {},
        seed: 3,
        imputation: { flow: 'hold' },
      },
      data: {
        name: 'pump',
        origin: 'file',
        layout: 'CSV',
        checksum: 'ab'.repeat(32),
        plan: {
          name: 'pump',
          columns: [{ role: 'sensor', unit: '', system: '', imputation: 'linear' }],
          split: { kind: 'share', share: 0.5 },
          zone: 'UTC',
          dateOrder: 'auto',
          duplicates: 'keep',
        },
        asset: 'pump 1',
        series: 'cd'.repeat(32),
        T,
        sensors: [channel('flow'), channel('pressure')],
        covariates: [channel('mode')],
        train: { start: 0, end: T / 2 },
        test: { start: T / 2, end: T },
      },
      scaler: { kind: 'minmax01', shift: 0, refitted: { start: T / 2, end: T } },
      leftOut: [{ sensor: 1, why: 'constant in training' }],
      parts: [{ name: 'cad', title: 'Contrast' }],
    },
    weights: {
      'dense/kernel': { shape: [2, 3], data: numbers(6, rng) },
      bias: { shape: [], data: Float32Array.of(-0) },
    },
    headState: { kind: 'm2ad', odd: [NaN, -Infinity, -0], none: null },
    arrays: {
      scaler: {
        kind: 'minmax01',
        shift: 0,
        offset_F: wide(3),
        width_F: wide(3),
        refitted: { start: T / 2, end: T, offset_F: wide(3), width_F: wide(3) },
      },
      expected_TS: numbers(T * S, rng),
      r_TS: numbers(T * S, rng).fill(NaN, 0, 2),
      score: {
        T,
        S,
        score_T,
        logP_T: wide(T),
        nlp_TS: numbers(T * S, rng),
        weight_S: wide(S),
        z_TS: numbers(T * S, rng),
      },
      parts: [{ name: 'cad', title: 'Contrast', value_T: numbers(T, rng) }],
    },
    band_S: numbers(S, rng),
    mean_F: wide(3),
    history: [{ loss: 0.5 }, { loss: NaN }],
    result: {
      threshold: { value: Infinity, rule: 'gamma', source: 'training scores', oracle: false },
      settings: defaultSettings,
      events: [
        {
          start: 30,
          end: 34,
          flagged: 2,
          peak: 31,
          score: 2.5,
          logP: -Infinity,
          severity: 90,
          number: 1,
          system: 'pump',
          systemShare: 1,
          top: [{ sensor: 0, share: 1 }],
          labelled: null,
        },
      ],
      flaggedShare: 0.1,
      paddedShare: 0.1,
      trainFlaggedShare: NaN,
    },
    pieces: [
      {
        ...{ learned: { start: 20, end: 30 }, applies: { start: 20, end: T } },
        ...{ headState: { kind: 'm2ad', odd: NaN }, model: null },
      },
      {
        ...{ learned: { start: 25, end: 30 }, applies: { start: 25, end: T }, headState: { kind: 'm2ad' } },
        model: {
          weights: { bias: { shape: [2], data: numbers(2, rng) } },
          scaler: {
            ...{ kind: 'zscore', shift: 0.5, offset_F: Float64Array.of(1, NaN, -0), width_F: wide(3) },
            refitted: { start: T / 2, end: T, offset_F: wide(3), width_F: wide(3) },
          },
        },
      },
    ],
    journal: [
      {
        seq: 1,
        atMs: 1_700_000_000_000,
        act: {
          kind: 'change',
          changes: [
            { kind: 'put', label: aLabel({ id: 'one', span: { start: 30, end: 34 }, note: 'valve' }) },
            {
              kind: 'put',
              label: aLabel({ id: 'two', verdict: 'normal', scope: { kind: 'sensors', sensors: ['flow'] } }),
            },
          ],
        },
      },
      { seq: 2, atMs: 1_700_000_000_001, act: { kind: 'change', changes: [{ kind: 'remove', id: 'two' }] } },
      { seq: 3, atMs: 1_700_000_000_002, act: { kind: 'undo', of: 2 } },
      { seq: 4, atMs: 1_700_000_000_003, act: { kind: 'redo', of: 2 } },
    ],
    metrics: [{ id: 'vus-pr', title: 'VUS-PR', value: null, provenance: 'window 100' }],
  };
}
