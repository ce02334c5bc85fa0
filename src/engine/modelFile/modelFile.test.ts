import { strFromU8, unzipSync, zipSync } from 'fflate';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heads } from '../detect/heads/index.ts';
import { EngineError } from '../errors.ts';
import { detectors, quickDetectors } from '../models/index.ts';
import { resolve } from '../params.ts';
import { fitAndScore, scoreWith } from '../pipeline.ts';
import type { Setup } from '../pipeline.ts';
import { trainingMeans } from '../prepare.ts';
import { seeded } from '../rng.ts';
import { chooseBackend } from '../tensor/backend.ts';
import * as tf from '../tensor/tf.ts';
import type { Series } from '../types.ts';
import { MEMBERS, modelName } from './modelFile.ts';
import type { ModelFile } from './modelFile.ts';
import { readModel } from './read.ts';
import { writeModel } from './write.ts';

const noStop = (): Promise<void> => Promise.resolve();
const quiet = () => ({ rng: seeded(3), checkpoint: noStop, progress: () => undefined });

const T = 240;
function seriesOf(seed: number): Series {
  const rng = seeded(seed);
  const columns = [0, 1, 2].map((c) => Float64Array.from({ length: T }, (_, t) => Math.sin(t / (5 + c)) + 0.1 * rng()));
  return {
    ...{ asset: 'pump', T, columns, clock: { kind: 'index' as const }, contiguous: true, labels: null, causes: [] },
    sensors: ['flow', 'pressure'].map((name) => ({ name, unit: 'bar', system: 'pump' })),
    covariates: [{ name: 'mode', unit: '', system: '' }],
    ...{ train: { start: 0, end: 160 }, test: { start: 160, end: T } },
  };
}

const own = seriesOf(1);
const other: Series = { ...seriesOf(2), train: { start: 0, end: 0 }, test: { start: 0, end: T } };

/** Engines of each kind, small; with robust scale and windows normalised one by one. */
const CASES: readonly (readonly [string, Record<string, number | string>, string])[] = [
  ['m2ad', { window: 12, hidden: 6, epochs: 1, stride: 4, layers: 1 }, 'm2ad'],
  ['usad', { window: 6, latent: 4, epochs: 1, stride: 4, inputScale: 'robust' }, 'own'],
  ['kmeans', { window: 8, perWindow: 'full' }, 'conformal'],
];

const setupOf = (engine: string, params: Record<string, number | string>, head: string): Setup => {
  const detector = (detectors.get(engine) ?? quickDetectors.get(engine))!;
  return {
    detector,
    values: resolve(detector.params, { ...detector.presets['lite'], ...params } as never),
    head: heads[head],
    headValues: resolve(heads[head].params, {}),
    imputation: {},
  };
};

async function modelOf(engine: string, params: Record<string, number | string>, head: string) {
  const setup = setupOf(engine, params, head);
  const result = await fitAndScore(own, setup, quiet());
  const { refitted, ...scaler } = result.scaler;
  const { card } = setup.detector;
  const model: ModelFile = {
    engine: { title: card.title, summary: card.summary, cite: card.paper.cite, deviations: card.deviations },
    head: { title: setup.head.card.title, summary: setup.head.card.summary, cite: setup.head.card.paper.cite },
    job: { engine, preset: 'lite', params, head, headParams: {}, seed: 3, imputation: {} },
    roles: { sensors: own.sensors, covariates: own.covariates },
    ...{ scaler, mean_F: trainingMeans(own), headState: result.headState, weights: result.weights },
    threshold: { value: Infinity, rule: 'gamma', source: 'training scores', oracle: false },
    data: {
      ...{ name: '# <b>pump</b>', asset: 'pump', series: 'ab'.repeat(32), checksum: '', T },
      ...{ train: own.train, test: own.test },
    },
    run: { name: `${card.title} lite`, madeAt: '2026-01-02', seconds: 1.5, backend: 'cpu' },
    metrics: [{ id: 'vus-pr', title: 'VUS-PR', value: null, provenance: 'window 100' }],
  };
  return { setup, result, model };
}

