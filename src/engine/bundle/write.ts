/** A bundle to bytes: a zip of JSON and NumPy files, the same bytes for the same run. */
import * as v from 'valibot';
import { LABELS } from './bundle.ts';
import type { Bundle } from './bundle.ts';
import { zipOf } from './archive.ts';
import { hexDigest } from './digest.ts';
import { jsonBytes } from './json.ts';
import { checkManifest, FORMAT, VERSION } from './manifest.ts';
import type { Members } from './manifest.ts';
import { arrayFiles } from './members.ts';
import { pieceFiles } from './pieces.ts';
import { journal as journalShape } from './shapes.ts';
import { packWeights } from './weights.ts';
import { WRITER } from './writer.ts';

const plain = ({ headState, history, result, metrics, journal }: Bundle): [string, unknown][] => [
  ['head.json', headState],
  ['history.json', history],
  ['events.json', result],
  ['metrics.json', metrics],
  // Fields in the order of the schema, so that what was read is written as the same bytes.
  ...(journal.length > 0 ? [[LABELS, v.parse(journalShape, journal)] as [string, unknown]] : []),
];

/**
 * Calls `checkpoint` often enough to be cancelled within a moment. Throws EngineError('bad-input', 'bundle-content') for a
 * run that could not be read back.
 */
export async function writeBundle(bundle: Bundle, checkpoint: () => Promise<void>): Promise<Uint8Array> {
  const weights = packWeights(bundle.weights);
  const files: [string, Uint8Array][] = [
    ...plain(bundle).map(([name, value]): [string, Uint8Array] => [name, jsonBytes(value)]),
    ['weights.json', jsonBytes(weights.index)],
    ['weights.bin', weights.bytes],
    ...arrayFiles(bundle),
    ...pieceFiles(bundle.pieces),
  ];
  const members: Members = {};
  for (const [name, bytes] of files) {
    await checkpoint();
    members[name] = { bytes: bytes.length, sha256: await hexDigest([bytes]) };
  }
  const manifest = checkManifest({ format: FORMAT, version: VERSION, writer: WRITER, ...bundle.facts, members });
  return zipOf(new Map([['manifest.json', jsonBytes(manifest)], ...files]), checkpoint);
}
