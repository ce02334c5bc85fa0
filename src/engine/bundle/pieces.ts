/** What judges ranges that were confirmed as normal: heads as JSON, and the weights of engines trained on them as numbers. */
import * as v from 'valibot';
import type { Piece } from '../drift/renew.ts';
import type { HeadState } from '../model.ts';
import { jsonBytes, jsonValue } from './json.ts';
import type { Facts } from './manifest.ts';
import { badContent, damaged } from './refusals.ts';
import { number, scaleLimits, span, windowNorm } from './shapes.ts';
import { packWeights, unpackWeights } from './weights.ts';

/** Members; not there in a run without confirmed ranges. */
const TABLE = 'pieces.json';
const numbersOf = (n: number): string => `pieces/${n}.bin`;

const numbers = v.array(number);
const rescaled = { offset_F: numbers, width_F: numbers };
const pieceShape = v.strictObject({
  learned: span,
  applies: span,
  headState: v.record(v.string(), v.unknown()),
  model: v.nullable(
    v.strictObject({
      scaler: v.strictObject({
        kind: v.picklist(['minmax01', 'minmax11', 'zscore']),
        shift: v.number(),
        ...rescaled,
        refitted: v.nullable(v.strictObject({ start: span.entries.start, end: span.entries.end, ...rescaled })),
        limits: v.exactOptional(scaleLimits),
        windows: v.exactOptional(v.strictObject({ ...windowNorm, mean_S: numbers, sd_S: numbers })),
      }),
      weights: v.unknown(),
    }),
  ),
  own: v.exactOptional(v.strictObject({ offset_S: numbers, band_S: numbers, dropped: v.array(span) })),
});

export function pieceFiles(pieces: readonly Piece[]): [string, Uint8Array][] {
  if (pieces.length === 0) return [];
  const packed = pieces.map(({ model }) => model && packWeights(model.weights));
  const table = pieces.map(({ learned, applies, headState, model, own }, n) => {
    const facts = own && { own: { ...own, offset_S: [...own.offset_S], band_S: [...own.band_S] } };
    if (model === null) return { learned, applies, headState, model, ...facts };
    const { kind, shift, offset_F, width_F, refitted, limits, windows } = model.scaler;
    const scaler = {
      ...{ kind, shift, offset_F: [...offset_F], width_F: [...width_F] },
      ...(limits && { limits }),
      ...(windows && { windows: { ...windows, mean_S: [...windows.mean_S], sd_S: [...windows.sd_S] } }),
      refitted: refitted
        ? {
            ...{ start: refitted.start, end: refitted.end },
            ...{ offset_F: [...refitted.offset_F], width_F: [...refitted.width_F] },
          }
        : null,
    };
    return { learned, applies, headState, model: { scaler, weights: packed[n]?.index }, ...facts };
  });
  const files = packed.flatMap((model, n): [string, Uint8Array][] => (model ? [[numbersOf(n), model.bytes]] : []));
  return [[TABLE, jsonBytes(table)], ...files];
}

/** Throws EngineError('bad-input'): 'bundle-damaged' where numbers are missing, 'bundle-content' for what cannot be. */
export function piecesFrom({ data }: Facts, files: ReadonlyMap<string, Uint8Array>): Piece[] {
  const bytes = files.get(TABLE);
  if (bytes === undefined) return [];
  const parsed = v.safeParse(v.array(pieceShape), jsonValue(TABLE, bytes), { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw badContent(`${TABLE}, ${v.getDotPath(issue) ?? 'top level'}`, issue.message);
  }
  const S = data.sensors.length;
  const F = S + data.covariates.length;
  const wide = (values: readonly number[], columns = F): Float64Array => {
    if (values.length !== columns)
      throw badContent(TABLE, `a scale has ${values.length} columns instead of ${columns}`);
    return Float64Array.from(values);
  };
  return parsed.output.map(({ learned, applies, headState, model, own }, n): Piece => {
    if (applies.end > data.T || learned.end > data.T || learned.start > learned.end)
      throw badContent(TABLE, `a range leaves ${data.T} steps`);
    const state = headState as HeadState;
    const facts = own && {
      own: { ...own, offset_S: wide(own.offset_S, S), band_S: Float32Array.from(wide(own.band_S, S)) },
    };
    if (model === null) return { learned, applies, headState: state, model, ...facts };
    const weights = files.get(numbersOf(n));
    if (weights === undefined) throw damaged(`${numbersOf(n)} is missing`);
    const { kind, shift, offset_F, width_F, refitted, limits, windows } = model.scaler;
    const scaler = {
      ...{ kind, shift, offset_F: wide(offset_F), width_F: wide(width_F) },
      ...(limits && { limits }),
      ...(windows && { windows: { ...windows, mean_S: wide(windows.mean_S, S), sd_S: wide(windows.sd_S, S) } }),
      ...(refitted && {
        refitted: { ...refitted, offset_F: wide(refitted.offset_F), width_F: wide(refitted.width_F) },
      }),
    };
    const unpacked = { weights: unpackWeights(model.weights, weights), scaler };
    return { learned, applies, headState: state, model: unpacked, ...facts };
  });
}