describe('a model file', () => {
  beforeAll(() => chooseBackend({ avoid: ['webgpu', 'wasm'] }));
  let made: Awaited<ReturnType<typeof modelOf>>;
  beforeAll(async () => {
    made = await modelOf(...(CASES[0] as [string, Record<string, number | string>, string]));
  });
  afterAll(() => expect(tf.memory().numTensors).toBeLessThan(100));

  it.each(CASES)('of %s scores as the model did, to the last bit, on its own data and on other', async (...given) => {
    const { setup, result, model } = await modelOf(...given);
    const back = await readModel(await writeModel(model, noStop), noStop);
    const learned = { scaler: back.scaler, mean_F: back.mean_F };
    const before = { scaler: result.scaler, mean_F: trainingMeans(own) };
    const run = {
      ...setup,
      values: resolve(setup.detector.params, { ...setup.detector.presets['lite'], ...back.job.params } as never),
    };
    const again = await scoreWith(own, run, back.weights, back.headState, quiet(), learned);
    expect(again.score.score_T).toEqual(result.score.score_T);
    expect(again.score.logP_T).toEqual(result.score.logP_T);
    const there = await scoreWith(other, run, back.weights, back.headState, quiet(), learned);
    const direct = await scoreWith(other, setup, result.weights, result.headState, quiet(), before);
    expect(there.score.score_T).toEqual(direct.score.score_T);
    expect(there.expected_TS).toEqual(direct.expected_TS);
  });

  it('comes back whole and is the same bytes again', async () => {
    const bytes = await writeModel(made.model, noStop);
    const back = await readModel(bytes, noStop);
    expect(back).toEqual(made.model);
    expect(await writeModel(back, noStop)).toEqual(bytes);
  });

  it('is read by TensorFlow.js: artefacts, weights and metadata', async () => {
    const files = unzipSync(await writeModel(made.model, noStop));
    const fetchFunc = (path: string) => {
      const name = path.split('/').at(-1) ?? '';
      const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
      return Promise.resolve(new Response(files[name] as BodyInit, { headers: { 'Content-Type': type } }));
    };
    const artefacts = await tf.io.browserHTTPRequest('http://here/model.json', { fetchFunc: fetchFunc as never })
      .load!();
    expect(artefacts.generatedBy).toMatch(/^Telltale/i);
    expect(artefacts.userDefinedMetadata).toHaveProperty('telltale.card.job.engine', 'm2ad');
    const tensors = tf.io.decodeWeights(artefacts.weightData as ArrayBuffer, artefacts.weightSpecs!);
    expect(Object.keys(tensors)).toEqual(Object.keys(made.model.weights));
    for (const [name, { shape, data }] of Object.entries(made.model.weights)) {
      expect(tensors[name].shape).toEqual(shape);
      expect(tensors[name].dataSync()).toEqual(data);
      tensors[name].dispose();
    }
  });

  it('has a card that people read, in which nothing from a file is markup', async () => {
    const card = strFromU8(unzipSync(await writeModel(made.model, noStop))[MEMBERS.card]);
    expect(card).toContain('\\# \\<b\\>pump\\</b\\>');
    expect(card).toContain('- flow (bar) of pump');
    expect(card).toContain('half-open [0, 160)');
    expect(modelName('pump 1/2', made.model.job)).toBe('pump_1_2-m2ad-lite.tfjs.zip');
  });

  const changed = async (change: (files: Record<string, Uint8Array>, json: Record<string, never>) => void) => {
    const files = unzipSync(await writeModel(made.model, noStop));
    const json = JSON.parse(strFromU8(files[MEMBERS.model])) as Record<string, never>;
    change(files, json);
    return zipSync({ ...files, [MEMBERS.model]: new TextEncoder().encode(JSON.stringify(json)) });
  };
  type Meta = { telltale: { version: number; card: { roles: { sensors: unknown[] } } } };
  const meta = (json: Record<string, never>) => json['userDefinedMetadata'] as unknown as Meta;

  it.each([
    ['a changed weight', 'model-damaged', (files) => (files[MEMBERS.weights][5] ^= 1)],
    ['a changed card', 'model-damaged', (_, json) => meta(json).telltale.card.roles.sensors.pop()],
    ['a newer version', 'model-version', (_, json) => (meta(json).telltale.version = 2)],
    ['a model of others', 'not-a-model', (_, json) => Object.assign(json, { format: 'layers-model' })],
    ['weights of another type', 'model-content', (_, json) => Object.assign(json, { weightsManifest: [] })],
    ['missing weights', 'model-damaged', (files) => void Reflect.deleteProperty(files, MEMBERS.weights)],
  ] as readonly [string, string, Parameters<typeof changed>[0]][])('refuses %s', async (_what, kind, change) => {
    await expect(changed(change).then((bytes) => readModel(bytes, noStop))).rejects.toMatchObject({ kind });
  });

  it('never crashes on broken bytes', async () => {
    const bytes = await writeModel(made.model, noStop);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const broken = bytes.slice();
        broken[at] ^= bits;
        const read = await readModel(broken, noStop).catch((thrown: unknown) => thrown);
        if (read instanceof EngineError) expect(read.cure).not.toBe('');
        else expect(read).toEqual(made.model);
      }),
      { numRuns: 60 },
    );
  });
});
