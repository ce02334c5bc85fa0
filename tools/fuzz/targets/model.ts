/** Model files: a description as JSON with the card in it, and weights in binary. */
import { BUNDLE_LIMITS, filesIn } from '../../../src/engine/bundle/archive.ts';
import { jsonBytes, jsonValue } from '../../../src/engine/bundle/json.ts';
import { MEMBERS } from '../../../src/engine/modelFile/modelFile.ts';
import type { ModelFile } from '../../../src/engine/modelFile/modelFile.ts';
import { readModel } from '../../../src/engine/modelFile/read.ts';
import { writeModel } from '../../../src/engine/modelFile/write.ts';
import { EngineError } from '../../../src/engine/errors.ts';
import { createHash } from 'node:crypto';
import { mutated, mutateBytes, mutateContent } from '../mutate.ts';
import { hostileZip, zipped } from '../pack.ts';
import type { Random } from '../random.ts';
import type { FuzzFile, Input, Progress, Target } from '../types.ts';
import { holds } from '../types.ts';

const quiet = (): Promise<void> => Promise.resolve();
const channel = (name: string) => ({ name, unit: 'bar', system: 'pump' });

/** Everything that a model file can have, made without a model. */
const MODEL: ModelFile = {
  engine: { title: 'M2AD', summary: 'x', cite: 'y', deviations: ['<b>z</b>'] },
  head: { title: 'Mixture', summary: 'x', cite: 'y' },
  job: {
    ...{
      engine: 'm2ad',
      preset: 'lite',
      params: { epochs: 3, inputScale: 'robust' },
      head: 'm2ad',
      headParams: {},
      seed: 3,
    },
    imputation: { flow: 'hold' },
  },
  roles: { sensors: [channel('flow'), channel('=pressure')], covariates: [channel('mode')] },
  scaler: { kind: 'minmax01', shift: 0, offset_F: Float64Array.of(1, NaN, -0), width_F: Float64Array.of(1, 2, 3) },
  mean_F: Float64Array.of(0, NaN, Infinity),
  headState: { kind: 'm2ad', odd: [NaN, -Infinity] },
  weights: {
    'a/kernel': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    b: { shape: [], data: Float32Array.of(5) },
  },
  threshold: { value: Infinity, rule: 'gamma', source: 'training scores', oracle: false },
  data: {
    ...{ name: '# <b>pump</b>', asset: 'pump', series: 'ab'.repeat(32), checksum: '', T: 40 },
    ...{ train: { start: 0, end: 20 }, test: { start: 20, end: 40 } },
  },
  run: { name: 'M2AD lite', madeAt: '2026-01-02', seconds: 1.5, backend: 'cpu' },
  metrics: [{ id: 'vus-pr', title: 'VUS-PR', value: null, provenance: 'window 100' }],
};

let small: Promise<Uint8Array> | null = null;
const smallFile = (): Promise<Uint8Array> => (small ??= writeModel(MODEL, quiet));

async function checkModel(bytes: Uint8Array, progress: Progress): Promise<void> {
  const model = await readModel(bytes, progress);
  const { sensors, covariates } = model.roles;
  holds(model.mean_F.length === sensors.length + covariates.length, 'a number for each channel');
  for (const { shape, data } of Object.values(model.weights))
    holds(shape.reduce((product, n) => product * n, 1) === data.length, 'weights are as large as their shape');
  await progress();
  const written = await writeModel(model, progress);
  const again = await writeModel(await readModel(written, progress), progress);
  holds(Buffer.from(again).equals(Buffer.from(written)), 'what is read and written again is the same');
}

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The description with the sums of card and weights as they are now; as it is where it has no place for them. */
function summed(json: Uint8Array, weights: Uint8Array): Uint8Array {
  try {
    const raw = jsonValue(MEMBERS.model, json) as {
      userDefinedMetadata: { telltale: { card: unknown; sha256: unknown } };
    };
    const { telltale } = raw.userDefinedMetadata;
    telltale.sha256 = { weights: sha(weights), card: sha(jsonBytes(telltale.card)) };
    return jsonBytes(raw);
  } catch (thrown) {
    if (thrown instanceof TypeError || thrown instanceof EngineError) return json;
    throw thrown;
  }
}

function hostileModel(seeds: readonly Input[], r: Random): Input {
  const files: FuzzFile[] = r.pick(seeds).map((file) => {
    const isChanged = r.chance(file.path === MEMBERS.model ? 0.9 : 0.15);
    return isChanged ? { ...file, bytes: mutateContent(file.bytes, r, file.bytes) } : file;
  });
  const weights = files.find(({ path }) => path === MEMBERS.weights)?.bytes ?? new Uint8Array(0);
  const right = files.map((file) =>
    file.path === MEMBERS.model ? { ...file, bytes: summed(file.bytes, weights) } : file,
  );
  return [{ path: 'x.tfjs.zip', bytes: r.chance(0.95) ? zipped(right) : hostileZip(right, r) }];
}

export const MODEL_TARGETS: readonly Target[] = [
  {
    name: 'model/bytes',
    about: 'model files, changed anywhere',
    memory: BUNDLE_LIMITS.unpacked,
    seeds: async () => [[{ path: 'x.tfjs.zip', bytes: await smallFile() }]],
    make: (seeds, r) => mutated(seeds, r, mutateBytes),
    run: ([{ bytes }], progress) => checkModel(bytes, progress),
  },
  {
    name: 'model/members',
    about: 'model files whose description, card and weights are changed and whose sums are right',
    memory: BUNDLE_LIMITS.unpacked,
    seeds: async () => [[...(await filesIn(await smallFile(), quiet))].map(([path, bytes]) => ({ path, bytes }))],
    make: hostileModel,
    run: ([{ bytes }], progress) => checkModel(bytes, progress),
  },
];
