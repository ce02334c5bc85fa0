/** Bytes to a model: nothing of it is believed before it was checked. */
import * as v from 'valibot';
import { BUNDLE_LIMITS, filesIn } from '../bundle/archive.ts';
import { hexDigest } from '../bundle/digest.ts';
import { jsonBytes, jsonValue } from '../bundle/json.ts';
import { sha256 } from '../bundle/shapes.ts';
import { unpackWeights } from '../bundle/weights.ts';
import { cardShape, MEMBERS, MODEL_FILE, VERSION } from './modelFile.ts';
import type { ModelFile } from './modelFile.ts';

const { badContent, damaged, notOne, unknownVersion } = MODEL_FILE;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const weight = v.strictObject({ name: v.string(), shape: v.array(count), dtype: v.literal('float32') });

const modelShape = v.looseObject({
  format: v.literal('telltale-model'),
  weightsManifest: v.strictTuple([
    v.strictObject({ paths: v.strictTuple([v.literal(MEMBERS.weights)]), weights: v.array(weight) }),
  ]),
  userDefinedMetadata: v.strictObject({
    telltale: v.strictObject({
      version: v.number(),
      sha256: v.strictObject({ weights: sha256, card: sha256 }),
      card: v.unknown(),
    }),
  }),
});

function parsedAs<S extends v.GenericSchema>(schema: S, where: string, value: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw badContent(`${where}, ${v.getDotPath(issue) ?? 'top level'}`, issue.message);
}

function opened(bytes: Uint8Array): v.InferOutput<typeof modelShape> {
  const raw = jsonValue(MEMBERS.model, bytes, MODEL_FILE);
  const format = typeof raw === 'object' && raw !== null && 'format' in raw ? raw.format : null;
  if (format !== 'telltale-model') throw notOne('its model.json is not one of this program');
  const model = parsedAs(modelShape, MEMBERS.model, raw);
  const { version } = model.userDefinedMetadata.telltale;
  if (version !== VERSION) throw unknownVersion(String(version), VERSION);
  return model;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/**
 * Reads what `writeModel` wrote. Throws EngineError('bad-input'): 'not-a-model', 'model-version', 'model-damaged',
 * 'model-too-large' or 'model-content', each with what is wrong and what to do.
 */
export async function readModel(bytes: Uint8Array, checkpoint: () => Promise<void>): Promise<ModelFile> {
  const files = await filesIn(bytes, checkpoint, { refusals: MODEL_FILE, limits: BUNDLE_LIMITS });
  const [json, binary] = [files.get(MEMBERS.model), files.get(MEMBERS.weights)];
  if (json === undefined) throw notOne('it has no model.json');
  const { weightsManifest, userDefinedMetadata } = opened(json);
  if (binary === undefined) throw damaged(`${MEMBERS.weights} is missing`);
  const { sha256: hash, card: raw } = userDefinedMetadata.telltale;
  if ((await hexDigest([binary], checkpoint)) !== hash.weights)
    throw damaged(`${MEMBERS.weights} is not what its sha256 says`);
  if ((await hexDigest([jsonBytes(raw)], checkpoint)) !== hash.card)
    throw damaged('its card is not what its sha256 says');
  const { scaler, mean_F, headState, ...card } = parsedAs(cardShape, 'card', raw);
  let offset = 0;
  const index = weightsManifest[0].weights.map(({ name, shape }) => {
    const entry = { name, shape, offset };
    offset += sizeOf(shape);
    return entry;
  });
  const S = card.roles.sensors.length;
  const F = S + card.roles.covariates.length;
  const wide = (values: readonly number[], columns = F): Float64Array => {
    if (values.length !== columns)
      throw badContent('card', `a scale has ${values.length} columns instead of ${columns}`);
    return Float64Array.from(values);
  };
  const { offset_F, width_F, windows, ...rest } = scaler;
  return {
    ...card,
    headState,
    mean_F: wide(mean_F),
    scaler: {
      ...rest,
      ...{ offset_F: wide(offset_F), width_F: wide(width_F) },
      ...(windows && { windows: { ...windows, mean_S: wide(windows.mean_S, S), sd_S: wide(windows.sd_S, S) } }),
    },
    weights: unpackWeights(index, binary, MODEL_FILE),
  };
}
