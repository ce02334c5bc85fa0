/** A model to bytes; the same bytes for the same model. */
import * as v from 'valibot';
import { zipOf } from '../bundle/archive.ts';
import { hexDigest } from '../bundle/digest.ts';
import { jsonBytes } from '../bundle/json.ts';
import { packWeights } from '../bundle/weights.ts';
import { WRITER } from '../bundle/writer.ts';
import { modelCard } from './card.ts';
import { cardShape, MEMBERS, VERSION } from './modelFile.ts';
import type { ModelFile } from './modelFile.ts';

/** The card as JSON holds it, its fields in the order of the schema: what was read is written as the same bytes. */
function written({ weights, scaler, mean_F, ...card }: ModelFile): unknown {
  const { offset_F, width_F, windows, ...rest } = scaler;
  return v.parse(cardShape, {
    ...card,
    mean_F: [...mean_F],
    scaler: {
      ...rest,
      ...{ offset_F: [...offset_F], width_F: [...width_F] },
      ...(windows && { windows: { ...windows, mean_S: [...windows.mean_S], sd_S: [...windows.sd_S] } }),
    },
  });
}

/** Calls `checkpoint` often enough to be cancelled within a moment. */
export async function writeModel(model: ModelFile, checkpoint: () => Promise<void>): Promise<Uint8Array> {
  const { bytes } = packWeights(model.weights);
  const card = written(model);
  const hash = {
    weights: await hexDigest([bytes], checkpoint),
    card: await hexDigest([jsonBytes(card)], checkpoint),
  };
  const topology = { class_name: 'Telltale', config: { name: model.job.engine, preset: model.job.preset } };
  const json = {
    format: 'telltale-model',
    generatedBy: `${WRITER.program} ${WRITER.version}`,
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [
      {
        paths: [MEMBERS.weights],
        weights: Object.entries(model.weights).map(([name, { shape }]) => ({
          name,
          shape: [...shape],
          dtype: 'float32',
        })),
      },
    ],
    userDefinedMetadata: { telltale: { version: VERSION, sha256: hash, card } },
  };
  const files = new Map([
    [MEMBERS.model, jsonBytes(json)],
    [MEMBERS.weights, bytes],
    [MEMBERS.card, new TextEncoder().encode(modelCard(model))],
  ]);
  return zipOf(files, checkpoint);
}
